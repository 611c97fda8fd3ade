"""A registered order is changed: freely until picking starts, then only downward; what was delivered never."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from inventory.locks import save_levels
from inventory.writing import write_rows
from orders.changes import Change, picking_has_started, wanted, why_closed
from orders.models import CancelReason, EventKind, Order, OrderEvent, OrderLine
from orders.reading import read_lines
from orders.statuses import state_of
from parties.models import User

from .allocating import share_out
from .canceling import line_canceled, lock_levels_of, note_if_nothing_is_left
from .changing_lines import LineChange, change_lines
from .changing_order import change_flags, change_recipient
from .locking import OrderHasChanged, lock_order
from .notifying import notify

LINE_FIELDS = ["quantity", "device", "reserved", "canceled", "claimed_by", "claimed_at"]
DETAIL_LENGTH = 200


class OrderCannotBeChanged(Exception):
    """Nothing of the order can be changed any more; the message says why, in Swedish."""


@transaction.atomic
def change_order(*, order_id: int, version: int, change: Change, by: User, at: datetime) -> Order:
    """Change a registered order: reservations follow, what becomes free goes to the next who waits.

    More reserves what is free now; the rest keeps the order's place in the queue. The history says in words what was
    changed, and whoever ordered is told. `version` is what the page showed; the same page sent again changes nothing.
    Raises OrderCannotBeChanged, OrderHasChanged, and LineRefused for what would not hold.
    """
    order = lock_order(order_id)
    if why := why_closed(order):
        raise OrderCannotBeChanged(why)
    levels = lock_levels_of(order)
    lines = read_lines(order)  # looked at after the lock
    _require_version(order, lines, version, change)
    has_started = picking_has_started(lines)
    pickers = {line.claimed_by_id for line in lines}
    changed = change_lines(order, lines, levels, change, has_started=has_started, by=by, on=timezone.localdate(at))
    words = [
        *change_recipient(order, change.recipient, lines),
        *change_flags(order, is_urgent=change.is_urgent, only_complete=change.only_complete, has_started=has_started),
    ]
    if not changed and not words:
        return order
    write_rows(lines, LINE_FIELDS)
    _save(order, lines, reason=change.reason, at=at)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    events = _events(order, changed, words, reason=change.reason, by=by, at=at)
    notify(OrderEvent.objects.bulk_create(events), also=pickers)
    return order


def _require_version(order: Order, lines: list[OrderLine], version: int, change: Change) -> None:
    """Another version is refused, unless the page is sent again and everything is as it asked already."""
    if order.version == version:
        return
    quantities = all(change.quantities.get(line.pk, wanted(line)) == wanted(line) for line in lines)
    devices = all(change.devices.get(line.pk, line.device) == line.device for line in lines)
    rest = (
        change.recipient in (None, order.recipient)
        and change.is_urgent in (None, order.is_urgent)
        and change.only_complete in (None, order.only_complete)
    )
    if not (order.version == version + 1 and quantities and devices and rest):
        raise OrderHasChanged


def _save(order: Order, lines: list[OrderLine], *, reason: CancelReason | None, at: datetime) -> None:
    if reason:
        note_if_nothing_is_left(order, lines, reason=reason, at=at)
    order.state = state_of(order, lines, awaits_receipt=order.deliveries.awaiting_receipt().exists())
    order.version += 1
    order.save(
        update_fields=[
            "state",
            "version",
            "canceled_at",
            "cancel_reason",
            "recipient_unit",
            "recipient_warehouse",
            "is_urgent",
            "only_complete",
        ]
    )


def _events(
    order: Order, changed: list[LineChange], words: list[str], *, reason: CancelReason | None, by: User, at: datetime
) -> list[OrderEvent]:
    """One event for each line that was canceled from, and one for the rest, or as many as its words need."""
    events = [
        line_canceled(order, change.line, change.canceled, reason=reason, by=by, at=at)
        for change in changed
        if change.canceled and reason
    ]
    details = details_of([word for change in changed for word in change.words] + words)
    return events + [OrderEvent(order=order, kind=EventKind.CHANGED, actor=by, at=at, detail=text) for text in details]


def details_of(words: list[str]) -> list[str]:
    """The words, several in each detail as far as they fit."""
    details: list[str] = []
    for word in words:
        word = word[:DETAIL_LENGTH]
        if details and len(details[-1]) + len(word) + 2 <= DETAIL_LENGTH:
            details[-1] = f"{details[-1]}; {word}"
        else:
            details.append(word)
    return details
