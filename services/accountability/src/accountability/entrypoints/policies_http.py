"""HTTP of policies: their history, what one would move, and the two persons who change them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from accountability.application.policies import DryRun, Policies, PolicyEntry
from accountability.domain.explain import amount_in_words
from accountability.domain.occasions import OCCASIONS
from accountability.domain.terms import ClockKind
from accountability.entrypoints.policy_bodies import PolicyDocument, WallClock
from accountability.entrypoints.rules_http import Moved
from backbone.web import Accepted, CurrentActor, CurrentCall, accepted
from contracts.permissions import allowed

SERVICE = "accountability"
MOST_MOVES = 500
Scope = Annotated[str, Field(pattern=r"^[0-9]{0,12}$")]
ScopeQuery = Annotated[str, Query(pattern=r"^[0-9]{0,12}$")]
Number = Annotated[int, Path(ge=1, le=1_000_000)]


class Approval(BaseModel):
    """Which record of the clock is approved: the township's, or the county's."""

    model_config = ConfigDict(extra="forbid")

    scope: Scope = ""


class Refusing(Approval):
    """Why a proposal is turned down."""

    reason: Annotated[str, Field(max_length=500)]


class PolicyView(BaseModel):
    """One version of a policy, and who did what when: ``proposed``, ``approved`` or ``declined``."""

    version: str
    clock: ClockKind
    scope: str
    number: int
    state: str
    in_force: bool
    """For clocks of this scope that start now."""
    effective_from: date
    effective_to: date | None
    source: str
    source_number: str
    source_issued: date | None
    start: str
    stop: str
    ending: str
    limits: list[dict[str, Any]]
    """``profile``, ``unit`` and ``amount`` in days or seconds, with ``amount_zh`` and ``amount_en``."""
    reminders: list[dict[str, Any]]
    ladder: list[dict[str, Any]]
    hours: dict[str, list[WallClock]]
    quiet: dict[str, WallClock]
    proposed_at: datetime
    decided_at: datetime | None
    reason: str | None
    proposed_by: str | None
    """The persons are named to those who may try policies."""
    decided_by: str | None


class KeptClock(BaseModel):
    """An open clock that stays with its policy, with the slug of why."""

    clock_id: str
    case_id: str
    unit: str
    reason: str


class Tried(BaseModel):
    """What approving would do to the clocks that are open now; the first ``MOST_MOVES`` are listed."""

    version: str
    open_clocks: int
    """Those that started in its days and scope; judged clocks never move."""
    moved: int
    would_breach: int
    moves: list[Moved]
    kept: list[KeptClock]


def policies_router(policies: Policies) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/policies", tags=["policies"])

    @router.get("")
    async def policy_list(actor: CurrentActor, clock: ClockKind | None = None) -> list[PolicyView]:
        """Every version of every policy, by clock and scope, oldest first."""
        names = allowed(actor.role, "try-policy")
        current = await policies.in_force_now()
        return [
            policy_view(entry, entry.version.label in current, names)
            for entry in await policies.entries(actor, clock)
        ]

    @router.post("/dry-run")
    async def dry_run(body: PolicyDocument, actor: CurrentActor) -> Tried:
        """Which open clocks the document would move, from what to what; stores nothing."""
        return tried(await policies.try_change(body.change(), actor))

    @router.get("/{clock}/{number}/dry-run")
    async def dry_run_proposal(
        clock: ClockKind, number: Number, actor: CurrentActor, scope: ScopeQuery = ""
    ) -> Tried:
        """The same, of what was proposed."""
        return tried(await policies.try_proposal(clock, scope, number, actor))

    @router.post("")
    async def propose(body: PolicyDocument, call: CurrentCall) -> Accepted:
        """Propose a policy."""
        context = call.context("propose-policy", body)
        return accepted(SERVICE, await policies.propose(body.change(), call.actor, context))

    @router.post("/{clock}/{number}/approve")
    async def approve(clock: ClockKind, number: Number, body: Approval, call: CurrentCall) -> Accepted:
        """Approve what somebody else proposed; the open clocks of its days and scope follow."""
        context = call.context("approve-policy", body)
        return accepted(SERVICE, await policies.approve(clock, body.scope, number, call.actor, context))

    @router.post("/{clock}/{number}/decline")
    async def decline(clock: ClockKind, number: Number, body: Refusing, call: CurrentCall) -> Accepted:
        """Turn a proposal down."""
        context = call.context("decline-policy", body)
        done = await policies.decline(clock, body.scope, number, body.reason, call.actor, context)
        return accepted(SERVICE, done)

    return router


def policy_view(entry: PolicyEntry, in_force: bool, names: bool) -> PolicyView:
    """A version as it is shown."""
    version, terms = entry.version, entry.version.terms
    occasion = OCCASIONS[version.kind]
    return PolicyView(
        version=version.label,
        clock=version.kind,
        scope=version.scope,
        number=version.number,
        state=entry.state,
        in_force=in_force and entry.state == "approved",
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        source=version.source.title,
        source_number=version.source.number,
        source_issued=version.source.issued,
        start=occasion.start,
        stop=occasion.stop,
        ending=terms.ending.value,
        limits=[
            {
                "profile": each.profile.value,
                "unit": each.limit.unit.value,
                "amount": each.limit.amount,
                **amount_in_words(each.limit),
            }
            for each in terms.limits
        ],
        reminders=[asdict(each) for each in terms.reminders],
        ladder=[asdict(each) for each in terms.ladder],
        hours={"morning": list(terms.hours.morning), "afternoon": list(terms.hours.afternoon)},
        quiet=asdict(terms.quiet),
        proposed_at=entry.proposed_at,
        decided_at=entry.decided_at,
        reason=entry.reason,
        proposed_by=entry.proposed_by if names else None,
        decided_by=entry.decided_by if names else None,
    )


def tried(run: DryRun) -> Tried:
    """A dry run as it is shown."""
    return Tried(
        version=run.version.label,
        open_clocks=run.looked_at,
        moved=len(run.moves),
        would_breach=run.would_breach,
        moves=[Moved.of(move) for move in run.moves[:MOST_MOVES]],
        kept=[KeptClock(**asdict(each)) for each in run.kept[:MOST_MOVES]],
    )
