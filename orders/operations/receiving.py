from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import MovementReason, Warehouse
from inventory.operations.locating import transit_location, warehouse_location
from inventory.operations.moving import Move, level_keys, post_movements
from orders.models import (
    Delivery,
    DeliveryFailure,
    DeliveryLine,
    EventKind,
    OrderEvent,
    OrderLine,
    OrderType,
    Receipt,
    ReceiptLine,
)
from orders.statuses import state_of
from parties.models import User

from .allocating import share_out
from .locking import lock_order


class DeliveryCannotBeReceived(Exception):
    """The receipt would not be true; `line_id` is the delivery line it concerns. The message is in Swedish."""

    def __init__(self, message: str, *, line_id: int | None = None) -> None:
        super().__init__(message)
        self.line_id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """That fewer units came than were sent: how many came, and why."""

    received: int
    reason: str


@transaction.atomic
def receive_delivery(
    *, delivery_id: int, by: User, at: datetime, shortages: Mapping[int, Shortage] | None = None
) -> Receipt:
    """Confirm receipt (kvittera mottagning) of a transfer: in transit → the receiving store.

    Everything came, unless `shortages` (by delivery line pk) says otherwise; what is missing stays in transit until
    it is settled. A delivery is received once: a second confirmation returns the first. What arrives goes to waiting
    lines at once. Raises DeliveryCannotBeReceived.
    """
    order = lock_order(Delivery.objects.values_list("order_id", flat=True).get(pk=delivery_id))
    if earlier := Receipt.objects.filter(delivery=delivery_id).first():
        return earlier
    if order.type != OrderType.TRANSFER or order.recipient_warehouse is None:
        raise DeliveryCannotBeReceived("Bara en lagerflytt kvitteras.")
    if DeliveryFailure.objects.filter(delivery=delivery_id).exists():
        raise DeliveryCannotBeReceived("Leveransen misslyckades. Varorna är tillbaka hos avsändaren.")
    sent = list(DeliveryLine.objects.filter(delivery=delivery_id).select_related("order_line__article").order_by("pk"))
    came = {line.pk: _came(line, (shortages or {}).get(line.pk)) for line in sent}
    moves = _moves(sent, came, store=order.recipient_warehouse)
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=MovementReason.RECEIPT, by=by, at=at)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    receipt = _write_receipt(sent, came, delivery_id=delivery_id, by=by, at=at)
    _note_received(sent, came)
    awaits = order.deliveries.awaiting_receipt().exists()
    order.state = state_of(order, order.lines.all(), awaits_receipt=awaits)
    order.version += 1
    order.save(update_fields=["state", "version"])
    OrderEvent.objects.create(order=order, kind=EventKind.RECEIVED, actor=by, at=at)
    return receipt


def _came(line: DeliveryLine, shortage: Shortage | None) -> Shortage:
    if shortage is None or shortage.received == line.quantity:
        return Shortage(received=line.quantity, reason="")
    article = line.order_line.article
    if not 0 <= shortage.received < line.quantity:
        raise DeliveryCannotBeReceived(f"{article}: {line.quantity} skickades.", line_id=line.pk)
    if not shortage.reason.strip():
        raise DeliveryCannotBeReceived(f"{article}: skriv varför det saknas.", line_id=line.pk)
    return Shortage(received=shortage.received, reason=shortage.reason.strip())


def _moves(sent: list[DeliveryLine], came: dict[int, Shortage], *, store: Warehouse) -> list[Move]:
    source, target = transit_location(store), warehouse_location(store)
    return [
        Move(
            key=f"receipt:{line.delivery_id}:line:{line.pk}",
            article_id=line.order_line.article_id,
            quantity=came[line.pk].received,
            device_id=line.device_id,
            source=source,
            target=target,
        )
        for line in sent
        if came[line.pk].received
    ]


def _write_receipt(
    sent: list[DeliveryLine], came: dict[int, Shortage], *, delivery_id: int, by: User, at: datetime
) -> Receipt:
    receipt = Receipt.objects.create(delivery_id=delivery_id, at=at, actor=by)
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            delivery_line=line,
            received=came[line.pk].received,
            missing=line.quantity - came[line.pk].received,
            reason=came[line.pk].reason,
        )
        for line in sent
    )
    return receipt


def _note_received(sent: list[DeliveryLine], came: dict[int, Shortage]) -> None:
    """Add what came to the order lines; one order line can have several delivery lines (devices)."""
    lines: dict[int, OrderLine] = {}
    for delivery_line in sent:
        line = lines.setdefault(delivery_line.order_line_id, delivery_line.order_line)
        line.received += came[delivery_line.pk].received
    OrderLine.objects.bulk_update(lines.values(), ["received"])
