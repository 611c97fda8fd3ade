"""What to do about the rest of a line: the page with the four ways out, and the two that are done there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders.access import may_cancel, may_choose_way_out
from orders.forms.ways_out import OwnStoreForm, SubstituteForm
from orders.functions import Entry, Functions
from orders.looks import note_orders
from orders.models import Order, OrderLine
from orders.operations.locking import OrderHasChanged
from orders.operations.own_store import take_from_own_store
from orders.operations.substituting import substitute_rest, was_sent_before
from orders.operations.waiting import LineDoesNotWait, WayOutRefused
from orders.reading import WITH_CUSTOMER
from orders.views.drafts import version_of
from orders.views.head import head_of, order_or_404
from orders.views.saving import key_of
from orders.ways_out import WaysOut, ways_out_of
from parties.looks import Act
from parties.requests import UserRequest

GONE = "Raden väntar inte längre. Se på ordern hur den står nu."


@require_safe
def order_line_rest(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """*Vad vill du göra med resten?* for one line that waits."""
    order, line, ways = waiting_line(request, pk, line_pk)
    if ways is None:
        messages.info(request, GONE)
        return redirect(order)
    return ways_page(request, order, line, ways)


@require_POST
def order_line_own_store(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """*Ta från eget lager*: a direct order, and on to *Skapa utleverans*. Pressed twice it is the same order."""
    order, line, ways = waiting_line(request, pk, line_pk)
    if ways is None:
        key = key_of(request)
        earlier = order.successors.filter(draft_key=key).first() if key else None  # what the first press made
        return redirect("order_deliver", earlier.pk) if earlier else ways_page(request, order, line, None, status=409)
    form = OwnStoreForm(request.POST, ways=ways)
    if not form.is_valid():
        return ways_page(request, order, line, ways, own=form, status=422)
    values = form.cleaned_data
    try:
        direct = take_from_own_store(order_id=order.pk, line_id=line.pk, by=request.user, at=timezone.now(), **values)
    except LineDoesNotWait:
        return ways_page(request, order, line, None, status=409)
    except WayOutRefused as error:
        form.refuse(str(error), error.field)
        return ways_page(request, order, line, ways, own=form, status=422)
    note_orders(request, direct, Act.SAVE)
    messages.success(request, f"{direct.subtype} {direct} är sparad. Nu lämnar du ut den.")
    return redirect("order_deliver", direct.pk)


@require_POST
def order_line_substitute(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """*Ta en likvärdig artikel*: reserved on a line of its own, and this line waits for less."""
    order, line, ways = waiting_line(request, pk, line_pk)
    if ways is None:
        is_again = was_sent_before(order, version_of(request), by=request.user)
        return redirect(order) if is_again else ways_page(request, order, line, None, status=409)
    form = SubstituteForm(request.POST, order=order, ways=ways)
    if not form.is_valid():
        return ways_page(request, order, line, ways, substitute=form, status=422)
    values = form.cleaned_data
    try:
        instead = substitute_rest(order_id=order.pk, line_id=line.pk, by=request.user, at=timezone.now(), **values)
    except LineDoesNotWait:
        return ways_page(request, order, line, None, status=409)
    except OrderHasChanged as error:
        return ways_page(request, order, line, ways, refusal=str(error), status=409)
    except WayOutRefused as error:
        form.refuse(str(error), error.field)
        return ways_page(request, order, line, ways, substitute=form, status=422)
    messages.success(request, f"{instead.article} är reserverad i stället.")
    return redirect(order)


def waiting_line(request: UserRequest, pk: int, line_pk: int) -> tuple[Order, OrderLine, WaysOut | None]:
    """The line, where the user may see its order (else 404) and choose for it (else 403), and how it waits."""
    order = order_or_404(request, pk, WITH_CUSTOMER)
    if order.is_draft:
        raise Http404
    if not may_choose_way_out(request.user, order):
        raise PermissionDenied
    line = get_object_or_404(order.lines.select_related("article", "device"), pk=line_pk)
    return order, line, ways_out_of(order, line, on=timezone.localdate())


def ways_page(
    request: UserRequest,
    order: Order,
    line: OrderLine,
    ways: WaysOut | None,
    *,
    own: OwnStoreForm | None = None,
    substitute: SubstituteForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; without `ways` it only says that the line no longer waits."""
    context = head_of(request, order) | {
        "line": line,
        "ways": ways,
        "refusal": refusal if ways else GONE,
        "own": own or (OwnStoreForm(ways=ways) if ways and ways.in_store else None),
        "substitute": substitute or (SubstituteForm(order=order, ways=ways) if ways and ways.equivalents else None),
        "may_cancel": may_cancel(request.user, order),
        "functions": Functions(
            items=[Entry(label="Tillbaka till ordern", url=order.get_absolute_url())],
            next_text="Väljer du inget väntar raden kvar i kön.",
        ),
    }
    return render(request, "orders/ways_out.html", context, status=status)
