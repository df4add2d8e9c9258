"""A statistics period: which days it has, where they begin, and what lies in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.domain.figures import Period
from accountability.domain.moments import SECOND, SHANGHAI
from accountability.domain.refusals import Refused


def at(text: str) -> datetime:
    """A moment on the clocks of China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("19th:2026-10", date(2026, 9, 19), date(2026, 10, 18)),
        ("19th:2026-01", date(2025, 12, 19), date(2026, 1, 18)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 15)),
    ],
)
def test_has_the_days_its_label_says(label: str, first: date, last: date) -> None:
    period = Period.read(label)

    assert (period.first, period.last) == (first, last)


def test_begins_at_midnight_of_china_or_at_noon() -> None:
    assert (Period.read("2026-10").begin, Period.read("2026-10").end) == (
        datetime(2026, 9, 30, 16, tzinfo=UTC),
        datetime(2026, 10, 31, 16, tzinfo=UTC),
    )
    noon = Period.read("2026-10", "12:00")
    assert (noon.begin, noon.end) == (at("2026-10-01 12:00"), at("2026-11-01 12:00"))


def test_an_act_in_the_first_second_of_a_day_belongs_to_that_day() -> None:
    october, november = Period.read("2026-10"), Period.read("2026-11")

    assert (october.holds(at("2026-11-01 00:00")), november.holds(at("2026-11-01 00:00"))) == (False, True)
    assert october.holds(at("2026-10-31 23:59:59"))


def test_a_deadline_at_24_00_belongs_to_the_day_that_ends() -> None:
    october, november = Period.read("2026-10"), Period.read("2026-11")
    due = at("2026-11-01 00:00")  # 24:00 of 31 October

    assert (october.holds_deadline(due), november.holds_deadline(due)) == (True, False)
    assert november.holds_deadline(due + SECOND)


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("2026", "2025"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("19th:2026-01", "19th:2025-12"),
        ("2026-10-01..2026-10-15", "2026-09-16..2026-09-30"),
    ],
)
def test_knows_the_one_before(label: str, before: str) -> None:
    assert Period.read(label).before().label == before


@pytest.mark.parametrize(
    "label",
    [
        "",
        "october",
        "26-10",
        "2026-13",
        "2026-Q5",
        "2026-1",
        "19th:2026",
        "2026-10-01",
        "2026-02-30..2026-03-01",
    ],
)
def test_is_refused_when_nobody_can_read_it(label: str) -> None:
    with pytest.raises(Refused) as refused:
        Period.read(label)
    assert refused.value.slug == "period-unreadable"


def test_is_refused_when_it_ends_before_it_begins_or_is_longer_than_anybody_means() -> None:
    for label, slug in (
        ("2026-10-15..2026-10-01", "period-ends-before-it-begins"),
        ("1999-10-15..2026-10-01", "period-too-long"),
    ):
        with pytest.raises(Refused) as refused:
            Period.read(label)
        assert refused.value.slug == slug


def test_is_refused_when_its_days_begin_at_another_hour() -> None:
    with pytest.raises(Refused) as refused:
        Period.read("2026-10", "08:00")
    assert refused.value.slug == "boundary-unknown"


KINDS = ("{0:%Y}", "{0:%Y-%m}", "{0:%Y}-Q{1}", "19th:{0:%Y-%m}")


@given(
    day=st.dates(date(2007, 1, 1), date(2030, 12, 31)),
    kind=st.sampled_from(KINDS),
    boundary=st.sampled_from(["00:00", "12:00"]),
    seconds=st.integers(0, 400 * 86_400),
)
def test_two_in_a_row_leave_no_moment_out_and_share_none(
    day: date, kind: str, boundary: str, seconds: int
) -> None:
    period = Period.read(kind.format(day, (day.month + 2) // 3), boundary)
    before = period.before()
    moment = before.begin + timedelta(seconds=seconds % int((period.end - before.begin).total_seconds()))

    assert before.end == period.begin
    assert [each.holds(moment) for each in (before, period)].count(True) == 1
    assert [each.holds_deadline(moment + SECOND) for each in (before, period)].count(True) == 1
