"""倒查材料: a case as one document: what was decided and refused, what was late and why, what was lacking."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.catalogue import sentence
from gateway.adapters.whistle_sheet import Sheet, moment
from gateway.domain.visibility import Viewer
from gateway.projections import case_queries, joining_queries, supervision_queries, unit_queries
from gateway.projections.case_rows import Names, local
from gateway.projections.tables import cases, responsibility_items

_DECIDED: Final = (
    *("accepted", "agreed", "approved", "closed", "confirmed", "corrected", "decided", "declined", "cleared"),
    *("escalated", "executed", "ended", "granted", "given", "issued", "judged", "lapsed", "merged", "passed"),
    *("failed", "referred-up", "refused", "released", "resolved", "returned", "reworked", "ruled", "signed"),
    *("undecided", "withdrawn", "raised-again", "reopened"),
)
"""The last words of facts in which somebody decided or refused something."""
ZH: Final = "zh"
"""A document has one language: that of the offices."""


async def document_of(
    connection: AsyncConnection, viewer: Viewer, case: RowMapping, explained: Mapping[str, Any]
) -> str:
    """The JSON text of a case as it stands; ``explained`` has the reckoning of late clocks by their ids."""
    key = case["case_id"]
    names = Names(await unit_queries.all_units(connection))
    told = (await case_queries.timeline_of(connection, viewer, [key]))[0]
    clocks = (await case_queries.clocks_of(connection, [key]))[0]
    issues = (await joining_queries.issues_of(connection, viewer, [key]))[0]
    most = case_queries.LARGEST_PAGE
    orders = await supervision_queries.orders_for(connection, viewer, key, None, most)
    exemptions = await supervision_queries.exemptions_for(connection, viewer, key, None, most)
    results = await supervision_queries.results_for(connection, viewer, key, most)
    timeline = [_line(each, names) for each in told]
    document = {
        "case": {
            "id": key,
            "number": case["number"],
            "type": case["type"],
            "state": case["state"],
            "township": names.unit(case["township"]),
            "created_at": _at(case["created_at"]),
            "closed_at": _at(case["closed_at"]),
            "cycle": case["cycle"],
            "text": case["text"],
        },
        "timeline": timeline,
        "decisions": [each for each in timeline if _is_decision(each["type"])],
        "lateness": [_late(each, explained, names) for each in clocks if each["breached_at"] is not None],
        "resources": await _resources(connection, case, issues),
        "supervision": {
            "orders": [_plain(each, names) for each in orders],
            "exemptions": [_plain(each, names) for each in exemptions],
            "results": [_plain(each, names) for each in results],
        },
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line(row: RowMapping, names: Names) -> dict[str, Any]:
    title = sentence("timeline-" + row["type"].split(".")[2], ZH, row["params"])
    if row["params"].get("withdrawn"):
        title += sentence("timeline-withdrawn", ZH)
    return {
        "at": _at(row["at"]),
        "type": row["type"],
        "title": title,
        "unit": names.unit(row["unit"]),
        "text": row["text"],
    }


def _is_decision(type_: str) -> bool:
    return type_.split(".")[2].endswith(_DECIDED)


def _late(row: RowMapping, explained: Mapping[str, Any], names: Names) -> dict[str, Any]:
    told = explained.get(row["clock_id"]) or {}
    return {
        "clock": row["kind"],
        "title": sentence(f"clock-{row['kind'].lower()}", ZH),
        "unit": names.unit(row["unit"]),
        "started_at": _at(row["started_at"]),
        "due": _at(row["due"]),
        "original_due": _at(row["original_due"]),
        "breached_at": _at(row["breached_at"]),
        "ended_at": _at(row["ended_at"]),
        "outcome": row["outcome"],
        "reckoning": told.get(ZH, []),
    }


async def _resources(
    connection: AsyncConnection, case: RowMapping, issues: Sequence[RowMapping]
) -> list[dict[str, Any]]:
    """Whether what was passed down came with what it needs: list items devolved, and reviews cited."""
    codes = sorted({each["item_code"] for each in issues if each["item_code"]})
    devolved = (
        select(responsibility_items)
        .where(responsibility_items.c.code.in_(codes), responsibility_items.c.devolved)
        .order_by(responsibility_items.c.version)
    )
    latest = {row["code"]: row for row in (await connection.execute(devolved)).mappings()}
    found: list[dict[str, Any]] = [
        {"item": row["code"], "title": row["title"], "with": list(row["devolved_with"])}
        for _, row in sorted(latest.items())
    ]
    cited = select(cases).where(
        cases.c.type == "task_down_review", cases.c.details["cited_by"].contains([case["case_id"]])
    )
    for row in (await connection.execute(cited)).mappings():
        details = row["details"]
        found.append(
            {
                "review": row["case_id"],
                "title": row["title"],
                "decision": details.get("decision"),
                "resources_attached": details.get("resources_attached"),
                "beyond_capacity": details.get("beyond_capacity"),
            }
        )
    return found


def _plain(row: RowMapping, names: Names) -> dict[str, Any]:
    named = {key: _at(value) if isinstance(value, datetime) else value for key, value in row.items()}
    return {key: value for key, value in named.items() if value is not None and key != "case_id"} | {
        "unit": names.unit(row["unit"])
    }


def _at(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def traced(row: RowMapping, language: str, note: str) -> bytes:
    """A released document as a printable sheet (PDF); everything in it is as it was released."""

    def say(slug: str, **params: object) -> str:
        return sentence(f"trace-back-{slug}", language, params)

    document = json.loads(row["document"])
    sheet = Sheet(f"{say('title')} {document['case']['number'] or ''}".strip())
    released = moment(local(row["released_at"]))
    sheet.lines(
        say("head", number=document["case"]["number"] or "", release=row["number"], at=released),
        say("digest", digest=row["digest"]),
        f"{say('reason')}: {row['reason']}",
        "",
        document["case"]["text"],
    )
    sheet.table(say("lateness"), [["", ""], *(_late_row(each) for each in document["lateness"])], (3, 7))
    lacking = [["", ""], *([_resource(each, say), ""] for each in document["resources"])]
    sheet.table(say("resources"), lacking, (8, 1))
    pursued = [each for kind in document["supervision"].values() for each in kind]
    sheet.table(say("supervision"), [["", ""], *(_pursued(each) for each in pursued)], (3, 7))
    for name in ("decisions", "timeline"):
        sheet.table(say(name), [["", ""], *(_told(each) for each in document[name])], (2, 7))
    return sheet.pdf(note, lambda page: sentence("sheet-page", language, {"page": page}))


def _clock_time(text: str | None) -> str:
    return moment(local(datetime.fromisoformat(text))) if text else ""


def _late_row(late: Mapping[str, Any]) -> list[str]:
    head = f"{late['title']} · {late['unit']}\n{_clock_time(late['breached_at'])}"
    return [head, "\n".join(late["reckoning"])]


def _told(line: Mapping[str, Any]) -> list[str]:
    title = f"{line['title']} · {line['unit']}" if line["unit"] else line["title"]
    return [_clock_time(line["at"]), "\n".join(filter(None, (title, line["text"])))]


def _resource(found: Mapping[str, Any], say: Any) -> str:
    if "item" in found:
        if not found["with"]:
            return str(say("item-without-resources", item=found["item"]))
        return str(say("item-with-resources", item=found["item"], resources="、".join(found["with"])))

    def answer(value: bool | None) -> str:
        return str(say("unknown" if value is None else "yes" if value else "no"))

    attached, beyond = answer(found["resources_attached"]), answer(found["beyond_capacity"])
    return str(say("review-cited", title=found["title"] or "", resources=attached, beyond=beyond))


def _pursued(row: Mapping[str, Any]) -> list[str]:
    head = " · ".join(str(row[key]) for key in ("color", "result", "state", "ground", "kind") if key in row)
    said = [str(row[key]) for key in ("reason", "heard", "reply", "words", "evidence") if key in row]
    return [f"{head}\n{row['unit']}", "\n".join(said)]
