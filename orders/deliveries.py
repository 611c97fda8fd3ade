"""What has left an order's sender, delivery by delivery, as the order's page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from parties.reading import Reader

from .models import Delivery, DeliveryLine, Order, OrderLine, ReceiptLine

DELIVERIES = Reader(Delivery, "actor", "receipt", "receipt__actor", "failure", "failure__actor")
LINES = Reader(DeliveryLine, "device", "receipt_line")
UNSENT = Reader(ReceiptLine, "other_article")


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery with its lines, and what came with it though nobody had sent it."""

    delivery: Delivery
    lines: Sequence[DeliveryLine]
    unsent: Sequence[ReceiptLine] = ()

    @property
    def has_ended(self) -> bool:
        """Received, or come back."""
        return hasattr(self.delivery, "receipt") or hasattr(self.delivery, "failure")

    @property
    def is_unsettled(self) -> bool:
        """Received with a difference that nobody has settled yet."""
        counted = [line.receipt_line for line in self.lines if hasattr(line, "receipt_line")]
        return any(line.unsettled for line in (*counted, *self.unsent))


def deliveries_of(order: Order, lines: Sequence[OrderLine]) -> list[DeliveryRow]:
    """The order's deliveries, oldest first, with what they say of its lines, which the caller has read."""
    deliveries = DELIVERIES.read("it.order_id = %s ORDER BY it.at, it.id", [order.pk])
    if not deliveries:
        return []
    by_pk = {line.pk: line for line in lines}
    sent: dict[int, list[DeliveryLine]] = {delivery.pk: [] for delivery in deliveries}
    for line in LINES.read("it.delivery_id = ANY(%s) ORDER BY it.id", [list(sent)]):
        line.order_line = by_pk[line.order_line_id]
        sent[line.delivery_id].append(line)
    unsent = _unsent([delivery.receipt.pk for delivery in deliveries if hasattr(delivery, "receipt")])
    return [
        DeliveryRow(delivery, sent[delivery.pk], unsent[delivery.receipt.pk] if hasattr(delivery, "receipt") else ())
        for delivery in deliveries
    ]


def _unsent(receipts: list[int]) -> dict[int, list[ReceiptLine]]:
    """By receipt: its lines of articles that were not on the delivery."""
    found: dict[int, list[ReceiptLine]] = {pk: [] for pk in receipts}
    if receipts:
        condition = "it.receipt_id = ANY(%s) AND it.other_article_id IS NOT NULL ORDER BY it.id"
        for line in UNSENT.read(condition, [receipts]):
            found[line.receipt_id].append(line)
    return found
