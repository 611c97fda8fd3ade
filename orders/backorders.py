"""The queues of a warehouse as the page *Restorder* lists them: one row an article that somebody waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull

from inventory.models import Warehouse
from inventory.models.stock_level import BLOCKED
from parties.models import Party
from parties.prepared import prepared

from .conditions import FITS, IS_OPEN
from .models import Order, OrderLine
from .models.order import OPEN_STATES

WAITS = f"line.backordered > 0 AND o.sender_id = {{warehouse}} AND {IS_OPEN}"
LINES = "orders_orderline AS line JOIN orders_order AS o ON o.id = line.order_id"
ARTICLES = """
    SELECT article.id FROM (
        SELECT article.id, article.number FROM inventory_article AS article
        WHERE article.id = ANY (ARRAY(SELECT DISTINCT line.article_id FROM {wanted})) AND {narrowed}
        ORDER BY article.number OFFSET 0
    ) AS article
    WHERE {has_queue} LIMIT {most}
"""
"""`wanted` are the waiting lines or more: what somebody waits for anywhere is asked for a queue article by article, in
their order, to the end of a page. Most of it is the central warehouse's, and of a store it would be asked in vain."""
HAS_DATE = """EXISTS (
    SELECT FROM inventory_stocklevel AS level
    WHERE level.article_id = article.id AND level.warehouse_id = {{warehouse}} AND level.expected_on {is_so}
)"""
DATES = {"saknas": HAS_DATE.format(is_so="IS NULL"), "passerat": HAS_DATE.format(is_so="< %(today)s")}
"""What the filter *Väntat datum* asks for."""

# Joined to the lines of the page's articles only; what is counted is the municipality's, if one is given.
QUEUES = f"""
    SELECT level.id, article.number, article.name, article.unit, level.available, {BLOCKED}, level.incoming,
           level.expected_on, count(DISTINCT o.id), sum(line.backordered), min(o.registered_at)
    FROM inventory_stocklevel AS level
    JOIN inventory_article AS article ON article.id = level.article_id
    JOIN orders_orderline AS line ON line.article_id = level.article_id AND line.backordered > 0
    JOIN orders_order AS o ON o.id = line.order_id AND o.sender_id = level.warehouse_id
    WHERE level.warehouse_id = {{warehouse}} AND level.article_id = ANY (%(articles)s)
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
    warehouse: Warehouse | None,
    *,
    most: int,
    today: date,
    text: str = "",
    municipality: Party | None = None,
    dated: str = "",
    after: str = "",
) -> list[int]:
    """The first articles with a queue in the warehouse, by number, as primary keys.

    Every word of the text is in the article's number or name; with a municipality, only what it waits for; `dated` is
    one of DATES, `after` the number that the page before ended with.
    """
    if not warehouse:
        return []
    values: dict[str, Any] = {"today": today, "after": after}
    conditions = ["article.number > %(after)s"] if after else []
    conditions += [DATES[dated]] if dated else []
    for place, word in enumerate(text.split()):
        conditions.append(FITS.format(word=f"(SELECT upper(%(word{place})s))"))
        values[f"word{place}"] = word
    wanted, has_queue = f"{LINES} WHERE {WAITS}", "TRUE"
    if municipality:
        wanted, values["municipality"] = f"{wanted} AND o.municipality_id = %(municipality)s", municipality.pk
    elif warehouse.is_central:
        wanted = "orders_orderline AS line WHERE line.backordered > 0"
        has_queue = f"EXISTS (SELECT FROM {LINES} WHERE line.article_id = article.id AND {WAITS})"  # constants
    narrowed = " AND ".join(conditions) or "TRUE"
    statement = ARTICLES.format(wanted=wanted, narrowed=narrowed, has_queue=has_queue, most=most)
    return [key for (key,) in _fetched(statement, warehouse, values)]


def queues_of(articles: Sequence[int], warehouse: Warehouse | None, *, municipality: Party | None) -> list[Queue]:
    """The queues to these articles, by article number."""
    if not warehouse:
        return []
    values = {"articles": list(articles), "municipality": municipality.pk if municipality else None}
    return [Queue(*row) for row in _fetched(QUEUES, warehouse, values)]


def _fetched(statement: str, warehouse: Warehouse, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The warehouse stands in the text: a plan for any warehouse took ten times as long for the central one."""
    with prepared() as cursor:
        cursor.execute(statement.replace("{warehouse}", str(warehouse.pk)), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def municipalities_waiting_in(warehouse: Warehouse | None) -> QuerySet[Party]:
    """Who has something in the central warehouse's queues: the choices of the filter, which other warehouses need not.

    Asked municipality by municipality, to the first order of each that waits.
    """
    if not warehouse or not warehouse.is_central:
        return Party.objects.none()
    lines = OrderLine.objects.filter(order=OuterRef("pk"), backordered__gt=0)
    orders = Order.objects.filter(municipality=OuterRef("pk"), sender=warehouse, state__in=OPEN_STATES)
    waiting = orders.filter(IsNull(Subquery(lines.values("pk")[:1]), False))  # said so, PostgreSQL asks it of each
    return Party.objects.filter(IsNull(Subquery(waiting.values("pk")[:1]), False), is_municipality=True).order_by(
        "name"
    )
