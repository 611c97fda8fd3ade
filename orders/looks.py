"""Orders that a page shows, noted for the access log where they are to a patient (see `parties/looks.py`).

Every page and document of orders goes through here: lists by `shown_rows`, an order's own page by `shown_route`, what
else there is by `note_orders`.
"""

from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone

from audit.accessing import write_noted
from parties.looks import Act, note_access
from parties.models import Patient
from parties.requests import UserRequest

from .models import Order
from .reading import read_orders
from .route import Route, route_of
from .rows import OrderRow, order_rows


def note_orders(request: UserRequest, orders: Iterable[Order] | Order, act: Act, *, about: str = "") -> None:
    """One look for each order that is to a patient, about the order's number or what `about` says instead."""
    for order in [orders] if isinstance(orders, Order) else orders:
        note_access(request, order.recipient_patient, act, about=about or str(order))


def shown_rows(request: UserRequest, orders: Iterable[Order], *, act: Act = Act.LIST) -> list[OrderRow]:
    """The rows of orders that `read_orders` gave, as the page shows them, each patient in them noted."""
    rows = order_rows(orders, viewer=request.user)
    note_orders(request, (row.order for row in rows), act)
    return rows


def shown_lists(request: UserRequest, *lists: Sequence[int]) -> list[list[OrderRow]]:
    """The rows of several lists on one page, from the keys of each: all the orders and their progress at once."""
    orders = read_orders({pk for keys in lists for pk in keys})
    rows = {row.order.pk: row for row in shown_rows(request, orders)}
    return [[rows[pk] for pk in keys if pk in rows] for keys in lists]


def shown_route(request: UserRequest, order: Order, *, act: Act = Act.ORDER) -> Route:
    """The head of an order's page (from which store, to whom), its patient noted."""
    note_orders(request, order, act)
    return route_of(order, viewer=request.user)


def log_exported_orders(request: UserRequest) -> Callable[[Sequence[Order]], None]:
    """For a list saved as a file: each order's patient is in the log before its row leaves."""

    def log(orders: Sequence[Order]) -> None:
        note_orders(request, orders, Act.EXPORT)
        write_noted(request, at=timezone.now())

    return log


def log_exported_patients(request: UserRequest) -> Callable[[Sequence[Patient]], None]:
    """The same for a list of patients."""

    def log(patients: Sequence[Patient]) -> None:
        note_access(request, patients, Act.EXPORT)
        write_noted(request, at=timezone.now())

    return log
