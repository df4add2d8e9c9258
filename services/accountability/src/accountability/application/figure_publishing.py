"""What accountability writes about figures: frozen periods, appeals and the terms they are weighed by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import uuid5

from accountability.application.publishing import IDS, Outbound
from accountability.domain import figure_appeal, figure_policy, frozen_period
from backbone.decider import Aggregate, Codec
from backbone.eventstore import EventStore
from contracts.events import Published
from contracts.events import accountability as published

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")

POLICY_KEY: Final = str(uuid5(IDS, "figure-policy"))
"""The county has one record of figure terms."""


def period_key(label: str, boundary: str) -> str:
    """The key of a period's frozen figures."""
    return str(uuid5(IDS, f"period/{label}/{boundary}"))


def appeal_key(item: str) -> str:
    """The key of the one appeal an item has."""
    return str(uuid5(IDS, f"figure-appeal/{item}"))


async def as_of(store: EventStore, aggregate: Aggregate[C, E, S], key: str, moment: datetime) -> S:
    """The state of an aggregate by what was recorded up to a moment."""
    history = await store.load(aggregate.stream(key))
    return aggregate.fold([event for event in history if event.recorded_at <= moment])


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def publish_period(event: frozen_period.Event, state: frozen_period.FrozenPeriod, key: str) -> Outbound:
    """What others learn of a frozen period: what stands, not what is proposed."""
    stands = state.stands
    assert stands is not None, "a period's first fact freezes it"
    place = {"case_id": key, "period": state.period, "boundary": state.boundary}
    table = {"as_of": stands.table.as_of, "digest": stands.table.digest}
    match event:
        case frozen_period.PeriodFrozen():
            return [_out(published.PeriodFrozen(**place, **table, by=stands.by))]
        case frozen_period.PeriodRestated(number, by):
            restated = published.PeriodRestated(
                **place,
                **table,
                number=number,
                reason_sealed=stands.reason or "",
                by=stands.by,
                approved_by=by,
            )
            return [_out(restated)]
        case _:
            return ()


def publish_appeal(
    event: figure_appeal.Event, state: figure_appeal.FigureAppeal, _key: str
) -> Sequence[tuple[str, str, str]]:
    """An appeal and its decision, under the case the item belongs to."""
    place = {"case_id": state.case_id, "item": state.item, "unit": state.unit}
    match event:
        case figure_appeal.FigureAppealed():
            return [_out(published.FigureAppealed(**place, reason_sealed=event.reason))]
        case figure_appeal.FigureAppealDecided(accepted, reason, _):
            decided = published.FigureAppealDecided(**place, accepted=accepted, reason_sealed=reason)
            return [_out(decided)]


FROZEN_PERIOD: Final[Aggregate[frozen_period.Command, frozen_period.Event, frozen_period.FrozenPeriod]] = (
    Aggregate(
        category="frozen-period",
        initial=frozen_period.INITIAL,
        decide=frozen_period.decide,
        evolve=frozen_period.evolve,
        codec=Codec(frozen_period.Event),
        publish=publish_period,
    )
)
FIGURE_APPEAL: Final[Aggregate[figure_appeal.Command, figure_appeal.Event, figure_appeal.FigureAppeal]] = (
    Aggregate(
        category="figure-appeal",
        initial=figure_appeal.INITIAL,
        decide=figure_appeal.decide,
        evolve=figure_appeal.evolve,
        codec=Codec(figure_appeal.Event),
        publish=publish_appeal,
    )
)
FIGURE_POLICY: Final[Aggregate[figure_policy.Command, figure_policy.Event, figure_policy.FigurePolicy]] = (
    Aggregate(
        category="figure-policy",
        initial=figure_policy.INITIAL,
        decide=figure_policy.decide,
        evolve=figure_policy.evolve,
        codec=Codec(figure_policy.Event),
        publish=lambda _event, _state, _key: (),
    )
)
