"""Reads a workbook of residents' appeals without answers, row by row; what is no appeal says why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chuishao.letter_rows import (
    ASKED,
    LONGEST,
    NUMBER,
    TEXT,
    TITLE,
    TITLE_FROM_TEXT,
    USER,
    RejectedRow,
    RowFile,
    UnreadableTime,
    as_text,
    read_time,
)

COLUMNS: Final = (NUMBER, USER, TITLE, ASKED, TEXT)


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal as a row of the sheet holds it; the time is in Asia/Shanghai."""

    line: int
    number: str
    user: str
    title: str
    text: str
    asked_at: datetime
    cells: Mapping[str, object] = field(repr=False, compare=False)

    def body(self, township: str, suggested: Sequence[str]) -> dict[str, object]:
        """The command that records it as a grid report of a township, with the items that may fit."""
        return {
            "source": "resident",
            "title": self.title,
            "text": self.text,
            "township": township,
            "suggested": list(suggested),
            "reporter": self.user or None,
            "external_number": self.number,
            "reported_at": self.asked_at.astimezone(UTC).isoformat(),
        }


class AppealFile(RowFile):
    """A workbook of appeals."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, COLUMNS)

    def rows(self) -> Iterator[AppealRow | RejectedRow]:
        """Every row that is not blank, in order, numbered as the sheet shows it."""
        for line, cells, epoch in self.cells():
            yield read_row(line, cells, epoch)


def read_row(
    line: int, cells: Mapping[str, object], epoch: datetime | None = None
) -> AppealRow | RejectedRow:
    """The appeal of a row, or why it is none; ``epoch`` is the workbook's day 0."""
    said = {column: as_text(cells.get(column)) for column in (NUMBER, USER, TITLE, TEXT)}
    for column, reason in ((NUMBER, "no-number"), (TEXT, "no-text")):
        if not said[column]:
            return RejectedRow.of(line, cells, reason)
    for column, words in said.items():
        if len(words) > LONGEST[column]:
            return RejectedRow.of(line, cells, "text-too-long", limit=LONGEST[column])
    try:
        asked = read_time(cells.get(ASKED), epoch)
    except UnreadableTime as unreadable:
        return RejectedRow.of(line, cells, unreadable.slug)
    return AppealRow(
        line=line,
        number=said[NUMBER],
        user=said[USER],
        title=said[TITLE] or said[TEXT].splitlines()[0][:TITLE_FROM_TEXT].strip(),
        text=said[TEXT],
        asked_at=asked,
        cells=cells,
    )
