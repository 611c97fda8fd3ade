"""What the tests of the wizard's pages share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from orders.models import Order

HTMX = {"HX-Request": "true"}


def url(name: str, order: Order, *more: int) -> str:
    return reverse(f"order_{name}", args=[order.pk, *more])


def post(client: Client, name: str, order: Order, *more: int, htmx: bool = False, **data: Any) -> Any:
    return client.post(url(name, order, *more), data, headers=HTMX if htmx else {})


def snapshot(order: Order) -> tuple[object, ...]:
    """Everything that a refused form must leave as it was."""
    return tuple(Order.objects.filter(pk=order.pk).values()), tuple(order.lines.order_by("pk").values())
