from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Device, Location, MovementReason, StockLevel
from inventory.operations.locating import warehouse_location
from inventory.operations.moving import Move, post_movements
from inventory.operations.reserving import reserve
from inventory.writing import write_rows
from orders.models import (
    Delivery,
    DeliveryFailure,
    DeliveryLine,
    EventKind,
    FailureReason,
    Holding,
    Order,
    OrderEvent,
    OrderLine,
    Receipt,
)
from orders.statuses import state_of
from parties.models import User

from .locating import recipient_location
from .locking import lock_order
from .notifying import notify


class DeliveryCannotFail(Exception):
    """The goods are not on their way back; the message says why, in Swedish."""


@transaction.atomic
def fail_delivery(*, delivery_id: int, reason: FailureReason, note: str, by: User, at: datetime) -> DeliveryFailure:
    """*Leverans misslyckad*: the goods of one delivery come back to the sender, who keeps them for the order.

    The delivery stays as a document; its lines wait again, with the goods reserved. A delivery fails once: saying so
    again returns the first failure. Raises DeliveryCannotFail, and then nothing has changed.
    """
    order = lock_order(Delivery.objects.values_list("order_id", flat=True).get(pk=delivery_id))
    if earlier := DeliveryFailure.objects.filter(delivery=delivery_id).select_related("actor").first():
        return earlier
    delivery = order.deliveries.get(pk=delivery_id)
    if Receipt.objects.filter(delivery=delivery).exists():
        raise DeliveryCannotFail(f"Utleverans {delivery.number} är kvitterad. Det som skiljer sig är en avvikelse.")
    assert order.sender is not None
    source, target = recipient_location(order), warehouse_location(order.sender)
    _take_back_holdings(delivery)
    levels = _lock_levels(order, source)
    sent = list(delivery.lines.select_related("order_line", "device").order_by("pk"))
    _require_devices(sent, source)
    moves = [_move(line, source, target) for line in sent]
    why = f"Leverans misslyckad: {reason.label}"
    post_movements(moves, levels=levels, reason=MovementReason.CORRECTION, by=by, at=at, note=why)
    _keep_for_the_order(sent, levels, order)
    save_levels(levels.values())
    failure = DeliveryFailure.objects.create(delivery=delivery, reason=reason, note=note.strip(), actor=by, at=at)
    _note_state(order)
    detail = f"{delivery.number}: {reason.label}. {failure.note}".strip()[:200]
    notify([OrderEvent.objects.create(order=order, kind=EventKind.FAILED, actor=by, at=at, detail=detail)])
    return failure


def _take_back_holdings(delivery: Delivery) -> None:
    """Nobody had what never came: its holdings are taken away. What has been returned since did come."""
    lines = Holding.objects.filter(delivery_line__delivery=delivery)
    holdings = list(lines.select_related("article").select_for_update(of=["self"]).order_by("pk"))
    for holding in holdings:
        if holding.returned:
            raise DeliveryCannotFail(f"{holding.article} ur utleverans {delivery.number} är redan återlämnad.")
    lines.delete()


def _lock_levels(order: Order, source: Location) -> dict[LevelKey, StockLevel]:
    """The balances of the order's articles in the sender, and for a transfer in the receiving store."""
    warehouses = {pk for pk in (order.sender_id, source.warehouse_id) if pk}
    articles = list(order.lines.values_list("article_id", flat=True))
    return lock_levels((warehouse, article) for warehouse in warehouses for article in articles)


def _require_devices(sent: Sequence[DeliveryLine], source: Location) -> None:
    """Each device is still where it was sent: one that has been returned cannot come back again."""
    wanted = [line.device_id for line in sent if line.device_id]
    there = set(Device.objects.filter(pk__in=wanted, location=source).values_list("pk", flat=True)) if wanted else set()
    for line in sent:
        if line.device_id and line.device_id not in there:
            raise DeliveryCannotFail(f"Individ {line.device} är inte kvar hos mottagaren.")


def _move(line: DeliveryLine, source: Location, target: Location) -> Move:
    return Move(
        key=f"failure:{line.delivery_id}:line:{line.pk}",
        article_id=line.order_line.article_id,
        quantity=line.quantity,
        device_id=line.device_id,
        source=source,
        target=target,
    )


def _keep_for_the_order(sent: Sequence[DeliveryLine], levels: dict[LevelKey, StockLevel], order: Order) -> None:
    """What came back is reserved for the line that it left; one line can have several delivery lines (devices)."""
    assert order.sender_id is not None
    lines: dict[int, OrderLine] = {}
    for delivery_line in sent:
        line = lines.setdefault(delivery_line.order_line_id, delivery_line.order_line)
        line.delivered -= delivery_line.quantity
        line.reserved += reserve(levels[order.sender_id, line.article_id], delivery_line.quantity)
    write_rows(lines.values(), ["delivered", "reserved"])


def _note_state(order: Order) -> None:
    order.state = state_of(order, order.lines.all(), awaits_receipt=order.deliveries.awaiting_receipt().exists())
    order.version += 1
    order.save(update_fields=["state", "version"])
