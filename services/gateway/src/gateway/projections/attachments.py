"""附件 in the case view: what there is and where it came from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, intake
from gateway.projections.attachment_tables import attachments
from gateway.projections.facts import ERASED, Fact, Handler, state


def _added(fact: Fact, it: intake.AttachmentAdded) -> Sequence[Executable]:
    name = fact.plain(it.name_sealed)
    row = {
        "attachment_id": it.attachment_id,
        "case_id": fact.case_id,
        "unit": it.unit,
        "name": name,
        "media_type": it.media_type,
        "size": it.size,
        "sha256": it.sha256,
        "added_at": fact.at,
        "erased": name == ERASED,
    }
    return (upsert(attachments).values(row).on_conflict_do_nothing(), state(fact, None))


def _removed(fact: Fact, it: intake.AttachmentRemoved) -> Sequence[Executable]:
    gone = update(attachments).where(attachments.c.attachment_id == it.attachment_id)
    return (gone.values(removed_at=fact.at), state(fact, None))


def erased(cases: Sequence[str]) -> Sequence[Executable]:
    """What an erasure of these cases leaves: that there was a file, and that nobody can read it."""
    kept = update(attachments).where(attachments.c.case_id.in_(cases))
    return (kept.values(name=ERASED, erased=True),)


HANDLERS: Mapping[type[Published], Handler] = {
    intake.AttachmentAdded: _added,
    intake.AttachmentRemoved: _removed,
}
"""Published fact → what it changes."""
