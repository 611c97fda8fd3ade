from datetime import datetime
from uuid import UUID

from django.db import transaction

from inventory.models import Warehouse
from inventory.operations.reserving import free
from inventory.queries import own_store
from orders.models import CancelReason, EventKind, Order, OrderEvent, OrderLine, OrderSubtype, OrderType, SenderRule
from orders.reading import read_lines
from parties.models import User

from .allocating import amount_of
from .canceling import note_if_nothing_is_left, save_canceled, take_off
from .locking import lock_order
from .notifying import notify
from .registering import OrderCannotBeRegistered, register_order
from .waiting import WayOutRefused, lock_levels_with, require_waiting


def own_source(order: Order) -> tuple[Warehouse, OrderSubtype] | None:
    """The own store that could serve an order instead of its sender, and the kind of direct order that would do it.

    None for a lagerflytt, for an order from that store already, and where the customer has no store.
    """
    if order.type == OrderType.TRANSFER or order.customer is None:
        return None
    store = own_store(order.customer)
    subtype = OrderSubtype.objects.offered().filter(type=order.type, is_direct=True, sender_rule=SenderRule.OWN).first()
    return (store, subtype) if store and subtype and store.pk != order.sender_id else None


@transaction.atomic
def take_from_own_store(*, order_id: int, line_id: int, quantity: int, key: UUID, by: User, at: datetime) -> Order:
    """Take what a line waits for from the own store instead: a direct order is registered, and the line waits for less.

    Returns the direct order, reserved in full and ready to be handed out. `key` is made with the page: the same key
    again returns the same order. Raises LineDoesNotWait, WayOutRefused, and then nothing has changed.
    """
    order = lock_order(order_id)
    if earlier := Order.objects.filter(draft_key=key).first():
        return _same(earlier, order)
    source = own_source(order)
    if source is None:
        raise WayOutRefused("Ordern kan inte tas från eget lager.")
    store, subtype = source
    article_id = order.lines.values_list("article_id", flat=True).get(pk=line_id)
    levels = lock_levels_with(order, (store.pk, article_id))
    here = levels.pop((store.pk, article_id))  # written by the direct order's registration
    lines = read_lines(order)  # looked at after the lock
    line = require_waiting(order, lines, line_id, quantity)
    if free(here) < quantity:
        raise WayOutRefused(f"Bara {max(free(here), 0)} finns i {store}.")
    direct = _register(order, line, quantity, store=store, subtype=subtype, key=key, by=by, at=at)
    take_off(line, quantity, levels)
    note_if_nothing_is_left(order, lines, reason=CancelReason.NOT_AVAILABLE, at=at)
    save_canceled(order, lines, levels, by=by, at=at)
    _tell(order, direct, amount_of(line, quantity), by=by, at=at)
    return direct


def _same(earlier: Order, order: Order) -> Order:
    if earlier.origin_id != order.pk:
        raise WayOutRefused("Sidan hör till en annan order. Ladda om den och försök igen.")
    return earlier


def _register(
    order: Order,
    line: OrderLine,
    quantity: int,
    *,
    store: Warehouse,
    subtype: OrderSubtype,
    key: UUID,
    by: User,
    at: datetime,
) -> Order:
    """The same people and recipient, another sender."""
    direct = Order.objects.create(
        draft_key=key,
        subtype=subtype,
        type=order.type,
        registrar=by,
        orderer=order.orderer,
        customer=order.customer,
        municipality=order.municipality,
        payer_id=order.payer_id,
        sender=store,
        recipient_unit=order.recipient_unit,
        recipient_patient=order.recipient_patient,
        is_urgent=order.is_urgent,
        origin=order,
        created_at=at,
    )
    direct.lines.create(position=1, article=line.article, quantity=quantity)
    try:
        return register_order(order_id=direct.pk, by=by, at=at)
    except OrderCannotBeRegistered as error:  # somebody has left, a right has ended, the patient has died
        raise WayOutRefused(str(error)) from error


def _tell(order: Order, direct: Order, amount: str, *, by: User, at: datetime) -> None:
    """Both orders say where the other is."""
    details = {order: f"{amount} från {direct.sender}: {direct}", direct: f"{amount} i stället för {order}"}
    notify(
        OrderEvent.objects.bulk_create(
            OrderEvent(order=told, kind=EventKind.OWN_STORE, actor=by, at=at, detail=detail[:200])
            for told, detail in details.items()
        )
    )
