"""Orders that a page shows, noted for the access log where they are to a patient (see `parties/looks.py`).

Every page and document of orders goes through here: lists by `shown_rows`, an order's own page by `shown_route`, what
else there is by `note_orders`.
"""

from collections.abc import Iterable

from parties.looks import Act, note_access
from parties.requests import UserRequest

from .models import Order
from .route import Route, route_of
from .rows import OrderRow, order_rows


def note_orders(request: UserRequest, orders: Iterable[Order] | Order, act: Act, *, about: str = "") -> None:
    """One look for each order that is to a patient, about the order's number or what `about` says instead."""
    for order in [orders] if isinstance(orders, Order) else orders:
        note_access(request, order.recipient_patient, act, about=about or str(order))


def shown_rows(request: UserRequest, orders: Iterable[Order], *, act: Act = Act.LIST) -> list[OrderRow]:
    """The rows of a `for_rows` queryset as the page shows them to whoever asked, each patient in them noted."""
    rows = order_rows(orders, viewer=request.user)
    note_orders(request, (row.order for row in rows), act)
    return rows


def shown_route(request: UserRequest, order: Order, *, act: Act = Act.ORDER) -> Route:
    """The head of an order's page (from which store, to whom), its patient noted."""
    note_orders(request, order, act)
    return route_of(order, viewer=request.user)
