"""What every step of the wizard shares: the person's own draft, and the answer when it is no draft any more."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from orders.access import may_create
from orders.completeness import missing_in
from orders.models import Order, OrderLine, OrderType
from orders.operations.drafting import DraftIsClosed
from orders.reading import FOR_STEP
from orders.route import route_of
from orders.statuses import status_of
from orders.wizard import done_steps, draft_functions, steps_of_draft
from parties.models import User
from parties.reading import Reader
from parties.requests import UserRequest
from parties.responses import whole_page

from .head import order_or_404


def draft_view(
    view: Callable[Concatenate[UserRequest, Order, ...], HttpResponse],
    *,
    reader: Reader[Order] = FOR_STEP,
) -> Callable[..., HttpResponse]:
    """Give a step its draft. Another's draft is a 404; an order that is saved is shown, and no old form changes it.

    `reader` reads what the answer shows of the order.
    """

    @wraps(view)
    def wrapper(request: UserRequest, pk: int, **kwargs: int) -> HttpResponse:
        order = visible_order(request, pk, reader)
        if not order.is_draft:
            return redirect(order) if request.method in ("GET", "HEAD") else closed_page(request, order)
        if not may_create(request.user, OrderType(order.type)):
            raise PermissionDenied
        try:
            return view(request, order, **kwargs)
        except DraftIsClosed:
            return closed_page(request, visible_order(request, pk, reader))
        except Order.DoesNotExist as gone:  # thrown away in another tab just now
            raise Http404 from gone

    return wrapper


def visible_order(request: UserRequest, pk: int, reader: Reader[Order] = FOR_STEP) -> Order:
    """The order; an orderer who is the one logged in acts for the unit chosen, with the rights already looked up."""
    order = order_or_404(request, pk, reader)
    if order.orderer_id == request.user.pk:
        order.orderer = request.user
    return order


def closed_page(request: UserRequest, order: Order) -> HttpResponse:
    """The form is older than the order: it was saved, perhaps in another tab."""
    return whole_page(render(request, "orders/wizard/closed.html", {"order": order}, status=422))


def version_of(request: UserRequest) -> int | None:
    """The version that the page showed; a form without one is taken as it comes."""
    text = request.POST.get("version", "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def frame(order: Order, step: str, lines: Sequence[OrderLine], *, viewer: User) -> dict[str, Any]:
    """What the frame of a step shows: steps, route and function menu; and what is missing."""
    missing = missing_in(order, lines, on=timezone.localdate())
    return {
        "order": order,
        "lines": lines,
        "status": status_of(order),
        "steps": steps_of_draft(order, step, done=done_steps(missing)),
        "route": route_of(order, viewer=viewer),
        "missing": missing,
        "functions": draft_functions(order, lines, step, missing.all),
    }
