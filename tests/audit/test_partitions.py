"""The months of the access log, at times that the tests choose."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from audit import partitions
from audit.accessing import log_access
from audit.models import AccessLogEntry, Act
from tests.fixtures import Town

NOW = datetime(2034, 11, 15, 12, 0, tzinfo=UTC)


def log(town: Town, at: datetime) -> AccessLogEntry:
    log_access(town.patient, Act.ORDER, by=town.anna, unit=town.rehab, at=at, about="F-34-000001")
    return AccessLogEntry.objects.latest("id")


def partition_of(entry: AccessLogEntry) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM audit_accesslogentry WHERE id = %s", [entry.pk])
        return str(cursor.fetchall()[0][0])


@pytest.fixture
def fresh_process() -> Iterator[None]:
    known = set(partitions._looked_after)
    partitions._looked_after.clear()
    yield
    partitions._looked_after.update(known)


@pytest.mark.django_db
def test_makes_three_months_ahead_over_the_new_year() -> None:
    assert partitions.rotate(at=NOW).made == [date(2034, 11, 1), date(2034, 12, 1), date(2035, 1, 1), date(2035, 2, 1)]
    assert partitions.rotate(at=NOW).made == []


def test_moves_what_lies_in_the_default_partition_to_its_month(town: Town) -> None:
    entries = [log(town, NOW - timedelta(days=40)), log(town, NOW)]
    assert {partition_of(entry) for entry in entries} == {partitions.DEFAULT}
    assert date(2034, 10, 1) in partitions.rotate(at=NOW).made
    assert [partition_of(entry) for entry in entries] == [
        "audit_accesslogentry_2034_10",
        "audit_accesslogentry_2034_11",
    ]
    for entry in entries:
        kept = AccessLogEntry.objects.get(pk=entry.pk)
        assert (kept.at, kept.patient, kept.about) == (entry.at, town.patient, "F-34-000001")


def test_drops_only_whole_months_older_than_five_years(town: Town) -> None:
    last_moment = log(town, datetime(2029, 10, 31, 23, 59, tzinfo=UTC))
    first_moment = log(town, datetime(2029, 11, 1, 0, 0, tzinfo=UTC))
    assert partitions.rotate(at=NOW).dropped[-1] == date(2029, 10, 1)
    assert list(AccessLogEntry.objects.values_list("pk", flat=True)) == [first_moment.pk]
    assert last_moment.pk != first_moment.pk


@override_settings(ACCESS_LOG_YEARS=10)
def test_keeps_longer_where_the_setting_says_so(town: Town) -> None:
    entry = log(town, datetime(2029, 10, 31, 23, 59, tzinfo=UTC))
    partitions.rotate(at=NOW)
    assert AccessLogEntry.objects.get() == entry


@pytest.mark.django_db
@override_settings(ACCESS_LOG_YEARS=4)
def test_never_keeps_less_than_the_law_demands() -> None:
    assert [error.id for error in run_checks()] == ["audit.E001"]
    with pytest.raises(SystemCheckError):
        call_command("rotate_access_log", skip_checks=False)
    with pytest.raises(ImproperlyConfigured):
        partitions.rotate(at=NOW)


@pytest.mark.parametrize("statement", ["UPDATE {} SET about = ''", "DELETE FROM {}"])
@pytest.mark.parametrize("late", [False, True], ids=["made ahead", "made later"])
def test_new_partitions_are_append_only_too(town: Town, statement: str, late: bool) -> None:
    if not late:
        partitions.rotate(at=NOW)
    entry = log(town, NOW)
    if late:
        partitions.rotate(at=NOW)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(partition_of(entry)))


@pytest.mark.parametrize("table", ["audit_accesslogentry_2034_11", partitions.DEFAULT])
def test_new_partitions_are_not_emptied(town: Town, table: str) -> None:
    log(town, NOW)
    partitions.rotate(at=NOW)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_process")
def test_a_process_looks_ahead_once_a_month(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    partitions.look_ahead(at=NOW)
    with django_assert_num_queries(0):
        partitions.look_ahead(at=NOW + timedelta(days=3))
    with connection.cursor() as cursor:
        assert set(partitions.ahead_of(date(2034, 11, 1))) <= set(partitions.months(cursor))
    partitions.look_ahead(at=NOW + timedelta(days=30))
    with connection.cursor() as cursor:
        assert date(2035, 3, 1) in partitions.months(cursor)


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_process")
def test_looking_ahead_stops_nobody(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*args: Any) -> None:
        raise DatabaseError("somebody holds the table")

    monkeypatch.setattr(partitions, "make_months", refuse)
    with caplog.at_level(logging.WARNING):
        partitions.look_ahead(at=NOW)
    assert "run rotate_access_log" in caplog.text


@pytest.mark.django_db
def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_access_log")
    assert capsys.readouterr().out == "Inget att göra.\n"
