"""What stands on the printed sheet of a whistle."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from contracts.catalogue import sentence
from gateway.adapters.whistle_sheet import Sheet, moment
from gateway.projections.case_rows import Names, local, word

Children = Mapping[str, Sequence[RowMapping]]
"""``issues``, ``assignments``, ``clocks`` and ``timeline`` of the case."""


def printed(case: RowMapping, children: Children, names: Names, language: str, note: str) -> bytes:
    """The sheet of a whistle as its viewer sees it."""

    def say(slug: str, **params: object) -> str:
        return sentence(f"sheet-{slug}", language, params)

    sheet = Sheet(f"{say('title')} {case['number'] or ''}".strip())
    place = f"{names.unit(case['township'])} {names.village(case['village'])}".strip()
    sheet.lines(
        f"{place} · {word('whistle-kind', case['kind'], language)} · "
        f"{word('case-state', case['state'], language)}",
        f"{say('ground')}: {word('whistle-ground', case['ground'], language)}",
        f"{say('raised')}: {case['raised_by'] or ''} {moment(local(case['created_at']))}",
        f"{say('signed')}: {case['signed_by'] or ''}",
        "",
        case["text"],
    )
    issues = [[say("issue"), say("result"), say("verdict")]] + [
        [
            each["text"],
            "\n".join(filter(None, (word("issue-result", each["result"], language), each["result_details"]))),
            word("issue-result", each["verdict"], language),
        ]
        for each in children["issues"]
    ]
    sheet.table(say("issues"), issues, (6, 3, 2))
    heads = [say(name) for name in ("department", "handler", "reported-in", "concluded", "rating")]
    departments = [heads] + [_department(each, names, language) for each in children["assignments"]]
    sheet.table(say("departments"), departments, (3, 3, 2, 4, 2))
    timed = [[say("clock"), say("started"), say("due"), say("outcome")]] + [
        _clock(each, language, say("breached")) for each in children["clocks"]
    ]
    sheet.table(say("clocks"), timed, (4, 3, 3, 3))
    told = [["", ""]] + [
        [moment(local(each["at"])), _told(each, language, names)] for each in children["timeline"]
    ]
    sheet.table(say("timeline"), told, (2, 7))
    return sheet.pdf(note, lambda page: say("page", page=page))


def _department(row: RowMapping, names: Names, language: str) -> list[str]:
    who = " ".join(filter(None, (row["handler"], row["phone"])))
    state = word("assignment-state", row["state"], language)
    return [
        f"{names.unit(row['unit'])}({word('part', row['part'], language)})\n{state}",
        "\n".join(filter(None, (who, word("report-in-mode", row["mode"], language)))),
        moment(local(row["reported_in_at"])),
        "\n".join(filter(None, (moment(local(row["concluded_at"])), row["sentence"]))),
        word("rating", row["rating"], language),
    ]


def _clock(row: RowMapping, language: str, breached: str) -> list[str]:
    ended = word("clock-outcome", row["outcome"], language) or word("clock-state", row["state"], language)
    late = f" · {breached} {moment(local(row['breached_at']))}" if row["breached_at"] else ""
    title = sentence(f"clock-{row['kind'].lower()}", language)
    return [title, moment(local(row["started_at"])), moment(local(row["due"])), ended + late]


def _told(row: RowMapping, language: str, names: Names) -> str:
    title = sentence("timeline-" + row["type"].split(".")[2], language, row["params"])
    unit = names.unit(row["unit"])
    return "\n".join(filter(None, (f"{title} · {unit}" if unit else title, row["text"])))
