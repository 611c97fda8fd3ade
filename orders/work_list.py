"""The work list (*Att plocka*): what waits in the warehouses where a person picks, first what is first in the queue."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from inventory.models import StockLevel
from inventory.queries import warehouses_of
from parties.models import User
from parties.searching import TRIGRAM, one_of

from .conditions import FITS
from .models import Order, OrderLine
from .models.line import QUEUE, REMAINS, OrderLineQuerySet
from .models.order import OPEN_STATES, OrderQuerySet

ORDER_KEYS = ("-precedence", "-is_urgent", "registered_at", "pk")
ESCAPED = str.maketrans({character: f"\\{character}" for character in "\\%_"})
ARTICLES = f"""
    SELECT article.id FROM inventory_article AS article
    WHERE article.search_text LIKE '%%' || plain_text(%(pattern)s) || '%%' AND {FITS.format(word="upper(%(text)s)")}
    LIMIT %(most)s
"""  # noqa: S608  # of constants
"""The search text has number and name in it, in plain letters."""
FEW = 100  # articles
LINE_KEYS = ("article__number", *QUEUE)
"""By article one walks along the shelves; within an article the queue's order."""


def orders_to_pick(user: User, values: Mapping[str, Any]) -> OrderQuerySet:
    """The orders of the work list, most urgent first, narrowed by the form's cleaned values."""
    lines = _narrow_lines(OrderLine.objects.filter(order=OuterRef("pk")), values, user)
    return _open_orders(user, values).filter(Exists(lines)).order_by(*ORDER_KEYS)


def lines_to_pick(user: User, values: Mapping[str, Any]) -> OrderLineQuerySet:
    """The lines of the work list by article, narrowed by the form's cleaned values.

    Most lines that wait are the central warehouse's: asked of each line, so that PostgreSQL walks along the articles to
    the end of a page and does not sort them all. A store has few, found by its orders, and so has a municipality.
    """
    orders = _open_orders(user, values)
    is_open = Q(order__in=orders)
    if user.is_central and not values.get("kommun"):
        is_open = REMAINS & Q(IsNull(Subquery(orders.filter(pk=OuterRef("order")).values("pk")[:1]), False))  # a lookup
    return _narrow_lines(OrderLine.objects.filter(is_open), values, user).order_by(*LINE_KEYS)


def order_keys(user: User, values: Mapping[str, Any], most: int) -> list[int]:
    """The first orders of the work list, or of those after the order `efter`, also when that one is done by now.

    As primary keys. First those that are as urgent as that one, from its age on by an index; then what is less urgent.
    """
    orders = orders_to_pick(user, values)
    pk = values.get("efter")
    fields = ("precedence", "is_urgent", "registered_at")
    last = orders_worked_at_by(user).filter(pk=pk).values_list(*fields).first() if pk else None
    if last is None:
        return list(orders.values_list("pk", flat=True)[:most])
    precedence, is_urgent, at = last
    alike = orders.filter(precedence=precedence, is_urgent=is_urgent, registered_at__gte=at)
    further = alike.filter(Q(registered_at__gt=at) | Q(pk__gt=pk)).order_by("registered_at", "pk")
    keys = list(further.values_list("pk", flat=True)[:most])
    if len(keys) < most:
        less = orders.filter(Q(precedence__lt=precedence) | Q(precedence=precedence, is_urgent__lt=is_urgent))
        keys += less.values_list("pk", flat=True)[: most - len(keys)]
    return keys


def lines_after(lines: OrderLineQuerySet, pk: int | None, user: User) -> OrderLineQuerySet:
    """What follows line `pk` by LINE_KEYS, also when that line is done by now; all when the user has no such line."""
    names = [key.removeprefix("-") for key in LINE_KEYS]
    everything = OrderLine.objects.filter(order__in=orders_worked_at_by(user))
    last = everything.filter(pk=pk).values_list(*names).first() if pk else None
    if last is None:
        return lines
    later, same = Q(), Q()
    for key, name, value in zip(LINE_KEYS, names, last, strict=True):
        later |= same & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return lines.filter(later)


def orders_worked_at_by(user: User) -> OrderQuerySet:
    """Every registered order, open or not, that leaves a warehouse where the user picks."""
    return Order.objects.filter(number__isnull=False, sender__in=warehouses_of(user))


def _open_orders(user: User, values: Mapping[str, Any]) -> OrderQuerySet:
    orders = orders_worked_at_by(user).filter(state__in=OPEN_STATES)
    exact = {"typ": "type", "kommun": "municipality", "lager": "sender"}
    return orders.filter(**{field: values[name] for name, field in exact.items() if values.get(name)})


def _narrow_lines(lines: OrderLineQuerySet, values: Mapping[str, Any], user: User) -> OrderLineQuerySet:
    if text := values.get("artikel"):
        lines = lines.filter(_is_of_article(text))
    match values.get("visa"):
        case "mina":
            return lines.filter(REMAINS, claimed_by=user)
        case "vantar":
            return lines.filter(REMAINS).exclude(Q(reserved__gt=0) | (Q(backordered__gt=0) & _is_on_shelf()))
        case _:
            # What is reserved, or waits for what is there; said by what remains, else PostgreSQL takes partial indexes
            # of all warehouses' open lines, and thinks that two which hold the same lines leave few.
            return lines.filter(Q(backordered__lt=F("remaining")) | (Q(reserved__lt=F("remaining")) & _is_on_shelf()))


def _is_of_article(text: str) -> Q:
    """The article's number begins so, or its name has it.

    The few articles that fit are looked up once, by the trigram index: of a text that nothing fits each waiting line
    was asked. Where many fit, or what is typed is short, lines that fit are met soon.
    """
    if len(text) >= TRIGRAM:
        pattern = text.translate(ESCAPED)
        with connection.cursor() as cursor:
            cursor.execute(ARTICLES, {"pattern": pattern, "text": text, "most": FEW + 1})
            keys = [key for (key,) in cursor.fetchall()]
        if len(keys) <= FEW:
            return Q(one_of("article", keys)) if keys else Q(pk__in=[])
    return Q(article__number__istartswith=text) | Q(article__name__icontains=text)


def _is_on_shelf() -> Q:
    """Something of the line's article is free where its order is sent from.

    Asked of the line's own order also where that is outside: with a table less PostgreSQL met all open lines first.
    """
    warehouse = OuterRef("order__sender")
    return Q(Exists(StockLevel.objects.filter(warehouse=warehouse, article=OuterRef("article"), available__gt=0)))
