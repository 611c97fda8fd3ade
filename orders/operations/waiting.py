"""What the ways out of a back order share: the line still waits, under the locks, for as many as the page says."""

from collections.abc import Iterable, Sequence

from inventory.locks import LevelKey, lock_levels
from inventory.models import StockLevel
from orders.models import Order, OrderLine


class LineDoesNotWait(Exception):
    """The line has been served, canceled or changed since the page was shown; the message is in Swedish."""


class WayOutRefused(Exception):
    """That way out is not open; `field` (quantity or article) says where. The message is in Swedish."""

    def __init__(self, message: str, *, field: str = "quantity") -> None:
        super().__init__(message)
        self.field = field


def lock_levels_with(order: Order, *more: LevelKey) -> dict[LevelKey, StockLevel]:
    """Lock the balances of the order's articles in its sender, and `more`, in one go."""
    assert order.sender_id is not None
    sender = order.sender_id
    articles: Iterable[int] = list(order.lines.values_list("article_id", flat=True))
    return lock_levels([*((sender, article) for article in articles), *more])


def require_waiting(order: Order, lines: Sequence[OrderLine], line_id: int, quantity: int) -> OrderLine:
    """The line among those read under the locks. Raises LineDoesNotWait, WayOutRefused for more than it waits for."""
    line = next((line for line in lines if line.pk == line_id), None)
    if line is None or not order.is_open or line.backordered <= 0:
        raise LineDoesNotWait("Raden väntar inte längre. Se på ordern hur den står nu.")
    if not 1 <= quantity <= line.backordered:
        raise WayOutRefused(f"Raden väntar på {line.backordered}. Skriv ett antal från 1 till {line.backordered}.")
    return line
