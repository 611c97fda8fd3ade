from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Location, MovementReason, StockLevel
from inventory.operations.moving import Move, post_movements
from inventory.writing import insert_rows, write_rows
from orders.models import Delivery, DeliveryLine, EventKind, Order, OrderEvent, OrderLine
from orders.reading import read_lines
from orders.statuses import state_of
from parties.models import User

from .holding import open_holdings
from .locating import ends_of
from .locking import lock_order
from .picking import (
    TAKEN,
    Chosen,
    DeliveryNotPossible,
    Pick,
    choose,
    require_complete,
    require_devices,
    require_own_pick,
    take_stock,
)
from .registering import NUMBERED, give_number, lines_to_register, reserve_lines

__all__ = ["DeliveryNotPossible", "Pick", "deliver_order", "register_and_deliver"]

EARLIER = "SELECT * FROM orders_delivery WHERE order_id = %s"
ANOTHERS_KEY = "Sidan hör till en annan utleverans. Ladda om sidan och försök igen."


def deliver_order(*, order_id: int, key: UUID, by: User, at: datetime, picks: Sequence[Pick] | None = None) -> Delivery:
    """Create an outbound delivery (utleverans): the goods leave the sender, and stock moves in the same transaction.

    To a care unit or a patient they arrive at once; a transfer is in transit until the store confirms receipt.
    Without `picks` everything that remains goes. `key` is made with the page: the same key again returns the same
    delivery. Raises DeliveryNotPossible, and then nothing has changed.
    """
    with _key_is_this_orders(key, order_id), transaction.atomic():
        return _deliver(lock_order(order_id), key=key, by=by, at=at, picks=picks)


def register_and_deliver(*, order_id: int, key: UUID, by: User, at: datetime) -> Delivery:
    """*Spara och lämna ut*: register a direct order and hand everything out, in one transaction.

    What both acts look at is locked and read once, and what both change is written once.
    Raises OrderCannotBeRegistered or DeliveryNotPossible, and then the order is still a draft.
    """
    with _key_is_this_orders(key, order_id), transaction.atomic():
        order = lock_order(order_id)
        lines = lines_to_register(order, by=by, at=at) if order.is_draft else []
        if not order.subtype.is_direct:  # the kundordertyp may have been changed since the page was shown
            raise DeliveryNotPossible(f"{order.subtype} lämnas ut av Hjälpmedelsservice. Tryck på Spara.")
        if not order.is_draft:
            return _deliver(order, key=key, by=by, at=at, picks=None)
        source, target = ends_of(order)
        levels = reserve_lines(order, lines)
        registered = give_number(order, by=by, at=at)
        act = _Act(order, key, by, at, source, target)
        return _send(act, lines, levels, picks=None, earlier=0, events=[registered], fields=NUMBERED)


@contextmanager
def _key_is_this_orders(key: UUID, order_id: int) -> Iterator[None]:
    """Another order may use the key at the same moment, for the orders do not share a lock: the database refuses it."""
    try:
        yield
    except IntegrityError as error:
        if Delivery.objects.filter(key=key).exclude(order=order_id).exists():
            raise DeliveryNotPossible(ANOTHERS_KEY) from error
        raise


def _deliver(order: Order, *, key: UUID, by: User, at: datetime, picks: Sequence[Pick] | None) -> Delivery:
    earlier = list(Delivery.objects.raw(EARLIER, [order.pk]))
    for delivery in earlier:
        if delivery.key == key:
            return delivery
    if not order.is_open:
        raise DeliveryNotPossible("Det finns inget kvar att leverera på ordern.")
    act = _Act(order, key, by, at, *ends_of(order))
    levels = _lock_levels(order, act.target)
    lines = read_lines(order)  # looked at after the lock
    return _send(act, lines, levels, picks=picks, earlier=len(earlier))


@dataclass(frozen=True, slots=True)
class _Act:
    """Which delivery: of a locked order, under the page's key, by whom and when, from where to where."""

    order: Order
    key: UUID
    by: User
    at: datetime
    source: Location
    target: Location


def _send(
    act: _Act,
    lines: Sequence[OrderLine],
    levels: dict[LevelKey, StockLevel],
    *,
    picks: Sequence[Pick] | None,
    earlier: int,
    events: Sequence[OrderEvent] = (),
    fields: Sequence[str] = ("state", "version"),
) -> Delivery:
    """Take the goods from locked balances and write everything; `events` and `fields` came before in the same act."""
    order = act.order
    assert order.sender is not None
    assert order.customer_id is not None
    chosen = choose(lines, picks)
    require_own_pick(chosen, act.by)
    require_complete(order, lines, chosen)
    require_devices(order.sender, chosen)
    take_stock(order.sender, chosen, levels)
    write_rows([line for line, _ in chosen], TAKEN)
    delivery, sent = _write_delivery(act, chosen, earlier)
    moves = [_move(line, act.source, act.target) for line in sent]
    post_movements(moves, levels=levels, reason=MovementReason.DELIVERY, by=act.by, at=act.at)
    save_levels(levels.values())
    open_holdings(sent, place=act.target, customer_id=order.customer_id, at=act.at)
    order.state = state_of(order, lines, awaits_receipt=True)
    order.version += 1
    write_rows([order], fields)
    done = OrderEvent(order=order, kind=EventKind.DELIVERED, actor=act.by, at=act.at, detail=delivery.number)
    insert_rows([*events, done])
    return delivery


def _lock_levels(order: Order, target: Location) -> dict[LevelKey, StockLevel]:
    """The balances of the order's articles in the sender, and for a transfer in the receiving store."""
    warehouses = {pk for pk in (order.sender_id, target.warehouse_id) if pk}
    articles = list(order.lines.values_list("article_id", flat=True))
    return lock_levels((warehouse, article) for warehouse in warehouses for article in articles)


def _write_delivery(act: _Act, chosen: Chosen, earlier: int) -> tuple[Delivery, list[DeliveryLine]]:
    number = f"{act.order.number}-{earlier + 1}"
    delivery = Delivery(key=act.key, number=number, order=act.order, at=act.at, actor=act.by)
    insert_rows([delivery])
    return delivery, insert_rows(
        DeliveryLine(delivery=delivery, order_line=line, device_id=device_id, quantity=quantity)
        for line, pick in chosen
        for device_id, quantity in pick.parts
    )


def _move(line: DeliveryLine, source: Location, target: Location) -> Move:
    key = f"delivery:{line.delivery_id}:line:{line.order_line_id}"
    return Move(
        key=f"{key}:device:{line.device_id}" if line.device_id else key,
        article_id=line.order_line.article_id,
        quantity=line.quantity,
        device_id=line.device_id,
        source=source,
        target=target,
    )
