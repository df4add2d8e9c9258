"""首接承诺: a late promise to the township shows what was the desk's time and what the departments'."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.promise import Split, split

SIGNED = datetime(2026, 5, 8, 2, tzinfo=UTC)
HOUR = 3600


def at(hours: float) -> datetime:
    return SIGNED + timedelta(hours=hours)


def test_counts_until_the_dispatch_for_the_desk_and_then_for_the_department() -> None:
    assert split(SIGNED, at(30), [(at(4), at(30))]) == Split(4 * HOUR, 26 * HOUR)


def test_is_all_the_departments_when_it_was_dispatched_at_once() -> None:
    assert split(SIGNED, at(30), [(SIGNED, at(30))]) == Split(0, 30 * HOUR)


def test_is_all_the_desks_while_no_department_has_it() -> None:
    assert split(SIGNED, at(30), []) == Split(30 * HOUR, 0)


def test_leaves_the_time_between_two_leads_with_the_desk() -> None:
    assert split(SIGNED, at(30), [(at(10), at(30)), (SIGNED, at(6))]) == Split(4 * HOUR, 26 * HOUR)


def test_counts_no_moment_twice_and_none_outside() -> None:
    leads = [(at(-2), at(5)), (at(3), at(8)), (at(40), at(50))]
    assert split(SIGNED, at(10), leads) == Split(2 * HOUR, 8 * HOUR)


@given(st.lists(st.tuples(st.integers(-50, 150), st.integers(0, 90))), st.integers(0, 100))
def test_says_of_every_second_whose_it_is(spans: list[tuple[int, int]], length: int) -> None:
    second = timedelta(seconds=1)
    leads = [(SIGNED + first * second, SIGNED + (first + long) * second) for first, long in spans]
    found = split(SIGNED, SIGNED + length * second, leads)
    held = {n for n in range(length) if any(first <= n < first + long for first, long in spans)}
    assert found == Split(length - len(held), len(held))
