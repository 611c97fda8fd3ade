"""A list as a file. Its rows come some at a time and none is kept: a long file takes no more memory than a short one.

No cell becomes a formula, whatever a name or a note begins with: in CSV such a text gets an apostrophe in front, as
OWASP advises, and in Excel every cell is written as what it is.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from .columns import Cell, Column

BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read a CSV file as UTF-8
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_IN_CELL = 32_767  # letters that Excel allows
MOST_ON_SHEET = 1_048_575  # rows below the head
WIDEST = 60


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class _Echo:
    """A file that gives back what is written to it, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_response[Row](
    columns: Sequence[Column[Row]], chunks: Iterator[Sequence[Row]], *, name: str
) -> StreamingHttpResponse:
    """Semicolons and decimal commas, as a Swedish Excel reads it. The first rows are fetched before it is answered."""
    first = next(chunks, [])
    response = StreamingHttpResponse(
        _csv_lines(columns, chain([first], chunks)), content_type="text/csv; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = content_disposition_header(True, file_name(name, Format.CSV))
    return response


def _csv_lines[Row](columns: Sequence[Column[Row]], chunks: Iterator[Sequence[Row]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";", quoting=csv.QUOTE_STRINGS)
    yield BYTE_ORDER_MARK + writer.writerow([column.label for column in columns])
    for rows in chunks:
        yield "".join(writer.writerow([_csv_cell(cell) for cell in _cells(columns, row)]) for row in rows)


def _csv_cell(cell: Cell) -> str | int | None:
    match cell:
        case datetime():
            return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case Decimal():
            return str(cell).replace(".", ",")
        case str() if cell.startswith(FORMULA_STARTS):
            return f"'{cell}"
    return cell


def xlsx_response[Row](columns: Sequence[Column[Row]], chunks: Iterator[Sequence[Row]], *, name: str) -> FileResponse:
    """A workbook, made in a temporary file before it is answered. What does not fit on a sheet is on the next one."""
    file = TemporaryFile()  # noqa: SIM115  # the answer closes it
    try:
        _write_workbook(file, columns, chunks)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=file_name(name, Format.XLSX), content_type=kind)


def _write_workbook[Row](file: IO[bytes], columns: Sequence[Column[Row]], chunks: Iterator[Sequence[Row]]) -> None:
    with Workbook(file, {"constant_memory": True}) as book:
        write = _CellWriter(book)
        sheet, next_row = write.sheet(columns), 1
        for rows in chunks:
            for row in rows:
                if next_row > MOST_ON_SHEET:
                    sheet, next_row = write.sheet(columns), 1
                for place, cell in enumerate(_cells(columns, row)):
                    write.cell(sheet, next_row, place, cell)
                next_row += 1


class _CellWriter:
    """Writes each cell as what it is; XlsxWriter's own `write` would guess, and make formulas and links of text."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.quoted = book.add_format({"quote_prefix": True})  # stays a text when somebody edits it

    def sheet(self, columns: Sequence[Column[Any]]) -> Worksheet:
        sheet = self.book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(10, len(column.label) + 2))
            sheet.write_string(0, place, column.label, self.head)
        return sheet

    def cell(self, sheet: Worksheet, row: int, place: int, cell: Cell) -> None:
        match cell:
            case datetime():
                sheet.write_datetime(row, place, timezone.make_naive(cell), self.moment)
            case date():
                sheet.write_datetime(row, place, cell, self.day)
            case int() | Decimal():
                sheet.write_number(row, place, cell)
            case str() if cell:
                text = cell[:MOST_IN_CELL]
                sheet.write_string(row, place, text, self.quoted if text.startswith(FORMULA_STARTS) else None)


def _cells[Row](columns: Sequence[Column[Row]], row: Row) -> list[Cell]:
    return [column.value(row) for column in columns if column.value]


def file_name(name: str, format: Format) -> str:
    """Small ASCII letters, digits and hyphens, whatever the list is about: `saldo-50101-2026-11-25.csv`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:100] or 'lista'}.{format}"
