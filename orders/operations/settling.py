"""Settle a difference of a receipt (reglera en avvikelse): the books say where the goods are, and it is no more."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import (
    Device,
    DeviceState,
    MovementReason,
    StockLevel,
)
from inventory.operations.moving import Move, level_keys, post_movements
from orders.differences import Open, open_differences
from orders.models import (
    DifferenceKind,
    EventKind,
    Order,
    OrderEvent,
    OrderLine,
    ReceiptLine,
    ReceiptSettlement,
    SettlementOutcome,
)
from parties.models import User

from .allocating import share_out
from .locking import lock_order
from .notifying import notify
from .settleable import (
    DifferenceCannotBeSettled,
    DifferenceIsSettled,
    places_of,
    require_free,
    require_possible,
)

__all__ = ["DifferenceCannotBeSettled", "DifferenceIsSettled", "settle_difference"]


@transaction.atomic
def settle_difference(
    *,
    key: UUID,
    receipt_line_id: int,
    kind: DifferenceKind,
    outcome: SettlementOutcome,
    quantity: int,
    device_id: int | None = None,
    note: str = "",
    by: User,
    at: datetime,
) -> ReceiptSettlement:
    """Say how a difference ended, and move the goods to where they are.

    Missing or damaged goods leave the transit: to the store after all, back to the sender, or lost. What was extra
    comes to the store, from the sender or from nowhere known, or is with the sender again, which the ledger says all
    the time; an extra device, named by `device_id`, comes from where the ledger has it. What is delivered stays
    delivered: goods that are with the sender again go out by a new order. What arrives goes to waiting lines at once.
    `key` is made with the page: the same key again returns the same settlement. Raises DifferenceIsSettled,
    DifferenceCannotBeSettled, and then nothing has changed.
    """
    order = lock_order(
        ReceiptLine.objects.values_list("receipt__delivery__order_id", flat=True).get(pk=receipt_line_id)
    )
    if earlier := ReceiptSettlement.objects.filter(key=key).first():
        return _same(earlier, receipt_line_id)
    line = ReceiptLine.objects.for_differences().get(pk=receipt_line_id)
    open_ = _open_difference(line, kind, device_id)
    require_possible(open_, outcome, quantity)
    source, target = places_of(order, open_, outcome)
    move = Move(
        key="",
        article_id=line.article.pk,
        quantity=quantity,
        device_id=open_.device.pk if open_.device else None,
        source=source,
        target=target,
    )
    levels = lock_levels(level_keys([move]))
    require_free(move, open_, line, levels)
    settlement = ReceiptSettlement.objects.create(
        key=key,
        receipt_line=line,
        kind=kind,
        outcome=outcome,
        quantity=quantity,
        device=open_.device,
        note=note.strip(),
        actor=by,
        at=at,
    )
    _write(settlement, move, levels)
    _tell(order, line, settlement)
    return settlement


def _same(earlier: ReceiptSettlement, receipt_line_id: int) -> ReceiptSettlement:
    if earlier.receipt_line_id != receipt_line_id:
        raise DifferenceCannotBeSettled("Sidan hör till en annan avvikelse. Ladda om sidan och försök igen.")
    return earlier


def _open_difference(line: ReceiptLine, kind: DifferenceKind, device_id: int | None) -> Open:
    for open_ in open_differences(line):
        named = open_.device.pk if open_.device and kind == DifferenceKind.EXTRA else None
        if open_.kind == kind and named == device_id:
            return open_
    last = line.settlements.order_by("pk").select_related("actor").last()
    who = f" av {last.actor.name}" if last else ""
    raise DifferenceIsSettled(f"Avvikelsen är redan reglerad{who}.")


def _write(settlement: ReceiptSettlement, move: Move, levels: dict[LevelKey, StockLevel]) -> None:
    """The movement, the line's sums, and what follows from goods that arrived."""
    line, quantity = settlement.receipt_line, settlement.quantity
    note = f"{settlement.get_kind_display()}: {settlement.get_outcome_display()}"
    moves = [replace(move, key=f"settlement:{settlement.pk}")] if move.source != move.target else []
    by, at = settlement.actor, settlement.at
    post_movements(moves, levels=levels, reason=MovementReason.CORRECTION, by=by, at=at, note=note)
    ReceiptLine.objects.filter(pk=line.pk).update(settled=F("settled") + quantity)
    if settlement.outcome == SettlementOutcome.ARRIVED:
        assert line.delivery_line is not None
        OrderLine.objects.filter(pk=line.delivery_line.order_line_id).update(received=F("received") + quantity)
    if settlement.device and settlement.kind == DifferenceKind.DAMAGED:
        _note_damage(settlement.device, settlement.outcome, levels)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())


def _note_damage(device: Device, outcome: str, levels: dict[LevelKey, StockLevel]) -> None:
    """A damaged device that is with its sender again stands there blocked, until somebody has looked at it."""
    state = {SettlementOutcome.LOST: DeviceState.SCRAPPED, SettlementOutcome.WITH_SENDER: DeviceState.BLOCKED}
    if outcome not in state:
        return
    device.refresh_from_db(fields=["location"])
    Device.objects.filter(pk=device.pk).update(state=state[SettlementOutcome(outcome)])
    if level := levels.get((device.location.warehouse_id or 0, device.article_id)):
        level.blocked += 1  # it was counted before the device came


def _tell(order: Order, line: ReceiptLine, settlement: ReceiptSettlement) -> None:
    """The order's history, and to whoever received the goods."""
    what = f"{settlement.quantity} {settlement.get_kind_display().lower()}: {settlement.get_outcome_display()}"
    event = OrderEvent.objects.create(
        order=order,
        kind=EventKind.SETTLED,
        actor=settlement.actor,
        at=settlement.at,
        detail=f"{line.receipt.delivery.number}, {line.article}. {what}"[:200],
    )
    notify([event], also={line.receipt.actor_id})
