"""What an order's quantities mean: its state, the word shown, and who does what now."""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Order, OrderLine, OrderState, OrderType


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


def status_of(order: Order) -> Status:
    """The word shown for an order. A saved direct order that is not handed out says *Utleverans saknas*."""
    if order.is_delivery_missing:
        return Status("Utleverans saknas", "bad")
    state = OrderState(order.state)
    return Status(state.label, TONES[state])
