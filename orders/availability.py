"""What of a registered order can leave the sender now, line by line."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from inventory.models import Device
from inventory.queries import available_in

from .claims import can_go
from .devices import free_devices
from .models import Delivery, DeliveryLine, Order, OrderLine
from .progress import line_words

SPARE = 6
"""How many more free devices than are needed can be chosen from the list; the others by their number."""


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
    def words(self) -> str:
        return line_words(self.line)

    @property
    def needs_choice(self) -> bool:
        """Whether someone must say what goes: not everything can, or a device has to be named."""
        names_device = self.line.article.is_numbered and not self.line.device_id
        return self.line.remaining > 0 and (names_device or self.deliverable < self.line.remaining)


def stock_of(order: Order, lines: Sequence[OrderLine], *, named: Collection[int | None] = ()) -> list[LineStock]:
    """What each line's own reservation and the free balance allow, first line first; nothing for a closed order.

    `named` are devices (pks) to choose from in any case, if they are free. Read without locks: a page's guess, which
    `deliver_order` looks at again.
    """
    if not order.is_open:
        return [LineStock(line=line, deliverable=0) for line in lines]
    assert order.sender is not None
    free = available_in([order.sender], {line.article for line in lines})
    possible = can_go(lines, {article: units for (_, article), units in free.items()})
    devices = _free_devices(order, lines, named)
    rows = []
    for line in lines:
        choice = [device for device in devices[line.article_id] if line.device_id in (None, device.pk)]
        units = min(possible[line.pk], len(choice)) if line.article.is_numbered else possible[line.pk]
        rows.append(LineStock(line=line, deliverable=units, devices=choice))
    return rows


def as_before(stock: Iterable[LineStock], failed: Delivery) -> list[LineStock]:
    """The same goods and devices as a delivery that came back: proposed first, the other lines wait.

    The stock was asked for with its devices (`stock_of(…, named=…)`), so that they are among those to choose from.
    """
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


def _free_devices(order: Order, lines: Sequence[OrderLine], named: Collection[int | None]) -> dict[int, list[Device]]:
    """By article: usable devices in the sender that no other order's line holds, the oldest first.

    No more of an article than the lines can need and some to choose from, and in any case those that they name,
    or that are `named`.
    """
    by_article: dict[int, list[Device]] = defaultdict(list)
    numbered = [line for line in lines if line.article.is_numbered and line.remaining]
    if not numbered:
        return by_article
    assert order.sender is not None
    free = free_devices(order.sender, order=order).filter(article__in={line.article_id for line in numbered})
    nth = Window(RowNumber(), partition_by="article", order_by=[F("arrived_at"), F("pk")])
    enough = max(line.remaining for line in numbered) + SPARE
    wanted = [pk for pk in (*named, *(line.device_id for line in numbered)) if pk]
    for device in free.alias(nth=nth).filter(nth__lte=enough):
        by_article[device.article_id].append(device)
    for device in free.filter(pk__in=wanted) if wanted else ():
        if device not in by_article[device.article_id]:
            by_article[device.article_id].append(device)
    return by_article
