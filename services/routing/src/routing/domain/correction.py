"""更正: a recorded time is corrected; one proposes, another approves, and the old time stays visible."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from routing.domain.refusals import require

Fact = Literal["report-in", "conclusion"]
"""报到, 主办办结."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A department's act in a cycle of a whistle; only the lead concludes."""

    fact: Fact
    assignment_id: str
    unit: str
    part: Literal["lead", "assist"]
    cycle: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the log holds of it: its time, and the times it lies between; None: no such bound."""

    at: datetime
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposeCorrection:
    """It happened at ``happened_at``; ``recorded`` None: there is no such fact. ``by`` is a subject."""

    correction: str
    subject: Subject
    recorded: Recorded | None
    happened_at: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApproveCorrection:
    """By somebody else."""

    correction: str
    by: str


@dataclass(frozen=True, slots=True)
class DeclineCorrection:
    """By anybody of the office, also by who proposed it."""

    correction: str
    by: str
    reason: str


Command = ProposeCorrection | ApproveCorrection | DeclineCorrection


@dataclass(frozen=True, slots=True)
class CorrectionProposed:
    """It waits for the second person."""

    name: ClassVar[str] = "routing.correction.correction-proposed.v1"
    correction: str
    subject: Subject
    old_at: datetime
    new_at: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class FactCorrected:
    """The time is another; the old one stays in the log."""

    name: ClassVar[str] = "routing.correction.fact-corrected.v1"
    correction: str
    subject: Subject
    old_at: datetime
    new_at: datetime
    reason: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class CorrectionDeclined:
    """The time stays as it was recorded."""

    name: ClassVar[str] = "routing.correction.correction-declined.v1"
    correction: str
    subject: Subject
    reason: str
    by: str


Event = CorrectionProposed | FactCorrected | CorrectionDeclined


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one case."""

    proposed: tuple[CorrectionProposed, ...] = ()
    """All of them, decided or not."""
    approved: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    times: tuple[tuple[Subject, datetime], ...] = ()
    """What was corrected, with the time that holds."""

    def proposal(self, correction: str) -> CorrectionProposed | None:
        """The proposal of an id."""
        return next((each for each in self.proposed if each.correction == correction), None)

    def time_of(self, subject: Subject, recorded: datetime) -> datetime:
        """The time that holds for a fact."""
        return dict(self.times).get(subject, recorded)


INITIAL = Corrections()


def evolve(corrections: Corrections, event: Event, at: datetime) -> Corrections:
    """The corrections after a fact; never refuses."""
    match event:
        case CorrectionProposed():
            return replace(corrections, proposed=(*corrections.proposed, event))
        case FactCorrected(correction, subject, _, new_at):
            times = (
                *((each, time) for each, time in corrections.times if each != subject),
                (subject, new_at),
            )
            return replace(corrections, approved=corrections.approved | {correction}, times=times)
        case CorrectionDeclined(correction):
            return replace(corrections, declined=corrections.declined | {correction})
        case _:
            assert_never(event)


def decide(command: Command, corrections: Corrections) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case ProposeCorrection():
            return _propose(command, corrections)
        case ApproveCorrection(correction, by):
            proposal = _known(correction, corrections)
            if correction in corrections.approved:
                return []
            require(correction not in corrections.declined, "correction-was-declined")
            require(by != proposal.by, "proposer-cannot-approve")
            return [
                FactCorrected(
                    correction,
                    proposal.subject,
                    proposal.old_at,
                    proposal.new_at,
                    proposal.reason,
                    proposal.by,
                    by,
                )
            ]
        case DeclineCorrection(correction, by, reason):
            proposal = _known(correction, corrections)
            if correction in corrections.declined:
                return []
            require(correction not in corrections.approved, "correction-was-approved")
            require(reason != "", "declining-a-correction-needs-a-reason")
            return [CorrectionDeclined(correction, proposal.subject, reason, by)]
        case _:
            assert_never(command)


def _propose(command: ProposeCorrection, corrections: Corrections) -> list[Event]:
    if corrections.proposal(command.correction) is not None:
        return []
    recorded, new_at = command.recorded, command.happened_at.replace(microsecond=0)
    require(recorded is not None, "nothing-to-correct")
    assert recorded is not None
    waits = any(
        each.subject == command.subject and each.correction not in corrections.approved | corrections.declined
        for each in corrections.proposed
    )
    require(not waits, "correction-waits-already")
    require(command.reason != "", "correction-needs-a-reason")
    old_at = corrections.time_of(command.subject, recorded.at).replace(microsecond=0)
    require(new_at != old_at, "correction-changes-nothing")
    require(new_at <= command.at, "not-yet-happened")
    begun, ended = recorded.not_before, recorded.not_after
    require(begun is None or begun.replace(microsecond=0) <= new_at, "corrected-before-it-could-happen")
    require(ended is None or new_at <= ended, "corrected-after-what-followed")
    proposed = CorrectionProposed(
        command.correction, command.subject, old_at, new_at, command.reason, command.by
    )
    return [proposed]


def _known(correction: str, corrections: Corrections) -> CorrectionProposed:
    proposal = corrections.proposal(correction)
    require(proposal is not None, "unknown-correction")
    assert proposal is not None
    return proposal
