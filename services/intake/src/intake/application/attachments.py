"""What people ask of attachments: looked at by content, sealed under the key of the case, kept apart."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from os import urandom
from typing import Final
from uuid import uuid5

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import NONCE_BYTES, KeyDestroyed, Sealer, Unreadable, key_id
from contracts.permissions import OFFICE_DISPATCHER, OFFICE_SUPERVISOR, permit
from intake.application.attachments_publishing import ATTACHMENT
from intake.application.ports import Blobs, KeyStore
from intake.application.whistles import CASES
from intake.domain.attachment import (
    AddAttachment,
    File,
    RemoveAttachment,
    check_content,
    clean_name,
)
from intake.domain.refusals import Refused, require

_OFFICE: Final = (OFFICE_DISPATCHER, OFFICE_SUPERVISOR)
_FACTS: Final = 10_000
"""More than any case has."""


class AttachmentErased(Exception):
    """The key of its case was destroyed: nobody can read it any more."""

    status = 410
    slug = "attachment-erased"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: dict[str, object] = {}


@dataclass(frozen=True, slots=True)
class Rules:
    """How much is taken: bytes of one file, files of one case."""

    bytes: int = 10 * 1_048_576
    per_case: int = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sends it."""

    name: str
    media_type: str
    content: bytes


class Attachments:
    """The commands on attachments, and reading one. Who may see the case is checked by whoever asks.

    Each raises ``NotPermitted``, ``Refused`` or what the store raises.
    """

    def __init__(
        self,
        store: EventStore,
        keys: KeyStore,
        blobs: Blobs,
        sniff: Callable[[bytes], str | None],
        rules: Rules,
    ) -> None:
        self._store, self._keys, self._blobs, self._sniff = store, keys, blobs, sniff
        self._sealer, self.rules = Sealer(keys), rules

    async def add(self, case: str, upload: Upload, actor: Actor, context: CommandContext) -> Appended:
        """添加附件; the same content is kept once."""
        permit(actor, "add-attachment")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        found = self._sniff(upload.content) if len(upload.content) <= self.rules.bytes else None
        media_type = check_content(upload.media_type, found, len(upload.content), self.rules.bytes)
        if not await self._store.published(0, 1, case):
            raise Refused("unknown-case")
        state = ATTACHMENT.fold(await self._store.load(ATTACHMENT.stream(case)))
        digest = hashlib.sha256(upload.content).hexdigest()
        known = state.same(digest)
        attachment = str(uuid5(CASES, f"attachment/{context.command_id}"))
        if known is not None:
            attachment = known.file.attachment
        name = await self._sealer.seal(key_id("case", case), clean_name(upload.name, media_type))
        file = File(attachment, name, media_type, len(upload.content), digest)
        command = AddAttachment(file, actor.subject, actor.unit, self.rules.per_case)
        # Content before fact: a crash between the two leaves a sealed file that nothing names.
        if ATTACHMENT.decide(command, state):
            await self._blobs.put(attachment, case, await self._seal(case, attachment, upload.content))
        answer = {"id": case, "attachment": attachment}
        return (await execute(self._store, ATTACHMENT, case, command, context, answer)).appended

    async def remove(
        self, case: str, attachment: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """移除附件: by who added it as long as nothing has happened since, or by the office with a reason."""
        permit(actor, "remove-attachment")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        office, acted = actor.role in _OFFICE, await self._acted(case, attachment)
        command = RemoveAttachment(attachment, actor.subject, actor.unit, office, acted, reason)
        ATTACHMENT.decide(command, ATTACHMENT.fold(await self._store.load(ATTACHMENT.stream(case))))
        sealed = await self._sealer.seal(key_id("case", case), reason) if reason else ""
        command = RemoveAttachment(attachment, actor.subject, actor.unit, office, acted, sealed)
        answer = {"id": case, "attachment": attachment}
        appended = (await execute(self._store, ATTACHMENT, case, command, context, answer)).appended
        await self._blobs.drop(attachment)
        return appended

    async def open(self, case: str, attachment: str) -> tuple[str, bytes]:
        """Media type and content of an attachment that is there; raises ``AttachmentErased``."""
        state = ATTACHMENT.fold(await self._store.load(ATTACHMENT.stream(case)))
        known = state.known(attachment)
        require(known is not None and known in state.there, "unknown-attachment")
        assert known is not None
        content = await self._blobs.get(attachment)
        key = await self._key(case)
        if key is None:
            raise AttachmentErased
        require(content is not None, "unknown-attachment")
        assert content is not None
        try:
            opened = AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], attachment.encode())
        except InvalidTag as error:
            raise Unreadable(f"the attachment {attachment} cannot be opened") from error
        return known.file.media_type, opened

    async def _seal(self, case: str, attachment: str, content: bytes) -> bytes:
        key, nonce = await self._key(case), urandom(NONCE_BYTES)
        if key is None:
            raise KeyDestroyed
        # The id is authenticated too, so one file cannot be put in another's place.
        return nonce + AESGCM(key).encrypt(nonce, content, attachment.encode())

    async def _key(self, case: str) -> bytes | None:
        named = key_id("case", case)
        return (await self._keys.keys([named]))[named]

    async def _acted(self, case: str, attachment: str) -> bool:
        """Whether the case has gone on since, as intake knows: whoever acts on it is followed here."""
        since = False
        for row in await self._store.published(0, _FACTS, case):
            if row.type.startswith("intake.attachment."):
                since = since or attachment in row.data
            elif since:
                return True
        return False
