"""HTTP of case rules: what holds, every version, and the two persons who change them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from accountability.application.case_rules import CaseRulesDesk, RulesChange, RulesEntry
from accountability.application.case_rules_publishing import rules_out
from accountability.application.case_rules_trial import RulesDryRun, RulesTrial
from accountability.domain.case_rules import MOST_DAYS_APART
from accountability.domain.case_rules_trial import Subject
from accountability.entrypoints.rules_http import Document
from backbone.web import Accepted, CurrentActor, CurrentCall, accepted
from contracts.events.accountability import DEFAULT_RULES, CaseRules, ExemptionGround, ParkingGround
from contracts.permissions import allowed

SERVICE = "accountability"
MOST_FORESEEN = 500
DEFAULT_SOURCE = "基层吹哨、部门报到办理规则(默认)"
Count = Annotated[int, Field(ge=1, le=10_000)]
Number = Annotated[int, Path(ge=1, le=10_000)]


class Ground(BaseModel):
    """An admitted ground for parking; without ``most_days`` as long as the policy of C16 allows."""

    model_config = ConfigDict(extra="forbid")

    ground: ParkingGround
    most_days: Count | None = None
    office_decides: Annotated[int, Field(ge=0, le=100)] = 1
    """So many parkings of a whistle the office approves; from the next on the county leader does."""


class Checks(BaseModel):
    """How many closed whistles are drawn for a check, and which weigh more; whole, not in parts."""

    model_config = ConfigDict(extra="forbid")

    per_cent: Annotated[int, Field(ge=1, le=100)]
    weight: Annotated[int, Field(ge=1, le=100)]
    unappraised: Annotated[int, Field(ge=0, le=100)]
    fast: Annotated[int, Field(ge=0, le=100)]
    fast_seconds: Annotated[int, Field(ge=0, le=366 * 86_400)]


class Changed(BaseModel):
    """The limits a document names; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    representatives: Count | None = None
    days_to_raise_again: Count | None = None
    cycles_that_escalate: Count | None = None
    transfers_that_escalate: Count | None = None
    reconsideration_days: Annotated[int, Field(ge=1, le=60)] | None = None
    most_extensions: Count | None = None
    parking_grounds: Annotated[list[Ground], Field(max_length=20)] | None = None
    duplicate_days: Annotated[int, Field(ge=0, le=MOST_DAYS_APART)] | None = None
    duplicate_likeness: Annotated[float, Field(ge=0, le=1)] | None = None
    office_decides_extensions: Annotated[int, Field(ge=0, le=100)] | None = None
    extension_per_cent: Annotated[int, Field(ge=1, le=1_000)] | None = None
    exemption_grounds: Annotated[list[ExemptionGround], Field(max_length=20)] | None = None
    spot_check: Checks | None = None
    reply_days: Annotated[int, Field(ge=1, le=60)] | None = None


class RulesDocument(BaseModel):
    """What a document says from a day on, both days included."""

    model_config = ConfigDict(extra="forbid")

    effective_from: date
    effective_to: date | None = None
    source: Document
    rules: Changed

    def change(self) -> RulesChange:
        """As the application is asked."""
        changed = self.rules.model_dump(exclude_none=True)
        return RulesChange(self.effective_from, self.effective_to, self.source.value(), changed)


