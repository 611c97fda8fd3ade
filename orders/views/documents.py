"""The printed documents of an order."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import documents, roles
from orders.access import may_deliver, may_print_delivery
from orders.looks import note_orders
from orders.models import Delivery, Order
from parties.looks import Act
from parties.requests import UserRequest


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_pick_list(request: UserRequest, pk: int) -> HttpResponse:
    """*Plocklista* of one registered order, for those who can deliver it."""
    orders = Order.objects.visible_to(request.user).filter(number__isnull=False).with_parties()
    order = get_object_or_404(orders, pk=pk)
    if not may_deliver(request.user, order):
        raise PermissionDenied
    note_orders(request, order, Act.PRINT, about=f"Plocklista {order.number}")
    return pdf(documents.pick_list([order], at=timezone.now()), f"plocklista-{order.number}")


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
    deliveries = Delivery.objects.filter(order__in=Order.objects.visible_to(request.user)).select_related(
        "actor",
        "order__sender__owner",
        "order__customer",
        "order__orderer",
        "order__recipient_warehouse__owner",
        "order__recipient_unit",
        "order__recipient_patient",
    )
    delivery = get_object_or_404(deliveries, pk=pk)
    if not may_print_delivery(request.user, delivery.order):
        raise PermissionDenied
    return delivery


def pdf(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser; the name is letters, digits and hyphens only, as order numbers are."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
