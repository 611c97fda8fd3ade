"""Days and months as they are in Sweden: what the log is reviewed by."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SWEDEN = ZoneInfo(settings.TIME_ZONE)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between these a day is meant; outside them it is a slip of the hand, or worse."""


def start_of(day: date) -> datetime:
    """Midnight in Sweden."""
    return timezone.make_aware(datetime.combine(day, time.min), SWEDEN)


def span_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first day's midnight until the midnight after the last day."""
    return start_of(first), start_of(last + timedelta(days=1))


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date) -> date:
    return month_of(month + timedelta(days=31))


def month_before(month: date) -> date:
    return month_of(month - timedelta(days=1))


class DayConverter:
    """A day in an address: `2026-11-25`."""

    regex = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError means that the address fits no page

    def to_url(self, value: date) -> str:
        return value.isoformat()
