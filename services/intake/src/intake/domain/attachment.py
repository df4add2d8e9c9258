"""附件: files that came with a case; never required, and never looked into here."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, assert_never

from intake.domain.refusals import require

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    f"{_OFFICE}.wordprocessingml.document": (".docx",),
    f"{_OFFICE}.spreadsheetml.sheet": (".xlsx",),
    "video/mp4": (".mp4",),
}
"""Media type → the endings its file names may have; no other type is taken."""
TYPES: Final = "jpg、png、webp、pdf、docx、xlsx、mp4"
NAMELESS: Final = "附件"
LONGEST_NAME: Final = 120
"""Characters of a file name, its ending included."""


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file: its sealed name, its type by content, bytes, and SHA-256 in hexadecimal."""

    attachment: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AddAttachment:
    """``most``: how many a case may have at a time. ``by`` is a subject."""

    file: File
    by: str
    unit: str
    most: int


@dataclass(frozen=True, slots=True)
class RemoveAttachment:
    """``acted``: something has happened in the case since; ``office``: asked for by the office."""

    attachment: str
    by: str
    unit: str
    office: bool
    acted: bool
    reason: str


Command = AddAttachment | RemoveAttachment


@dataclass(frozen=True, slots=True)
class AttachmentAdded:
    """The file is kept, sealed under the key of its case."""

    name: ClassVar[str] = "intake.attachment.attachment-added.v1"
    file: File
    by: str
    unit: str


@dataclass(frozen=True, slots=True)
class AttachmentRemoved:
    """The file is gone; that it was there stays."""

    name: ClassVar[str] = "intake.attachment.attachment-removed.v1"
    attachment: str
    by: str
    unit: str
    reason: str


Event = AttachmentAdded | AttachmentRemoved


@dataclass(frozen=True, slots=True)
class Attachments:
    """The attachments of one case."""

    added: tuple[AttachmentAdded, ...] = ()
    removed: frozenset[str] = frozenset()

    def known(self, attachment: str) -> AttachmentAdded | None:
        """An attachment that was added, removed by now or not."""
        return next((each for each in self.added if each.file.attachment == attachment), None)

    def same(self, sha256: str) -> AttachmentAdded | None:
        """The attachment with this content that is there."""
        return next((each for each in self.there if each.file.sha256 == sha256), None)

    @property
    def there(self) -> tuple[AttachmentAdded, ...]:
        """Those that were not removed."""
        return tuple(each for each in self.added if each.file.attachment not in self.removed)


INITIAL = Attachments()


def evolve(attachments: Attachments, event: Event, _at: object) -> Attachments:
    """The attachments after a fact; never refuses."""
    match event:
        case AttachmentAdded():
            return replace(attachments, added=(*attachments.added, event))
        case AttachmentRemoved(attachment):
            return replace(attachments, removed=attachments.removed | {attachment})
        case _:
            assert_never(event)


def decide(command: Command, attachments: Attachments) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case AddAttachment(file, by, unit, most):
            if attachments.known(file.attachment) or attachments.same(file.sha256):
                return []  # sent twice, or the same content again
            require(len(attachments.there) < most, "too-many-attachments", limit=most)
            return [AttachmentAdded(file, by, unit)]
        case RemoveAttachment():
            return _remove(command, attachments)
        case _:
            assert_never(command)


def _remove(command: RemoveAttachment, attachments: Attachments) -> list[Event]:
    added = attachments.known(command.attachment)
    require(added is not None, "unknown-attachment")
    assert added is not None
    if command.attachment in attachments.removed:
        return []
    own = command.by == added.by
    if not own or command.acted:
        require(own or command.office, "attachment-of-another")
        require(command.office, "attachment-is-relied-on")
        require(command.reason != "", "removing-an-attachment-needs-a-reason")
    return [AttachmentRemoved(command.attachment, command.by, command.unit, command.reason)]


def check_content(declared: str, found: str | None, size: int, most: int) -> str:
    """The media type of a file, by what its content was found to be; ``most`` bytes are taken."""
    require(size > 0, "attachment-is-empty")
    require(size <= most, "attachment-too-large", limit=most // 1_048_576)
    require(found in ENDINGS, "attachment-type-not-allowed", types=TYPES)
    require(declared == found, "attachment-type-differs")
    return declared


def clean_name(name: str, media_type: str) -> str:
    """A file name without folders and invisible signs that ends as its type does."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Category C holds control signs and those that turn the direction of reading, which can hide an ending.
    base = "".join(each for each in base if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    base = base.strip(" .") or NAMELESS
    endings = ENDINGS[media_type]
    ending = next((base[-len(each) :] for each in endings if base.lower().endswith(each)), "")
    if ending == base:
        base, ending = base.strip("."), ""
    base = base.removesuffix(ending)
    ending = ending or endings[0]
    return base[: LONGEST_NAME - len(ending)] + ending
