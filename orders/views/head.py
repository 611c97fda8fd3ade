"""The top of every page about a registered order (`orders/head.html`)."""

from typing import Any

from django.http import Http404

from orders.looks import shown_route
from orders.models import Order, OrderState
from orders.reading import WITH_HEAD, read_visible
from orders.statuses import status_of
from orders.wizard import TITLES, Step
from parties.reading import Reader
from parties.requests import UserRequest


def order_or_404(request: UserRequest, pk: int, reader: Reader[Order] = WITH_HEAD) -> Order:
    """The order with what the reader reads of it; one that the user may not see is a 404."""
    order = read_visible(pk, request.user, reader)
    if order is None:
        raise Http404
    return order


def head_of(request: UserRequest, order: Order) -> dict[str, Any]:
    """What the template reads: name and number, status, steps and route. A patient that it shows is in the log."""
    return {
        "order": order,
        "status": status_of(order),
        "steps": steps_of(order),
        "route": shown_route(request, order),
    }


def steps_of(order: Order) -> list[Step]:
    """A registered order has come to its last step; nothing before it can be opened again."""
    done = [Step(label, "done") for label in TITLES.values()]
    state = "current" if order.is_open else "todo" if order.state == OrderState.CANCELED else "done"
    return [*done, Step("Utleverans", state)]
