"""Reads saved lists back: what a spreadsheet would show in each cell."""

import csv
import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_csv(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8")
    assert text.startswith("\ufeff"), "Excel reads it as UTF-8"
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=";"))


def read_xlsx(content: bytes, sheet: int = 1) -> list[dict[str, str | float]]:
    """Of each row the cells by their column's letter: text as text, numbers as numbers. A formula fails."""
    with ZipFile(BytesIO(content)) as book:
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314  # our own file
    assert not list(tree.iter(f"{SHEET}f")), "no formulas"
    assert not list(tree.iter(f"{SHEET}hyperlink")), "no links"
    return [
        {(cell.get("r") or "").rstrip("0123456789"): _value(cell) for cell in row.iter(f"{SHEET}c")}
        for row in tree.iter(f"{SHEET}row")
    ]


def _value(cell: ElementTree.Element) -> str | float:
    if cell.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{SHEET}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)  # as Excel writes what XML cannot
    value = cell.find(f"{SHEET}v")
    return float(value.text or "nan") if value is not None else ""
