"""What clients of citizens' reports read: public facts, for those who see the report or filed it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import httpx
import pytest

from contracts.events import intake
from gateway.application.machines import SUBJECTS
from tests.component.gateway.board import CASE, YUANCUN, ZHANGGUOTUN, Board, case_number, whistle
from tests.component.gateway.reporting import (
    NOON,
    OTHER_VILLAGE,
    VILLAGE,
    App,
    code_of,
    network,
    opened,
    person,
    prepared,
)
from tests.component.gateway.test_read_log import log

REPORTER, PHONE, EMAIL, WORDS, REPLY = "沈晚秋", "13900000000", "shen@puddle.test", "村口积水", "已疏通"


@pytest.fixture
async def empty(board: Board, tmp_path: Path) -> AsyncIterator[App]:
    await prepared(board)
    async with opened(board, tmp_path) as made:
        yield made


@pytest.fixture
async def app(empty: App) -> App:
    """With a key that may file and read."""
    return await empty.with_key()


async def filed(app: App, number: int = 1, by: str | None = None, at: Any = None, **changes: Any) -> str:
    """A report that this client filed for somebody, or somebody else did; its number."""
    case, seal = case_number(number), app.board.seal
    content: dict[str, Any] = {
        "case_id": case,
        "number": f"NL-WG-2026-{number:06}",
        "source": "resident",
        "township": YUANCUN,
        "village": VILLAGE,
        "item": "roads",
        "title_sealed": await seal("道路积水、破损", f"case/{case}"),
        "text_sealed": await seal(WORDS, f"case/{case}"),
        "reporter_sealed": await seal(REPORTER, f"person/reporter-{case}"),
        "phone_sealed": await seal(PHONE, f"person/reporter-{case}"),
        "email_sealed": await seal(EMAIL, f"person/reporter-{case}"),
    }
    await app.board.tell(intake.GridReportFiled(**(content | changes)), by=by or app.subject, at=at)
    return str(content["number"])


async def closed(app: App, number: int = 1) -> None:
    """The grid worker has dealt with it."""
    case = case_number(number)
    reply = await app.board.seal(REPLY, f"case/{case}")
    await app.board.tell(intake.GridReportClosed(case_id=case, level="grid", reply_sealed=reply))


async def listed(app: App, **query: str) -> list[str]:
    """The numbers of a list."""
    answer = await app.get("v2/requests.json", **query)
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in answer.json()]


async def one(app: App, number: str) -> dict[str, Any]:
    """One request."""
    answer = await app.get(f"v2/requests/{number}.json")
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()
    return dict(found)


async def test_whoever_filed_it_follows_it_until_it_is_closed(app: App) -> None:
    number = await filed(app)
    assert await one(app, number) == {
        "service_request_id": number,
        "status": "open",
        "status_notes": "已上报",
        "service_name": "道路积水、破损",
        "service_code": "roads",
        "description": WORDS,
        "agency_responsible": "元村镇",
        "service_notice": None,
        "requested_datetime": "2026-05-08T10:04:00+08:00",
        "updated_datetime": "2026-05-08T10:04:00+08:00",
        "expected_datetime": None,
        "address": "元村镇古寺郎村委会",
        "address_id": VILLAGE,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }

    await closed(app)
    after = await one(app, number)
    assert (after["status"], after["status_notes"]) == ("closed", REPLY)
    assert after["updated_datetime"] == "2026-05-08T10:05:00+08:00"


async def test_it_is_the_same_in_xml(app: App) -> None:
    number = await filed(app)
    answer = await app.get(f"v2/requests/{number}.xml")

    document = ElementTree.fromstring(answer.content)
    assert (document.tag, [each.tag for each in document]) == ("service_requests", ["request"])
    assert document.findtext("request/description") == WORDS
    assert document.find("request/lat") is not None
    assert not document.findtext("request/lat")


async def test_a_list_is_an_array_in_xml_too(app: App) -> None:
    for number in (1, 2):
        await filed(app, number)

    answer = await app.get("v2/requests.xml")
    assert len(ElementTree.fromstring(answer.content).findall("request")) == 2


async def test_text_that_no_xml_may_hold_breaks_nothing(app: App) -> None:
    words = "<script>alert('积水')</script> & \x0b\x1f ]]>"
    sealed = await app.board.seal(words, f"case/{CASE}")
    number = await filed(app, text_sealed=sealed)

    document = ElementTree.fromstring((await app.get(f"v2/requests/{number}.xml")).content)
    assert document.findtext("request/description") == words.replace("\x0b", "\ufffd").replace(
        "\x1f", "\ufffd"
    )


async def test_nobody_who_reported_is_named(app: App) -> None:
    number = await filed(app)
    await closed(app)
    office = await app.with_key(
        "office_supervisor", "burden-reduction-office", frozenset({"read-service-requests"})
    )

    for reader in (app, office):
        for path in (f"v2/requests/{number}.json", "v2/requests.json", "v2/requests.xml"):
            text = (await reader.get(path)).text
            assert number in text
            assert not any(each in text for each in (REPORTER, PHONE, EMAIL, CASE)), path


async def test_words_and_reply_are_only_for_who_filed_it(app: App) -> None:
    number = await filed(app, by="resident-1")
    await closed(app)
    township = await app.with_key("township_clerk", operations=frozenset({"read-service-requests"}))

    seen = await one(township, number)
    assert (seen["description"], seen["status_notes"]) == (None, "格内办结")
    assert (seen["status"], seen["service_code"]) == ("closed", "roads")


async def test_what_is_neither_ones_own_nor_of_ones_township_is_like_none(app: App) -> None:
    number = await filed(app, by="resident-1")
    citizens, other = await app.with_key(), await app.with_key("township_clerk", ZHANGGUOTUN)

    for stranger in (citizens, other):
        assert await listed(stranger) == []
        assert await listed(stranger, service_request_id=number) == []
        there = await stranger.get(f"v2/requests/{number}.json")
        nowhere = await stranger.get("v2/requests/NL-WG-2026-999999.json")
        assert code_of(there) == (404, "unknown-service-request")
        assert there.content == nowhere.content


async def test_other_cases_are_no_requests(app: App) -> None:
    await app.board.tell(
        intake.WhistleDrafted(**await whistle(app.board, number="NL-2026-000001")), by=app.subject
    )
    clerk = await app.with_key("township_clerk")

    assert await listed(clerk) == []
    assert (await clerk.get("v2/requests/NL-2026-000001.json")).status_code == 404


async def test_what_was_routed_away_is_closed(app: App) -> None:
    number = await filed(app)
    await app.board.tell(intake.GridReportRoutedAway(case_id=CASE, matter="service"))

    assert ((await one(app, number))["status"], (await one(app, number))["status_notes"]) == (
        "closed",
        "已分流",
    )


async def test_what_became_a_whistle_is_open_until_its_reporter_is_told_the_end(app: App) -> None:
    number = await filed(app)
    said = await app.board.seal("部门在办")
    await app.board.tell(
        intake.GridReportPromoted(case_id=CASE, whistle=case_number(9)),
        intake.ReporterAnswered(case_id=CASE, reply_sealed=said),
    )
    assert ((await one(app, number))["status"], (await one(app, number))["status_notes"]) == (
        "open",
        "部门在办",
    )

    solved = await app.board.seal("已解决 1 项")
    await app.board.tell(intake.ReporterAnswered(case_id=CASE, reply_sealed=solved, outcome="closed"))
    assert ((await one(app, number))["status"], (await one(app, number))["status_notes"]) == (
        "closed",
        "已解决 1 项",
    )


async def test_what_was_erased_is_forgotten_here_too(app: App) -> None:
    number = await filed(app)
    await app.board.tell(intake.PersonalDataErased(case_id=CASE, key_ids=(f"case/{CASE}",)))

    assert (await one(app, number))["description"] == "〔个人信息已删除〕"


async def test_a_service_that_is_no_more_keeps_its_name(app: App) -> None:
    number = await filed(app)
    await app.board.tell(network(("sanitation", "环境卫生"), version=2))

    assert (await one(app, number))["service_name"] == "道路积水、破损"


async def test_a_list_is_narrowed_by_everything_the_standard_names(app: App) -> None:
    roads = await filed(app, 1)
    dirt = await filed(app, 2, item="sanitation", township=ZHANGGUOTUN, village=OTHER_VILLAGE)
    await closed(app, 1)

    assert await listed(app) == [dirt, roads]
    assert await listed(app, service_code="roads") == [roads]
    assert await listed(app, service_code="roads, sanitation") == [dirt, roads]
    assert await listed(app, status="closed") == [roads]
    assert await listed(app, status="open") == [dirt]
    assert await listed(app, status="open,closed") == [dirt, roads]
    assert await listed(app, service_request_id=f"{roads},{dirt},nothing", status="open") == [dirt, roads]
    assert await listed(app, service_code="", status="", start_date="", page="") == [dirt, roads]


async def test_a_list_is_read_by_pages(app: App) -> None:
    numbers = [await filed(app, each) for each in (1, 2, 3)]

    assert await listed(app, page_size="2") == [numbers[2], numbers[1]]
    assert await listed(app, page_size="2", page="2") == [numbers[0]]
    assert await listed(app, page_size="2", page="3") == []


async def test_a_list_is_about_ninety_days_unless_told_otherwise(app: App) -> None:
    old = await filed(app, 1, at=NOON - timedelta(days=91))
    recent = await filed(app, 2, at=NOON - timedelta(days=89))

    assert await listed(app) == [recent]
    assert await listed(app, end_date="2026-04-01T00:00:00Z") == [recent, old]
    assert await listed(
        app, start_date="2026-02-06T12:00:00 08:00", end_date="2026-02-06T12:00:01+08:00"
    ) == [old]
    assert await listed(app, start_date="2026-02-06T04:00:00Z") == [recent, old]
    assert await listed(app, start_date="2026-02-06T04:00:01Z") == [recent]
    assert await listed(app, service_request_id=old) == [old]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"status": "done"}, "unknown-status"),
        ({"start_date": "2026-01-01T00:00:00"}, "invalid-request"),
        ({"start_date": "yesterday"}, "invalid-request"),
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
            "requested-period-too-long",
        ),
        ({"page": "0"}, "invalid-request"),
        ({"service_request_id": "\0"}, "invalid-request"),
        ({"page_size": "1001"}, "invalid-request"),
        ({"service_request_id": ",".join(f"{each}" for each in range(1_001))}, "too-many-requests-named"),
    ],
)
async def test_a_list_that_cannot_be_asked_for_is_refused(app: App, query: dict[str, str], code: str) -> None:
    for format in ("json", "xml"):
        assert code_of(await app.get(f"v2/requests.{format}", **query)) == (400, code)


async def test_whoever_reads_words_is_written_down(app: App) -> None:
    await filed(app)
    await filed(app, 2, by="resident-1")
    township = await app.with_key("township_clerk")
    await listed(app)
    await listed(township)

    (read,) = await log(app.board)
    assert (read["subject"], read["way"], read["caseIds"]) == (app.subject, "open311", [CASE])


@pytest.mark.parametrize("path", ["v2/requests.json", "v2/requests.xml", "v2/requests/x.json"])
async def test_nobody_reads_without_a_good_key_and_its_scope(empty: App, path: str) -> None:
    assert code_of(await empty.get(path)) == (403, "api-key-missing")
    assert code_of(await empty.get(path, api_key="chuishao_nonsense")) == (403, "machine-key-invalid")
    filing = await empty.with_key(operations=frozenset({"file-grid-report"}))
    assert code_of(await filing.get(path)) == (403, "not-permitted")
    auditor: httpx.Response = await empty.http.get(
        f"/open311/{path}", headers=empty.identities.bearer(person("auditor"))
    )
    assert code_of(auditor) == (403, "not-permitted")


async def test_a_key_that_was_revoked_counts_no_more(app: App) -> None:
    assert await listed(app) == []
    await app.machines.revoke(UUID(app.subject.removeprefix(SUBJECTS)), "administrator-1")

    assert code_of(await app.get("v2/requests.json")) == (403, "machine-key-invalid")
