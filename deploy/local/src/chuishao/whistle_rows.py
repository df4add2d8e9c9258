"""Reads a workbook of whistles that went their way on paper, row by row; a bad cell names its column."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from chuishao.letter_rows import RejectedRow, RowFile, UnreadableTime, as_text, read_time

(
    NUMBER,
    TOWNSHIP,
    VILLAGE,
    KIND,
    TEXT,
    LEAD,
    ASSISTS,
    SIGNED,
    DISPATCHED,
    LEAD_ARRIVED,
    ASSISTS_ARRIVED,
    FEEDBACK,
    CONCLUDED,
    SENTENCE,
    RESULT,
    CLOSED,
    VERDICT,
    LEAD_RATING,
    ASSIST_RATINGS,
) = COLUMNS = (
    "哨单编号",
    "镇街",
    "村(社区)",
    "类别",
    "吹哨内容",
    "主办部门",
    "协办部门",
    "签发时间",
    "派单时间",
    "主办报到时间",
    "协办报到时间",
    "首次反馈时间",
    "办结时间",
    "办结情况",
    "办理结果",
    "销哨时间",
    "核实结论",
    "主办评价",
    "协办评价",
)
GROUND, RAISED_BY, COMMENT = OPTIONAL = ("吹哨理由", "经办人", "备注")
"""Columns a file may have."""
KINDS: Final = {
    "群众诉求": "public_appeal",
    "重点工作": "key_work",
    "综合执法": "joint_enforcement",
    "应急处置": "emergency",
}
GROUNDS: Final = {"跨部门": "cross_department", "无权限": "no_power", "权属不清": "owner_unclear"}
RESULTS: Final = {"已解决": "solved", "部分解决": "partly", "未解决": "unsolved", "已解释": "explained"}
RATINGS: Final = {"满意": "satisfied", "基本满意": "basically", "不满意": "dissatisfied"}
LONGEST: Final[Mapping[str, int]] = {
    NUMBER: 200,
    TEXT: 2_000,
    SENTENCE: 2_000,
    RAISED_BY: 200,
    COMMENT: 2_000,
}
"""Characters intake takes."""
NOT_TOLD: Final = frozenset({"", "-", "—", "无", "/"})
"""What a list says of a department that paper does not tell of."""
_BETWEEN: Final = re.compile(r"[、,，;；\n]+")
_IN_ORDER: Final = (
    (DISPATCHED, SIGNED),
    (LEAD_ARRIVED, DISPATCHED),
    (FEEDBACK, LEAD_ARRIVED),
    (CONCLUDED, LEAD_ARRIVED),
    (CONCLUDED, FEEDBACK),
    (CLOSED, CONCLUDED),
    (CLOSED, SIGNED),
)
"""(later, earlier)."""
T = TypeVar("T")


class BadCell(Exception):
    """A cell that cannot be taken; ``slug`` and ``params`` say why, its column among them."""

    def __init__(self, slug: str, column: str, **params: object) -> None:
        super().__init__(f"{slug} {column}")
        self.slug, self.params = slug, {"column": column, **params}


class Places:
    """Units and villages by what a sheet calls them: code, name or short name."""

    def __init__(self, units: Iterable[Mapping[str, Any]]) -> None:
        """``units`` have ``code``, ``name``, ``short_name``, ``unit_class`` and ``villages``."""
        self._townships: dict[str, str] = {}
        self._departments: dict[str, str] = {}
        self._villages: dict[tuple[str, str], str] = {}
        for unit in units:
            code = str(unit["code"])
            named = self._townships if unit["unit_class"] == "township" else self._departments
            for name in (code, str(unit["name"]), str(unit["short_name"])):
                named.setdefault(name, code)
            for village in unit["villages"]:
                for name in (str(village["code"]), str(village["name"])):
                    self._villages.setdefault((code, name), str(village["code"]))

    def township(self, name: str) -> str:
        """Its code; raises ``BadCell``."""
        return self._found(self._townships.get(name), TOWNSHIP, name)

    def department(self, name: str, column: str) -> str:
        """Its code; raises ``BadCell``."""
        return self._found(self._departments.get(name), column, name)

    def village(self, township: str, name: str) -> str:
        """Its code; raises ``BadCell``."""
        return self._found(self._villages.get((township, name)), VILLAGE, name)

    def _found(self, code: str | None, column: str, name: str) -> str:
        if code is None:
            raise BadCell("cell-unknown-place", column, value=name)
        return code


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a row tells of one department; None: nothing."""

    unit: str
    reported_in_at: datetime | None
    rating: str | None


