"""Figures of a period are frozen once, and change only by a restatement a second person approves."""

from datetime import UTC, datetime, timedelta

from accountability.application.figure_publishing import FROZEN_PERIOD
from accountability.domain.figures import Figure, Item, Measure, tabulate
from accountability.domain.figures.sheet import Difference, differences, digest, read, written
from accountability.domain.frozen_period import (
    ApproveRestatement,
    DeclineRestatement,
    FreezePeriod,
    FrozenTable,
    PeriodFrozen,
    PeriodRestated,
    RestatementDeclined,
    RestatementProposed,
    RestatePeriod,
)
from backbone.testing import Scenario

END = datetime(2026, 10, 31, 16, tzinfo=UTC)
LATER = END + timedelta(days=3)
ANNE, BORIS = "supervisor-1", "supervisor-2"
FIRST = FrozenTable(LATER, "[]", digest("[]"))
SECOND = FrozenTable(LATER + timedelta(days=1), "[{}]", digest("[{}]"))
FREEZE = FreezePeriod("2026-10", "00:00", END, FIRST, ANNE)
FROZEN = PeriodFrozen("2026-10", "00:00", FIRST, ANNE)
RESTATE = RestatePeriod(SECOND, "sealed:…", ANNE)
PROPOSED = RestatementProposed(1, SECOND, "sealed:…", ANNE)

october = Scenario.of(FROZEN_PERIOD)
frozen = october.given(FROZEN)
proposed = frozen.given(PROPOSED)


def test_is_frozen_as_its_table_stands() -> None:
    after = october.at(LATER).when(FREEZE).then(FROZEN)

    stands = after.state.stands
    assert stands is not None
    assert (stands.table, stands.by, stands.number, stands.at) == (FIRST, ANNE, 0, LATER)


def test_is_not_frozen_before_it_is_over() -> None:
    early = FrozenTable(END - timedelta(seconds=1), "[]", digest("[]"))

    october.when(FreezePeriod("2026-10", "00:00", END, early, ANNE)).then_refused("period-not-over")
    on_the_second = FrozenTable(END, "[]", digest("[]"))
    october.when(FreezePeriod("2026-10", "00:00", END, on_the_second, ANNE)).then_states(PeriodFrozen)


def test_stays_as_it_was_frozen_when_somebody_freezes_it_again() -> None:
    frozen.when(FreezePeriod("2026-10", "00:00", END, SECOND, BORIS)).then_nothing()


def test_is_restated_when_a_second_person_approves() -> None:
    after = (
        frozen.when(RESTATE).then(PROPOSED).when(ApproveRestatement(1, BORIS)).then(PeriodRestated(1, BORIS))
    )

    assert [version.table for version in after.state.versions] == [FIRST, SECOND]
    stands = after.state.stands
    assert stands is not None
    assert (stands.by, stands.approved_by, stands.reason) == (ANNE, BORIS, "sealed:…")


def test_stands_as_it_was_while_a_restatement_waits() -> None:
    stands = proposed.state.stands
    assert stands is not None
    assert stands.table == FIRST


def test_is_not_restated_by_one_person_alone() -> None:
    proposed.when(ApproveRestatement(1, ANNE)).then_refused("second-person-needed")


def test_is_not_restated_before_it_is_frozen() -> None:
    october.when(RESTATE).then_refused("period-not-frozen")


def test_is_not_restated_without_a_reason_or_a_difference() -> None:
    frozen.when(RestatePeriod(SECOND, "", ANNE)).then_refused("reason-missing")
    frozen.when(RestatePeriod(FIRST, "sealed:…", ANNE)).then_refused("nothing-to-restate")


def test_has_one_restatement_at_a_time() -> None:
    third = FrozenTable(LATER, "[1]", digest("[1]"))

    proposed.when(RestatePeriod(third, "sealed:…", BORIS)).then_refused("restatement-waits-already")


def test_a_declined_restatement_changes_nothing_and_another_may_follow() -> None:
    declined = proposed.when(DeclineRestatement(1, BORIS, "sealed:no")).then(
        RestatementDeclined(1, BORIS, "sealed:no")
    )

    declined.when(ApproveRestatement(1, BORIS)).then_refused("restatement-declined")
    declined.when(DeclineRestatement(1, BORIS, "sealed:no")).then_nothing()
    declined.when(RESTATE).then(RestatementProposed(2, SECOND, "sealed:…", ANNE))


def test_an_approved_restatement_is_not_declined() -> None:
    approved = proposed.given(PeriodRestated(1, BORIS))

    approved.when(DeclineRestatement(1, BORIS, "sealed:no")).then_refused("restatement-approved")
    proposed.when(DeclineRestatement(1, BORIS, "")).then_refused("reason-missing")


def test_a_restatement_nobody_proposed_is_unknown() -> None:
    frozen.when(ApproveRestatement(1, BORIS)).then_refused("unknown-restatement")
    proposed.when(DeclineRestatement(2, BORIS, "sealed:no")).then_refused("unknown-restatement")


def test_changes_nothing_when_delivered_twice() -> None:
    proposed.when(RESTATE).then_nothing()
    approved = proposed.given(PeriodRestated(1, BORIS))
    approved.when(ApproveRestatement(1, BORIS)).then_nothing()


ITEM = Item(Measure.REPORT_IN, "water-resources", "public_appeal", "on_time", in_original=True, seconds=5400)


def test_a_table_reads_back_from_its_text_as_it_was() -> None:
    rated = Item(Measure.RATING, "transport", "key_work", "basically", excluded=None, count=7)
    lines = tabulate([ITEM] * 6 + [rated], {"water-resources": "busy"})

    assert read(written(lines)) == lines
    assert digest(written(lines)) == digest(written(read(written(lines))))


def test_the_cells_that_differ_are_named_with_both_values() -> None:
    was, now = tabulate([ITEM] * 6, {}), tabulate([ITEM] * 5, {})

    found = differences(was, now)

    places = {(each.figure, each.unit, each.kind) for each in found}
    assert (Figure.REPORT_IN, "water-resources", None) in places
    first = found[0]
    assert isinstance(first, Difference)
    assert (first.was and first.was.denominator, first.now and first.now.denominator) == (6, 5)
    assert differences(was, was) == ()


def test_a_cell_that_is_gone_is_named_too() -> None:
    was = tabulate([ITEM] * 6, {})

    assert all(each.now is None for each in differences(was, ()))
    assert all(each.was is None for each in differences((), was))
