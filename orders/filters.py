"""The filters of the overview: from cleaned values to a queryset. Every one narrows; none can widen what is visible."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from audit.days import start_of
from inventory.models import Article, Warehouse
from inventory.search import articles_matching
from parties.models import Party, Patient, User
from parties.queries import patient_matches
from parties.searching import number_or_name, one_of

from .access import may_see_patients
from .conditions import BACK_ORDERED, IS_DIRECT, IS_OPEN, IS_THEIRS, as_filter, waits_for
from .models import Order, OrderLine
from .models.order import OPEN_STATES, OrderQuerySet, OrderState
from .numbers import number_matches

ONE_DAY = timedelta(days=1)
FEW = 20_000
OPEN = ("att-gora", "pagaende", "restorder", "utan-utleverans")
"""Views of orders that are not done yet: few of very many, and the newest."""


def registered_orders(user: User) -> OrderQuerySet:
    """What the user sees in the overview: everything visible except drafts."""
    return Order.objects.registered_visible_to(user)


def own_drafts(user: User) -> OrderQuerySet:
    return Order.objects.drafts().filter(registrar=user)


def show(orders: OrderQuerySet, what: str, user: User) -> OrderQuerySet:
    """One of the views named in the address (`SHOW` in `orders/forms/overview.py`); else all."""
    match what:
        case "att-gora":
            return orders.filter(as_filter(waits_for(user), user))
        case "mina":
            return orders.filter(as_filter(IS_THEIRS, user))
        case "pagaende":
            return orders.filter(state__in=(*OPEN_STATES, OrderState.IN_TRANSIT))
        case "restorder":
            return orders.filter(as_filter(f"{IS_OPEN} AND {BACK_ORDERED}", user))
        case "utan-utleverans":
            return orders.filter(as_filter(f"{IS_OPEN} AND {IS_DIRECT}", user))
        case "utkast":
            return own_drafts(user)
        case _:
            return orders


def narrow(orders: OrderQuerySet, values: Mapping[str, Any], user: User) -> OrderQuerySet:
    """Apply the form's cleaned values; a value that was not valid is not among them."""
    orders = show(orders, values.get("visa", ""), user)
    exact = {"typ": "type", "undertyp": "subtype", "status": "state", "lager": "sender", "patient": "recipient_patient"}
    orders = orders.filter(**{field: values[name] for name, field in exact.items() if values.get(name)})
    if unit := values.get("enhet"):
        orders = orders.filter(of_unit(unit))
    if start := values.get("fran"):
        orders = orders.filter(registered_at__gte=start_of(start))
    if end := values.get("till"):
        orders = orders.filter(registered_at__lt=start_of(end + ONE_DAY))
    if text := values.get("sok"):
        orders = orders.filter(matches(text, user))
    return orders


def of_unit(unit: Party) -> Q:
    """What a unit ordered and what goes to it; of a municipality, what its units ordered."""
    return Q(municipality=unit) if unit.is_municipality else Q(customer=unit) | Q(recipient_unit=unit)


def matches(text: str, user: User) -> Q:
    """Order number or a part of it, recipient, or an article on a line; a patient for those who may see patients.

    What can be a number is looked for as one and in no name.
    """
    if (numbered := number_matches(text)) is not None:
        lines = OrderLine.objects.filter(article__in=Article.objects.filter(number=text.strip()))
        return Q(pk__in=Order.objects.filter(numbered).values("pk").union(lines.values("order")))
    named = number_or_name(text)
    found = (
        Q(one_of("recipient_unit", Party.objects.filter(named)))
        | Q(one_of("recipient_warehouse", Warehouse.objects.filter(named)))
        | _on_its_lines(text)
    )
    if not may_see_patients(user):
        return found
    return found | Q(one_of("recipient_patient", Patient.objects.filter(patient_matches(text))))


def _on_its_lines(text: str) -> Q:
    """The orders of few lines are looked up; where the lines are many, each order's lines are, in the list's order.

    There the planner shall not weigh each of thousands of articles (100 ms): of a sum it knows nothing to weigh.
    """
    articles = list(articles_matching(text).order_by().values_list("pk", flat=True))
    lines = OrderLine.objects.filter(one_of("article", articles))
    if lines[: FEW + 1].count() <= FEW:
        return Q(one_of("pk", list(lines.values_list("order", flat=True))))
    return Q(Exists(OrderLine.objects.filter(one_of(F("article") + 0, articles), order=OuterRef("pk"))))