@dataclass(frozen=True, slots=True)
class WhistleRow:
    """A whistle as a row of the sheet holds it; times are in Asia/Shanghai, the lead is the first part."""

    line: int
    number: str
    township: str
    village: str
    kind: str
    ground: str
    text: str
    parts: Sequence[PartRow]
    times: Mapping[str, datetime]
    """By column; a column that tells no time is left out."""
    sentence: str
    result: str
    verdict: str | None
    raised_by: str
    comment: str
    cells: Mapping[str, object] = field(repr=False, compare=False)

    def body(self, approved_by: str) -> dict[str, object]:
        """The command that records it. Times in UTC, so that the same whistle is the same request."""
        times = {column: at.astimezone(UTC).isoformat() for column, at in self.times.items()}
        return {
            "external_number": self.number,
            "township": self.township,
            "village": self.village,
            "kind": self.kind,
            "ground": self.ground,
            "text": self.text,
            "departments": [
                {
                    "unit": part.unit,
                    "reported_in_at": part.reported_in_at and part.reported_in_at.astimezone(UTC).isoformat(),
                    "rating": part.rating,
                }
                for part in self.parts
            ],
            "signed_at": times[SIGNED],
            "dispatched_at": times[DISPATCHED],
            "feedback_at": times.get(FEEDBACK),
            "concluded_at": times[CONCLUDED],
            "sentence": self.sentence,
            "closed_at": times[CLOSED],
            "result": self.result,
            "verdict": self.verdict,
            "raised_by": self.raised_by or None,
            "comment": self.comment or None,
            "approved_by": approved_by,
        }


class WhistleFile(RowFile):
    """A workbook of whistles."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, COLUMNS)

    def rows(self, places: Places, now: datetime) -> Iterator[WhistleRow | RejectedRow]:
        """Every row that is not blank, in order, numbered as the sheet shows it."""
        for line, cells, epoch in self.cells():
            try:
                yield read_row(line, cells, places, now, epoch)
            except BadCell as bad:
                yield RejectedRow.of(line, cells, bad.slug, **bad.params)


def read_row(
    line: int,
    cells: Mapping[str, object],
    places: Places,
    now: datetime,
    epoch: datetime | None = None,
) -> WhistleRow:
    """The whistle of a row; raises ``BadCell``. ``epoch`` is the workbook's day 0."""
    said = {column: as_text(cells.get(column)) for column in (*COLUMNS, *OPTIONAL)}
    for column in (NUMBER, TOWNSHIP, VILLAGE, KIND, TEXT, LEAD, SENTENCE, RESULT):
        if not said[column]:
            raise BadCell("cell-empty", column)
    for column, limit in LONGEST.items():
        if len(said[column]) > limit:
            raise BadCell("cell-too-long", column, limit=limit)
    township = places.township(said[TOWNSHIP])
    kind = _word(said, KIND, KINDS)
    verdict = _word(said, VERDICT, RESULTS) if said[VERDICT] else None
    times = _times(cells, epoch, now, emergency=kind == "emergency")
    parts = _parts(said, cells, places, times, epoch)
    if verdict is None and any(part.rating for part in parts):
        raise BadCell("cell-empty", VERDICT)
    return WhistleRow(
        line=line,
        number=said[NUMBER],
        township=township,
        village=places.village(township, said[VILLAGE]),
        kind=kind,
        ground=_word(said, GROUND, GROUNDS) if said[GROUND] else "cross_department",
        text=said[TEXT],
        parts=parts,
        times=times,
        sentence=said[SENTENCE],
        result=_word(said, RESULT, RESULTS),
        verdict=verdict,
        raised_by=said[RAISED_BY],
        comment=said[COMMENT],
        cells=cells,
    )


