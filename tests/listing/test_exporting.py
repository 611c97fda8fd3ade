"""Saved lists: what stands in the cells, that no cell is a formula, the file's name, and the memory that it takes."""

import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter

import pytest
from django.db import connection
from django.http import FileResponse, QueryDict, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from inventory.models import SearchWord
from listing import Cell, Column, Format, Listing, exporting
from listing.exporting import csv_response, file_name, xlsx_response
from tests.listing.reading import read_csv, read_xlsx

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    '=HYPERLINK("http://a")',
]
WORDS: Listing[SearchWord] = Listing(
    name="ord",
    default="ord",
    columns=[
        Column(key="nummer", label="Nummer", value=lambda row: row.pk),
        Column(key="ord", label="Ord", order_by=["word"], value=lambda row: row.word),
        Column(key="knapp", label="Gör"),
    ],
)
DAY = date(2026, 11, 25)


def parts(response: StreamingHttpResponse | FileResponse) -> Iterator[bytes]:
    stream = response.streaming_content
    assert isinstance(stream, Iterator)
    return stream


def content(response: StreamingHttpResponse | FileResponse) -> bytes:
    found = b"".join(parts(response))
    closed(response)
    return found


def closed(response: StreamingHttpResponse | FileResponse) -> None:
    """Without Django's signal, which would close the connection that the test needs."""
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()


def saved(format: Format, *rows: Sequence[Cell]) -> bytes:
    """The file of these rows."""
    columns = [
        Column[Sequence[Cell]](key=str(place), label=f"Kolumn {place}", value=itemgetter(place))
        for place in range(max(map(len, rows)))
    ]
    write = csv_response if format is Format.CSV else xlsx_response
    return content(write(columns, iter([rows]), name="prov"))


def test_csv_is_what_a_swedish_excel_reads() -> None:
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    found = saved(
        Format.CSV, ['Åse; "Å"', 7, Decimal("12.50"), DAY, at, None], ["rad\nbryt", -7, Decimal("-1"), None, None, ""]
    )
    assert found.splitlines()[1] == '"Åse; ""Å""";7;"12,50";"2026-11-25";"2026-07-02 00:30";'.encode()
    head, first, second = read_csv(found)
    assert head == [f"Kolumn {place}" for place in range(6)]
    assert first == ['Åse; "Å"', "7", "12,50", "2026-11-25", "2026-07-02 00:30", ""]
    assert second == ["rad\nbryt", "-7", "-1", "", "", ""]


def test_excel_has_numbers_as_numbers_and_days_as_days() -> None:
    at = datetime(2026, 1, 1, 11, 0, tzinfo=UTC)
    found = read_xlsx(saved(Format.XLSX, ["Åse", 7, Decimal("12.50"), date(1900, 1, 1), at, None, "007"]))
    noon_in_sweden = 46023.5
    assert found[0]["A"] == "Kolumn 0"
    assert found[1] == {"A": "Åse", "B": 7.0, "C": 12.5, "D": 1.0, "E": noon_in_sweden, "G": "007"}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert read_csv(saved(Format.CSV, [text, -5]))[1] == [f"'{text}", "-5"]
    assert read_xlsx(saved(Format.XLSX, [text, -5]))[1] == {"A": text, "B": -5.0}


def test_no_text_becomes_a_formula_where_commas_part_the_cells() -> None:
    """In an Excel with other settings the quotes keep it together."""
    assert saved(Format.CSV, ["a,=1+1"]).endswith(b'"a,=1+1"\r\n')


@pytest.mark.parametrize(
    "text", ["{=1+1}", "https://example.se", "mailto:a@b.se", "internal:Sheet1!A1", "<b>&</b>", "_x0041_"]
)
def test_excel_shows_text_as_it_is(text: str) -> None:
    assert read_xlsx(saved(Format.XLSX, [text]))[1]["A"] == text


def test_excel_opens_whatever_a_text_holds() -> None:
    found = read_xlsx(saved(Format.XLSX, ["a\ufffeb\uffff\x01", "x" * 40_000, "🦽 \u202eabc"]))
    assert found[1]["B"] == "x" * 32_767
    assert found[1]["C"] == "🦽 \u202eabc"


def test_what_does_not_fit_on_a_sheet_is_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ON_SHEET", 2)
    found = saved(Format.XLSX, [1], [2], [3])
    assert [row["A"] for row in read_xlsx(found)] == ["Kolumn 0", 1, 2]
    assert [row["A"] for row in read_xlsx(found, sheet=2)] == ["Kolumn 0", 3]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("saldo 50101 2026-11-25", "saldo-50101-2026-11-25.csv"),
        ("Återlämnade hjälpmedel", "aterlamnade-hjalpmedel.csv"),
        ('a"; filename="b.exe\r\nSet-Cookie: x=1', "a-filename-b-exe-set-cookie-x-1.csv"),
        ("../../etc/passwd\0", "etc-passwd.csv"),
        ("\u202e🦽", "lista.csv"),
    ],
)
def test_the_files_name_is_harmless(name: str, safe: str) -> None:
    assert file_name(name, Format.CSV) == safe
    assert csv_response([], iter([]), name=name)["Content-Disposition"] == f'attachment; filename="{safe}"'


@pytest.fixture
def many_words(db: None) -> None:
    """100,000 rows that nobody had to insert: for this test the table's name means a series."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP VIEW inventory_searchword AS SELECT n AS id, 'ord ' || n AS word, repeat('x', 500) AS stem "
            "FROM generate_series(1, 100000) n"
        )


@pytest.mark.parametrize("format", Format)
def test_memory_does_not_grow_with_the_rows(many_words: None, format: Format) -> None:
    """100,000 rows, 60 MB when all are held, take as much as 2,000."""

    def most(count: int) -> int:
        tracemalloc.start()
        response = WORDS.export(SearchWord.objects.filter(pk__lte=count), QueryDict(f"format={format}"), on=DAY)
        assert response
        assert sum(map(len, parts(response))) > count
        closed(response)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    most(10)  # what is imported and kept once
    assert most(100_000) < 1.5 * most(2_000)


@pytest.mark.parametrize("format", Format)
def test_rows_are_fetched_by_a_cursor_in_the_database(many_words: None, format: Format) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = WORDS.export(
            SearchWord.objects.filter(pk__lte=3), QueryDict(f"format={format}&ordning=-ord"), on=DAY
        )
        assert response
        found = content(response)
    assert "DECLARE" in queries[0]["sql"]
    shown = [row[1] for row in read_csv(found)] if format is Format.CSV else [row["B"] for row in read_xlsx(found)]
    assert shown == ["Ord", "ord 3", "ord 2", "ord 1"], "columns without a value are only on the page"


def test_tells_of_rows_before_they_leave(many_words: None) -> None:
    told: list[int] = []
    response = WORDS.export(
        SearchWord.objects.filter(pk__lte=2_500),
        QueryDict("format=csv"),
        on=DAY,
        before_leaving=lambda rows: told.append(len(rows)),
    )
    assert response
    lines = 0
    for part in parts(response):
        lines += part.count(b"\n") - (b"Nummer" in part)
        assert lines <= sum(told)
    assert (lines, told) == (2_500, [1_000, 1_000, 500])


def test_what_the_log_refuses_does_not_leave(many_words: None) -> None:
    def refuse(rows: Sequence[SearchWord]) -> None:
        raise RuntimeError

    for format in Format:
        with pytest.raises(RuntimeError):
            WORDS.export(SearchWord.objects.all(), QueryDict(f"format={format}"), on=DAY, before_leaving=refuse)
