"""From the facts of attachments to the published language."""

from collections.abc import Sequence
from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import intake as published
from intake.domain import attachment


def publish_attachment(
    event: attachment.Event, state: attachment.Attachments, key: str
) -> Sequence[tuple[str, str, str]]:
    """What others learn: never the content."""
    fact: Published
    match event:
        case attachment.AttachmentAdded(file, _, unit):
            fact = published.AttachmentAdded(
                case_id=key,
                attachment_id=file.attachment,
                unit=unit,
                name_sealed=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
        case attachment.AttachmentRemoved(attachment_id, _, unit, reason):
            fact = published.AttachmentRemoved(
                case_id=key, attachment_id=attachment_id, unit=unit, reason_sealed=reason or None
            )
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


ATTACHMENT: Final[Aggregate[attachment.Command, attachment.Event, attachment.Attachments]] = Aggregate(
    category="attachment",
    initial=attachment.INITIAL,
    decide=attachment.decide,
    evolve=attachment.evolve,
    codec=Codec(attachment.Event),
    publish=publish_attachment,
)
"""The attachments of one case, by its id."""
