"""How dates, times and quantities are written on every page."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from parties.forms.plain import options_of

register = template.Library()
register.filter("options", options_of)

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
NO_BREAK = "\N{NO-BREAK SPACE}"
NOTHING = "–"

type Address = Callable[[int], str]
"""Of a page about one thing, by its key."""


def address_of(name: str) -> Address:
    """Resolved once for all rows of a list and not for each of them."""
    before, after = reverse(name, args=[0]).rsplit("0", 1)
    return lambda pk: f"{before}{pk}{after}"


def csrf_input(context: Context) -> str:
    """What `{% csrf_token %}` writes, asked once for all forms of a list."""
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(context["csrf_token"])}">'


@register.filter
def day(value: date | datetime | None) -> str:
    """`12 nov 2026`; a time is shown as the day it is in Sweden."""
    if value is None:
        return NOTHING
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}".replace(" ", NO_BREAK)


@register.filter
def clock(value: datetime | None) -> str:
    """`14:05`, Swedish time."""
    return NOTHING if value is None else f"{_local(value):%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    """`12 nov 2026 14:05`, Swedish time."""
    return NOTHING if value is None else f"{day(value)} {clock(value)}"


@register.filter
def age(value: datetime | None, now: datetime | None = None) -> str:
    """How long something has waited: `nyss`, `45 min`, `26 h` up to two days, then `3 dagar`."""
    if value is None:
        return NOTHING
    waited = (now or timezone.now()) - value
    if waited < timedelta(minutes=1):
        return "nyss"
    if waited < timedelta(hours=1):
        return f"{waited // timedelta(minutes=1)}{NO_BREAK}min"
    if waited < timedelta(days=2):
        return f"{waited // timedelta(hours=1)}{NO_BREAK}h"
    return f"{waited.days}{NO_BREAK}dagar"


@register.filter
def since(value: datetime) -> str:
    """The same as it stands in a sentence: `nyss`, `sedan 45 min`."""
    waited = age(value)
    return waited if waited == "nyss" else f"sedan {waited}"


@register.filter
def quantity(number: int | None, unit: str = "") -> str:
    """A number with thousands apart, and its unit where one is given: `1 200 st`."""
    if number is None:
        return NOTHING
    written = f"{number:,}".replace(",", NO_BREAK).replace("-", "\N{MINUS SIGN}")
    return f"{written}{NO_BREAK}{unit}" if unit else written


@register.filter
def get[T](values: Mapping[int, T], key: int) -> T | None:
    """The value of a dict whose key is known only by a variable."""
    return values.get(key)


@register.filter
def page_numbers(page: "Page[Any]") -> Iterator[int | str]:
    """The numbers to choose from: the ends, the neighbours, and … for the rest."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
