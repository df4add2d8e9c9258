"""Attachments as the gateway brings them: looked at, sealed, given back, taken away, made unreadable."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from backbone.identity import Actor
from contracts.events import intake as published
from intake.adapters.blobs import PostgresBlobs, media_type_of
from intake.application.ports import Blobs
from tests.backbone.edge import Identities
from tests.component.intake.service import (
    ADMINISTRATOR,
    CLERK,
    FLOOD,
    LEADER,
    LETTER,
    LIAISON,
    RESIDENT,
    SUPERVISOR,
    BlobsInMemory,
    Desk,
)
from tests.component.intake.test_on_postgres import Ground, desk_on, ground

__all__ = ["ground"]

WORDS = "荻花渡口的照片"
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument"
COLLEAGUE = replace(CLERK, subject="clerk-2-410923102")


def jpeg(words: str = WORDS) -> bytes:
    """A photo as far as its first bytes go."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + words.encode() + b"\xff\xd9"


def archive(*names: str) -> bytes:
    """A zip file of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return content.getvalue()


DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = archive("docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml")


def named(desk: Desk, person: Actor, key: UUID | None = None) -> dict[str, str]:
    """The gateway's headers in the name of a person."""
    return {
        **desk.identities.service("gateway").headers(),
        "Idempotency-Key": str(key or uuid4()),
        "X-For-Subject": quote(person.subject),
        "X-For-Role": person.role,
        "X-For-Unit": quote(person.unit),
    }


async def sent(
    desk: Desk,
    case: str,
    content: bytes,
    *,
    person: Actor = CLERK,
    media_type: str = JPEG,
    name: str = f"{WORDS}.jpg",
    key: UUID | None = None,
) -> httpx.Response:
    """A file on its way to a case."""
    headers = named(desk, person, key) | {"Content-Type": media_type, "X-File-Name": quote(name)}
    return await desk.client.post(f"/cases/{case}/attachments", content=content, headers=headers)


async def attached(desk: Desk, case: str, content: bytes, **how: Any) -> str:
    """A file that was taken; answers its id."""
    answer = await sent(desk, case, content, **how)
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == case
    return str(answer.json()["attachment"])


async def removed(
    desk: Desk, case: str, attachment: str, person: Actor, reason: str = ""
) -> tuple[int, Mapping[str, Any]]:
    """Whether one is taken away."""
    path = f"/cases/{case}/attachments/{attachment}/remove"
    answer = await desk.client.post(path, json={"reason": reason}, headers=named(desk, person))
    return answer.status_code, answer.json()


async def read(desk: Desk, case: str, attachment: str) -> httpx.Response:
    """The file as the gateway gets it."""
    headers = desk.identities.service("gateway").headers()
    return await desk.client.get(f"/cases/{case}/attachments/{attachment}", headers=headers)


@pytest.fixture
async def case(desk: Desk) -> str:
    """A whistle waits for its signature."""
    return await desk.done(CLERK, "/whistles", FLOOD)


async def test_is_kept_under_seal_and_given_back(desk: Desk, case: str) -> None:
    attachment = await attached(desk, case, jpeg(), name=f"../{WORDS}")

    answer = await read(desk, case, attachment)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JPEG)
    assert answer.content == jpeg()
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, published.AttachmentAdded)
    assert (fact.attachment_id, fact.unit, fact.media_type, fact.size) == (
        attachment,
        CLERK.unit,
        JPEG,
        len(jpeg()),
    )
    assert fact.sha256 == hashlib.sha256(jpeg()).hexdigest()
    assert await desk.read(fact.name_sealed) == f"{WORDS}.jpg"
    assert WORDS not in await desk.everything_kept()
    (kept,) = desk.blobs.kept.values()
    assert WORDS.encode() not in kept


async def test_comes_with_a_letter_too(desk: Desk) -> None:
    letter = await desk.done(RESIDENT, "/letters", LETTER)
    await attached(desk, letter, jpeg(), person=RESIDENT)


