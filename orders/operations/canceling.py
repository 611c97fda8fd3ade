from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import StockLevel
from inventory.operations.reserving import release
from inventory.writing import write_rows
from orders.models import CancelReason, EventKind, Order, OrderEvent, OrderLine, OrderState
from orders.reading import read_lines
from orders.statuses import state_of
from parties.models import User

from .allocating import amount_of, share_out
from .locking import lock_order, require_version
from .notifying import notify


class OrderCannotBeCanceled(Exception):
    """Nothing is left to cancel; the message says so in Swedish."""


@transaction.atomic
def cancel_order(*, order_id: int, reason: CancelReason, by: User, at: datetime, version: int | None = None) -> Order:
    """Cancel (makulera) what has not been delivered; its reservations go to the next who waits.

    What has been delivered stays: it is undone by a return, never by an edit. Whoever ordered, and whoever is picking
    it, is told. `version` is what the page showed; the same page sent again returns the order as its first press left
    it. Raises OrderCannotBeCanceled, OrderHasChanged.
    """
    order = lock_order(order_id)
    if not order.is_open:
        if _was_sent_before(order, version, kind=EventKind.CANCELED, by=by):
            return order
        raise OrderCannotBeCanceled(_nothing_left(order))
    require_version(order, version)
    levels = lock_levels_of(order)
    lines = list(order.lines.order_by("position", "pk"))  # looked at after the lock
    pickers = {line.claimed_by_id for line in lines}
    for line in lines:
        take_off(line, line.remaining, levels)
    order.canceled_at, order.cancel_reason = at, reason
    save_canceled(order, lines, levels, by=by, at=at)
    event = OrderEvent(order=order, kind=EventKind.CANCELED, actor=by, at=at, detail=reason.label)
    _tell([event], pickers)
    return order


@transaction.atomic
def cancel_rest_of_line(
    *, order_id: int, line_id: int, reason: CancelReason, by: User, at: datetime, version: int | None = None
) -> Order:
    """Cancel what remains of one line. With nothing else on the order, the order is canceled too.

    `version` as for `cancel_order`. Raises OrderCannotBeCanceled, OrderHasChanged, and OrderLine.DoesNotExist for a
    line of another order.
    """
    order = lock_order(order_id)
    levels = lock_levels_of(order)
    lines = read_lines(order)  # looked at after the lock
    line = next((line for line in lines if line.pk == line_id), None)
    if line is None:
        raise OrderLine.DoesNotExist
    if not order.is_open or not line.remaining:
        if _was_sent_before(order, version, kind=EventKind.LINE_CANCELED, by=by):
            return order
        raise OrderCannotBeCanceled(_nothing_left(order, line))
    require_version(order, version)
    rest, picker = line.remaining, line.claimed_by_id
    take_off(line, rest, levels)
    note_if_nothing_is_left(order, lines, reason=reason, at=at)
    save_canceled(order, lines, levels, by=by, at=at)
    _tell([line_canceled(order, line, rest, reason=reason, by=by, at=at)], {picker})
    return order


def lock_levels_of(order: Order) -> dict[LevelKey, StockLevel]:
    """Lock the balances of the order's articles in its sender."""
    assert order.sender_id is not None
    articles = list(order.lines.values_list("article_id", flat=True))
    return lock_levels((order.sender_id, article) for article in articles)


def take_off(line: OrderLine, quantity: int, levels: dict[LevelKey, StockLevel]) -> None:
    """Cancel `quantity` of what remains of a line: what it waits for first, then what it holds.

    Called under the balance's lock; the caller saves. A line with nothing left is nobody's pick any more.
    """
    still_wanted = line.quantity - line.delivered - line.canceled - quantity
    assert line.order.sender_id is not None
    assert quantity >= 0
    assert still_wanted >= 0
    released = max(line.reserved - still_wanted, 0)
    release(levels[line.order.sender_id, line.article_id], released)
    line.reserved -= released
    line.canceled += quantity
    if not still_wanted:
        line.claimed_by = line.claimed_at = None


def note_if_nothing_is_left(order: Order, lines: list[OrderLine], *, reason: CancelReason, at: datetime) -> None:
    """When the last thing on an order is canceled, and nothing was delivered, the order says when and why itself."""
    if state_of(order, lines, awaits_receipt=False) == OrderState.CANCELED:
        order.canceled_at, order.cancel_reason = at, reason


def save_canceled(
    order: Order, lines: list[OrderLine], levels: dict[LevelKey, StockLevel], *, by: User, at: datetime
) -> None:
    """Write what was taken off, the state that follows, and give what became free to the next who waits."""
    write_rows(lines, ["reserved", "canceled", "claimed_by", "claimed_at"])
    order.state = state_of(order, lines, awaits_receipt=order.deliveries.awaiting_receipt().exists())
    order.version += 1
    order.save(update_fields=["state", "canceled_at", "cancel_reason", "version"])
    share_out(levels, by=by, at=at)
    save_levels(levels.values())


def line_canceled(
    order: Order, line: OrderLine, quantity: int, *, reason: CancelReason, by: User, at: datetime
) -> OrderEvent:
    detail = f"{amount_of(line, quantity)[:160]}: {reason.label}"
    return OrderEvent(order=order, kind=EventKind.LINE_CANCELED, actor=by, at=at, detail=detail)


def _tell(events: list[OrderEvent], pickers: Iterable[int | None]) -> None:
    notify(OrderEvent.objects.bulk_create(events), also=pickers)


def _was_sent_before(order: Order, version: int | None, *, kind: EventKind, by: User) -> bool:
    """Whether the page's act is what made the next version: pressed twice, or sent again after a lost answer."""
    is_next = version is not None and order.version == version + 1
    return is_next and order.events.filter(kind=kind, actor=by).exists()


def _nothing_left(order: Order, line: OrderLine | None = None) -> str:
    if order.state == OrderState.CANCELED:
        return f"Ordern är redan makulerad: {order.get_cancel_reason_display()}."
    if line:
        return f"{line.article}: det finns inget kvar att makulera på raden."
    return "Det finns inget kvar att makulera på ordern."
