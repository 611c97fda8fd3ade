from datetime import datetime

from django.db import transaction
from django.utils import timezone

from inventory.locks import lock_levels, save_levels
from inventory.models import Article, Device
from orders.changes import wanted, why_closed, why_not_more
from orders.models import EventKind, Order, OrderEvent, OrderLine
from orders.reading import read_lines
from parties.models import User

from .allocating import amount_of
from .changing import OrderCannotBeChanged
from .changing_lines import fill
from .editing import LineRefused, require_sound
from .locking import lock_order, require_version
from .notifying import notify


@transaction.atomic
def add_to_order(
    *,
    order_id: int,
    version: int,
    article: Article,
    quantity: int,
    by: User,
    at: datetime,
    device: Device | None = None,
) -> OrderLine:
    """Add an article to a registered order that nobody picks yet; one that is there already gets more.

    What is free is reserved at once; the rest waits in the order's place in the queue. The right to prescribe must
    hold today. The same page sent again adds nothing more. Raises OrderCannotBeChanged, OrderHasChanged, LineRefused.
    """
    order = lock_order(order_id)
    if why := why_closed(order):
        raise OrderCannotBeChanged(why)
    assert order.sender_id is not None
    levels = lock_levels([(order.sender_id, article.pk)])
    lines = read_lines(order)  # looked at after the lock
    line = _line_for(order, lines, article, quantity, device)
    detail = f"Tillagt: {amount_of(line, quantity)}"[:200]
    if line.pk and _was_sent_before(order, version, detail, by=by):
        return line
    require_version(order, version)
    if why := why_not_more(order, lines, by=by):
        raise LineRefused(why, "article")
    require_sound(order, article, wanted(line), device, on=timezone.localdate(at), line=line if line.pk else None)
    fill(line, levels)
    if device and not line.reserved:
        raise LineRefused(f"Alla individer av {article} är redan reserverade.", "device")
    line.save(update_fields=["quantity", "reserved"] if line.pk else None)
    save_levels(levels.values())
    order.version += 1
    order.save(update_fields=["version"])
    notify([OrderEvent.objects.create(order=order, kind=EventKind.CHANGED, actor=by, at=at, detail=detail)])
    return line


def _line_for(
    order: Order, lines: list[OrderLine], article: Article, quantity: int, device: Device | None
) -> OrderLine:
    """The order's line of the article with that much more, or a new last one; a device has a line of its own."""
    same = [line for line in lines if line.article_id == article.pk and not line.device_id]
    if same and not device:
        same[0].quantity += quantity
        return same[0]
    position = max((line.position for line in lines), default=0) + 1
    return OrderLine(order=order, article=article, device=device, quantity=quantity, position=position)


def _was_sent_before(order: Order, version: int, detail: str, *, by: User) -> bool:
    """Whether the page's act is what made the next version: pressed twice, or sent again after a lost answer."""
    last = order.events.filter(kind=EventKind.CHANGED, actor=by).order_by("-pk").first()
    return order.version == version + 1 and last is not None and last.detail == detail