async def test_is_taken_once_with_the_same_key_and_with_the_same_content(desk: Desk, case: str) -> None:
    key = uuid4()
    first = await attached(desk, case, jpeg(), key=key)
    assert await attached(desk, case, jpeg(), key=key) == first
    assert await attached(desk, case, jpeg(), person=LEADER, name="又一次") == first
    assert len(desk.blobs.kept) == 1
    other = await sent(desk, case, jpeg("另一张"), key=key)
    assert other.json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (jpeg(), JPEG),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), PNG),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30), "image/webp"),
        (b"%PDF-1.7\n%%EOF\n", PDF),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(20), "video/mp4"),
        (DOCX, f"{OFFICE}.wordprocessingml.document"),
        (XLSX, f"{OFFICE}.spreadsheetml.sheet"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
async def test_is_taken_when_its_content_is_what_it_says(
    desk: Desk, case: str, content: bytes, media_type: str
) -> None:
    assert (await sent(desk, case, content, media_type=media_type)).status_code == 200
    wrong = await sent(desk, case, content, media_type=PNG if media_type != PNG else PDF)
    assert wrong.json()["code"] == "attachment-type-differs"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"MZ" + bytes(100),
        b"just words",
        archive("a.txt"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
        DOCX[:40],
    ],
    ids=["html", "svg", "exe", "text", "zip", "macros", "two in one", "cut off"],
)
@pytest.mark.parametrize("media_type", ["text/html", f"{OFFICE}.wordprocessingml.document"])
async def test_is_refused_when_it_is_something_else(
    desk: Desk, case: str, content: bytes, media_type: str
) -> None:
    answer = await sent(desk, case, content, media_type=media_type)
    assert (answer.status_code, answer.json()["code"]) == (422, "attachment-type-not-allowed")
    assert "docx" in answer.json()["title"]
    assert desk.blobs.kept == {}


async def test_is_refused_when_it_is_empty_or_too_large(desk: Desk, case: str) -> None:
    assert (await sent(desk, case, b"")).json()["code"] == "attachment-is-empty"
    answer = await sent(desk, case, jpeg() + bytes(2 * 1_048_576))
    assert (answer.json()["code"], answer.json()["params"]) == ("attachment-too-large", {"limit": 2})
    assert desk.blobs.kept == {}


async def test_is_refused_when_there_are_enough(desk: Desk, case: str) -> None:
    for n in range(3):
        await attached(desk, case, jpeg(str(n)))
    answer = await sent(desk, case, jpeg("one more"))
    assert (answer.json()["code"], answer.json()["params"]) == ("too-many-attachments", {"limit": 3})
    assert len(desk.blobs.kept) == 3


async def test_belongs_to_a_case_that_is_there(desk: Desk) -> None:
    answer = await sent(desk, str(uuid4()), jpeg())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-case")


async def test_is_taken_back_while_nothing_has_happened_since(desk: Desk, case: str) -> None:
    attachment = await attached(desk, case, jpeg())
    assert (await removed(desk, case, attachment, COLLEAGUE))[1]["code"] == "attachment-of-another"
    assert (await removed(desk, case, attachment, CLERK))[0] == 200

    assert desk.blobs.kept == {}
    answer = await read(desk, case, attachment)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-attachment")
    assert isinstance((await desk.published(case))[-1], published.AttachmentRemoved)


async def test_stays_once_the_case_has_gone_on_unless_the_office_says_why(desk: Desk, case: str) -> None:
    attachment = await attached(desk, case, jpeg())
    await desk.done(LEADER, f"/whistles/{case}/sign", {"dispatch": "now"})

    assert (await removed(desk, case, attachment, CLERK))[1]["code"] == "attachment-is-relied-on"
    assert (await removed(desk, case, attachment, SUPERVISOR))[1]["code"] == (
        "removing-an-attachment-needs-a-reason"
    )
    assert (await removed(desk, case, attachment, SUPERVISOR, f"{WORDS}有旁人面容"))[0] == 200
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, published.AttachmentRemoved)
    assert await desk.read(fact.reason_sealed or "") == f"{WORDS}有旁人面容"
    assert WORDS not in await desk.everything_kept()


