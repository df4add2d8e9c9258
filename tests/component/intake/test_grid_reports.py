"""Grid reports over HTTP: to the leader in charge, closed low, told back, routed away, made a whistle."""

from typing import Any

from backbone.identity import Actor
from contracts.events import intake
from tests.component.intake.service import (
    ADMINISTRATOR,
    CLERK,
    LEADER,
    LIAISON,
    RESIDENT,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)

GRID_WORKER = Actor("grid-worker-410923102", "演示·陆乙丙", "grid_worker", YUANCUN)
NETWORK: dict[str, Any] = {
    "version": 1,
    "source_document": "演示文件",
    "grids": [
        {
            "code": "410923102201-01",
            "name": "元村村第一网格",
            "township": YUANCUN,
            "villages": ["410923102201"],
            "worker": GRID_WORKER.subject,
            "leader": LEADER.subject,
        }
    ],
    "items": [{"code": "facilities", "title": "公共设施"}],
}
PUDDLE: dict[str, Any] = {
    "title": "路面积水",
    "text": "村口雨后积水,老人出行不便",
    "township": YUANCUN,
    "village": "410923102201",
    "item": "facilities",
    "phone": "0393-0000000",
    "email": "reporter@puddle.test",
}


async def test_go_to_the_leader_in_charge(desk: Desk) -> None:
    await desk.done(ADMINISTRATOR, "/grid-reports/network", NETWORK)
    response = await desk.post(RESIDENT, "/grid-reports", PUDDLE)
    assert response.json()["number"] == "NL-WG-2026-000001"
    (filed,) = await desk.published(response.json()["id"])
    assert isinstance(filed, intake.GridReportFiled)
    assert (filed.township, filed.grid, filed.leader) == (YUANCUN, "410923102201-01", LEADER.subject)
    assert await desk.read(filed.text_sealed) == PUDDLE["text"]
    assert await desk.read(filed.reporter_sealed or "") == RESIDENT.name
    assert await desk.read(filed.phone_sealed or "") == PUDDLE["phone"]
    assert await desk.read(filed.email_sealed or "") == PUDDLE["email"]
    kept = await desk.everything_kept()
    assert not any(word in kept for word in ("积水", RESIDENT.name, PUDDLE["phone"], PUDDLE["email"]))


async def test_are_of_the_own_township_when_staff_report(desk: Desk) -> None:
    report = await desk.done(GRID_WORKER, "/grid-reports", PUDDLE | {"township": "410923101"})
    (filed,) = await desk.published(report)
    assert isinstance(filed, intake.GridReportFiled)
    assert filed.township == YUANCUN


async def test_are_refused_for_what_the_network_does_not_know(desk: Desk) -> None:
    await desk.done(ADMINISTRATOR, "/grid-reports/network", NETWORK)
    for change, slug in (({"village": "nowhere"}, "unknown-grid"), ({"item": "other"}, "item-not-admitted")):
        assert await desk.refused(RESIDENT, "/grid-reports", PUDDLE | change) == (422, slug)
    assert await desk.refused(RESIDENT, "/grid-reports", {"title": "积水", "text": "积水"}) == (
        422,
        "report-needs-a-township",
    )


async def test_are_told_the_address_of_what_belongs_elsewhere(desk: Desk) -> None:
    for matter, slug in (
        ("service", "belongs-to-the-service-desk"),
        ("permit", "belongs-to-the-permit-window"),
    ):
        assert await desk.refused(RESIDENT, "/grid-reports", PUDDLE | {"matter": matter}) == (422, slug)


async def test_are_closed_in_the_grid_by_its_worker_and_by_the_township_otherwise(desk: Desk) -> None:
    for actor, level in ((GRID_WORKER, "grid"), (CLERK, "township")):
        report = await desk.done(RESIDENT, "/grid-reports", PUDDLE)
        await desk.done(actor, f"/grid-reports/{report}/close", {"reply": "已疏通"})
        closed = (await desk.published(report))[-1]
        assert isinstance(closed, intake.GridReportClosed)
        assert closed.level == level
        assert await desk.read(closed.reply_sealed) == "已疏通"


async def test_are_answered_and_routed_away_by_the_township(desk: Desk) -> None:
    report = await desk.done(RESIDENT, "/grid-reports", PUDDLE)
    await desk.done(GRID_WORKER, f"/grid-reports/{report}/reply", {"reply": "正在核实"})
    await desk.done(CLERK, f"/grid-reports/{report}/route-away", {"matter": "service"})
    _, answered, routed = await desk.published(report)
    assert isinstance(answered, intake.ReporterAnswered)
    assert routed == intake.GridReportRoutedAway(case_id=report, matter="service")


async def test_become_a_draft_in_the_reports_words(desk: Desk) -> None:
    report = await desk.done(RESIDENT, "/grid-reports", PUDDLE)
    await desk.done(CLERK, f"/grid-reports/{report}/promote", {"departments": [WATER]})
    promoted = (await desk.published(report))[-1]
    assert isinstance(promoted, intake.GridReportPromoted)
    (drafted,) = await desk.published(promoted.whistle)
    assert isinstance(drafted, intake.WhistleDrafted)
    assert await desk.read(drafted.text_sealed) == PUDDLE["text"]
    assert [await desk.read(each.text_sealed) for each in drafted.issues] == [PUDDLE["text"]]
    assert drafted.village == "410923102201"
    assert drafted.origin == intake.Origin(type="grid_report", origin_case_id=report)
    await desk.done(LEADER, f"/whistles/{promoted.whistle}/submit")


async def test_do_not_exist_for_another_township(desk: Desk) -> None:
    report = await desk.done(RESIDENT, "/grid-reports", PUDDLE)
    for act, body in (
        ("close", {"reply": "已办"}),
        ("reply", {"reply": "已办"}),
        ("route-away", {"matter": "service"}),
        ("promote", {"departments": [WATER]}),
    ):
        assert await desk.refused(STRANGER, f"/grid-reports/{report}/{act}", body) == (404, "unknown-case")


async def test_are_no_departments_business(desk: Desk) -> None:
    assert await desk.refused(LIAISON, "/grid-reports", PUDDLE) == (403, "not-permitted")
    assert await desk.refused(CLERK, "/grid-reports/network", NETWORK) == (403, "not-permitted")


async def test_are_brought_in_from_elsewhere_with_their_own_time(desk: Desk) -> None:
    body = PUDDLE | {
        "reporter": "A0001",
        "external_number": "188006",
        "suggested": ["SL-03", "JT-01"],
        "reported_at": "2019-02-28T11:25:05+08:00",
    }
    report = await desk.done(SUPERVISOR, "/grid-reports/record", body)
    (filed,) = await desk.published(report)
    assert isinstance(filed, intake.GridReportFiled)
    assert (filed.number, filed.suggested) == ("NL-WG-2019-000001", ("SL-03", "JT-01"))
    (fact,) = await desk.store.published(0)
    assert fact.occurred_at is not None
    assert fact.occurred_at.year == 2019
    later = body | {"reported_at": "2026-03-02T12:00:01+08:00"}
    assert await desk.refused(SUPERVISOR, "/grid-reports/record", later) == (422, "not-yet-happened")