class Declining(BaseModel):
    """Why a proposal is turned down."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=500)]


class RulesView(BaseModel):
    """One version, and who did what when; number 0 are the default rules."""

    number: int
    state: Literal["default", "proposed", "approved", "declined"]
    in_force: bool
    """For commands of today."""
    effective_from: date | None
    effective_to: date | None
    source: str
    source_number: str
    source_issued: date | None
    rules: CaseRules
    proposed_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    proposed_by: str | None
    """The persons are named to those who may try policies."""
    decided_by: str | None


class LimitChanged(BaseModel):
    """A limit that would be another; both values as they stand in the rules."""

    name: str
    old: Any
    new: Any


class DecidedOtherwise(BaseModel):
    """What would come next for an open whistle.

    ``extension-by`` and ``parking-by`` (on ``ground``): ``office``, ``county-leader`` or ``nobody``.
    ``extension-most``: an amount in its clock's own unit. ``raising-again``: ``handled`` or ``escalates``.
    """

    case_id: str
    unit: str
    """The lead."""
    subject: Subject
    ground: ParkingGround | None
    old: str
    new: str


class RulesTried(BaseModel):
    """What approving would do now; what was decided stays. The first ``MOST_FORESEEN`` are listed."""

    number: int | None
    changes: list[LimitChanged]
    open_whistles: int
    concerned: int
    """So many of them are treated otherwise."""
    foreseen: list[DecidedOtherwise]


def case_rules_router(desk: CaseRulesDesk, trial: RulesTrial) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/case-rules", tags=["case rules"])

    @router.get("")
    async def versions(actor: CurrentActor) -> list[RulesView]:
        """The default rules and every version, oldest first."""
        current, entries = await desk.entries(actor)
        names = allowed(actor.role, "try-policy")
        holding = 0 if current is None else current.number
        return [_defaults(holding == 0), *(_view(each, holding, names) for each in entries)]

    @router.post("/dry-run")
    async def dry_run(body: RulesDocument, actor: CurrentActor) -> RulesTried:
        """What a document changes, and which open whistles are treated otherwise; stores nothing."""
        return _tried(await trial.try_change(body.change(), actor))

    @router.get("/{number}/dry-run")
    async def dry_run_proposal(number: Number, actor: CurrentActor) -> RulesTried:
        """The same, of what was proposed."""
        return _tried(await trial.try_proposal(number, actor))

    @router.post("")
    async def propose(body: RulesDocument, call: CurrentCall) -> Accepted:
        """Propose rules."""
        context = call.context("propose-case-rules", body)
        return accepted(SERVICE, await desk.propose(body.change(), call.actor, context))

    @router.post("/{number}/approve")
    async def approve(number: Number, call: CurrentCall) -> Accepted:
        """Approve what somebody else proposed; it holds for commands of its days."""
        context = call.context("approve-case-rules", {"number": number})
        return accepted(SERVICE, await desk.approve(number, call.actor, context))

    @router.post("/{number}/decline")
    async def decline(number: Number, body: Declining, call: CurrentCall) -> Accepted:
        """Turn a proposal down."""
        context = call.context("decline-case-rules", {**body.model_dump(), "number": number})
        return accepted(SERVICE, await desk.decline(number, body.reason, call.actor, context))

    return router


def _tried(run: RulesDryRun) -> RulesTried:
    return RulesTried(
        number=run.number,
        changes=[LimitChanged(**asdict(each)) for each in run.changes],
        open_whistles=run.open_whistles,
        concerned=len({each.case_id for each in run.foreseen}),
        foreseen=[DecidedOtherwise(**asdict(each)) for each in run.foreseen[:MOST_FORESEEN]],
    )


def _defaults(in_force: bool) -> RulesView:
    nobody: dict[str, Any] = dict.fromkeys(
        ("source_issued", "effective_from", "effective_to", "proposed_at", "decided_at", "reason")
    )
    return RulesView(
        number=0,
        state="default",
        in_force=in_force,
        source=DEFAULT_SOURCE,
        source_number="",
        rules=DEFAULT_RULES,
        proposed_by=None,
        decided_by=None,
        **nobody,
    )


def _view(entry: RulesEntry, holding: int, names: bool) -> RulesView:
    version = entry.version
    shown = asdict(entry)
    return RulesView(
        number=version.number,
        state=entry.state,
        in_force=version.number == holding,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        source=version.source.title,
        source_number=version.source.number,
        source_issued=version.source.issued,
        rules=rules_out(version.rules),
        **{name: shown[name] for name in ("proposed_at", "decided_at", "reason")},
        proposed_by=entry.proposed_by if names else None,
        decided_by=entry.decided_by if names else None,
    )
