"""What of a registered order can still be changed, and why not the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inventory.models import Device, Warehouse
from parties.models import Party, User

from .access import may_add
from .models import CancelReason, Order, OrderLine, OrderState, OrderType

STARTED = "Plocket har börjat. Nu kan antal bara minskas."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a page asks for; what it does not name stays as it is.

    `quantities` and `devices` are by line pk. A quantity is what is to come in all, so 0 cancels the line (with
    `reason`, as does everything that is taken off when picking has started).
    """

    quantities: Mapping[int, int] = field(default_factory=dict)
    devices: Mapping[int, Device | None] = field(default_factory=dict)
    recipient: Warehouse | Party | None = None
    is_urgent: bool | None = None
    only_complete: bool | None = None
    reason: CancelReason | None = None


def wanted(line: OrderLine) -> int:
    """How many units of a line are to come in all, those that have come included; what is canceled is not."""
    return line.quantity - line.canceled


def picking_has_started(lines: Iterable[OrderLine]) -> bool:
    """Somebody has taken a pick, or something has been delivered. From then on quantities only go down."""
    return any(line.claimed_by_id or line.delivered for line in lines)


def why_closed(order: Order) -> str:
    """Why nothing of an order can be changed, or empty: what has been delivered is returned, never edited."""
    if order.is_open:
        return ""
    if order.state == OrderState.CANCELED:
        return "Ordern är makulerad."
    return "Allt är levererat. Det som är levererat ändras inte, det returneras."


def why_not_more(order: Order, lines: Iterable[OrderLine], *, by: User) -> str:
    """Why nothing can be added to an open order by this person, or empty."""
    if picking_has_started(lines):
        return STARTED
    if not may_add(by, order):
        return "Din roll kan bara minska den här ordern."
    return ""


def why_not_recipient(order: Order, lines: Iterable[OrderLine]) -> str:
    """Why an open order goes to whom it goes, or empty.

    A prescription is a decision about one patient (and about that patient's right to it): for another patient it is
    canceled and made anew. A delivery's documents name the recipient, also after a delivery that failed.
    """
    if order.type == OrderType.PRESCRIPTION:
        return "En förskrivning gäller en patient. Makulera den och gör en ny för en annan patient."
    if picking_has_started(lines):
        return STARTED
    if order.deliveries.exists():
        return "En utleverans är gjord till mottagaren. Makulera resten och gör en ny order."
    return ""
