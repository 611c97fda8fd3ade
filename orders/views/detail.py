from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from orders.functions import functions_of
from orders.history import history_of
from orders.looks import shown_route
from orders.models import Delivery, DeliveryLine, Order, OrderType, ReceiptLine
from orders.next_actor import next_act
from orders.progress import progress_of
from orders.queue import waits_of
from orders.rows import status_with_progress
from orders.views.head import steps_of
from orders.wizard import current_step_url
from parties.models import Party, User
from parties.requests import UserRequest


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The page of a registered order; a draft goes on where it was left."""
    user = request.user
    orders = Order.objects.visible_to(user).with_parties().select_related("recipient_warehouse__owner")
    order = get_object_or_404(orders, pk=pk)
    if order.is_draft:
        return redirect(current_step_url(order))
    lines = list(order.lines.for_order_page().select_related("claimed_by", "substitutes__article"))
    deliveries = list(deliveries_of(order))
    stock = stock_of(order, lines)
    is_transfer = order.type == OrderType.TRANSFER
    waiting = [delivery for delivery in deliveries if is_transfer and not ended(delivery)]
    failed = deliveries[-1] if deliveries and hasattr(deliveries[-1], "failure") else None
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
        "history": history_of(order.events.select_related("actor").order_by("-at", "-pk")),
        "functions": functions_of(order, viewer=user, stock=stock, waiting=waiting, failed=failed),
    }
    return render(request, "orders/detail.html", context)


def deliveries_of(order: Order) -> QuerySet[Delivery]:
    """The order's deliveries, oldest first, with what the page shows of them."""
    lines = DeliveryLine.objects.select_related("order_line__article", "device", "receipt_line").order_by("pk")
    unsent = ReceiptLine.objects.filter(other_article__isnull=False).select_related("other_article").order_by("pk")
    return (
        order.deliveries.select_related("actor", "receipt__actor", "failure__actor")
        .annotate(is_unsettled=Exists(ReceiptLine.objects.filter(receipt__delivery=OuterRef("pk"), unsettled__gt=0)))
        .prefetch_related(Prefetch("lines", lines), Prefetch("receipt__lines", unsent, to_attr="unsent"))
        .order_by("at", "pk")
    )


def related_to(order: Order, user: User) -> QuerySet[Order]:
    """The order that this one came out of and those that came out of it, as far as the user may see them."""
    related = Q(pk=order.origin_id) | Q(origin=order)
    return Order.objects.visible_to(user).filter(related).select_related("subtype").order_by("pk")


def parties_of(order: Order) -> list[Party]:
    return [party for party in (order.customer, order.recipient_unit, order.payer) if party]


def ended(delivery: Delivery) -> bool:
    """Received, or come back."""
    return hasattr(delivery, "receipt") or hasattr(delivery, "failure")
