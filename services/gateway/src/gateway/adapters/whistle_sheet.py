"""哨单: a case as a printable sheet (PDF, A4)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

Texts = Sequence[Sequence[str]]
"""Rows of a table; the first holds the heads."""
FONT: Final = "STSong-Light"
"""One of the Chinese fonts every PDF reader brings; nothing has to be embedded."""
_BODY: Final = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK")
_SMALL: Final = ParagraphStyle(
    "small", parent=_BODY, fontSize=8, leading=12, textColor=colors.HexColor("#555555")
)
_TITLE: Final = ParagraphStyle("title", parent=_BODY, fontSize=18, leading=26, alignment=1)
_HEAD: Final = ParagraphStyle("head", parent=_BODY, fontSize=12, leading=18, spaceBefore=8, spaceAfter=3)
_GRID: Final = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#999999")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef3f8")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)


class Sheet:
    """A sheet that is written from top to bottom."""

    def __init__(self, title: str) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self._title = title
        self._parts: list[Flowable] = [_text(title, _TITLE), Spacer(1, 3 * mm)]

    def lines(self, *lines: str) -> None:
        """Lines of text."""
        self._parts += [_text(line, _BODY) for line in lines]

    def table(self, title: str, rows: Texts, widths: Sequence[float]) -> None:
        """A headed table, if it has rows beside its heads; ``widths`` are shares of the page."""
        if len(rows) < 2:
            return
        cells = [[_text(cell, _BODY) for cell in row] for row in rows]
        width = A4[0] - 36 * mm
        shares = [width * share / sum(widths) for share in widths]
        self._parts += [_text(title, _HEAD), Table(cells, shares, repeatRows=1, style=_GRID)]

    def pdf(self, note: str, page: Callable[[int], str]) -> bytes:
        """The file; ``note`` stands at its end, ``page`` words each page's number."""
        file = BytesIO()
        document = SimpleDocTemplate(
            file,
            pagesize=A4,
            leftMargin=18 * mm,
            rightMargin=18 * mm,
            topMargin=16 * mm,
            bottomMargin=16 * mm,
            title=self._title,
        )

        def numbered(canvas: Any, _: Any) -> None:
            canvas.setFont(FONT, 8)
            canvas.drawCentredString(A4[0] / 2, 8 * mm, page(canvas.getPageNumber()))

        parts = [*self._parts, Spacer(1, 4 * mm), _text(note, _SMALL)]
        document.build(parts, onFirstPage=numbered, onLaterPages=numbered)
        return file.getvalue()


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def moment(value: datetime | None) -> str:
    """A moment of the wall clock."""
    return f"{value:%Y-%m-%d %H:%M}" if value else ""
