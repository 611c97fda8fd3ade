"""Taking a pick: a line is picked by one person at a time, whose name and time everybody sees.

A claim is written under the lock of its order and of its line's balance: goods that arrive write lines of orders that
they do not lock, and the balance is what keeps two such statements from waiting for each other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.locks import lock_levels
from inventory.models import StockLevel
from inventory.operations.reserving import free
from orders.claims import can_go, claim_words, missing_for_complete
from orders.models import EventKind, Notice, Order, OrderEvent, OrderLine
from parties.models import User

from .locking import lock_orders


class ClaimNotPossible(Exception):
    """Somebody else has the pick, or there is nothing to pick. The message says which and who, in Swedish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An order under its lock, all its lines, and those of them that can go now."""

    order: Order
    lines: Sequence[OrderLine]
    possible: Sequence[OrderLine]


@transaction.atomic
def claim_orders(*, order_ids: Collection[int], by: User, at: datetime) -> list[OrderLine]:
    """Claim every line of the orders that can go now and that nobody has; return what `by` then has of them.

    Raises ClaimNotPossible when one of the orders has nothing for `by`, and then nothing has changed.
    """
    chosen = []
    for locked in _lock(order_ids):
        mine = [line for line in locked.possible if line.claimed_by_id in (None, by.pk)]
        if not mine:
            taken = next((line for line in locked.possible if line.claimed_by_id), None)
            raise ClaimNotPossible(_taken(locked.order, taken) if taken else _nothing(locked.order))
        chosen += mine
    _claim(chosen, by=by, at=at)
    return chosen


@transaction.atomic
def claim_lines(*, line_ids: Collection[int], by: User, at: datetime, holder_id: int | None = None) -> list[OrderLine]:
    """Claim exactly these lines; those that the colleague `holder_id` has are taken over, and the colleague is told.

    Claiming one's own line again changes nothing. Raises ClaimNotPossible, and then nothing has changed.
    """
    chosen = []
    for locked in _lock(_orders_of(line_ids)):
        for line in locked.lines:
            if line.pk not in line_ids:
                continue
            if line not in locked.possible:
                raise ClaimNotPossible(_nothing(locked.order, line))
            if line.claimed_by_id not in (None, by.pk, holder_id):
                raise ClaimNotPossible(_taken(locked.order, line))
            chosen.append(line)
    _claim(chosen, by=by, at=at)
    return chosen


@transaction.atomic
def give_back(*, line_ids: Collection[int], by: User, at: datetime, holder_id: int | None = None) -> list[OrderLine]:
    """Let go of claimed lines, so that anybody can pick them: one's own, or those of the colleague `holder_id`.

    A line that nobody has, or that somebody else has by now, is left as it is. Returns those let go of.
    """
    orders = lock_orders(_orders_of(line_ids))
    _lock_balances(orders, _lines_of(orders))
    held = [line for line in _lines_of(orders) if line.pk in line_ids and line.claimed_by_id]
    lines = [line for line in held if line.claimed_by_id in (by.pk, holder_id)]
    _write_events(EventKind.UNCLAIMED, lines, by=by, at=at)
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(claimed_by=None, claimed_at=None)
    return lines


def _claim(lines: Iterable[OrderLine], *, by: User, at: datetime) -> None:
    new = [line for line in lines if line.claimed_by_id != by.pk]
    _write_events(EventKind.CLAIMED, new, by=by, at=at)
    OrderLine.objects.filter(pk__in=[line.pk for line in new]).update(claimed_by=by, claimed_at=at)


def _lock(order_ids: Collection[int]) -> list[Locked]:
    """Lock the orders and their balances; raises ClaimNotPossible for an order of which nothing may be picked."""
    orders = lock_orders(order_ids)
    levels = _lock_balances(orders, _lines_of(orders))
    lines = _lines_of(orders)  # looked at after the lock
    return [_possible(order, [line for line in lines if line.order_id == pk], levels) for pk, order in orders.items()]


def _possible(order: Order, lines: Sequence[OrderLine], levels: Collection[StockLevel]) -> Locked:
    if not order.is_open:
        raise ClaimNotPossible(f"{order}: det finns inget kvar att plocka.")
    here = {level.article_id: free(level) for level in levels if level.warehouse_id == order.sender_id}
    quantities = can_go(lines, here)
    if missing := missing_for_complete(order, lines, quantities):
        raise ClaimNotPossible(f"{order} levereras endast komplett, och {missing[0].article} räcker inte än.")
    return Locked(order=order, lines=lines, possible=[line for line in lines if quantities[line.pk]])


def _lock_balances(orders: dict[int, Order], lines: Iterable[OrderLine]) -> Collection[StockLevel]:
    senders = {pk: order.sender_id for pk, order in orders.items()}
    return lock_levels((sender, line.article_id) for line in lines if (sender := senders[line.order_id])).values()


def _lines_of(orders: dict[int, Order]) -> list[OrderLine]:
    lines = OrderLine.objects.filter(order__in=orders).select_related("article", "claimed_by")
    return list(lines.order_by("order_id", "position", "pk"))


def _orders_of(line_ids: Collection[int]) -> set[int]:
    return set(OrderLine.objects.filter(pk__in=line_ids).values_list("order_id", flat=True))


def _write_events(kind: EventKind, lines: Sequence[OrderLine], *, by: User, at: datetime) -> None:
    """One event for each order and person that had its lines; that person is told what a colleague did."""
    groups: dict[tuple[int, User | None], list[str]] = {}
    for line in lines:
        holder = line.claimed_by if line.claimed_by_id != by.pk else None
        groups.setdefault((line.order_id, holder), []).append(str(line.article))
    events = []
    for (order_id, holder), articles in groups.items():
        words = f"från {holder.name}: " if holder else ""
        detail = f"{words}{', '.join(articles)}"[:200]
        events.append(OrderEvent(order_id=order_id, kind=kind, actor=by, at=at, detail=detail))
    OrderEvent.objects.bulk_create(events)
    Notice.objects.bulk_create(
        Notice(event=event, user=holder) for event, (_, holder) in zip(events, groups, strict=True) if holder
    )


def _taken(order: Order, line: OrderLine) -> str:
    return f"{order}, {line.article} plockas redan av {claim_words(line)}."


def _nothing(order: Order, line: OrderLine | None = None) -> str:
    what = f"{order}, {line.article}" if line else str(order)
    return f"{what}: det finns inget att plocka än."
