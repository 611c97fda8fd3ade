"""*Restorder*: the queues of a warehouse, who stands in each, and what the warehouse does with them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.models import StockLevel
from orders.access import may_manage_queue, may_see_queues, queue_warehouses
from orders.backorders import queues_of
from orders.forms.backorders import ExpectedDateForm, MoveForwardForm, QueueFilter
from orders.models import OrderLine
from orders.operations.queueing import DayRefused, QueueHasChanged, move_forward, set_expected_date
from orders.queue import behind, expected_in_words, places_of
from parties.requests import UserRequest

PAGE_SIZE = 25


def for_warehouse_staff(
    view: Callable[Concatenate[UserRequest, ...], HttpResponse],
) -> Callable[Concatenate[UserRequest, ...], HttpResponse]:
    """Whoever runs no warehouse has no queues to see (403)."""

    @wraps(view)
    def wrapper(request: UserRequest, **kwargs: int) -> HttpResponse:
        if not may_see_queues(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return wrapper


@require_safe
@for_warehouse_staff
def backorder_list(request: UserRequest) -> HttpResponse:
    """One row for each article that somebody waits for in a warehouse."""
    today = timezone.localdate()
    form = QueueFilter(request.GET, user=request.user)
    keys = form.articles(today, PAGE_SIZE + 1)
    shown = queues_of(keys[:PAGE_SIZE], form.warehouse, municipality=form.cleaned_data.get("kommun"))
    context = {
        "form": form,
        "rows": [(queue, expected_in_words(queue.expected_on, today=today)) for queue in shown],
        "today": today,
        "next_key": shown[-1].number if len(keys) > PAGE_SIZE else "",
    }
    return render(request, "orders/backorders.html#queues" if request.htmx else "orders/backorders.html", context)


@require_safe
@for_warehouse_staff
def backorder_queue(request: UserRequest, level_pk: int) -> HttpResponse:
    """Who waits for one article in one warehouse, in order."""
    level = visible_level(request, level_pk)
    return queue_page(request, level, ExpectedDateForm(initial={"day": level.expected_on}))


@require_POST
@for_warehouse_staff
def backorder_date(request: UserRequest, level_pk: int) -> HttpResponse:
    """When the next goods are expected; an empty day takes the date away."""
    level = visible_level(request, level_pk)
    if not may_manage_queue(request.user, level.warehouse):
        raise PermissionDenied
    form = ExpectedDateForm(request.POST)
    if not form.is_valid():
        return queue_page(request, level, form, status=422)
    try:
        set_expected_date(level_id=level.pk, day=form.cleaned_data["day"], by=request.user, at=timezone.now())
    except DayRefused as error:
        form.add_error("day", str(error))
        return queue_page(request, level, form, status=422)
    except QueueHasChanged as error:
        return queue_page(request, level, form, refusal=str(error), status=409)
    messages.success(request, "Väntat datum är sparat. Beställarna i kön får veta det.")
    return redirect("backorder_queue", level_pk=level.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_warehouse_staff
def backorder_move(request: UserRequest, line_pk: int) -> HttpResponse:
    """*Flytta först*: one order before all others in its queue, with a reason."""
    lines = OrderLine.objects.filter(order__sender__in=queue_warehouses(request.user), order__number__isnull=False)
    line = get_object_or_404(lines.select_related("order__customer", "article"), pk=line_pk)
    levels = StockLevel.objects.with_blocked().select_related("article", "warehouse")
    level = get_object_or_404(levels, warehouse=line.order.sender_id, article=line.article_id)
    if not may_manage_queue(request.user, level.warehouse):
        raise PermissionDenied
    form = MoveForwardForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"line": line, "level": level, "form": form}
        return render(request, "orders/move_forward.html", context, status=422 if request.method == "POST" else 200)
    try:
        move_forward(line_id=line.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except QueueHasChanged as error:
        form_of_day = ExpectedDateForm(initial={"day": level.expected_on})
        return queue_page(request, level, form_of_day, refusal=str(error), status=409)
    messages.success(request, f"{line.order} står först i kön. Beställaren får veta det.")
    return redirect("backorder_queue", level_pk=level.pk)


def visible_level(request: UserRequest, pk: int) -> StockLevel:
    levels = StockLevel.objects.with_blocked().filter(warehouse__in=queue_warehouses(request.user))
    return get_object_or_404(levels.select_related("article", "warehouse"), pk=pk)


def queue_page(
    request: UserRequest, level: StockLevel, form: ExpectedDateForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    queue = OrderLine.objects.waiting_at([(level.warehouse_id, level.article_id)])
    last = _last_shown(level, request.GET.get("efter", ""))
    lines = queue.select_related("order__customer", "order__municipality").in_queue_order()
    page = list((lines.filter(behind(last)) if last else lines)[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    first_place = places_of(shown[:1])[shown[0].pk] if last and shown else 1
    context = {
        "level": level,
        "form": form,
        "refusal": refusal,
        "may_manage": may_manage_queue(request.user, level.warehouse),
        "expected": expected_in_words(level.expected_on, today=timezone.localdate()),
        "totals": queue.aggregate(orders=Count("order", distinct=True), units=Sum("backordered", default=0)),
        "rows": list(enumerate(shown, start=first_place)),
        "is_later_page": last is not None,
        "next_key": shown[-1].pk if len(page) > PAGE_SIZE else None,
    }
    return render(request, "orders/queue.html", context, status=status)


def _last_shown(level: StockLevel, text: str) -> OrderLine | None:
    """The line that the page before ended with; it may have been served since."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    lines = OrderLine.objects.filter(order__sender=level.warehouse_id, article=level.article_id)
    return lines.filter(order__number__isnull=False, pk=int(text)).select_related("order").first()
