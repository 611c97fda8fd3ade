from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Location, MovementReason, StockLevel
from inventory.operations.locating import warehouse_location
from inventory.operations.moving import Move, post_movements
from orders.models import Delivery, DeliveryLine, EventKind, Order, OrderEvent
from orders.statuses import state_of
from parties.models import User

from .holding import open_holdings
from .locating import recipient_location
from .locking import lock_order
from .picking import (
    Chosen,
    DeliveryNotPossible,
    Pick,
    choose,
    require_complete,
    require_devices,
    require_own_pick,
    take_stock,
)
from .registering import register_order

__all__ = ["DeliveryNotPossible", "Pick", "deliver_order", "register_and_deliver"]

ANOTHERS_KEY = "Sidan hör till en annan utleverans. Ladda om sidan och försök igen."


def deliver_order(*, order_id: int, key: UUID, by: User, at: datetime, picks: Sequence[Pick] | None = None) -> Delivery:
    """Create an outbound delivery (utleverans): the goods leave the sender, and stock moves in the same transaction.

    To a care unit or a patient they arrive at once; a transfer is in transit until the store confirms receipt.
    Without `picks` everything that remains goes. `key` is made with the page: the same key again returns the same
    delivery. Raises DeliveryNotPossible, and then nothing has changed.
    """
    try:
        return _deliver(order_id=order_id, key=key, by=by, at=at, picks=picks)
    except IntegrityError as error:  # another order used the key at the same moment; the orders do not share a lock
        if Delivery.objects.filter(key=key).exclude(order=order_id).exists():
            raise DeliveryNotPossible(ANOTHERS_KEY) from error
        raise


@transaction.atomic
def _deliver(*, order_id: int, key: UUID, by: User, at: datetime, picks: Sequence[Pick] | None) -> Delivery:
    order = lock_order(order_id)
    if earlier := Delivery.objects.filter(key=key).first():
        return _same(earlier, order)
    if not order.is_open:
        raise DeliveryNotPossible("Det finns inget kvar att leverera på ordern.")
    assert order.sender is not None
    source, target = warehouse_location(order.sender), recipient_location(order)
    levels = _lock_levels(order, target)
    lines = list(order.lines.for_order_page())  # looked at after the lock
    chosen = choose(lines, picks)
    require_own_pick(chosen, by)
    require_complete(order, lines, chosen)
    require_devices(order.sender, chosen)
    take_stock(order.sender, chosen, levels)
    delivery, sent = _write_delivery(order, chosen, key=key, by=by, at=at)
    moves = [_move(line, source, target) for line in sent]
    post_movements(moves, levels=levels, reason=MovementReason.DELIVERY, by=by, at=at)
    save_levels(levels.values())
    open_holdings(sent, place=target, at=at)
    order.state = state_of(order, lines, awaits_receipt=True)
    order.version += 1
    order.save(update_fields=["state", "version"])
    OrderEvent.objects.create(order=order, kind=EventKind.DELIVERED, actor=by, at=at, detail=delivery.number)
    return delivery


@transaction.atomic
def register_and_deliver(*, order_id: int, key: UUID, by: User, at: datetime) -> Delivery:
    """*Spara och lämna ut*: register a direct order and hand everything out, in one transaction.

    Raises OrderCannotBeRegistered or DeliveryNotPossible, and then the order is still a draft.
    """
    order = register_order(order_id=order_id, by=by, at=at)
    if not order.subtype.is_direct:  # the kundordertyp may have been changed since the page was shown
        raise DeliveryNotPossible(f"{order.subtype} lämnas ut av Hjälpmedelsservice. Tryck på Spara.")
    return deliver_order(order_id=order.pk, key=key, by=by, at=at)


def _same(earlier: Delivery, order: Order) -> Delivery:
    if earlier.order_id != order.pk:
        raise DeliveryNotPossible(ANOTHERS_KEY)
    return earlier


def _lock_levels(order: Order, target: Location) -> dict[LevelKey, StockLevel]:
    """The balances of the order's articles in the sender, and for a transfer in the receiving store."""
    warehouses = {pk for pk in (order.sender_id, target.warehouse_id) if pk}
    articles = list(order.lines.values_list("article_id", flat=True))
    return lock_levels((warehouse, article) for warehouse in warehouses for article in articles)


def _write_delivery(
    order: Order, chosen: Chosen, *, key: UUID, by: User, at: datetime
) -> tuple[Delivery, list[DeliveryLine]]:
    number = f"{order.number}-{order.deliveries.count() + 1}"
    delivery = Delivery.objects.create(key=key, number=number, order=order, at=at, actor=by)
    return delivery, DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=delivery, order_line=line, device_id=device_id, quantity=quantity)
        for line, pick in chosen
        for device_id, quantity in pick.parts
    )


def _move(line: DeliveryLine, source: Location, target: Location) -> Move:
    key = f"delivery:{line.delivery_id}:line:{line.order_line_id}"
    return Move(
        key=f"{key}:device:{line.device_id}" if line.device_id else key,
        article_id=line.order_line.article_id,
        quantity=line.quantity,
        device_id=line.device_id,
        source=source,
        target=target,
    )
