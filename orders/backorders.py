"""The queues of a warehouse as the page *Restorder* lists them: one row an article that somebody waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from inventory.models import Article, Warehouse
from inventory.models.stock_level import BLOCKED
from parties.models import Party

from .models import OrderLine
from .models.line import OrderLineQuerySet

# Joined to the lines of the page's articles only; what is counted is the municipality's, if one is given.
QUEUES = f"""
    SELECT level.id, article.number, article.name, article.unit, level.available, {BLOCKED}, level.incoming,
           level.expected_on, count(DISTINCT o.id), sum(line.backordered), min(o.registered_at)
    FROM inventory_stocklevel AS level
    JOIN inventory_article AS article ON article.id = level.article_id
    JOIN orders_orderline AS line ON line.article_id = level.article_id AND line.backordered > 0
    JOIN orders_order AS o ON o.id = line.order_id AND o.sender_id = level.warehouse_id
    WHERE level.warehouse_id = %(warehouse)s AND level.article_id = ANY (%(articles)s)
        AND o.state IN ('REGISTERED', 'PARTLY')
        AND (%(municipality)s::bigint IS NULL OR o.municipality_id = %(municipality)s)
    GROUP BY level.id, article.id
    ORDER BY article.number
"""  # noqa: S608  # a constant


@dataclass(frozen=True, slots=True)
class Queue:
    """A balance with how many orders wait for its article, for how many units together, and since when."""

    level_id: int
    number: str
    name: str
    unit: str
    available: int
    blocked: int
    incoming: int
    expected_on: date | None
    orders: int
    units: int
    since: datetime


def articles_waited_for(
    warehouse: Warehouse | None, *, text: str = "", municipality: Party | None = None
) -> QuerySet[Article]:
    """Articles with a queue in the warehouse, by number.

    Every word of the text is in the article's number or name; with a municipality, only what it waits for.
    """
    lines = _waiting_in(warehouse, municipality)
    articles = Article.objects.filter(pk__in=lines.values("article"))
    for word in text.split():
        articles = articles.filter(Q(number__istartswith=word) | Q(name__icontains=word))
    return articles.order_by("number")


def queues_of(articles: Sequence[int], warehouse: Warehouse | None, *, municipality: Party | None) -> list[Queue]:
    """The queues to these articles, by article number."""
    if not warehouse:
        return []
    town = municipality.pk if municipality else None
    values: dict[str, int | list[int] | None] = {
        "warehouse": warehouse.pk,
        "articles": list(articles),
        "municipality": town,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUES, values)
        return [Queue(*row) for row in cursor.fetchall()]


def municipalities_waiting_in(warehouse: Warehouse | None) -> QuerySet[Party]:
    """Who has something in the warehouse's queues: the choices of the filter."""
    return Party.objects.filter(pk__in=_waiting_in(warehouse).values("order__municipality")).order_by("name")


def _waiting_in(warehouse: Warehouse | None, municipality: Party | None = None) -> OrderLineQuerySet:
    lines = OrderLine.objects.waiting().filter(order__sender=warehouse)
    return lines.filter(order__municipality=municipality) if municipality else lines