async def test_cannot_be_read_after_its_case_was_erased(desk: Desk, case: str) -> None:
    attachment = await attached(desk, case, jpeg())
    await desk.done(ADMINISTRATOR, "/keys/erase", {"subjects": [], "cases": [case]})

    answer = await read(desk, case, attachment)
    assert (answer.status_code, answer.json()["code"]) == (410, "attachment-erased")
    assert (await sent(desk, case, jpeg("later"))).json()["code"] == "personal-data-erased"


async def test_comes_through_services_only(desk: Desk, case: str) -> None:
    attachment = await attached(desk, case, jpeg())
    headers = named(desk, CLERK) | desk.identities.bearer(LIAISON) | {"Content-Type": JPEG}
    path = f"/cases/{case}/attachments"
    for answer in (
        await desk.client.post(path, content=jpeg("x"), headers=headers),
        await desk.client.get(f"{path}/{attachment}", headers=headers),
        await desk.client.post(f"{path}/{attachment}/remove", json={}, headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_is_added_by_people_who_may(desk: Desk, case: str) -> None:
    assert (await sent(desk, case, jpeg(), person=ADMINISTRATOR)).json()["code"] == "not-permitted"
    impostor = replace(CLERK, role="service")
    assert (await sent(desk, case, jpeg(), person=impostor)).json()["code"] == "invalid-request"
    attachment = await attached(desk, case, jpeg())
    assert (await removed(desk, case, attachment, ADMINISTRATOR))[1]["code"] == "not-permitted"


def test_nothing_is_unpacked_to_tell_what_it_is() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", bytes(50_000_000))
        file.writestr("word/document.xml", "x")
    assert media_type_of(bomb.getvalue()) == f"{OFFICE}.wordprocessingml.document"


@pytest.fixture(params=["in memory", "on postgres"])
def blobs(request: pytest.FixtureRequest, ground: Ground) -> Blobs:
    """Both stores of files."""
    return BlobsInMemory() if request.param == "in memory" else PostgresBlobs(ground.store.pool)


async def test_a_store_keeps_gives_back_and_forgets(blobs: Blobs) -> None:
    one, other = str(uuid4()), str(uuid4())
    await blobs.put(one, "case", b"sealed")
    await blobs.put(one, "case", b"sealed anew")
    assert await blobs.get(one) == b"sealed"
    assert await blobs.get(other) is None
    await blobs.drop(one)
    await blobs.drop(one)
    assert await blobs.get(one) is None


async def test_a_file_moved_in_anothers_place_opens_nothing(desk: Desk, case: str) -> None:
    first, second = await attached(desk, case, jpeg("一")), await attached(desk, case, jpeg("二"))
    desk.blobs.kept[first] = desk.blobs.kept[second]
    assert (await read(desk, case, first)).status_code == 500


async def test_a_file_survives_a_restart_and_is_never_changed(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        case = await desk.done(CLERK, "/whistles", FLOOD)
        attachment = await attached(desk, case, jpeg() + bytes(1_000_000))
    async with desk_on(ground, identities) as desk:
        assert (await read(desk, case, attachment)).content == jpeg() + bytes(1_000_000)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ground.store.pool.execute("UPDATE intake.attachment SET content = ''")


async def test_tells_anybody_what_is_taken_before_it_is_sent(desk: Desk) -> None:
    told, *others = [
        (await desk.client.get("/attachment-limits", headers=desk.identities.bearer(actor))).json()
        for actor in (CLERK, RESIDENT, ADMINISTRATOR)
    ]
    assert others == [told, told]
    rules = desk.intake.attachments.rules
    assert (told["bytes"], told["per_case"], told["name_characters"]) == (rules.bytes, rules.per_case, 120)
    assert {"media_type": JPEG, "endings": [".jpg", ".jpeg"]} in told["types"]
    assert (await desk.client.get("/attachment-limits")).status_code == 401
