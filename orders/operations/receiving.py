from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import Location, MovementReason
from inventory.operations.locating import transit_location, warehouse_location
from inventory.operations.moving import Move, level_keys, post_movements
from inventory.writing import write_rows
from orders.models import (
    Delivery,
    DeliveryFailure,
    DeliveryLine,
    EventKind,
    Order,
    OrderEvent,
    OrderLine,
    OrderType,
    Receipt,
    ReceiptLine,
)
from orders.statuses import state_of
from parties.models import User

from .allocating import share_out
from .counted import (
    Counted,
    DeliveryCannotBeReceived,
    Unsent,
    difference_of,
    require_extra_devices,
    require_true,
    require_unsent,
)
from .locking import lock_order
from .notifying import notify

__all__ = ["Counted", "DeliveryCannotBeReceived", "Unsent", "receive_delivery"]


@transaction.atomic
def receive_delivery(
    *,
    delivery_id: int,
    by: User,
    at: datetime,
    counted: Mapping[int, Counted] | None = None,
    unsent: Sequence[Unsent] = (),
) -> Receipt:
    """Confirm receipt (kvittera mottagning) of a transfer: in transit → the receiving store.

    Everything came and nothing else, unless `counted` (by delivery line pk) and `unsent` say otherwise. What is missing
    or damaged stays in transit, and what is extra or was not sent outside the balance, until it is settled
    (`orders.operations.settling`). A delivery is received once: a second confirmation returns the first. What arrives
    goes to waiting lines at once. Raises DeliveryCannotBeReceived, and then nothing has changed.
    """
    order = lock_order(Delivery.objects.values_list("order_id", flat=True).get(pk=delivery_id))
    if earlier := Receipt.objects.filter(delivery=delivery_id).select_related("actor").first():
        return earlier
    if order.type != OrderType.TRANSFER or order.recipient_warehouse is None:
        raise DeliveryCannotBeReceived("Bara en lagerflytt kvitteras.")
    if DeliveryFailure.objects.filter(delivery=delivery_id).exists():
        raise DeliveryCannotBeReceived("Leveransen misslyckades. Varorna är tillbaka hos avsändaren.")
    source, target = transit_location(order.recipient_warehouse), warehouse_location(order.recipient_warehouse)
    lines = DeliveryLine.objects.filter(delivery=delivery_id).select_related("order_line__article", "delivery")
    sent = list(lines.order_by("pk"))
    came = {line.pk: (counted or {}).get(line.pk) or Counted(received=line.quantity) for line in sent}
    for line in sent:
        require_true(line, came[line.pk])
    require_unsent(sent, unsent)
    require_extra_devices(sent, came, unsent, target)
    moves = _moves(sent, came, source, target)
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=MovementReason.RECEIPT, by=by, at=at)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    receipt = Receipt.objects.create(delivery_id=delivery_id, at=at, actor=by)
    written = [(_line_of(line, came[line.pk]), came[line.pk].extra_device_ids) for line in sent]
    _write_lines(receipt, [*written, *((_line_of_other(other), other.device_ids) for other in unsent)])
    _note_received(sent, came)
    _note_state(order)
    _tell(order, sent[0].delivery, difference_of(came.values(), unsent), by=by, at=at)
    return receipt


def _moves(sent: Sequence[DeliveryLine], came: Mapping[int, Counted], source: Location, target: Location) -> list[Move]:
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


def _line_of(line: DeliveryLine, counted: Counted) -> ReceiptLine:
    return ReceiptLine(
        delivery_line=line,
        received=counted.received,
        missing=counted.missing,
        damaged=counted.damaged,
        extra=counted.extra,
        reason=counted.reason.strip() if counted.differs else "",
    )


def _line_of_other(other: Unsent) -> ReceiptLine:
    return ReceiptLine(other_article=other.article, received=0, extra=other.quantity, reason=other.reason.strip())


def _write_lines(receipt: Receipt, lines: Sequence[tuple[ReceiptLine, Sequence[int]]]) -> None:
    """Each with the keys of its extra devices."""
    for line, _ in lines:
        line.receipt = receipt
    ReceiptLine.objects.bulk_create(line for line, _ in lines)
    through = ReceiptLine.extra_devices.through
    through.objects.bulk_create(through(receiptline=line, device_id=pk) for line, pks in lines for pk in pks)


def _note_received(sent: Sequence[DeliveryLine], came: Mapping[int, Counted]) -> None:
    """Add what came to the order lines; one order line can have several delivery lines (devices)."""
    lines: dict[int, OrderLine] = {}
    for delivery_line in sent:
        line = lines.setdefault(delivery_line.order_line_id, delivery_line.order_line)
        line.received += came[delivery_line.pk].received
    write_rows(lines.values(), ["received"])


def _note_state(order: Order) -> None:
    order.state = state_of(order, order.lines.all(), awaits_receipt=order.deliveries.awaiting_receipt().exists())
    order.version += 1
    order.save(update_fields=["state", "version"])


def _tell(order: Order, delivery: Delivery, differs: str, *, by: User, at: datetime) -> None:
    """The history says what differs, and whoever sent the goods is told."""
    detail = f"{delivery.number}: {differs}" if differs else delivery.number
    event = OrderEvent.objects.create(order=order, kind=EventKind.RECEIVED, actor=by, at=at, detail=detail)
    if differs:
        notify([event], also={delivery.actor_id})
