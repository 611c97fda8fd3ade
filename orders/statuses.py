"""What an order's quantities mean: its state, the word shown, and who does what now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from .models import Order, OrderLine, OrderState, OrderType

LATE_AFTER: Final = timedelta(minutes=15)


def state_of(order: Order, lines: Iterable[OrderLine], *, awaits_receipt: bool) -> OrderState:
    """The state that follows from the lines of a registered order.

    `awaits_receipt` says whether a delivery is on its way that the receiving store has not confirmed.
    """
    lines = list(lines)
    delivered = sum(line.delivered for line in lines)
    remaining = sum(line.quantity - line.delivered - line.canceled for line in lines)
    if remaining:
        return OrderState.PARTLY_DELIVERED if delivered else OrderState.REGISTERED
    if not delivered:
        return OrderState.CANCELED
    if order.type != OrderType.TRANSFER:
        return OrderState.DELIVERED
    return OrderState.IN_TRANSIT if awaits_receipt else OrderState.RECEIVED


@dataclass(frozen=True, slots=True)
class Status:
    """A plain word and its tone (`ok`, `warn`, `bad`, `info` or `plain`), shown as a tag."""

    word: str
    tone: str


TONES = {
    OrderState.DRAFT: "plain",
    OrderState.REGISTERED: "info",
    OrderState.PARTLY_DELIVERED: "warn",
    OrderState.DELIVERED: "ok",
    OrderState.IN_TRANSIT: "info",
    OrderState.RECEIVED: "ok",
    OrderState.CANCELED: "plain",
}


def status_of(order: Order, *, now: datetime | None = None) -> Status:
    """The word shown for an order. A saved direct order that is not handed out says *Utleverans saknas*."""
    if order.is_delivery_missing:
        return Status("Utleverans saknas", "bad" if hand_out_is_late(order, now or timezone.now()) else "warn")
    state = OrderState(order.state)
    return Status(state.label, TONES[state])


def hand_out_is_late(order: Order, now: datetime) -> bool:
    """Whether the goods of a saved direct order should have been handed out by now."""
    return order.registered_at is not None and now - order.registered_at >= LATE_AFTER
