"""Acts that race: what several people do with orders at the same moment."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from inventory.models import GoodsReceipt, Warehouse
from inventory.operations.receiving import Arrival
from orders.models import CancelReason, Delivery, Order
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick, deliver_order
from orders.operations.registering import register_order
from orders.operations.replenishing import replenish
from tests.fixtures import Town

type Act = Callable[[], object]


def registering(town: Town, draft: Order) -> "partial[Order]":
    return partial(register_order, order_id=draft.pk, by=town.lina, at=town.now())


def delivering(town: Town, order: Order, picks: list[Pick] | None = None) -> "partial[Delivery]":
    return partial(deliver_order, order_id=order.pk, key=uuid4(), by=town.hakan, at=town.now(), picks=picks)


def canceling(town: Town, order: Order) -> "partial[Order]":
    return partial(cancel_order, order_id=order.pk, reason=CancelReason.NOT_NEEDED, by=town.lina, at=town.now())


def arriving(town: Town, *arrivals: Arrival, at: Warehouse | None = None) -> "partial[GoodsReceipt]":
    """Goods come to a warehouse, to lager 10 unless another is said."""
    return partial(
        replenish,
        key=uuid4(),
        warehouse=at or town.central,
        supplier=None,
        reference="",
        arrivals=list(arrivals),
        by=town.hakan,
        at=town.now(),
    )
