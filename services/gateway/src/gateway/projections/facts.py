"""A published fact on its way into the case view: parsed, its sealed texts opened, its timeline line made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, case, func, update
from sqlalchemy.dialects.postgresql import insert as upsert

from backbone.outbox import Delivered
from backbone.sealing import key_id_of, sealed
from contracts.events import Published, accountability
from gateway.projections.tables import cases, notices

ERASED = "〔个人信息已删除〕"
"""Shown where the key of a text was destroyed."""

_MAIN_TEXT = (
    "reason_sealed",
    "content_sealed",
    "sentence_sealed",
    "comment_sealed",
    "answer_sealed",
    "first_step_sealed",
    "reply_sealed",
    "words_sealed",
    "finding_sealed",
    "evidence_sealed",
)


WITHDRAWABLE: Final = frozenset({accountability.ClockBreached.NAME, accountability.LadderRungReached.NAME})
"""Lines that are found again by their clock when its breach is annulled."""


class Fact:
    """An event with its model parsed and its sealed texts opened."""

    def __init__(self, event: Delivered, model: Published, opened: Mapping[str, str]) -> None:
        self.event, self.model, self._opened = event, model, opened

    @property
    def case_id(self) -> str:
        """The case the fact belongs to."""
        return self.event.case_id

    @property
    def at(self) -> datetime:
        """When the fact held."""
        return self.event.effective_at

    def plain(self, text: str | None) -> str | None:
        """The words of a sealed text."""
        return None if text is None else self._opened[text]


Handler = Callable[[Fact, Any], Sequence[Executable]]
"""What a fact changes; the second argument is its model."""


def sealed_texts(value: object) -> Iterable[str]:
    match value:
        case str():
            if sealed(value):
                yield value
        case Mapping():
            for each in value.values():
                yield from sealed_texts(each)
        case list() | tuple():
            for each in value:
                yield from sealed_texts(each)
        case _:
            return


def key_of(text: str | None) -> str | None:
    return None if text is None else key_id_of(text)


def _without_sealed(value: Any) -> Any:
    """The event's data as it may stand in a timeline: no sealed text, no ids the reader has already."""
    match value:
        case Mapping():
            return {
                key: _without_sealed(each)
                for key, each in value.items()
                if not key.endswith("_sealed") and key not in {"case_id", "clock_id"}
            }
        case list() | tuple():
            return [_without_sealed(each) for each in value]
        case _:
            return value


def entry(fact: Fact) -> dict[str, Any]:
    """The line of a fact in its case's timeline."""
    event = fact.event
    params = _without_sealed(event.data)
    if event.type in WITHDRAWABLE:
        params["clock_id"] = event.data["clock_id"]
    text = next((event.data[name] for name in _MAIN_TEXT if event.data.get(name)), None)
    return {
        "service": event.service,
        "seq": event.seq,
        "case_id": event.case_id,
        "type": event.type,
        "unit": event.data.get("unit") or event.unit,
        "text": fact.plain(text),
        "params": params,
        "at": _true_time(fact),
        "recorded_at": event.recorded_at,
    }


def _true_time(fact: Fact) -> datetime:
    """Clock facts say when they held; they may be stated later."""
    model = fact.model
    for name in ("breached_at", "expired_at"):
        if hasattr(model, name):
            moment: datetime = getattr(model, name)
            return moment
    return fact.at


def state(
    fact: Fact, to: str | None, *, waiting: str | None = None, answered: str | None = None, **values: Any
) -> Executable:
    """Moves a case on; ``waiting`` marks a handover to another service, ``answered`` ends one."""
    # Facts of different services come in any order, and a rebuild must end in the same row.
    changes: dict[str, Any] = {"updated_at": func.greatest(cases.c.updated_at, fact.at), **values}
    if to is not None:
        changes["state"] = to
    if waiting is not None:
        # A handover stands once, however often its cause comes.
        changes["settling_for"] = func.array_append(func.array_remove(cases.c.settling_for, waiting), waiting)
    if answered is not None:
        changes["settling_for"] = func.array_remove(cases.c.settling_for, answered)
    return update(cases).where(cases.c.case_id == fact.case_id).values(**changes)


def answered(fact: Fact, answer: str) -> Executable:
    """Ends a handover without the case having changed otherwise."""
    return (
        update(cases)
        .where(cases.c.case_id == fact.case_id)
        .values(settling_for=func.array_remove(cases.c.settling_for, answer))
    )


def waits(fact: Fact, answer: str) -> Executable:
    """Marks a handover to another service."""
    return state(fact, None, waiting=answer)


def waits_unless(fact: Fact, answer: str, there: str) -> Executable:
    """Marks a handover unless the case is in the state already to which the answer would bring it."""
    handed = func.array_append(func.array_remove(cases.c.settling_for, answer), answer)
    return state(fact, None, settling_for=case((cases.c.state == there, cases.c.settling_for), else_=handed))


def notice(
    notice_id: str, unit: str, fact: Fact, kind: str, params: Mapping[str, Any], clock_id: str | None = None
) -> Executable:
    return (
        upsert(notices)
        .values(
            notice_id=notice_id,
            unit=unit,
            case_id=fact.case_id,
            clock_id=clock_id,
            kind=kind,
            params=dict(params),
            at=fact.at,
        )
        .on_conflict_do_nothing()
    )
