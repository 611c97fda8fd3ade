"""What lines had reserved, when goods turn out not to be there, or not to be fit."""

from collections.abc import Collection
from datetime import datetime

from inventory.models import StockLevel
from inventory.operations.reserving import release
from inventory.writing import write_rows
from orders.models import EventKind, OrderEvent, OrderLine
from orders.models.line import QUEUE
from parties.models import User

from .allocating import amount_of
from .notifying import notify


def take_back(level: StockLevel, gone: int, devices: Collection[int | None], *, by: User, at: datetime) -> None:
    """Release what cannot be reserved any longer: lines whose chosen device is gone, then who stands last in line.

    `gone` is how many of the locked balance's units cannot leave the warehouse for a line, and `devices` which devices
    these are. The lines are written, their people told; the caller writes the balance.
    """
    holding = OrderLine.objects.filter(
        order__sender=level.warehouse_id, article=level.article_id, reserved__gt=0
    ).select_related("order", "article")
    chosen = holding.filter(device__in=[pk for pk in devices if pk])
    lost = [_release(level, line, line.reserved) for line in chosen]
    for line in holding.filter(device=None).order_by(*QUEUE).reverse():
        if (too_much := level.reserved - (level.on_hand - gone)) <= 0:
            break
        lost.append(_release(level, line, min(line.reserved, too_much)))
    write_rows([line for line, _ in lost], ["reserved"])
    notify(
        OrderEvent.objects.bulk_create(
            OrderEvent(order=line.order, kind=EventKind.UNALLOCATED, actor=by, at=at, detail=amount_of(line, quantity))
            for line, quantity in lost
        )
    )


def _release(level: StockLevel, line: OrderLine, quantity: int) -> tuple[OrderLine, int]:
    release(level, quantity)
    line.reserved -= quantity
    return line, quantity
