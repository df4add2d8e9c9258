"""The figures of a period, each against a table made by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accountability.domain.figures import (
    Cell,
    Figure,
    FigureTerms,
    Item,
    Line,
    Measure,
    ScoreWeights,
    tabulate,
)

WATER, ROADS, POWER, FIELDS = "water-resources", "transport", "power-supply", "agriculture-rural"
TIERS = {WATER: "busy", ROADS: "busy", POWER: "quiet", FIELDS: "busy"}
APPEAL, WORK = "public_appeal", "key_work"

ON_TIME = Item(Measure.REPORT_IN, WATER, APPEAL, "on_time", in_original=True, seconds=3600)
LATE = replace(ON_TIME, outcome="late", breached=True, in_original=False, seconds=100_000)
SILENT = replace(ON_TIME, outcome=None, breached=True, in_original=None, seconds=None)
OPEN = replace(SILENT, breached=False)
CLOSED = Item(Measure.CLOSING, WATER, APPEAL, "first")
ASSIGNED = Item(Measure.ASSIGNMENT, WATER, APPEAL, "right")


def cell(lines: tuple[Line, ...], figure: Figure, unit: str | None = WATER, kind: str | None = None) -> Cell:
    """A figure of a unit (its tier's pool for ``busy``, the county's for None)."""
    for line in lines:
        place = line.tier if line.unit is None else line.unit
        if (line.figure, place, line.kind) == (figure, unit, kind):
            return line.cell
    raise AssertionError(f"no {figure} of {unit}")


def counts(of: Cell) -> tuple[Decimal | int, int]:
    return of.numerator, of.denominator


def test_silent_and_overdue_stay_in_the_denominator_of_the_report_in_rate() -> None:
    lines = tabulate([ON_TIME] * 7 + [LATE] * 2 + [SILENT], TIERS)

    rate = cell(lines, Figure.REPORT_IN)
    assert counts(rate) == (7, 10)
    assert rate.value == Decimal("0.7")


def test_what_is_not_due_yet_stands_beside_the_rate_and_not_in_it() -> None:
    rate = cell(tabulate([ON_TIME] * 5 + [OPEN] * 3, TIERS), Figure.REPORT_IN)

    assert (counts(rate), rate.value, rate.pending) == ((5, 5), Decimal(1), 3)


@pytest.mark.parametrize(
    "reason", ["withdrawn", "merged", "not-accepted", "exemption", "appeal", "dispatch-error"]
)
def test_what_is_excluded_is_in_no_rate_and_always_shown(reason: str) -> None:
    out = [replace(each, excluded=reason) for each in (ON_TIME, LATE, SILENT)]

    rate = cell(tabulate([ON_TIME] * 5 + out, TIERS), Figure.REPORT_IN)

    assert (counts(rate), rate.excluded) == ((5, 5), ((reason, 3),))


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("withdrawn", "withdrawn"),
        ("not-accepted", "not-accepted"),
        ("dispatch-corrected", "dispatch-error"),
        ("dispatch-error", "dispatch-error"),
        ("released", "released"),
        ("whistle-closed", "whistle-closed"),
    ],
)
def test_a_void_clock_is_out_for_its_reason(why: str, shown: str) -> None:
    rate = cell(tabulate([ON_TIME] * 5 + [replace(OPEN, ended=why)], TIERS), Figure.REPORT_IN)

    assert (counts(rate), rate.excluded) == ((5, 5), ((shown, 1),))


def test_a_breach_before_a_release_stays_and_one_before_a_withdrawal_is_out() -> None:
    released, withdrawn = replace(SILENT, ended="released"), replace(SILENT, ended="withdrawn")

    rate = cell(tabulate([ON_TIME] * 5 + [released, withdrawn], TIERS), Figure.REPORT_IN)

    assert (counts(rate), rate.excluded) == ((5, 6), (("withdrawn", 1),))


def test_a_returned_assignment_is_neither_on_time_nor_breached() -> None:
    returned = replace(ON_TIME, outcome="returned", seconds=7200)

    lines = tabulate([ON_TIME] * 5 + [returned], TIERS)

    assert counts(cell(lines, Figure.REPORT_IN)) == (5, 5)
    assert cell(lines, Figure.REPORT_IN).excluded == (("returned", 1),)
    assert cell(lines, Figure.REPORT_IN_TIME).denominator == 5


def test_fewer_than_five_are_too_few_and_never_zero() -> None:
    four, five = (cell(tabulate([SILENT] * n, TIERS), Figure.REPORT_IN) for n in (4, 5))

    assert (four.value, four.too_few, counts(four)) == (None, True, (0, 4))
    assert (five.value, five.too_few) == (Decimal(0), False)


def test_totals_pool_counts_and_not_rates() -> None:
    roads = [replace(each, unit=ROADS) for each in [ON_TIME] * 1 + [SILENT] * 9]

    lines = tabulate([ON_TIME] * 90 + roads, TIERS)

    assert cell(lines, Figure.REPORT_IN, ROADS).value == Decimal("0.1")
    assert cell(lines, Figure.REPORT_IN, "busy").value == Decimal("0.91")


def test_units_with_too_few_still_count_in_the_total() -> None:
    lines = tabulate([ON_TIME] * 3 + [replace(SILENT, unit=ROADS)] * 3, TIERS)

    assert cell(lines, Figure.REPORT_IN).too_few
    assert cell(lines, Figure.REPORT_IN, "busy").value == Decimal("0.5")


def test_tiers_stand_apart_and_the_county_pools_them() -> None:
    lines = tabulate([ON_TIME] * 5 + [replace(SILENT, unit=POWER)] * 5, TIERS)

    assert cell(lines, Figure.REPORT_IN, "busy").value == 1
    assert cell(lines, Figure.REPORT_IN, "quiet").value == 0
    assert cell(lines, Figure.REPORT_IN, None).value == Decimal("0.5")


def test_kinds_stand_apart_and_together() -> None:
    lines = tabulate([ON_TIME] * 5 + [replace(SILENT, kind=WORK)] * 5, TIERS)

    assert cell(lines, Figure.REPORT_IN, kind=APPEAL).value == 1
    assert cell(lines, Figure.REPORT_IN, kind=WORK).value == 0
    assert cell(lines, Figure.REPORT_IN).value == Decimal("0.5")


def test_a_unit_nobody_registered_is_in_no_tier() -> None:
    (first, *_) = tabulate([replace(ON_TIME, unit="stranger")], {})

    assert {line.tier for line in tabulate([replace(ON_TIME, unit="stranger")], {})} == {None, ""}
    assert first.tier is None


def test_the_report_in_time_is_median_and_p90_in_hours() -> None:
    hours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20]
    items = [replace(ON_TIME, seconds=3600 * each) for each in hours]

    time = cell(tabulate([*items, SILENT], TIERS), Figure.REPORT_IN_TIME)

    assert (time.value, time.p90) == (Decimal("5.5"), Decimal("10.1"))
    assert (time.denominator, time.pending) == (10, 1)


def test_alike_items_may_stand_together() -> None:
    apart = tabulate([ON_TIME] * 6 + [LATE] * 3 + [SILENT] * 2, TIERS)
    together = tabulate([replace(ON_TIME, count=6), replace(LATE, count=3), replace(SILENT, count=2)], TIERS)

    assert apart == together


def test_on_time_by_the_original_deadline_shows_what_extensions_bought() -> None:
    kept = Item(Measure.HANDLING, WATER, APPEAL, "on_time", in_original=True)
    extended = replace(kept, in_original=False, extended=True)
    late = replace(extended, outcome="late", breached=True)

    lines = tabulate([kept] * 6 + [extended] * 3 + [late], TIERS)

    assert counts(cell(lines, Figure.HANDLING)) == (9, 10)
    assert counts(cell(lines, Figure.HANDLING_ORIGINAL)) == (6, 10)
    assert cell(lines, Figure.HANDLING).extended == 4


def test_a_breach_of_the_first_feedback_is_missed_by_both_deadlines() -> None:
    silent = Item(Measure.FEEDBACK, WATER, APPEAL, None, breached=True)

    lines = tabulate([silent] * 5, TIERS)

    assert counts(cell(lines, Figure.FEEDBACK)) == (0, 5)
    assert counts(cell(lines, Figure.FEEDBACK_ORIGINAL)) == (0, 5)


def test_partly_solved_is_not_solved_and_explained_is_not_either() -> None:
    verdicts = ["solved"] * 6 + ["partly"] * 2 + ["unsolved", "explained"]
    items = [Item(Measure.ISSUE, WATER, APPEAL, verdict) for verdict in verdicts]

    assert counts(cell(tabulate(items, TIERS), Figure.RESOLUTION)) == (6, 10)
    weighed = tabulate(items, TIERS, FigureTerms(partly=Decimal("0.5")))
    assert counts(cell(weighed, Figure.RESOLUTION)) == (7, 10)


def test_basically_satisfied_weighs_nine_tenths() -> None:
    ratings = ["satisfied"] * 3 + ["basically"] * 2 + ["dissatisfied"]
    items = [Item(Measure.RATING, WATER, APPEAL, rating) for rating in ratings]

    satisfaction = cell(tabulate(items, TIERS), Figure.SATISFACTION)
    assert (counts(satisfaction), satisfaction.value) == ((Decimal("4.8"), 6), Decimal("0.8"))


def test_the_rework_rate_is_of_closings() -> None:
    again = replace(CLOSED, outcome="again")

    rework = cell(
        tabulate([CLOSED] * 6 + [again] * 2 + [replace(again, excluded="appeal")], TIERS), Figure.REWORK
    )
    assert (counts(rework), rework.excluded) == ((2, 8), (("appeal", 1),))


def test_returns_are_counted_of_assignments_and_upheld_ones_of_decided() -> None:
    asked, upheld, refused = (replace(ASSIGNED, ended=each) for each in ("requested", "upheld", "refused"))

    lines = tabulate([ASSIGNED] * 10 + [asked] + [upheld] * 4 + [refused], TIERS)

    assert counts(cell(lines, Figure.RETURN)) == (6, 16)
    assert (counts(cell(lines, Figure.UPHELD)), cell(lines, Figure.UPHELD).pending) == ((4, 5), 1)


def test_dispatch_accuracy_counts_errors_which_every_other_rate_leaves_out() -> None:
    wrong = replace(ASSIGNED, outcome="error", excluded="dispatch-error")
    gone = replace(ASSIGNED, excluded="withdrawn")

    accuracy = cell(tabulate([ASSIGNED] * 8 + [wrong] * 2 + [gone], TIERS), Figure.DISPATCH_ACCURACY)
    assert (counts(accuracy), accuracy.excluded) == ((8, 10), (("withdrawn", 1),))


@pytest.mark.parametrize(
    ("measure", "figure"),
    [
        (Measure.RESPONSE, Figure.LETTER_RESPONSE),
        (Measure.LETTER, Figure.LETTER_RESOLUTION),
        (Measure.DISPUTE, Figure.DISPUTE),
    ],
)
def test_letters_and_disputes_have_the_same_form(measure: Measure, figure: Figure) -> None:
    items = [replace(each, measure=measure, seconds=None) for each in [ON_TIME] * 4 + [LATE]]
    between = replace(ON_TIME, measure=measure, outcome="provisional")

    rate = cell(tabulate([*items, between], TIERS), figure)
    assert (counts(rate), rate.provisional) == ((4, 5), 1)


def scored(terms: FigureTerms, appraised: int = 5) -> tuple[Line, ...]:
    """Four of five reported in, three of five issues solved, two of five satisfied and one basically."""
    parts = ["reported_in"] * 4 + ["silent"] * (appraised - 4)
    verdicts = ["solved"] * 3 + ["unsolved"] * 2
    ratings = ["satisfied"] * 2 + ["basically"] + ["dissatisfied"] * 2
    return tabulate(
        [
            *(Item(Measure.PART, WATER, APPEAL, each) for each in parts),
            *(Item(Measure.ISSUE, WATER, APPEAL, each) for each in verdicts),
            *(Item(Measure.RATING, WATER, APPEAL, each) for each in ratings),
        ],
        TIERS,
        terms,
    )


def test_there_is_no_score_until_a_policy_enables_it() -> None:
    assert Figure.SCORE not in {line.figure for line in scored(FigureTerms())}


def test_the_score_weighs_report_in_resolution_and_satisfaction() -> None:
    score = cell(scored(FigureTerms(score=ScoreWeights())), Figure.SCORE)

    # 100·(0.10·4/5 + 0.50·3/5 + 0.40·2.9/5)
    assert (score.value, score.denominator) == (Decimal("61.2"), 5)


def test_the_score_needs_enough_of_each_part() -> None:
    assert cell(scored(FigureTerms(score=ScoreWeights()), appraised=4), Figure.SCORE).too_few


def test_what_is_excluded_is_in_no_score_and_shown_beside_it() -> None:
    terms = FigureTerms(score=ScoreWeights())
    counted = [
        *(Item(Measure.PART, WATER, APPEAL, "reported_in") for _ in range(5)),
        *(Item(Measure.ISSUE, WATER, APPEAL, "solved") for _ in range(5)),
        *(Item(Measure.RATING, WATER, APPEAL, "satisfied") for _ in range(5)),
    ]
    out = Item(Measure.PART, WATER, APPEAL, "silent", excluded="withdrawn", count=3)

    score = cell(tabulate([*counted, out], TIERS, terms), Figure.SCORE)

    assert (score.value, score.denominator) == (Decimal(100), 5)
    assert score.excluded == (("withdrawn", 3),)


def test_a_table_stands_in_one_order_whatever_the_order_of_the_items() -> None:
    items = [ON_TIME, LATE, replace(SILENT, unit=POWER), CLOSED, ASSIGNED]

    assert tabulate(items, TIERS) == tabulate(items[::-1], TIERS)
