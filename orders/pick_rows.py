"""The work list's rows for one viewer: how much of each line can go now, who is picking it, what may be ticked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from inventory.models import Article
from inventory.queries import available_in
from parties.models import User

from .claims import can_go, missing_for_complete
from .models import Order, OrderLine
from .reading import LINES_TO_PICK

SHOWN = 12
"""Lines shown of one order; the rest is a number and a link to the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """A line of the work list. `possible` units can go now, but nothing of an order that waits to be complete."""

    line: OrderLine
    possible: int
    is_held: bool
    holder: User | None
    is_mine: bool

    @property
    def can_be_ticked(self) -> bool:
        return self.is_mine or (self.possible > 0 and not self.is_held and self.holder is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGroup:
    """An order of the work list with the first of its lines, and how many more there are."""

    order: Order
    rows: Sequence[PickRow]
    more: int
    is_held: bool
    can_be_ticked: bool
    holders: Collection[User]
    mine: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleGroup:
    article: Article
    rows: Sequence[PickRow]

    @property
    def possible(self) -> int:
        """Units that can go now, of the rows shown."""
        return sum(row.possible for row in self.rows)


def order_groups(orders: Iterable[Order], *, viewer: User, only_mine: bool) -> list[OrderGroup]:
    """The orders in their order, each with its lines; two statements whatever their number."""
    orders = list(orders)
    groups = []
    rows_of = _rows(orders, viewer)
    for order in orders:
        rows = rows_of[order.pk]
        shown = [row for row in rows if row.is_mine] if only_mine else rows
        groups.append(
            OrderGroup(
                order=order,
                rows=shown[:SHOWN],
                more=len(shown) - len(shown[:SHOWN]),
                is_held=any(row.is_held for row in rows),
                can_be_ticked=any(row.can_be_ticked for row in rows),
                holders=list(dict.fromkeys(row.holder for row in rows if row.holder)),
                mine=sum(row.is_mine for row in rows),
            )
        )
    return groups


def article_groups(keys: Iterable[int], orders: Sequence[Order], *, viewer: User) -> list[ArticleGroup]:
    """The lines of these orders with these keys, in their order, those of one article together; two statements.

    What can go is looked at for each whole order: one that waits to be complete is held by lines that are not shown.
    """
    rows_of = _rows(orders, viewer)
    by_line = {row.line.pk: row for rows in rows_of.values() for row in rows}
    groups: dict[Article, list[PickRow]] = {}
    for row in (by_line[key] for key in keys if key in by_line):
        groups.setdefault(row.line.article, []).append(row)
    return [ArticleGroup(article=article, rows=rows) for article, rows in groups.items()]


def _rows(orders: Sequence[Order], viewer: User) -> dict[int, list[PickRow]]:
    """The lines that remain of each order, by order pk."""
    if not orders:
        return {}
    known = {order.pk: order for order in orders}
    by_order: dict[int, list[OrderLine]] = {pk: [] for pk in known}
    waiting = "it.order_id = ANY(%s) AND it.remaining > 0 ORDER BY it.position, it.id"
    for line in LINES_TO_PICK.read(waiting, [list(known)]):
        line.order = known[line.order_id]
        by_order[line.order_id].append(line)
    lines = [line for same in by_order.values() for line in same]
    senders = {order.sender for order in orders if order.sender}
    free = available_in(senders, {line.article for line in lines}) if lines else {}
    rows = {}
    for order in orders:
        here = {article: units for (place, article), units in free.items() if place == order.sender_id}
        possible = can_go(by_order[order.pk], here)
        is_held = bool(missing_for_complete(order, by_order[order.pk], possible))
        rows[order.pk] = [_row(line, possible[line.pk], viewer, is_held=is_held) for line in by_order[order.pk]]
    return rows


def _row(line: OrderLine, possible: int, viewer: User, *, is_held: bool) -> PickRow:
    is_mine = line.claimed_by_id == viewer.pk
    return PickRow(
        line=line, possible=possible, is_held=is_held, holder=None if is_mine else line.claimed_by, is_mine=is_mine
    )
