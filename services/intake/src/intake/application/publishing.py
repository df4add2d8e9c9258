"""From intake's own facts to the published language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import intake as published
from intake.application.merging_publishing import publish_merging
from intake.domain import letter, personal_data, whistle
from intake.domain.letter import facts as letter_facts
from intake.domain.whistle import facts

Outbound = Sequence[tuple[str, str, str]]
NOBODY_IN_PARTICULAR: Final = str(UUID(int=0))
"""The case id of a fact that belongs to no case."""


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def _whistle_content(state: whistle.Whistle, case_id: str) -> dict[str, Any]:
    content = state.content
    assert content is not None, "a whistle begins with its content"
    return {
        "case_id": case_id,
        "number": state.number,
        "township": state.township,
        "village": content.village,
        "kind": content.kind,
        "ground": content.ground,
        "text_sealed": content.text,
        "issues": tuple(
            published.WhistleIssue(issue_id=each.issue_id, text_sealed=each.text, item_code=each.item_code)
            for each in content.issues
        ),
        "departments": content.departments,
        "raised_by_sealed": content.raised_by,
        "tried_sealed": content.tried,
        "enterprise_id": content.enterprise,
        "origin": content.origin
        and published.Origin(type=content.origin.type, origin_case_id=content.origin.case_id),
    }


def publish_whistle(event: whistle.Event, state: whistle.Whistle, case_id: str) -> Outbound:
    """What others learn of a whistle's fact; that it is dispatched they know from routing."""
    match event:
        case facts.WhistleDrafted():
            return [_out(published.WhistleDrafted(**_whistle_content(state, case_id)))]
        case facts.WhistleDiscarded():
            return [_out(published.WhistleDiscarded(case_id=case_id))]
        case facts.WhistleRaised(_, emergency):
            return [_out(published.WhistleRaised(**_whistle_content(state, case_id), emergency=emergency))]
        case facts.WhistleSentBack(reason):
            return [_out(published.WhistleSentBack(case_id=case_id, reason_sealed=reason))]
        case facts.WhistleSigned(signed_by, dispatch_at):
            return [_out(_signed(state, case_id, signed_by, dispatch_at))]
        case facts.WhistleDispatched():
            return []
        case facts.WhistleHandling():
            return [_out(published.WhistleHandling(case_id=case_id))]
        case facts.WhistleAwaitingConfirmation(_, cycle):
            return [_out(published.WhistleAwaitingConfirmation(case_id=case_id, cycle=cycle))]
        case facts.WhistleClosed():
            return [_out(_closed(event, case_id))]
        case facts.WhistleReworked(reason, cycle):
            return [_out(published.WhistleReworked(case_id=case_id, reason_sealed=reason, cycle=cycle))]
        case facts.WhistleWithdrawn(words):
            if words is None:  # the desk's word is out already
                return []
            return [_out(published.WhistleWithdrawn(case_id=case_id, reason_sealed=words))]
        case facts.WhistleNotAccepted() | facts.AppealAnswered():
            return []
        case facts.WhistleAppealed(reason):
            appealed = published.WhistleAppealed(
                case_id=case_id, township=state.township, reason_sealed=reason
            )
            return [_out(appealed)]
        case facts.WhistleRaisedAgain(reason, closed_cycle, cycle, by):
            again = published.WhistleRaisedAgain(
                case_id=case_id,
                township=state.township,
                reason_sealed=reason,
                closed_cycle=closed_cycle,
                cycle=cycle,
                by=by,
            )
            return [_out(again)]
        case (
            facts.IssuesAdopted()
            | facts.WhistleMerged()
            | facts.ConfirmationWindowNoted()
            | facts.AdoptedIssuesJudged()
        ):
            return [_out(each) for each in publish_merging(event, state, case_id)]
        case facts.WhistleRecorded():
            return [_out(_whistle_recorded(event, state, case_id))]


def _whistle_recorded(
    event: facts.WhistleRecorded, state: whistle.Whistle, case_id: str
) -> published.WhistleRecorded:
    content, course = event.content, event.course
    return published.WhistleRecorded(
        case_id=case_id,
        number=event.number,
        external_number=event.external_number,
        township=event.township,
        village=content.village,
        kind=content.kind,
        ground=content.ground,
        text_sealed=content.text,
        issues=tuple(
            published.WhistleIssue(issue_id=each.issue_id, text_sealed=each.text, item_code=each.item_code)
            for each in content.issues
        ),
        raised_by_sealed=content.raised_by or None,
        emergency=state.emergency,
        signed_at=course.signed_at,
        dispatched_at=course.dispatched_at,
        departments=tuple(
            published.RecordedDepartment(
                unit=each.unit, reported_in_at=each.reported_in_at, rating=each.rating
            )
            for each in course.parts
        ),
        feedback_at=course.feedback_at,
        concluded_at=course.concluded_at,
        sentence_sealed=course.sentence,
        results=_judged(course.results),
        closed_at=course.closed_at,
        appraised=bool(course.verdicts),
        verdicts=_judged(course.verdicts),
        comment_sealed=course.comment,
        approved_by=event.approved_by,
    )


