"""The frame that the A4 documents share: margins, the line at the foot of each page, tables that break over pages."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, TableStyle

from . import text

MARGIN: Final = 15 * mm
FOOT: Final = 10 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
LINE: Final = HexColor("#8a8a8a")
SHADE: Final = HexColor("#e8e8e8")
QUIET: Final = 10  # modules of white on each side of a Code 128 (ISO/IEC 15417)

type Cell = str | Flowable | list[Any]
type Command = tuple[Any, ...]

GRID: Final[list[Command]] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
    ("LINEBELOW", (0, 0), (-1, 0), 1.2, black),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
]


class TickBox(Flowable):
    """An empty square to tick with a pen."""

    def __init__(self, size: float = 6 * mm) -> None:
        super().__init__()
        self.width = self.height = size
        self.hAlign = "RIGHT"

    def draw(self) -> None:
        self.canv.setLineWidth(1.2)
        self.canv.rect(0, 0, self.width, self.height)


class PageCountCanvas(Canvas):
    """Holds the pages back until their number is known, then writes *Sida x av y* on each."""

    def __init__(self, *args: Any, foot: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.foot = foot
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # reportlab has no public way to begin a page

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._write_foot(f"Sida {number} av {len(self._pages)}")
            super().showPage()
        super().save()

    def _write_foot(self, pages: str) -> None:
        self.setStrokeColor(LINE)
        self.setLineWidth(0.5)
        self.line(MARGIN, FOOT + 12, MARGIN + WIDTH, FOOT + 12)
        self.setFont(text.REGULAR, 9)
        self.drawString(MARGIN, FOOT, self.foot)
        self.setFont(text.BOLD, 9)
        self.drawRightString(MARGIN + WIDTH, FOOT, pages)


def a4(*, title: str, foot: str, at: datetime, story: Sequence[Flowable]) -> bytes:
    """The document as PDF. The title names no person: it is kept in the file and shown in a browser's tab."""
    text.load_fonts()
    frame = Frame(MARGIN, FOOT + 16, WIDTH, A4[1] - FOOT - 16 - MARGIN, 0, 0, 0, 0)
    buffer = BytesIO()
    template = BaseDocTemplate(
        buffer, pagesize=A4, title=text.printable(title), author="Sesam", creator="Sesam", lang="sv"
    )
    template.addPageTemplates(PageTemplate(frames=[frame]))
    printed = text.printable(f"{foot} · Utskriven {text.moment(at)}")
    template.build(list(story), canvasmaker=partial(PageCountCanvas, foot=printed))
    return buffer.getvalue()


def table(rows: Sequence[list[Cell]], widths: Sequence[float], extra: Sequence[Command] = ()) -> LongTable:
    """A table whose first row stands on every page; the column of width 0 takes what is left."""
    free = WIDTH - sum(widths)
    return LongTable(
        rows,
        colWidths=[width or free for width in widths],
        repeatRows=1,
        style=TableStyle([*GRID, *extra]),
        hAlign="LEFT",
    )


def barcode(value: str, *, height: float = 11 * mm, module: float = 0.3 * mm) -> Code128:
    """Code 128 with its white margins; the text stands beside it, in our own font."""
    return Code128(value, barHeight=height, barWidth=module, quiet=True, lquiet=QUIET * module, rquiet=QUIET * module)
