"""时限政策: limits, reminders and ladders are records with a source, and two people change them.

One proposes, another approves. Versions never change; clocks pin the one they were started with. Records may
take effect in the past, so that old cases have a policy too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar, assert_never

from accountability.domain.calendar import SourceDocument
from accountability.domain.occasions import OCCASIONS
from accountability.domain.refusals import require
from accountability.domain.terms import Anchor, ClockKind, Ending, PolicyVersion, Profile, Terms


@dataclass(frozen=True, slots=True)
class ProposePolicy:
    """Propose terms for one clock in one scope."""

    kind: ClockKind
    scope: str
    terms: Terms
    effective_from: date
    effective_to: date | None
    source: SourceDocument
    by: str


@dataclass(frozen=True, slots=True)
class ApprovePolicy:
    """Approve a proposal; never by whoever proposed it."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class DeclinePolicy:
    """Turn a proposal down."""

    number: int
    by: str
    reason: str


Command = ProposePolicy | ApprovePolicy | DeclinePolicy


@dataclass(frozen=True, slots=True)
class PolicyProposed:
    """Terms were proposed under the next number."""

    name: ClassVar[str] = "accountability.policy.policy-proposed.v1"
    version: PolicyVersion
    by: str


@dataclass(frozen=True, slots=True)
class PolicyApproved:
    """A proposal is a policy from now on, for its effective days."""

    name: ClassVar[str] = "accountability.policy.policy-approved.v1"
    number: int
    by: str


@dataclass(frozen=True, slots=True)
class PolicyDeclined:
    """A proposal was turned down."""

    name: ClassVar[str] = "accountability.policy.policy-declined.v1"
    number: int
    by: str
    reason: str


Event = PolicyProposed | PolicyApproved | PolicyDeclined


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """The versions of one clock in one scope and what became of them."""

    proposed: Mapping[int, tuple[PolicyVersion, str]] = field(default_factory=lambda: MappingProxyType({}))
    approved: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()

    @property
    def versions(self) -> tuple[PolicyVersion, ...]:
        """The approved versions, oldest first."""
        return tuple(self.proposed[number][0] for number in sorted(self.approved))


INITIAL = PolicyRecord()


def decide(command: Command, record: PolicyRecord) -> list[Event]:
    """The facts a command makes, or its refusal."""
    match command:
        case ProposePolicy(kind, scope, terms, effective_from, effective_to, source, by):
            _check(terms, effective_from, effective_to, source)
            require(terms.ending is OCCASIONS[kind].ending, "policy-changes-the-ending", clock=kind.value)
            number = len(record.proposed) + 1
            version = PolicyVersion(kind, scope, number, terms, effective_from, effective_to, source)
            latest = record.proposed.get(number - 1)
            if latest is not None and latest == (replace(version, number=number - 1), by):
                return []
            return [PolicyProposed(version, by)]
        case ApprovePolicy(number, by):
            require(number in record.proposed, "unknown-policy-proposal", number=number)
            require(number not in record.declined, "policy-proposal-declined", number=number)
            if number in record.approved:
                return []
            require(record.proposed[number][1] != by, "second-person-needed")
            return [PolicyApproved(number, by)]
        case DeclinePolicy(number, by, reason):
            require(number in record.proposed, "unknown-policy-proposal", number=number)
            require(number not in record.approved, "policy-already-approved", number=number)
            require(bool(reason.strip()), "reason-missing")
            return [] if number in record.declined else [PolicyDeclined(number, by, reason)]
        case _:
            assert_never(command)


def evolve(record: PolicyRecord, event: Event, at: datetime) -> PolicyRecord:
    """The record after a fact."""
    match event:
        case PolicyProposed(version, by):
            return replace(record, proposed={**record.proposed, version.number: (version, by)})
        case PolicyApproved(number):
            return replace(record, approved=record.approved | {number})
        case PolicyDeclined(number):
            return replace(record, declined=record.declined | {number})
        case _:
            assert_never(event)


def _check(terms: Terms, effective_from: date, effective_to: date | None, source: SourceDocument) -> None:
    require(bool(source.title.strip()), "source-document-missing")
    require(effective_to is None or effective_from <= effective_to, "policy-ends-before-it-begins")
    profiles = [each.profile for each in terms.limits]
    require(Profile.ORDINARY in profiles, "policy-needs-an-ordinary-limit")
    require(len(set(profiles)) == len(profiles), "policy-limits-a-profile-twice")
    require(all(each.limit.amount > 0 for each in terms.limits), "limit-must-be-positive")
    hours, quiet = terms.hours, terms.quiet
    day = (*hours.morning, *hours.afternoon)
    require(all(a < b for a, b in pairwise(day)), "working-hours-out-of-order")
    require(quiet.end <= quiet.after_days_off < quiet.begin, "quiet-hours-out-of-order")
    require(terms.ending is Ending.BREACH or not terms.ladder, "expiring-clock-has-no-ladder")
    steps = [rung.working_days for rung in terms.ladder]
    require(steps == sorted(set(steps)), "ladder-out-of-order")
    require(all(rung.proposed for rung in terms.ladder if rung.name == "RED"), "red-rung-waits-for-a-person")
    names = [each.name for each in terms.reminders] + [rung.name for rung in terms.ladder]
    require(len(set(names)) == len(names), "name-stands-twice")
    for rule in terms.reminders:
        complete = rule.amount > 0 and (rule.clock_time is None) == (rule.anchor is Anchor.SECONDS_BEFORE_DUE)
        require(complete and rule.name.startswith("remind-"), "reminder-incomplete", name=rule.name)
