"""Letters in the case view, and the erasing of personal data from all of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, intake
from gateway.projections import attachments, enterprises, parkings, supervisions
from gateway.projections.facts import ERASED, Fact, Handler, key_of, notice, state, waits
from gateway.projections.tables import (
    adoptions,
    assignments,
    case_keys,
    cases,
    countersignatures,
    countersignings,
    entries,
    issues,
    releases,
)


def _letter(fact: Fact, it: intake.LetterContent, state: str, **values: Any) -> Executable:
    return insert(cases).values(
        case_id=fact.case_id,
        type="letter",
        number=it.number,
        state=state,
        township=it.township,
        channel=it.channel,
        anonymous=it.anonymous,
        external_number=it.external_number,
        title=fact.plain(it.title_sealed),
        text=fact.plain(it.text_sealed) or "",
        raised_by=fact.plain(it.writer_sealed),
        raised_by_key=key_of(it.writer_sealed),
        created_at=fact.at,
        **{"updated_at": fact.at, **values},
    )


def _letter_submitted(fact: Fact, it: intake.LetterSubmitted) -> Sequence[Executable]:
    return (_letter(fact, it, "submitted"), waits(fact, "clocks"))


def _letter_responded(fact: Fact, it: intake.LetterResponded) -> Sequence[Executable]:
    """Answered; one that is being handled stays so."""
    answer = fact.plain(it.content_sealed)
    return (
        state(fact, None, answer=answer),
        update(cases)
        .where(cases.c.case_id == fact.case_id, cases.c.state == "submitted")
        .values(state="responded"),
    )


def _released(fact: Fact, it: intake.LetterReleased) -> Sequence[Executable]:
    words = fact.plain(it.words_sealed)
    return (
        upsert(releases)
        .values(case_id=fact.case_id, unit=it.unit, words=words)
        .on_conflict_do_update(index_elements=["case_id", "unit"], set_={"words": words}),
        state(fact, None),
    )


def _release(fact: Fact, unit: str, **values: Any) -> Executable:
    return (
        update(releases).where(releases.c.case_id == fact.case_id, releases.c.unit == unit).values(**values)
    )


def _handed_over(fact: Fact, it: intake.LetterHandedOver) -> Sequence[Executable]:
    return (
        _release(fact, it.unit, handed_over_at=fact.at),
        state(fact, "handling"),
        notice(str(fact.event.id), it.unit, fact, "letter-handed-over", {}),
    )


def _moved(fact: Fact, it: intake.LetterMoved) -> Sequence[Executable]:
    """The heir sees what its forebear saw, unless it was given words of its own."""
    had = select(releases.c.case_id, literal(it.to), releases.c.words, literal(fact.at)).where(
        releases.c.case_id == fact.case_id, releases.c.unit == it.unit
    )
    return (
        upsert(releases)
        .from_select(["case_id", "unit", "words", "handed_over_at"], had)
        .on_conflict_do_update(index_elements=["case_id", "unit"], set_={"handed_over_at": fact.at}),
        state(fact, None),
        notice(str(fact.event.id), it.to, fact, "letter-moved", {"unit": it.unit}),
    )


def _reported_on(fact: Fact, it: intake.LetterReportedOn) -> Sequence[Executable]:
    report = fact.plain(it.content_sealed)
    return (_release(fact, it.unit, report=report, reported_at=fact.at), state(fact, None))


def _letter_recorded(fact: Fact, it: intake.LetterRecorded) -> Sequence[Executable]:
    return (
        _letter(
            fact,
            it,
            "resolved",
            recorded=True,
            answer=fact.plain(it.answer_sealed),
            closed_at=it.resolved_at,
            updated_at=it.resolved_at,
        ),
    )


def _erased(_: Fact, it: intake.PersonalDataErased) -> Sequence[Executable]:
    keys = list(it.key_ids)
    gone = [each.removeprefix("case/") for each in keys if each.startswith("case/")]
    return (
        update(cases)
        .where(cases.c.case_id.in_(gone))
        .values(title=ERASED, text=ERASED, answer=None, comment=None),
        update(releases).where(releases.c.case_id.in_(gone)).values(words=ERASED, report=None),
        update(issues).where(issues.c.case_id.in_(gone)).values(text=ERASED, result_details=None),
        update(entries).where(entries.c.case_id.in_(gone), entries.c.text.is_not(None)).values(text=ERASED),
        update(countersignings).where(countersignings.c.case_id.in_(gone)).values(proposal=ERASED),
        update(countersignatures)
        .where(countersignatures.c.case_id.in_(gone), countersignatures.c.words.is_not(None))
        .values(words=ERASED),
        update(adoptions).where(adoptions.c.parent_id.in_(gone)).values(comment=None),
        update(assignments).where(assignments.c.case_id.in_(gone)).values(first_step=None, sentence=None),
        update(cases).where(cases.c.raised_by_key.in_(keys)).values(raised_by=ERASED, phone=None, email=None),
        update(cases).where(cases.c.signed_by_key.in_(keys)).values(signed_by=ERASED),
        update(assignments).where(assignments.c.handler_key.in_(keys)).values(handler=ERASED, phone=None),
        *parkings.erased(keys, gone),
        *enterprises.erased(keys),
        *attachments.erased(gone),
        *supervisions.erased(keys, gone),
        delete(case_keys).where(case_keys.c.key_id.in_(keys)),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    intake.LetterSubmitted: _letter_submitted,
    intake.LetterResponded: _letter_responded,
    intake.LetterResolved: lambda fact, it: (
        state(fact, "resolved", closed_at=fact.at, answer=fact.plain(it.content_sealed)),
    ),
    intake.LetterReleased: _released,
    intake.LetterHandedOver: _handed_over,
    intake.LetterMoved: _moved,
    intake.LetterReportedOn: _reported_on,
    intake.LetterNotAccepted: lambda fact, _: (state(fact, "not_accepted", closed_at=fact.at),),
    intake.LetterReferredUp: lambda fact, _: (state(fact, "referred_up", closed_at=fact.at),),
    intake.LetterAppraised: lambda fact, it: (
        state(fact, "appraised", rating=it.rating, comment=fact.plain(it.comment_sealed)),
    ),
    intake.LetterPromoted: lambda fact, it: (state(fact, "handling", whistle_id=it.whistle),),
    intake.LetterDisputed: lambda fact, it: (state(fact, None, dispute_id=it.dispute),),
    intake.LetterRecorded: _letter_recorded,
    intake.PersonalDataErased: _erased,
}
"""Published fact → what it changes."""
