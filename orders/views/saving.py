"""The fourth step of the wizard, *Granska och spara*, and the two ways to save."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders.access import may_create, may_deliver
from orders.draft_rows import draft_rows
from orders.forms.drafting import WishesForm
from orders.looks import note_orders
from orders.models import Order, OrderType
from orders.operations.delivering import DeliveryNotPossible
from orders.operations.drafting import DraftHasChanged, Wishes, set_wishes
from orders.operations.registering import OrderCannotBeRegistered
from orders.operations.saving import save_and_hand_out, save_order
from orders.reading import WITH_HEAD, read_lines
from orders.wizard import REVIEW, save_fields
from parties.looks import Act
from parties.requests import UserRequest

from .drafts import draft_view, frame, version_of, visible_order


@require_safe
@draft_view
def order_review(request: UserRequest, order: Order) -> HttpResponse:
    """Everything on one page: what is missing, and what will have to wait."""
    return review_page(request, order)


@require_POST
@draft_view
def order_wishes(request: UserRequest, order: Order) -> HttpResponse:
    """Keep the wishes in the draft: at each tick, or by a button where there is no JavaScript."""
    if wishes := wishes_of(request):
        set_wishes(order_id=order.pk, wishes=wishes)
    return HttpResponse(status=204) if request.htmx else redirect("order_review", order.pk)


@require_POST
def order_register(request: UserRequest, pk: int) -> HttpResponse:
    """*Spara*: the draft becomes an order. Pressed twice, the second press shows the order."""
    order = visible_order(request, pk, WITH_HEAD)
    if not order.is_draft:
        return redirect(order)
    if not may_create(request.user, OrderType(order.type)):
        raise PermissionDenied
    try:
        saved = save_order(
            order_id=order.pk,
            version=version_of(request),
            by=request.user,
            at=timezone.now(),
            wishes=wishes_of(request),
        )
    except Order.DoesNotExist as gone:  # thrown away in another tab just now
        raise Http404 from gone
    except (OrderCannotBeRegistered, DraftHasChanged) as error:
        return review_page(request, order, refusal=str(error), status=422)
    note_orders(request, order, Act.SAVE, about=str(saved))
    messages.success(request, f"{order.subtype} {saved.number} är sparad.")
    return redirect(saved)


@require_POST
def order_hand_out(request: UserRequest, pk: int) -> HttpResponse:
    """*Spara och lämna ut*: order and delivery in one. Pressed twice, the second press shows the order."""
    order = visible_order(request, pk, WITH_HEAD)
    if not order.is_draft:
        return redirect(order)
    may_hand_out = order.sender is None or may_deliver(request.user, order)
    if not (may_create(request.user, OrderType(order.type)) and may_hand_out):
        raise PermissionDenied
    key = key_of(request)
    if key is None:
        return review_page(request, order, refusal="Ladda om sidan och försök igen.", status=422)
    try:
        delivery = save_and_hand_out(
            order_id=order.pk, version=version_of(request), key=key, by=request.user, at=timezone.now()
        )
    except Order.DoesNotExist as gone:
        raise Http404 from gone
    except (OrderCannotBeRegistered, DeliveryNotPossible, DraftHasChanged) as error:
        return review_page(request, order, refusal=str(error), status=422)
    note_orders(request, order, Act.SAVE, about=str(delivery.order))
    note_orders(request, order, Act.DELIVERY, about=f"Utleverans {delivery.number}")
    messages.success(request, f"{order.subtype} {delivery.order.number} är sparad och utlämnad.")
    return redirect(delivery.order)


def key_of(request: UserRequest) -> UUID | None:
    """The key that was made with the page."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def wishes_of(request: UserRequest) -> Wishes | None:
    """What is ticked on the page; nothing where the page did not ask."""
    if "wishes" not in request.POST:
        return None
    return Wishes(is_urgent="is_urgent" in request.POST, only_complete="only_complete" in request.POST)


def wishes_form(request: UserRequest, order: Order) -> WishesForm:
    """As the draft has them; after a refusal as they were ticked."""
    initial = {"is_urgent": order.is_urgent, "only_complete": order.only_complete}
    return WishesForm(request.POST if "wishes" in request.POST else None, initial=initial)


def review_page(request: UserRequest, order: Order, *, refusal: str = "", status: int = 200) -> HttpResponse:
    note_orders(request, order, Act.DRAFT)
    lines = read_lines(order)
    framed = frame(order, REVIEW, lines, viewer=request.user)
    context = framed | {
        "refusal": refusal,
        "missing_parties": [] if refusal else framed["missing"].parties,
        "missing_lines": [] if refusal else framed["missing"].lines,
        "rows": draft_rows(order, lines),
        "has_devices": any(line.article.is_numbered for line in lines),
        "save_fields": save_fields(order),
        "wishes": None if order.subtype.is_direct else wishes_form(request, order),
    }
    return render(request, "orders/wizard/review.html", context, status=status)