def _word(said: Mapping[str, str], column: str, known: Mapping[str, T], value: str | None = None) -> T:
    told = said[column] if value is None else value
    if told not in known:
        raise BadCell("cell-unknown-word", column, value=told, words="、".join(known))
    return known[told]


def _times(
    cells: Mapping[str, object], epoch: datetime | None, now: datetime, *, emergency: bool
) -> dict[str, datetime]:
    """The times of the whistle itself, in the order things happen."""
    times = {}
    for column in (SIGNED, DISPATCHED, LEAD_ARRIVED, FEEDBACK, CONCLUDED, CLOSED):
        if column == FEEDBACK and as_text(cells.get(column)) in NOT_TOLD:
            continue
        times[column] = _time(cells.get(column), column, epoch)
    for later, earlier in _IN_ORDER:
        if emergency and (later, earlier) == (DISPATCHED, SIGNED):
            continue  # an emergency goes out first and is signed within a day
        if later in times and earlier in times and times[later] < times[earlier]:
            raise BadCell("cell-out-of-order", later, earlier=earlier)
    if times[CLOSED] > now:
        raise BadCell("cell-in-the-future", CLOSED)
    return times


def _time(cell: object, column: str, epoch: datetime | None) -> datetime:
    try:
        return read_time(cell, epoch)
    except UnreadableTime as unreadable:
        slug = "cell-empty" if unreadable.slug == "no-time" else "cell-no-time"
        raise BadCell(slug, column, value=as_text(cell)) from unreadable


def _parts(
    said: Mapping[str, str],
    cells: Mapping[str, object],
    places: Places,
    times: Mapping[str, datetime],
    epoch: datetime | None,
) -> list[PartRow]:
    lead = places.department(said[LEAD], LEAD)
    assists = [places.department(name, ASSISTS) for name in _listed(said[ASSISTS])]
    if len({lead, *assists}) != 1 + len(assists):
        raise BadCell("cell-named-twice", ASSISTS)
    rating = _word(said, LEAD_RATING, RATINGS) if said[LEAD_RATING] else None
    parts = [PartRow(lead, times[LEAD_ARRIVED], rating)]
    arrivals = _for_each(assists, cells.get(ASSISTS_ARRIVED), ASSISTS_ARRIVED)
    ratings = _for_each(assists, said[ASSIST_RATINGS], ASSIST_RATINGS, one_for_all=True)
    for unit, arrived, rated in zip(assists, arrivals, ratings, strict=True):
        at = None if as_text(arrived) in NOT_TOLD else _time(arrived, ASSISTS_ARRIVED, epoch)
        for later, earlier in ((at, times[DISPATCHED]), (times[CLOSED], at)):
            if later is not None and earlier is not None and later < earlier:
                column, than = (ASSISTS_ARRIVED, DISPATCHED) if later == at else (CLOSED, ASSISTS_ARRIVED)
                raise BadCell("cell-out-of-order", column, earlier=than)
        known = None
        if as_text(rated) not in NOT_TOLD:
            known = _word(said, ASSIST_RATINGS, RATINGS, as_text(rated))
        parts.append(PartRow(unit, at, known))
    return parts


def _for_each(
    assists: Sequence[str], cell: object, column: str, *, one_for_all: bool = False
) -> list[object]:
    """One value for each assist: none, as many as there are, or one that stands for all."""
    if as_text(cell) == "":
        return [None] * len(assists)
    values: list[object] = list(_listed(cell)) if isinstance(cell, str) else [cell]
    if one_for_all and len(values) == 1:
        return values * len(assists)
    if len(values) != len(assists):
        raise BadCell("cell-count-differs", column, count=len(values), wanted=len(assists))
    return values


def _listed(text: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]
