"""Statements that are written out by hand are planned once for a connection, and answer as others do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from parties.prepared import MOST, prepared

ASKED = "SELECT %(number)s::int + 1, %(text)s::text, %(at)s::timestamptz, %(keys)s::bigint[] -- asked"
VALUES: dict[str, Any] = {
    "number": 7,
    "text": "O'Hara % \\ ; --",
    "at": datetime(2026, 11, 30, 12, tzinfo=UTC),
    "keys": [1, 2**40],
}
ANSWER = (8, VALUES["text"], VALUES["at"], VALUES["keys"])

pytestmark = pytest.mark.django_db


def ask() -> tuple[object, ...]:
    with prepared() as cursor:
        cursor.execute(ASKED, VALUES)
        answer: tuple[object, ...] = cursor.fetchone()
    return answer


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%-- asked'")
        (count,) = cursor.fetchone()
    return int(count)


def test_what_comes_often_is_prepared_once() -> None:
    answers = {str(ask()) for _ in range(9)}
    assert answers == {str(ANSWER)}
    assert plans() == 1
    assert connection.connection.prepared_max == MOST


def test_nothing_is_prepared_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert [ask() for _ in range(9)] == [ANSWER] * 9
    assert plans() == 0


def test_a_recorded_statement_shows_its_values() -> None:
    with CaptureQueriesContext(connection) as recorded:
        assert ask() == ANSWER
    (statement,) = recorded.captured_queries
    assert "SELECT 7::int + 1, " in statement["sql"]
    assert "2026-11-30" in statement["sql"]


def test_a_statement_outlives_what_is_rolled_back() -> None:
    for _ in range(9):
        ask()
    with pytest.raises(DataError), transaction.atomic(), prepared() as cursor:
        cursor.execute("SELECT 1 / %s", [0])
    assert ask() == ANSWER
