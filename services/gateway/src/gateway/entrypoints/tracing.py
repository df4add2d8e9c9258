"""倒查材料: a case as one document: what was decided and refused, what was late and why, what was lacking."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.catalogue import sentence
from gateway.adapters.whistle_sheet import Sheet, moment
from gateway.domain.promise import Split
from gateway.domain.visibility import Viewer
from gateway.entrypoints.decisions import DECISIONS
from gateway.projections import case_queries, joining_queries, supervision_queries, unit_queries
from gateway.projections.case_rows import Names, local
from gateway.projections.promises import split_of
from gateway.projections.tables import cases, responsibility_items

ZH: Final = "zh"
"""A document has one language: that of the offices."""


async def beside(connection: AsyncConnection, viewer: Viewer, case: RowMapping) -> Sequence[RowMapping]:
    """The cases that hang on one, as far as the viewer sees them, oldest first.

    Disputes about it, what it was joined with, and the letter or grid report it came from, or the other way.
    """
    key = case["case_id"]
    named = [case[name] for name in ("whistle_id", "merged_into", "dispute_id", "origin_id") if case[name]]
    theirs = or_(cases.c.whistle_id == key, cases.c.merged_into == key, cases.c.case_id.in_(named))
    found = (await connection.execute(select(cases.c.case_id).where(theirs))).scalars()
    rows = await case_queries.cases_by_id(connection, viewer, sorted({*found} - {key}))
    return sorted((row for row in rows if row), key=lambda row: (row["created_at"], row["case_id"]))


async def document_of(
    connection: AsyncConnection,
    viewer: Viewer,
    case: RowMapping,
    related: Sequence[RowMapping],
    explained: Mapping[str, Any],
) -> str:
    """The JSON text of a case as it stands, and of ``related`` what was decided and what was late.

    ``explained`` has the reckoning of late clocks by their ids. Words said in a related case are not told:
    they are under that case's key, and would outlive it here.
    """
    key = case["case_id"]
    names = Names(await unit_queries.all_units(connection))
    told, *told_beside = await case_queries.timeline_of(connection, viewer, [key, *_ids(related)])
    clocks, *clocks_beside = await case_queries.clocks_of(connection, [key, *_ids(related)])
    assignments = (await case_queries.assignments_of(connection, [key]))[0]
    present = await case_queries.now(connection)
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
        "decisions": [each for each in timeline if each["type"] in DECISIONS],
        "lateness": [
            _late(each, explained, names) | _split(split_of(each, assignments, clocks, present))
            for each in clocks
            if each["breached_at"] is not None
        ],
        "resources": await _resources(connection, case, issues),
        "supervision": {
            "orders": [_plain(each, names) for each in orders],
            "exemptions": [_plain(each, names) for each in exemptions],
            "results": [_plain(each, names) for each in results],
        },
        "related": [
            _related(*each, explained, names)
            for each in zip(related, told_beside, clocks_beside, strict=True)
        ],
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _ids(rows: Sequence[RowMapping]) -> list[str]:
    return [row["case_id"] for row in rows]


def _related(
    case: RowMapping,
    told: Sequence[RowMapping],
    clocks: Sequence[RowMapping],
    explained: Mapping[str, Any],
    names: Names,
) -> dict[str, Any]:
    decisions = [_line(each, names) for each in told if each["type"] in DECISIONS]
    return {
        "id": case["case_id"],
        "number": case["number"],
        "type": case["type"],
        "state": case["state"],
        "decisions": [{**each, "text": None} for each in decisions],
        "lateness": [_late(each, explained, names) for each in clocks if each["breached_at"] is not None],
    }


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


def _split(found: Split | None) -> dict[str, int]:
    """A late promise to the township says whose time it was."""
    return {} if found is None else {"desk_seconds": found.desk, "department_seconds": found.department}


async def _resources(
    connection: AsyncConnection, case: RowMapping, issues: Sequence[RowMapping]
) -> list[dict[str, Any]]:
    """Whether what was passed down came with what it needs: list items devolved, and reviews cited.

    By the list in force when the case began: what came later was lacking then.
    """
    codes = sorted({each["item_code"] for each in issues if each["item_code"]})
    began = f"{local(case['created_at']):%Y-%m-%d}"
    listed = (
        select(responsibility_items)
        .where(responsibility_items.c.code.in_(codes), responsibility_items.c.effective_from <= began)
        .order_by(responsibility_items.c.version)
    )
    in_force = {row["code"]: row for row in (await connection.execute(listed)).mappings()}
    found: list[dict[str, Any]] = [
        {"item": row["code"], "title": row["title"], "with": list(row["devolved_with"])}
        for _, row in sorted(in_force.items())
        if row["devolved"]
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

    def part(name: str, rows: Sequence[list[str]], widths: tuple[int, int]) -> None:
        """A part with nothing in it says so: nothing late is a finding, too."""
        sheet.table(say(name), [["", ""], *(rows or [[say("none"), ""]])], widths)

    part("lateness", [_late_row(each, language) for each in document["lateness"]], (3, 7))
    part("resources", [[_resource(each, say), ""] for each in document["resources"]], (8, 1))
    pursued = [each for kind in document["supervision"].values() for each in kind]
    part("supervision", [_pursued(each) for each in pursued], (3, 7))
    part("decisions", [_told(each) for each in document["decisions"]], (2, 7))
    for case in document.get("related", ()):
        rows = [_late_row(each, language) for each in case["lateness"]] + [
            _told(each) for each in case["decisions"]
        ]
        kind = sentence(f"case-type-{case['type'].replace('_', '-')}", language)
        title = say("related", kind=kind, number=case["number"] or case["id"])
        sheet.table(title, [["", ""], *(rows or [[say("none"), ""]])], (3, 7))
    part("timeline", [_told(each) for each in document["timeline"]], (2, 7))
    return sheet.pdf(note, lambda page: sentence("sheet-page", language, {"page": page}))


def _clock_time(text: str | None) -> str:
    return moment(local(datetime.fromisoformat(text))) if text else ""


def _late_row(late: Mapping[str, Any], language: str) -> list[str]:
    head = f"{late['title']} · {late['unit']}\n{_clock_time(late['breached_at'])}"
    said = list(late["reckoning"])
    if "desk_seconds" in late:
        shares = {name: _hours(late[f"{name}_seconds"]) for name in ("desk", "department")}
        said.append(sentence("trace-back-split", language, shares))
    return [head, "\n".join(said)]


def _hours(seconds: int) -> str:
    """As on a stop-watch, e.g. ``26:05:00``."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


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
