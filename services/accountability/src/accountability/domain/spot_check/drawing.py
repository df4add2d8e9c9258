"""抽样: which closed whistles are checked, as a pure function of the cases, the seed and the policy.

Cases are drawn stratum by stratum. A case of weight w has w tickets, the SHA-256 of
``seed/case/cycle/ticket``; the largest of them is its place, and the cases with the highest places are drawn.
The largest of w even numbers is distributed as the weighted draw wants it, and whole numbers come out the
same on every machine: ``sha256sum`` is enough to check a draw by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A closing that can be checked: the last one of its whistle in the period."""

    case_id: str
    cycle: int
    tier: str
    """Of the lead."""
    kind: str
    appraised: bool
    seconds: int | None = None
    """From dispatch to conclusion; None where it was not timed."""


@dataclass(frozen=True, slots=True)
class DrawPolicy:
    """How many are drawn, and which weigh more."""

    per_cent: int = 10
    """Of each stratum, rounded up: never fewer than one."""
    weight: int = 1
    unappraised: int = 2
    """Added to the weight of a whistle nobody appraised."""
    fast: int = 2
    """Added to the weight of one that was concluded suspiciously fast."""
    fast_seconds: int = 2 * 3600


DRAW_POLICY = DrawPolicy()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A case that is checked, and why it weighed what it did."""

    case_id: str
    cycle: int
    stratum: str
    weight: int


def draw(cases: Iterable[ClosedCase], seed: int, policy: DrawPolicy = DRAW_POLICY) -> tuple[Drawn, ...]:
    """The cases to check, by stratum and place; the order in which the cases come does not matter."""
    strata: dict[str, list[ClosedCase]] = {}
    for case in cases:
        strata.setdefault(stratum(case), []).append(case)
    drawn: list[Drawn] = []
    for name in sorted(strata):
        members = strata[name]
        wanted = ceil(len(members) * policy.per_cent / 100)
        placed = sorted(members, key=lambda case: (place(case, seed, policy), case.case_id), reverse=True)
        drawn += [Drawn(case.case_id, case.cycle, name, weight(case, policy)) for case in placed[:wanted]]
    return tuple(drawn)


def stratum(case: ClosedCase) -> str:
    """Units are compared within their tier, cases within their kind."""
    return f"{case.tier}/{case.kind}"


def weight(case: ClosedCase, policy: DrawPolicy = DRAW_POLICY) -> int:
    """How many tickets a case has."""
    fast = case.seconds is not None and case.seconds < policy.fast_seconds
    return policy.weight + (0 if case.appraised else policy.unappraised) + (policy.fast if fast else 0)


def place(case: ClosedCase, seed: int, policy: DrawPolicy = DRAW_POLICY) -> bytes:
    """The largest of a case's tickets."""
    tickets = range(weight(case, policy))
    return max(sha256(f"{seed}/{case.case_id}/{case.cycle}/{each}".encode()).digest() for each in tickets)


def digest(cases: Sequence[ClosedCase]) -> str:
    """The SHA-256 of the cases that could be drawn, one line each, in order of their ids."""
    lines = (
        f"{each.case_id} {each.cycle} {each.tier} {each.kind} {each.appraised} {each.seconds}"
        for each in sorted(cases, key=lambda each: (each.case_id, each.cycle))
    )
    return sha256("\n".join(lines).encode()).hexdigest()
