"""The months of the access log's table: made ahead, filled from the default partition, dropped when they are too old.

A month is a UTC month, written as its first day. Making and dropping takes the table's lock for a moment; who does not
get it within `lock_timeout` gives up and tries again later, and meanwhile the default partition takes every row.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from parties.models import SecurityEvent

from .models import AccessLogEntry

AHEAD = 3
LEAST_YEARS = 5  # HSLF-FS 2016:40, 4 kap. 9 §
TABLE = AccessLogEntry._meta.db_table
DEFAULT = f"{TABLE}_default"
_LOCK = 2016_40_4_9  # one at a time makes or drops partitions

logger = logging.getLogger(__name__)
_looked_after: set[date] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    made: list[date]
    dropped: list[date]
    forgotten: int
    """Security events (log-ins and the like) that were older."""


def years_kept() -> int:
    """Raises ImproperlyConfigured for fewer years than the law demands."""
    years: int = settings.ACCESS_LOG_YEARS
    if years < LEAST_YEARS:
        raise ImproperlyConfigured(f"ACCESS_LOG_YEARS is {years}; the law demands at least {LEAST_YEARS}")
    return years


@transaction.atomic
def rotate(*, at: datetime) -> Rotation:
    """Make the coming months, move what lies in the default partition to its months, drop the months that are too old.

    Security events of those months go too. Too old is a month that ended `ACCESS_LOG_YEARS` years before `at`, or
    earlier.
    """
    this = month_of(at)
    first_kept = date(this.year - years_kept(), this.month, 1)
    with connection.cursor() as cursor:
        _lock(cursor)
        before = months(cursor)
        _empty_default(cursor)
        make_months(cursor, ahead_of(this))
        old = [month for month in months(cursor) if month < first_kept]
        for month in old:
            cursor.execute(f"DROP TABLE {partition(month)}")
        made = [month for month in months(cursor) if month not in before]
    begins = datetime.combine(first_kept, time.min, UTC)
    forgotten, _ = SecurityEvent.objects.before(begins).delete()
    return Rotation(made=made, dropped=old, forgotten=forgotten)


def look_ahead(*, at: datetime) -> None:
    """Make the coming months if nobody has, once a month in each process; one question when they are there.

    What fails here is only written to the log of errors: rows without a month of their own are kept as well.
    """
    this = month_of(at)
    if this in _looked_after:
        return
    _looked_after.add(this)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if not set(ahead_of(this)) <= set(months(cursor)):
                _lock(cursor)
                make_months(cursor, ahead_of(this))
    except DatabaseError:
        logger.warning("The access log's coming months could not be made; run rotate_access_log", exc_info=True)


def month_of(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)


def ahead_of(this: date) -> list[date]:
    """This month and the `AHEAD` months after it."""
    return [date(this.year + (this.month - 1 + n) // 12, (this.month - 1 + n) % 12 + 1, 1) for n in range(AHEAD + 1)]


def partition(month: date) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def months(cursor: CursorWrapper) -> list[date]:
    """The months that have a partition, oldest first."""
    cursor.execute(
        "SELECT right(inhrelid::regclass::text, 7) FROM pg_inherits"
        " WHERE inhparent = %s::regclass AND inhrelid <> %s::regclass ORDER BY 1",
        [TABLE, DEFAULT],
    )
    return [date(int(name[:4]), int(name[5:]), 1) for (name,) in cursor.fetchall()]


def _lock(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with unchecked foreign keys cannot be moved or dropped


def make_months(cursor: CursorWrapper, wanted: Iterable[date]) -> None:
    having = months(cursor)
    for month in wanted:
        if month not in having:
            cursor.execute("SELECT audit_add_access_log_month(%s)", [month])


def _empty_default(cursor: CursorWrapper) -> None:
    """Give the default partition's rows months of their own. Rows are never removed: the whole table is replaced."""
    cursor.execute(f"SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM {DEFAULT}")  # noqa: S608  # a constant
    found = [month for (month,) in cursor.fetchall()]
    if not found:
        return
    columns = ", ".join(str(field.column) for field in AccessLogEntry._meta.concrete_fields)
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {DEFAULT}")
    cursor.execute(f"ALTER TABLE {DEFAULT} RENAME TO audit_unsorted")
    cursor.execute("SELECT audit_add_access_log_default()")
    make_months(cursor, found)
    cursor.execute(f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM audit_unsorted")  # noqa: S608
    cursor.execute("DROP TABLE audit_unsorted")
