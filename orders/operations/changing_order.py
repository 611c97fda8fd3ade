"""What a change does to a registered order besides its lines. Called under the order's lock."""

from inventory.models import Warehouse
from orders.changes import STARTED, why_not_recipient
from orders.models import Order, OrderLine, OrderType
from parties.models import Party

from .editing import LineRefused


def change_recipient(order: Order, recipient: Warehouse | Party | None, lines: list[OrderLine]) -> list[str]:
    """Another care unit or store, in memory; what is another now, in words. Raises LineRefused (field recipient)."""
    before = order.recipient
    if recipient is None or recipient == before:
        return []
    if why := why_not_recipient(order, lines):
        raise LineRefused(why, "recipient")
    if order.type == OrderType.TRANSFER:
        assert isinstance(recipient, Warehouse)
        order.recipient_warehouse = recipient
    else:
        assert isinstance(recipient, Party)
        order.recipient_unit = recipient
    return [f"Mottagare: {before} → {recipient}"]


def change_flags(order: Order, *, is_urgent: bool | None, only_complete: bool | None, has_started: bool) -> list[str]:
    """The two flags, in memory; what is another now, in words. Raises LineRefused with the flag as its field."""
    words = []
    if is_urgent is not None and is_urgent != order.is_urgent:
        if has_started:
            raise LineRefused(STARTED, "is_urgent")
        order.is_urgent = is_urgent
        words.append("Brådskande" if is_urgent else "Inte längre brådskande")
    if only_complete is not None and only_complete != order.only_complete:
        if has_started:
            raise LineRefused(STARTED, "only_complete")
        order.only_complete = only_complete
        words.append("Levereras endast komplett" if only_complete else "Får levereras i delar")
    return words
