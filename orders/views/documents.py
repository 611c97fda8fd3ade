"""The printed documents of an order."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from orders import documents, roles
from orders.access import may_deliver, may_pick, may_print_delivery
from orders.looks import note_orders
from orders.models import Delivery, OrderLine
from orders.reading import RECIPIENT, WITH_CUSTOMER, read_orders, visible, visible_values
from orders.views.claims import ids_of
from orders.views.head import order_or_404
from orders.work_list import orders_worked_at_by
from parties.looks import Act
from parties.reading import Reader
from parties.requests import UserRequest

PARTIES = ("sender", "sender__owner", "customer", "orderer", *RECIPIENT, "recipient_warehouse__owner")
PRINTED = Reader(Delivery, "actor", "failure", "order", *(f"order__{path}" for path in PARTIES))


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_pick_list(request: UserRequest, pk: int) -> HttpResponse:
    """*Plocklista* of one registered order, for those who can deliver it."""
    order = order_or_404(request, pk, WITH_CUSTOMER)
    if order.is_draft:
        raise Http404
    if not may_deliver(request.user, order):
        raise PermissionDenied
    note_orders(request, order, Act.PRINT, about=f"Plocklista {order.number}")
    content = documents.pick_list([order], at=timezone.now(), picker=request.user)
    return pdf(content, f"plocklista-{order.number}")


@require_safe
def picks_pdf(request: UserRequest) -> HttpResponse:
    """One *Plocklista* of the chosen orders or lines (`order=…`, `rad=…`), without what a colleague is picking."""
    if not may_pick(request.user):
        raise PermissionDenied
    wanted, line_ids = ids_of(request.GET.getlist("order")), ids_of(request.GET.getlist("rad"))
    here = orders_worked_at_by(request.user).order_by("registered_at", "pk")
    lines = OrderLine.objects.filter(pk__in=line_ids)
    keys = here.filter(Q(pk__in=wanted) | Q(pk__in=lines.values("order"))).values_list("pk", flat=True)
    orders = read_orders(keys, WITH_CUSTOMER)
    found = set(lines.filter(order__in=orders).values_list("pk", flat=True))
    if not orders or not {order.pk for order in orders}.issuperset(wanted) or not found.issuperset(line_ids):
        raise Http404
    for order in orders:
        note_orders(request, order, Act.PRINT, about=f"Plocklista {order.number}")
    name = orders[0].number if len(orders) == 1 else f"{len(orders)}-ordrar"
    return pdf(
        documents.pick_list(orders, at=timezone.now(), only=found or None, picker=request.user), f"plocklista-{name}"
    )


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def delivery_note(request: UserRequest, pk: int) -> HttpResponse:
    """*Följesedel* of one delivery."""
    delivery = printable_delivery(request, pk)
    note_orders(request, delivery.order, Act.PRINT, about=f"Följesedel {delivery.number}")
    return pdf(documents.delivery_note(delivery, at=timezone.now()), f"foljesedel-{delivery.number}")


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def goods_label(request: UserRequest, pk: int) -> HttpResponse:
    """*Godsmärkning* of one delivery."""
    delivery = printable_delivery(request, pk)
    note_orders(request, delivery.order, Act.PRINT, about=f"Godsmärkning {delivery.number}")
    return pdf(documents.goods_label(delivery, at=timezone.now()), f"godsmarkning-{delivery.number}")


def printable_delivery(request: UserRequest, pk: int) -> Delivery:
    """A delivery of an order that the user may see, with all that stands on a document's head."""
    condition = f"it.id = %(pk)s AND {visible(order='"order"')}"
    deliveries = PRINTED.read(condition, {"pk": pk} | visible_values(request.user))
    if not deliveries:
        raise Http404
    (delivery,) = deliveries
    if not may_print_delivery(request.user, delivery.order):
        raise PermissionDenied
    return delivery


def pdf(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser. The name is quoted by Django, whatever an order's number may become one day."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return response
