from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import roles
from orders.access import (
    may_cancel,
    may_choose_way_out,
    may_deliver,
    may_fail,
    may_open_patient,
    may_print_delivery,
    may_receive,
    may_see_queue,
)
from orders.availability import stock_of
from orders.deliveries import deliveries_of
from orders.functions import functions_of
from orders.history import history_of
from orders.looks import shown_route
from orders.models import Order, OrderEvent, OrderType
from orders.next_actor import next_act
from orders.progress import progress_of
from orders.queue import waits_of
from orders.reading import LINES_IN_FULL, WITH_ALL, read_lines, visible, visible_values
from orders.rows import status_with_progress
from orders.views.head import order_or_404, steps_of
from orders.wizard import current_step_url
from parties.models import Party, User
from parties.reading import Reader
from parties.requests import UserRequest

EVENTS = Reader(OrderEvent, "actor")
RELATED = Reader(Order, "subtype")


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The page of a registered order; a draft goes on where it was left."""
    user = request.user
    order = order_or_404(request, pk, WITH_ALL)
    if order.is_draft:
        return redirect(current_step_url(order))
    lines = read_lines(order, LINES_IN_FULL)
    deliveries = deliveries_of(order, lines)
    stock = stock_of(order, lines)
    is_transfer = order.type == OrderType.TRANSFER
    waiting = [row.delivery for row in deliveries if is_transfer and not row.has_ended]
    last = deliveries[-1].delivery if deliveries else None
    failed = last if last and hasattr(last, "failure") else None
    progress = progress_of([order])[order.pk]
    context = {
        "order": order,
        "status": status_with_progress(order, progress),
        "act": next_act(order, progress, viewer=user),
        "steps": steps_of(order),
        "route": shown_route(request, order),
        "stock": stock,
        "waits": waits_of(order, lines, on=timezone.localdate()),
        "may_choose_way_out": may_choose_way_out(user, order),
        "may_see_queue": order.sender is not None and may_see_queue(user, order.sender),
        "is_transfer": is_transfer,
        "may_receive": may_receive(user, order),
        "may_pick": order.is_open and may_deliver(user, order),
        "may_fail": may_fail(user, order),
        "shown_units": {unit.pk for unit in parties_of(order) if unit.is_visible_to(user)},
        "may_open_patient": may_open_patient(user, order),
        "may_print": may_print_delivery(user, order),
        "deliveries": deliveries,
        "may_cancel": order.is_open and may_cancel(user, order),
        "related": related_to(order, user),
        "history": history_of(EVENTS.read("it.order_id = %s ORDER BY it.at DESC, it.id DESC", [order.pk])),
        "functions": functions_of(order, viewer=user, stock=stock, waiting=waiting, failed=failed),
    }
    return render(request, "orders/detail.html", context)


def related_to(order: Order, user: User) -> list[Order]:
    """The order that this one came out of and those that came out of it, as far as the user may see them."""
    condition = f"(it.id = %(origin)s OR it.origin_id = %(pk)s) AND {visible()} ORDER BY it.id"
    return RELATED.read(condition, {"origin": order.origin_id, "pk": order.pk} | visible_values(user))


def parties_of(order: Order) -> list[Party]:
    return [party for party in (order.customer, order.recipient_unit, order.payer) if party]
