"""The table itself: append-only by the database, partitioned by month, never losing a row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.accessing import log_access
from audit.models import AccessLogEntry, Act
from tests.fixtures import Town

MARCH = datetime(2031, 3, 2, 8, 0, tzinfo=UTC)


def log(town: Town, *, at: datetime = MARCH) -> AccessLogEntry:
    log_access(town.patient, Act.ORDER, by=town.anna, unit=town.rehab, at=at, about="F-31-000001")
    return AccessLogEntry.objects.latest("id")


def partition_of(entry: AccessLogEntry) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM audit_accesslogentry WHERE id = %s", [entry.pk])
        row = cursor.fetchone()
    assert row
    return str(row[0])


def test_keeps_who_when_where_what_and_which(town: Town) -> None:
    entry = log(town)
    assert (entry.at, entry.user, entry.unit, entry.patient) == (MARCH, town.anna, town.rehab, town.patient)
    assert (entry.get_act_display(), entry.about, entry.is_protected) == ("Öppnad order", "F-31-000001", False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_accesslogentry SET about = 'något annat'",
        "DELETE FROM audit_accesslogentry",
        "DELETE FROM audit_accesslogentry_default",
    ],
)
def test_no_row_is_changed_or_removed(town: Town, statement: str) -> None:
    entry = log(town)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AccessLogEntry.objects.get().about == entry.about


@pytest.mark.parametrize("table", ["audit_accesslogentry", "audit_accesslogentry_default"])
def test_is_not_emptied(town: Town, table: str) -> None:
    """The tests themselves empty all tables, so the trigger sleeps in them (see conftest) and is woken here."""
    log(town)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER never_emptied")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table}")
    assert AccessLogEntry.objects.count() == 1


def test_a_row_of_today_lies_in_its_month(town: Town) -> None:
    now = timezone.now()
    assert partition_of(log(town, at=now)) == f"audit_accesslogentry_{now.astimezone(UTC):%Y_%m}"
    later = now + timedelta(days=80)
    assert partition_of(log(town, at=later)) == f"audit_accesslogentry_{later.astimezone(UTC):%Y_%m}"


def test_a_row_whose_month_has_no_partition_is_kept_all_the_same(town: Town) -> None:
    assert partition_of(log(town)) == "audit_accesslogentry_default"
