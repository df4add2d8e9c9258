"""抽查办理: what is drawn, who checks it, and what was found; texts are sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from accountability.domain.moments import instant
from accountability.domain.refusals import require
from accountability.domain.spot_check.drawing import ClosedCase, Drawn, DrawPolicy, digest, draw

Way = Literal["resident", "site"]
"""Who or what is asked: the resident, or the site; never the township."""


@dataclass(frozen=True, slots=True)
class DrawChecks:
    """Draw of the cases closed in ``period``, which ended at ``end``. ``by`` is a subject."""

    period: str
    end: datetime
    seed: int
    policy: DrawPolicy
    cases: tuple[ClosedCase, ...]
    as_of: datetime
    """What was recorded by then is what ``cases`` rests on."""
    by: str


@dataclass(frozen=True, slots=True)
class AssignCheck:
    """Have somebody check; ``concerned`` are the township and the departments of the whistle."""

    check: str
    checker: str
    unit: str
    concerned: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecordResult:
    """By the checker: who was asked, and whether the closing is borne out."""

    check: str
    by: str
    way: Way
    asked: str
    passed: bool
    finding: str
    at: datetime


Command = DrawChecks | AssignCheck | RecordResult


@dataclass(frozen=True, slots=True)
class ChecksDrawn:
    """As ``DrawChecks``, with what came out; ``population`` counts the cases, ``digest`` proves them."""

    name: ClassVar[str] = "accountability.spot-check.checks-drawn.v1"
    period: str
    seed: int
    policy: DrawPolicy
    population: int
    digest: str
    drawn: tuple[Drawn, ...]
    as_of: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CheckAssigned:
    """As ``AssignCheck``."""

    name: ClassVar[str] = "accountability.spot-check.check-assigned.v1"
    check: str
    checker: str
    unit: str


@dataclass(frozen=True, slots=True)
class ResultRecorded:
    """As ``RecordResult``."""

    name: ClassVar[str] = "accountability.spot-check.result-recorded.v1"
    check: str
    way: Way
    asked: str
    passed: bool
    finding: str
    at: datetime


Event = ChecksDrawn | CheckAssigned | ResultRecorded


@dataclass(frozen=True, slots=True)
class Check:
    """One check; its id is the case's within the period. ``passed`` is None until it is done."""

    case_id: str
    cycle: int
    checker: str = ""
    unit: str = ""
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class SpotChecks:
    """The checks of a period by the case that is checked; ``drawn`` is None before the draw."""

    drawn: ChecksDrawn | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


INITIAL = SpotChecks()


def decide(command: Command, checks: SpotChecks) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case DrawChecks():
            return _draw(command, checks)
        case AssignCheck(key, checker, unit, concerned):
            check = _known(checks, key)
            if (check.checker, check.unit) == (checker, unit):
                return []
            require(check.passed is None, "check-is-done")
            require(checker != "", "check-needs-a-checker")
            require(unit not in concerned, "checker-is-concerned")
            return [CheckAssigned(key, checker, unit)]
        case RecordResult():
            return _record(command, checks)
        case _:
            assert_never(command)


def _draw(command: DrawChecks, checks: SpotChecks) -> list[Event]:
    """Once for a period: a second draw would let somebody choose the seed."""
    if checks.drawn is not None:
        require(checks.drawn.seed == command.seed, "checks-drawn-already", seed=checks.drawn.seed)
        return []
    require(command.as_of >= command.end, "period-not-over", period=command.period)
    require(len(command.cases) > 0, "nothing-to-check")
    drawn = draw(command.cases, command.seed, command.policy)
    return [
        ChecksDrawn(
            period=command.period,
            seed=command.seed,
            policy=command.policy,
            population=len(command.cases),
            digest=digest(command.cases),
            drawn=drawn,
            as_of=command.as_of,
            by=command.by,
        )
    ]


def _record(command: RecordResult, checks: SpotChecks) -> list[Event]:
    check = _known(checks, command.check)
    require(check.checker != "", "check-not-assigned")
    require(check.checker == command.by, "only-the-checker-may")
    if check.passed is not None:
        require(check.passed == command.passed, "check-is-done")
        return []
    require(command.asked != "", "check-needs-who-was-asked")
    require(command.passed or command.finding != "", "failed-check-needs-a-finding")
    at = instant(command.at)
    return [ResultRecorded(command.check, command.way, command.asked, command.passed, command.finding, at)]


def _known(checks: SpotChecks, key: str) -> Check:
    require(key in checks.checks, "unknown-check")
    return checks.checks[key]


def evolve(checks: SpotChecks, event: Event, at: datetime) -> SpotChecks:
    """The checks after a fact."""
    match event:
        case ChecksDrawn():
            return SpotChecks(event, {each.case_id: Check(each.case_id, each.cycle) for each in event.drawn})
        case CheckAssigned(key, checker, unit):
            return _changed(checks, key, checker=checker, unit=unit)
        case ResultRecorded(key, _, _, passed):
            return _changed(checks, key, passed=passed)
        case _:
            assert_never(event)


def _changed(checks: SpotChecks, key: str, **values: object) -> SpotChecks:
    changed = replace(checks.checks[key], **values)  # type: ignore[arg-type]
    return replace(checks, checks={**checks.checks, key: changed})
