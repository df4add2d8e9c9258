"""容错: a breach in good faith leaves the figures; who claims it does not decide it. A stream per breach."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from accountability.domain.refusals import require
from accountability.domain.terms import ClockKind

Ground = Literal[
    "force_majeure", "resources_missing", "waited_for_others", "unclear_rules", "pilot", "first_minor"
]
"""不可抗力, 人财物未配套, 依赖他方, 政策界限不清, 先行先试, 首次且轻微."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What is to be exempted: the breach of a clock of ``unit``; ``stands`` until it is annulled."""

    case_id: str
    unit: str
    kind: ClockKind
    stands: bool


@dataclass(frozen=True, slots=True)
class ClaimExemption:
    """By the unit whose breach it is, or by the office for it; ``unit`` is the claimant's.

    ``admitted`` are the grounds of the rules in force. ``referred``: the breach was handed to the discipline
    body already.
    """

    breach: Breach | None
    unit: str
    by: str
    by_office: bool
    ground: Ground
    evidence: str
    admitted: frozenset[Ground]
    referred: bool = False
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class DecideExemption:
    """By another person, of another unit than the claimant's and the one that was late."""

    breach: Breach | None
    unit: str
    by: str
    granted: bool
    reason: str


Command = ClaimExemption | DecideExemption


@dataclass(frozen=True, slots=True)
class ExemptionClaimed:
    """Somebody says that the breach was in good faith."""

    name: ClassVar[str] = "accountability.exemption.exemption-claimed.v1"
    case_id: str
    unit: str
    kind: ClockKind
    ground: Ground
    claimed_by: str
    """The claimant's unit."""
    by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ExemptionDecided:
    """It was, and leaves the figures; or it was not."""

    name: ClassVar[str] = "accountability.exemption.exemption-decided.v1"
    granted: bool
    unit: str
    by: str
    reason: str


Event = ExemptionClaimed | ExemptionDecided


@dataclass(frozen=True, slots=True)
class Exemption:
    """The one claim that a breach has; ``granted`` is None until it is decided."""

    claim: ExemptionClaimed | None = None
    granted: bool | None = None


INITIAL = Exemption()


def decide(command: Command, exemption: Exemption) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case ClaimExemption():
            return _claim(command, exemption)
        case DecideExemption():
            return _decide(command, exemption)
        case _:
            assert_never(command)


def _claim(command: ClaimExemption, exemption: Exemption) -> list[Event]:
    breach = command.breach
    require(breach is not None, "unknown-matter")
    assert breach is not None
    require(
        command.by_office or command.unit == breach.unit, "unknown-matter"
    )  # another's is as if it were not
    if exemption.claim is not None:
        require(exemption.granted is None, "exemption-decided-already")
        require(exemption.claim.ground == command.ground, "exemption-claimed-already")
        return []
    require(breach.stands, "no-breach-to-exempt")
    require(not command.referred, "breach-was-referred")
    admitted = command.ground in command.admitted
    require(admitted, "exemption-ground-not-admitted", rules_version=command.rules_version)
    require(command.evidence != "", "exemption-needs-evidence")
    claimed = ExemptionClaimed(
        case_id=breach.case_id,
        unit=breach.unit,
        kind=breach.kind,
        ground=command.ground,
        claimed_by=command.unit,
        by=command.by,
        evidence=command.evidence,
    )
    return [claimed]


def _decide(command: DecideExemption, exemption: Exemption) -> list[Event]:
    claim = exemption.claim
    require(claim is not None, "no-exemption-claimed")
    assert claim is not None
    if exemption.granted is not None:
        require(exemption.granted == command.granted, "exemption-decided-already")
        return []
    require(command.by != claim.by, "second-person-needed")
    require(command.unit not in (claim.claimed_by, claim.unit), "exemption-is-another-units-to-decide")
    require(
        not command.granted or (command.breach is not None and command.breach.stands), "no-breach-to-exempt"
    )
    require(command.reason != "", "deciding-an-exemption-needs-a-reason")
    return [ExemptionDecided(command.granted, command.unit, command.by, command.reason)]


def evolve(exemption: Exemption, event: Event, at: datetime) -> Exemption:
    """The exemption after a fact."""
    match event:
        case ExemptionClaimed():
            return Exemption(claim=event)
        case ExemptionDecided(granted):
            return replace(exemption, granted=granted)
        case _:
            assert_never(event)
