"""What of a registered order can leave the sender now, line by line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inventory.models import Device, StockLevel

from .devices import free_devices
from .models import Delivery, DeliveryLine, Order, OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStock:
    """One line, how many units of it can go now, and for a numbered article which devices are free (oldest first)."""

    line: OrderLine
    deliverable: int
    devices: Sequence[Device] = ()
    wanted: int | None = None

    @property
    def proposed(self) -> int:
        """How many the page proposes: what is wanted, as far as it can go; all that can if nobody has said."""
        return self.deliverable if self.wanted is None else min(self.wanted, self.deliverable)

    @property
    def needs_choice(self) -> bool:
        """Whether someone must say what goes: not everything can, or a device has to be named."""
        names_device = self.line.article.is_numbered and not self.line.device_id
        return self.line.remaining > 0 and (names_device or self.deliverable < self.line.remaining)


def stock_of(order: Order, lines: Sequence[OrderLine]) -> list[LineStock]:
    """What each line's own reservation and the free balance allow, first line first; nothing for a closed order.

    Read without locks: a page's guess, which `deliver_order` looks at again.
    """
    if not order.is_open:
        return [LineStock(line=line, deliverable=0) for line in lines]
    free = {
        article: max(available, 0)
        for article, available in StockLevel.objects.filter(
            warehouse=order.sender_id, article__in=[line.article_id for line in lines]
        ).values_list("article_id", "available")
    }
    devices = _free_devices(order, lines)
    rows = []
    for line in lines:
        extra = min(line.remaining - line.reserved, free.get(line.article_id, 0))
        free[line.article_id] = free.get(line.article_id, 0) - extra
        choice = [device for device in devices[line.article_id] if line.device_id in (None, device.pk)]
        possible = line.reserved + extra
        if line.article.is_numbered:
            possible = min(possible, len(choice))
        rows.append(LineStock(line=line, deliverable=possible, devices=choice))
    return rows


def as_before(stock: Iterable[LineStock], failed: Delivery) -> list[LineStock]:
    """The same goods and devices as a delivery that came back: proposed first, the other lines wait."""
    sent: dict[int, list[DeliveryLine]] = defaultdict(list)
    for line in failed.lines.all():
        sent[line.order_line_id].append(line)
    rows = []
    for row in stock:
        lines = sent[row.line.pk]
        came_back = {line.device_id for line in lines}
        devices = sorted(row.devices, key=lambda device: device.pk not in came_back)
        rows.append(replace(row, devices=devices, wanted=sum(line.quantity for line in lines)))
    return rows


def _free_devices(order: Order, lines: Sequence[OrderLine]) -> dict[int, list[Device]]:
    """By article: usable devices in the sender that no other order's line holds, the oldest first."""
    by_article: dict[int, list[Device]] = defaultdict(list)
    numbered = {line.article_id for line in lines if line.article.is_numbered and line.remaining}
    if not numbered:
        return by_article
    assert order.sender is not None
    for device in free_devices(order.sender, order=order).filter(article__in=numbered):
        by_article[device.article_id].append(device)
    return by_article