def _judged(judgements: Sequence[facts.IssueJudgement]) -> tuple[published.IssueVerdict, ...]:
    return tuple(
        published.IssueVerdict(issue_id=each.issue_id, verdict=each.judgement) for each in judgements
    )


def _signed(
    state: whistle.Whistle, case_id: str, signed_by: str, dispatch_at: datetime | None
) -> published.WhistleSigned:
    return published.WhistleSigned(
        **_whistle_content(state, case_id),
        emergency=state.emergency,
        signed_by_sealed=signed_by,
        dispatch_at=dispatch_at,
    )


def _closed(event: facts.WhistleClosed, case_id: str) -> published.WhistleClosed:
    return published.WhistleClosed(
        case_id=case_id,
        appraised=event.appraised,
        verdicts=_judged(event.verdicts),
        ratings=tuple(
            published.DepartmentRating(unit=each.unit, rating=each.rating) for each in event.ratings
        ),
        comment_sealed=event.comment,
        cycle=event.cycle,
    )


def _letter_content(content: letter.Content, case_id: str) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "channel": content.channel,
        "number": content.number,
        "anonymous": content.anonymous,
        "title_sealed": content.title,
        "text_sealed": content.text,
        "writer_sealed": content.writer,
        "township": content.township,
        "external_number": content.external_number,
    }


def publish_letter(event: letter.Event, state: letter.Letter, case_id: str) -> Outbound:
    """What others learn of a letter's fact."""
    match event:
        case letter_facts.LetterSubmitted(content):
            return [_out(published.LetterSubmitted(**_letter_content(content, case_id)))]
        case letter_facts.LetterResponded(words, final):
            return [_out(published.LetterResponded(case_id=case_id, content_sealed=words, final=final))]
        case letter_facts.LetterReleased(unit, words):
            return [_out(published.LetterReleased(case_id=case_id, unit=unit, words_sealed=words))]
        case letter_facts.LetterHandedOver(unit):
            return [_out(published.LetterHandedOver(case_id=case_id, unit=unit))]
        case letter_facts.LetterMoved(unit, to):
            return [_out(published.LetterMoved(case_id=case_id, unit=unit, to=to))]
        case letter_facts.LetterReportedOn(unit, words):
            return [_out(published.LetterReportedOn(case_id=case_id, unit=unit, content_sealed=words))]
        case letter_facts.LetterResolved(words):
            return [_out(published.LetterResolved(case_id=case_id, content_sealed=words))]
        case letter_facts.LetterNotAccepted(reason):
            return [_out(published.LetterNotAccepted(case_id=case_id, reason_sealed=reason))]
        case letter_facts.LetterReferredUp(authority, reason):
            return [
                _out(published.LetterReferredUp(case_id=case_id, authority=authority, reason_sealed=reason))
            ]
        case letter_facts.LetterAppraised(rating, comment):
            return [_out(published.LetterAppraised(case_id=case_id, rating=rating, comment_sealed=comment))]
        case letter_facts.LetterPromoted(whistle_id):
            return [_out(published.LetterPromoted(case_id=case_id, whistle=whistle_id))]
        case letter_facts.LetterDisputed(dispute):
            return [_out(published.LetterDisputed(case_id=case_id, dispute=dispute))]
        case letter_facts.WrongCodeTried():
            return []
        case letter_facts.LetterRecorded():
            return [_out(_recorded(event, case_id))]


def _recorded(event: letter_facts.LetterRecorded, case_id: str) -> published.LetterRecorded:
    return published.LetterRecorded(
        **_letter_content(event.content, case_id),
        submitted_at=event.submitted_at,
        responded_at=event.responded_at,
        resolved_at=event.resolved_at,
        answer_sealed=event.answer,
        approved_by=event.approved_by,
    )


def publish_erasure(event: personal_data.Event, state: personal_data.Erasure, key: str) -> Outbound:
    """One fact per case whose key is gone, and one for all the persons."""
    cases = [each for each in event.key_ids if each.startswith("case/")]
    persons = [each for each in event.key_ids if not each.startswith("case/")]
    outbound: list[tuple[str, tuple[str, ...]]] = [(each.removeprefix("case/"), (each,)) for each in cases]
    if persons:
        outbound.append((NOBODY_IN_PARTICULAR, tuple(persons)))
    return [_out(published.PersonalDataErased(case_id=case_id, key_ids=ids)) for case_id, ids in outbound]


WHISTLE: Final[Aggregate[whistle.Command, whistle.Event, whistle.Whistle]] = Aggregate(
    category="whistle",
    initial=whistle.INITIAL,
    decide=whistle.decide,
    evolve=whistle.evolve,
    codec=Codec(whistle.Event),
    publish=publish_whistle,
)
LETTER: Final[Aggregate[letter.Command, letter.Event, letter.Letter]] = Aggregate(
    category="letter",
    initial=letter.INITIAL,
    decide=letter.decide,
    evolve=letter.evolve,
    codec=Codec(letter.Event),
    publish=publish_letter,
)
ERASURE: Final[Aggregate[personal_data.Command, personal_data.Event, personal_data.Erasure]] = Aggregate(
    category="personal-data",
    initial=personal_data.INITIAL,
    decide=personal_data.decide,
    evolve=personal_data.evolve,
    codec=Codec(personal_data.Event),
    publish=publish_erasure,
)
