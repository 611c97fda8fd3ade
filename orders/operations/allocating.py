"""The queue to an article in a warehouse, and giving what is free to those who stand in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.locks import LevelKey
from inventory.models import GoodsReceipt, StockLevel
from inventory.operations.reserving import free, reserve
from inventory.writing import write_rows
from orders.models import EventKind, OrderEvent, OrderLine
from parties.models import User

from .notifying import notify


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many units a waiting line was given. Its order and article are loaded."""

    line: OrderLine
    quantity: int


def share_out(
    levels: dict[LevelKey, StockLevel], *, by: User, at: datetime, goods_receipt: GoodsReceipt | None = None
) -> list[Share]:
    """Give what is free in locked balances to the lines that wait for it, first in the queue first.

    Called in the transaction that made it free (goods that arrive, a receipt, a return, a cancelled line, a count),
    after the lines have been written. The caller writes the balances. Each order's history says what it was given,
    and its people are told. An expected date that nobody waits for any more is forgotten.
    """
    shares = _give(levels)
    if shares:
        write_rows([share.line for share in shares], ["reserved"])
        _tell(shares, by=by, at=at, goods_receipt=goods_receipt)
    _forget_dates(levels.values())
    return shares


def _give(levels: dict[LevelKey, StockLevel]) -> list[Share]:
    """Reserve in memory: the lines and the balances are changed, nothing is written."""
    with_free = {key for key, level in levels.items() if free(level) > 0}
    if not with_free:
        return []
    shares = []
    # A line whose chosen device is gone (a count) waits for a person: another device may not fit the patient.
    waiting = OrderLine.objects.waiting_at(with_free).filter(device=None)
    for line in waiting.select_related("order", "article").in_queue_order():
        assert line.order.sender_id is not None
        level = levels.get((line.order.sender_id, line.article_id))  # None: the article in another of the warehouses
        if level and (taken := reserve(level, line.backordered)):
            line.reserved += taken
            shares.append(Share(line=line, quantity=taken))
    return shares


def _tell(shares: Sequence[Share], *, by: User, at: datetime, goods_receipt: GoodsReceipt | None) -> None:
    notify(
        OrderEvent.objects.bulk_create(
            OrderEvent(
                order=share.line.order,
                kind=EventKind.ALLOCATED,
                actor=by,
                at=at,
                detail=amount_of(share.line, share.quantity),
                goods_receipt=goods_receipt,
            )
            for share in shares
        )
    )


def amount_of(line: OrderLine, quantity: int) -> str:
    """`2 st 14710 Duschpall`, as an event's detail says it."""
    return f"{quantity} {line.article.unit} {line.article}"[:200]


def _forget_dates(levels: Iterable[StockLevel]) -> None:
    dated = {(level.warehouse_id, level.article_id): level.pk for level in levels if level.expected_on}
    if not dated:
        return
    waited_for = set(OrderLine.objects.waiting_at(dated).values_list("order__sender_id", "article_id"))
    gone = [pk for key, pk in dated.items() if key not in waited_for]
    StockLevel.objects.filter(pk__in=gone).update(expected_on=None)
