"""办件规则: the limits of decisions that no clock measures are records with a source.

One person proposes, another approves. Each version holds for commands on its effective days; what was
decided before is not touched.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Final, assert_never, get_args

from accountability.domain import exemption
from accountability.domain.calendar import SourceDocument
from accountability.domain.extension.commands import ExtensionLimits
from accountability.domain.parking.facts import Ground
from accountability.domain.refusals import require
from accountability.domain.spot_check.drawing import DRAW_POLICY, DrawPolicy

MOST_DAYS_APART: Final = 366
"""Further apart two whistles are different matters, whatever they say."""


@dataclass(frozen=True, slots=True)
class GroundRule:
    """An admitted ground; ``most_days`` None: C16's; ``office_decides`` parkings, then the county leader."""

    ground: Ground
    most_days: int | None
    office_decides: int


@dataclass(frozen=True, slots=True)
class CaseRules:
    """The limits. Their defaults stand in the published language, for other services begin with them too.

    Those with a default here came later: a record without them means what held until then.
    """

    representatives: int
    days_to_raise_again: int
    cycles_that_escalate: int
    transfers_that_escalate: int
    reconsideration_days: int
    most_extensions: int
    parking_grounds: tuple[GroundRule, ...]
    duplicate_days: int
    duplicate_likeness: float
    office_decides_extensions: int = 1
    extension_per_cent: int = 100
    exemption_grounds: tuple[exemption.Ground, ...] = get_args(exemption.Ground)
    spot_check: DrawPolicy = DRAW_POLICY
    reply_days: int = 3

    @property
    def extensions(self) -> ExtensionLimits:
        """What holds for extensions."""
        return ExtensionLimits(self.most_extensions, self.office_decides_extensions, self.extension_per_cent)

    def ground(self, ground: Ground) -> GroundRule | None:
        """What holds for a ground; None where it is not admitted."""
        return next((each for each in self.parking_grounds if each.ground == ground), None)


@dataclass(frozen=True, slots=True)
class ProposeCaseRules:
    """Propose rules for commands from a day on."""

    rules: CaseRules
    effective_from: date
    effective_to: date | None
    source: SourceDocument
    by: str


@dataclass(frozen=True, slots=True)
class ApproveCaseRules:
    """Approve a proposal; never by whoever proposed it."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class DeclineCaseRules:
    """Turn a proposal down."""

    number: int
    by: str
    reason: str


Command = ProposeCaseRules | ApproveCaseRules | DeclineCaseRules


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """Rules with their days and source."""

    number: int
    rules: CaseRules
    effective_from: date
    effective_to: date | None
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class CaseRulesProposed:
    """Rules were proposed under the next number."""

    name: ClassVar[str] = "accountability.case-rules.case-rules-proposed.v1"
    version: RulesVersion
    by: str


@dataclass(frozen=True, slots=True)
class CaseRulesApproved:
    """The proposed rules hold on their effective days."""

    name: ClassVar[str] = "accountability.case-rules.case-rules-approved.v1"
    number: int
    by: str


@dataclass(frozen=True, slots=True)
class CaseRulesDeclined:
    """A proposal was turned down; the reason is sealed."""

    name: ClassVar[str] = "accountability.case-rules.case-rules-declined.v1"
    number: int
    by: str
    reason: str


Event = CaseRulesProposed | CaseRulesApproved | CaseRulesDeclined


@dataclass(frozen=True, slots=True)
class RulesRecord:
    """Every proposal with its author, and what became of it."""

    proposed: tuple[tuple[RulesVersion, str], ...] = ()
    approved: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()

    def in_force(self, day: date) -> RulesVersion | None:
        """The version that holds on a day; None where the default rules do."""
        fitting = [
            version
            for version, _ in self.proposed
            if version.number in self.approved
            and version.effective_from <= day
            and (version.effective_to is None or day <= version.effective_to)
        ]
        return max(fitting, key=lambda each: (each.effective_from, each.number), default=None)


INITIAL = RulesRecord()


def decide(command: Command, record: RulesRecord) -> list[Event]:
    """The facts a command makes, or its refusal."""
    match command:
        case ProposeCaseRules(rules, effective_from, effective_to, source, by):
            _check(rules)
            require(bool(source.title.strip()), "source-document-missing")
            in_order = effective_to is None or effective_from <= effective_to
            require(in_order, "policy-ends-before-it-begins")
            version = RulesVersion(len(record.proposed) + 1, rules, effective_from, effective_to, source)
            if record.proposed and record.proposed[-1] == (replace(version, number=version.number - 1), by):
                return []
            return [CaseRulesProposed(version, by)]
        case ApproveCaseRules(number, by):
            _known(number, record)
            require(number not in record.declined, "policy-proposal-declined", number=number)
            if number in record.approved:
                return []
            require(record.proposed[number - 1][1] != by, "second-person-needed")
            return [CaseRulesApproved(number, by)]
        case DeclineCaseRules(number, by, reason):
            _known(number, record)
            require(number not in record.approved, "policy-already-approved", number=number)
            require(bool(reason.strip()), "reason-missing")
            return [] if number in record.declined else [CaseRulesDeclined(number, by, reason)]
        case _:
            assert_never(command)


def evolve(record: RulesRecord, event: Event, at: datetime) -> RulesRecord:
    """The record after a fact."""
    match event:
        case CaseRulesProposed(version, by):
            return replace(record, proposed=(*record.proposed, (version, by)))
        case CaseRulesApproved(number):
            return replace(record, approved=record.approved | {number})
        case CaseRulesDeclined(number):
            return replace(record, declined=record.declined | {number})
        case _:
            assert_never(event)


def _known(number: int, record: RulesRecord) -> None:
    require(1 <= number <= len(record.proposed), "unknown-policy-proposal", number=number)


def _check(rules: CaseRules) -> None:
    counts = (
        rules.representatives,
        rules.days_to_raise_again,
        rules.cycles_that_escalate,
        rules.transfers_that_escalate,
        rules.reconsideration_days,
        rules.most_extensions,
        rules.extension_per_cent,
        rules.spot_check.per_cent,
        rules.spot_check.weight,
        rules.reply_days,
        *(each.most_days for each in rules.parking_grounds if each.most_days is not None),
    )
    require(all(each > 0 for each in counts), "limit-must-be-positive")
    levels = (rules.office_decides_extensions, *(each.office_decides for each in rules.parking_grounds))
    draw = rules.spot_check
    added = (draw.unappraised, draw.fast, draw.fast_seconds)
    require(all(each >= 0 for each in (*levels, *added)), "limit-must-be-positive")
    require(draw.per_cent <= 100, "share-out-of-range")
    near = 0 <= rules.duplicate_days <= MOST_DAYS_APART
    require(near, "duplicates-too-far-apart", most=MOST_DAYS_APART)
    require(0 <= rules.duplicate_likeness <= 1, "likeness-out-of-range")
    grounds = [each.ground for each in rules.parking_grounds]
    require(len(set(grounds)) == len(grounds), "parking-ground-stands-twice")
    good_faith = rules.exemption_grounds
    require(len(set(good_faith)) == len(good_faith), "exemption-ground-stands-twice")
