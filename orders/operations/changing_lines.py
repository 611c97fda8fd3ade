"""What a change does to the lines of a registered order. Called under the locks of the order and of its balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory.locks import LevelKey
from inventory.models import Device, StockLevel
from inventory.operations.reserving import release, reserve
from orders.changes import STARTED, Change, wanted, why_not_more
from orders.models import CancelReason, Order, OrderLine
from parties.models import User

from .canceling import take_off
from .editing import LineRefused, require_device, require_sound

type Levels = dict[LevelKey, StockLevel]


class LineOfOrderRefused(LineRefused):
    """As LineRefused, about the line `line_id` of the order."""

    def __init__(self, line: OrderLine, message: str, field: str) -> None:
        super().__init__(message, field)
        self.line_id = line.pk


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """`words` say what is another now; `canceled` is how many units were canceled."""

    line: OrderLine
    words: Sequence[str] = ()
    canceled: int = 0


def change_lines(
    order: Order, lines: list[OrderLine], levels: Levels, change: Change, *, has_started: bool, by: User, on: date
) -> list[LineChange]:
    """Change the lines in memory and return what became of each that changed.

    More comes before less: what is let go is for the next in the queue, not for the order itself.
    """
    asked = [(line, change.quantities.get(line.pk, wanted(line))) for line in lines]
    more = [(line, quantity) for line, quantity in asked if quantity > wanted(line)]
    less = [(line, quantity) for line, quantity in asked if quantity < wanted(line)]
    new_devices = [line for line in lines if change.devices.get(line.pk, line.device) != line.device]
    return [
        *(_more(order, lines, line, quantity, levels, by=by, on=on) for line, quantity in more),
        *(_less(line, quantity, levels, has_started=has_started, reason=change.reason) for line, quantity in less),
        *(
            _device(order, lines, line, change.devices[line.pk], levels, has_started=has_started)
            for line in new_devices
            if wanted(line)
        ),
    ]


def _more(
    order: Order, lines: list[OrderLine], line: OrderLine, quantity: int, levels: Levels, *, by: User, on: date
) -> LineChange:
    before = wanted(line)
    if why := why_not_more(order, lines, by=by):
        raise LineOfOrderRefused(line, why, "quantity")
    if line.device_id:
        message = f"Individ {line.device} är en enda. Lägg till nästa individ för sig."
        raise LineOfOrderRefused(line, message, "quantity")
    try:
        require_sound(order, line.article, quantity, None, on=on, line=line)
    except LineRefused as error:
        raise LineOfOrderRefused(line, error.message, "quantity") from error
    line.quantity += quantity - before
    fill(line, levels)
    return LineChange(line=line, words=[_arrow(line, before, quantity)])


def _less(
    line: OrderLine, quantity: int, levels: Levels, *, has_started: bool, reason: CancelReason | None
) -> LineChange:
    """Before picking a smaller number is an edit; nothing at all, or less once picking has started, is canceled."""
    before = wanted(line)
    if quantity < line.delivered:
        message = f"{line.delivered} {line.article.unit} är redan levererade. Skriv minst {line.delivered}."
        raise LineOfOrderRefused(line, message, "quantity")
    if quantity and not has_started:
        line.quantity -= before - quantity
        _let_go(line, levels)
        return LineChange(line=line, words=[_arrow(line, before, quantity)])
    if not reason:
        raise LineOfOrderRefused(line, "Välj varför det makuleras.", "reason")
    take_off(line, before - quantity, levels)
    return LineChange(line=line, canceled=before - quantity)


def _device(
    order: Order,
    lines: list[OrderLine],
    line: OrderLine,
    device: Device | None,
    levels: Levels,
    *,
    has_started: bool,
) -> LineChange:
    if has_started:
        raise LineOfOrderRefused(line, STARTED, "device")
    before = line.device
    try:
        if device:
            require_device(order, line.article, line.quantity, device, line=line)
        elif order.subtype.is_direct:
            raise LineRefused("Välj vilken individ du lämnar ut.", "device")
    except LineRefused as error:
        raise LineOfOrderRefused(line, error.message, "device") from error
    if device is None and any(other.article_id == line.article_id and not other.device_id for other in lines):
        message = f"{line.article} finns redan på en rad utan individ. Ta bort den här och öka antalet där."
        raise LineOfOrderRefused(line, message, "device")
    line.device = device
    fill(line, levels)
    if device and not line.reserved:
        raise LineOfOrderRefused(line, f"Alla individer av {line.article} är redan reserverade.", "device")
    words = f"{line.article.number}: individ {before or 'väljs vid plock'} → {device or 'väljs vid plock'}"
    return LineChange(line=line, words=[words])


def fill(line: OrderLine, levels: Levels) -> None:
    """Reserve what is free for what the line waits for."""
    assert line.order.sender_id is not None
    waiting = line.quantity - line.delivered - line.canceled - line.reserved
    line.reserved += reserve(levels[line.order.sender_id, line.article_id], waiting)


def _let_go(line: OrderLine, levels: Levels) -> None:
    """Give back what a line holds beyond what it asks for now."""
    assert line.order.sender_id is not None
    beyond = max(line.reserved - (line.quantity - line.delivered - line.canceled), 0)
    release(levels[line.order.sender_id, line.article_id], beyond)
    line.reserved -= beyond


def _arrow(line: OrderLine, before: int, after: int) -> str:
    return f"{line.article.number}: {before} → {after} {line.article.unit}"
