"""Taking a pick from the work list, giving it back, and taking over a colleague's."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from orders.access import may_deliver, may_pick
from orders.functions import Entry, Functions
from orders.models import Order, OrderLine
from orders.operations.claiming import ClaimNotPossible, claim_lines, claim_orders, give_back
from orders.reading import CLAIMED_LINES, read_lines
from orders.views.head import head_of, order_or_404
from orders.work_list import orders_worked_at_by
from parties.requests import UserRequest

from .work_list import work_list_page

NOTHING = "Kryssa för minst en order eller rad."
MOST = 200
LARGEST_ID = 2**63 - 1


@require_POST
def pick_claim(request: UserRequest, *, and_print: bool = False) -> HttpResponse:
    """*Ta plock*: what is ticked becomes mine, all of it or nothing; then perhaps its pick list."""
    orders, lines = chosen(request)
    try:
        if orders:
            taken = claim_orders(order_ids=orders, by=request.user, at=timezone.now())
        elif lines:
            taken = claim_lines(line_ids=lines, by=request.user, at=timezone.now())
        else:
            return work_list_page(request, refusal=NOTHING, status=422)
    except ClaimNotPossible as error:
        return work_list_page(request, refusal=f"{error} Inget plock är taget.", status=409)
    if and_print:
        ids = [("order", pk) for pk in orders] or [("rad", pk) for pk in lines]
        return redirect(f"{reverse('picks_pdf')}?{urlencode(ids)}")
    messages.success(request, f"Du har tagit {how_many(taken)}.")
    return redirect(list_url(request))


@require_POST
def pick_give_back(request: UserRequest) -> HttpResponse:
    """*Lämna tillbaka*: what is ticked and mine can be picked by anybody again."""
    orders, lines = chosen(request)
    if not (orders or lines):
        return work_list_page(request, refusal=NOTHING, status=422)
    mine = OrderLine.objects.filter(claimed_by=request.user)
    mine = mine.filter(order__in=orders) if orders else mine.filter(pk__in=lines)
    given = give_back(line_ids=mine.values_list("pk", flat=True), by=request.user, at=timezone.now())
    if not given:
        return work_list_page(request, refusal="Du plockar inget av det som är kryssat.", status=422)
    messages.success(request, f"Du har lämnat tillbaka {how_many(given)}.")
    return redirect(list_url(request))


@require_http_methods(["GET", "HEAD", "POST"])
def pick_take_over(request: UserRequest, pk: int, holder_pk: int) -> HttpResponse:
    """*Ta över* what a colleague picks of one order, or hand it back for them. Asked first: they may be at it."""
    order = order_or_404(request, pk)
    if not may_deliver(request.user, order):
        raise PermissionDenied
    lines = [line for line in read_lines(order, CLAIMED_LINES) if line.claimed_by_id == holder_pk]
    if request.method != "POST":
        if not lines:
            messages.info(request, "Plocket är redan avslutat eller tillbakalämnat.")
            return redirect(order)
        return take_over_page(request, order, lines)
    ids = {line.pk for line in lines}
    if request.POST.get("act") == "back":
        done = give_back(line_ids=ids, by=request.user, at=timezone.now(), holder_id=holder_pk)
    else:
        try:
            done = claim_lines(line_ids=ids, by=request.user, at=timezone.now(), holder_id=holder_pk)
        except ClaimNotPossible as error:
            return take_over_page(request, order, lines, refusal=str(error), status=409)
    if done:
        words = "lämnat tillbaka" if request.POST.get("act") == "back" else "tagit över"
        messages.success(request, f"Du har {words} {how_many(done)} av {order}.")
    else:
        messages.info(request, "Plocket är redan avslutat eller tillbakalämnat.")
    return redirect(order)


def chosen(request: UserRequest) -> tuple[list[int], list[int]]:
    """The ticked orders, or else lines, of the warehouses where the person picks; one that is elsewhere is a 404."""
    if not may_pick(request.user):
        raise PermissionDenied
    orders, lines = ids_of(request.POST.getlist("order")), ids_of(request.POST.getlist("rad"))
    here = orders_worked_at_by(request.user)
    found = here.filter(pk__in=orders).count() if orders else 0
    found += OrderLine.objects.filter(pk__in=lines, order__in=here).count() if lines else 0
    if found != len(orders) + len(lines):
        raise Http404
    return orders, lines


def ids_of(values: Sequence[str]) -> list[int]:
    """Ids as a form or an address has them, each once. Raises Http404 for what is no id, or for far too many."""
    ids = sorted({int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 20})
    if len(ids) < len(set(values)) or len(ids) > MOST or any(pk > LARGEST_ID for pk in ids):
        raise Http404
    return ids


def list_url(request: UserRequest) -> str:
    """The list with the filters that it had."""
    query = request.GET.urlencode()
    return f"{reverse('work_list')}?{query}" if query else reverse("work_list")


def how_many(lines: Sequence[OrderLine]) -> str:
    return f"{len(lines)} {'rad' if len(lines) == 1 else 'rader'}"


def take_over_page(
    request: UserRequest, order: Order, lines: Sequence[OrderLine], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = head_of(request, order) | {
        "lines": lines,
        "refusal": refusal,
        "functions": Functions(
            main=Entry(label="Ta över plocket", form="take-over"),
            items=[Entry(label="Tillbaka till ordern", url=order.get_absolute_url())],
            next_text="Den som plockade får veta det på sin startsida.",
        ),
    }
    return render(request, "orders/take_over.html", context, status=status)
