"""The filters of the overview: from cleaned values to a queryset. Every one narrows; none can widen what is visible."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from parties.models import Patient, User
from parties.queries import patient_matches

from .access import may_see_patients
from .models import Order, OrderLine
from .models.order import OPEN_STATES, OrderQuerySet
from .todo import waits_for


def registered_orders(user: User) -> OrderQuerySet:
    """What the user sees in the overview: everything visible except drafts."""
    return Order.objects.registered_visible_to(user)


def own_drafts(user: User) -> OrderQuerySet:
    return Order.objects.drafts().filter(registrar=user)


def show(orders: OrderQuerySet, what: str, user: User) -> OrderQuerySet:
    """One of the views named in the address: `att-gora`, `mina`, `restorder`, `utan-utleverans`, `utkast`; else all."""
    match what:
        case "att-gora":
            return orders.filter(waits_for(user))
        case "mina":
            return orders.filter(Q(registrar=user) | Q(orderer=user))
        case "restorder":
            backordered = OrderLine.objects.filter(order=OuterRef("pk"), backordered__gt=0)
            return orders.filter(Exists(backordered), state__in=OPEN_STATES)
        case "utan-utleverans":
            return orders.missing_delivery()
        case "utkast":
            return own_drafts(user)
        case _:
            return orders


def narrow(orders: OrderQuerySet, values: Mapping[str, Any], user: User) -> OrderQuerySet:
    """Apply the form's cleaned values; a value that was not valid is not among them."""
    orders = show(orders, values.get("visa", ""), user)
    exact = {"typ": "type", "undertyp": "subtype", "status": "state", "lager": "sender"}
    orders = orders.filter(**{field: values[name] for name, field in exact.items() if values.get(name)})
    if start := values.get("fran"):
        orders = orders.filter(registered_at__date__gte=start)
    if end := values.get("till"):
        orders = orders.filter(registered_at__date__lte=end)
    if text := values.get("sok"):
        orders = orders.filter(matches(text, user))
    return orders


def matches(text: str, user: User) -> Q:
    """Order number or its end, recipient, or an article on a line; a patient for those who may see patients."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).filter(
        Q(article__number__iexact=text) | Q(article__name__icontains=text)
    )
    found = (
        Q(number__iendswith=text)
        | Q(number__istartswith=text)
        | Q(recipient_unit__number__istartswith=text)
        | Q(recipient_unit__name__icontains=text)
        | Q(recipient_warehouse__number__istartswith=text)
        | Q(recipient_warehouse__name__icontains=text)
        | Q(Exists(lines))
    )
    if not may_see_patients(user):
        return found
    return found | Q(recipient_patient__in=Patient.objects.filter(patient_matches(text)))


def after(orders: OrderQuerySet, pk: int | None, user: User) -> OrderQuerySet:
    """The rows that follow order `pk` in the list's order (newest first); all when there is no such order."""
    row = Order.objects.visible_to(user).filter(pk=pk).values_list("registered_at").first() if pk else None
    if row is None:
        return orders
    (last,) = row
    if last is None:  # drafts have no time of registration
        return orders.filter(pk__lt=pk)
    return orders.filter(Q(registered_at__lt=last) | Q(registered_at=last, pk__lt=pk))
