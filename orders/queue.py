"""The queue to an article in a warehouse: who is ahead of whom, and how a place and an expected date are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import attrgetter

from django.db.models import Count, Q
from django.utils.dateformat import format as format_date

from inventory.models import StockLevel

from .models import Order, OrderLine
from .models.line import QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """That a line waits: its place (1 is first) and when the next goods are expected, seen on the day `today`.

    `level_id` is the balance whose queue it is.
    """

    place: int
    level_id: int
    expected_on: date | None
    today: date

    @property
    def place_words(self) -> str:
        return "Först i kön" if self.place == 1 else f"Nummer {self.place} i kön"

    @property
    def expected_words(self) -> str:
        return expected_in_words(self.expected_on, today=self.today)


def expected_in_words(day: date | None, *, today: date) -> str:
    """`väntas 12 maj`, or that the day has passed; empty where the warehouse has not said."""
    if day is None:
        return ""
    words = day_in_words(day, today=today)
    return f"väntas {words}" if day >= today else f"skulle ha kommit {words}"


def day_in_words(day: date, *, today: date) -> str:
    """`12 maj`, with the year where it is another than today's."""
    return format_date(day, "j F" if day.year == today.year else "j F Y")


def waits_of(order: Order, lines: Sequence[OrderLine], *, on: date) -> dict[int, Wait]:
    """How each waiting line of an order stands in its queue, by line pk: two statements, none when nothing waits."""
    waiting = [line for line in lines if line.backordered] if order.is_open else []
    if not waiting:
        return {}
    articles = {line.article_id for line in waiting}
    levels = {
        level.article_id: level for level in StockLevel.objects.filter(warehouse=order.sender_id, article__in=articles)
    }
    places = places_of(waiting)
    return {
        line.pk: Wait(place=places[line.pk], level_id=level.pk, expected_on=level.expected_on, today=on)
        for line in waiting
        if (level := levels.get(line.article_id))
    }


def places_of(lines: Sequence[OrderLine]) -> dict[int, int]:
    """The place of each line, by line pk, counted by the database: one statement. The lines need their order."""
    keys = [(line.order.sender_id or 0, line.article_id) for line in lines]
    counts = OrderLine.objects.waiting_at(keys).aggregate(
        **{
            f"ahead_of_{line.pk}": Count("pk", filter=Q(order__sender=sender, article=article) & ahead_of(line))
            for line, (sender, article) in zip(lines, keys, strict=True)
        }
    )
    return {line.pk: counts[f"ahead_of_{line.pk}"] + 1 for line in lines}


def ahead_of(line: OrderLine) -> Q:
    """The lines before this one in the order of the queue, whatever queue they stand in."""
    return _beyond(line, before=True)


def behind(line: OrderLine) -> Q:
    """The lines after this one in the order of the queue, whatever queue they stand in."""
    return _beyond(line, before=False)


def _beyond(line: OrderLine, *, before: bool) -> Q:
    """Lexicographic: greater in the first key, or equal in it and greater in the next, and so on."""

    def extend(rest: Q, key: str) -> Q:
        field = key.removeprefix("-")
        comparison = "gt" if key.startswith("-") == before else "lt"
        value = attrgetter(field.replace("__", "."))(line)
        return Q(**{f"{field}__{comparison}": value}) | Q(**{field: value}) & rest

    return reduce(extend, reversed(QUEUE), Q(pk__in=[]))
