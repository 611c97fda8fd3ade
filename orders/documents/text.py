"""Letters on paper: the font, the styles, and text that can always be printed."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.dateformat import format as format_date
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

REGULAR: Final = "SourceSansPro-Regular"  # SIL Open Font License 1.1; Latin, Greek and Cyrillic
BOLD: Final = "SourceSansPro-Bold"
MISSING: Final = "?"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@cache
def load_fonts() -> frozenset[int]:
    """Make the fonts known to reportlab and return the code points that they can write."""
    folder = files("font_source_sans_pro") / "files"
    fonts = [TTFont(name, str(folder / f"{name}.ttf")) for name in (REGULAR, BOLD)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def printable(value: object) -> str:
    """The text in letters that the font has. A letter that it lacks becomes `?`, so that the loss is seen."""
    known = load_fonts()
    return "".join(_printable(letter, known) for letter in unicodedata.normalize("NFC", str(value)))


def _printable(letter: str, known: frozenset[int]) -> str:
    category = unicodedata.category(letter)
    if category == "Cc":
        return " "
    if category == "Cf":  # soft hyphens and marks of direction have no picture
        return ""
    return letter if ord(letter) in known else MISSING


def style(name: str, size: float, *, bold: bool = False, right: bool = False, spacing: float = 1.2) -> ParagraphStyle:
    """A style of type `size` points."""
    made = ParagraphStyle(name, fontName=BOLD if bold else REGULAR, fontSize=size, leading=size * spacing)
    if right:
        made.alignment = TA_RIGHT
    return made


TITLE: Final = style("title", 24, bold=True)
LARGE: Final = style("large", 14, bold=True)
BODY: Final = style("body", 11)
BODY_RIGHT: Final = style("body-right", 11, right=True)
WRITING: Final = style("writing", 11, spacing=2.2)  # room for a pen
WRITING.spaceBefore = 8
STRONG: Final = style("strong", 11, bold=True)
NUMBER: Final = style("number", 14, bold=True, right=True)
HEAD: Final = style("head", 9, bold=True)
HEAD_RIGHT: Final = style("head-right", 9, bold=True, right=True)
SMALL: Final = style("small", 9)


def paragraph(value: object, style: ParagraphStyle = BODY) -> Paragraph:
    """Text that wraps in its column, a word longer than the column too."""
    load_fonts()
    return Paragraph(escape(printable(value)), style)


def paragraphs(values: Iterable[object], style: ParagraphStyle = BODY) -> list[Paragraph]:
    return [paragraph(value, style) for value in values if value]


def moment(at: datetime) -> str:
    """`12 nov 2026 14:05`, Swedish time."""
    return format_date(timezone.localtime(at), "j b Y H:i")


def number(value: int, unit: str = "") -> str:
    """`1 200 st`, which never breaks."""
    return f"{value:,}".replace(",", NO_BREAK) + (f"{NO_BREAK}{unit}" if unit else "")
