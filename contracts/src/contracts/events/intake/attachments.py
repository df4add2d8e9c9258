"""附件: files that came with a case; their content is never published."""

from typing import ClassVar

from contracts.events.published import Published


class AttachmentAdded(Published):
    """A file was added. ``size`` is in bytes, ``sha256`` of the content in hexadecimal."""

    NAME: ClassVar[str] = "intake.attachment.attachment-added.v1"
    attachment_id: str
    unit: str
    name_sealed: str
    media_type: str
    size: int
    sha256: str


class AttachmentRemoved(Published):
    """A file was taken away; by the office with a reason."""

    NAME: ClassVar[str] = "intake.attachment.attachment-removed.v1"
    attachment_id: str
    unit: str
    reason_sealed: str | None = None
