"""Rows of a list of orders: each with its status and who does what now, for one viewer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from parties.models import User

from .models import Order, OrderState
from .next_actor import NextAct, next_act
from .progress import Progress, progress_of
from .statuses import Status, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    order: Order
    status: Status
    act: NextAct
    progress: Progress
    key: UUID = field(default_factory=uuid4)
    """Of the delivery that the row's button makes, so that pressing twice makes one."""

    @property
    def is_mine_to_hand_out(self) -> bool:
        return self.act.is_yours and self.order.is_delivery_missing

    @property
    def all_is_there(self) -> bool:
        """Whether everything that remains is reserved, so that one press can hand it out."""
        return self.progress.reserved > 0 and not self.progress.backordered


def order_rows(orders: Iterable[Order], *, viewer: User) -> list[OrderRow]:
    """One row for each order that `read_orders` gave, in its order; one statement whatever the number of rows."""
    orders = list(orders)
    progress = progress_of(orders) if orders else {}
    return [
        OrderRow(
            order=order,
            status=status_with_progress(order, progress[order.pk]),
            act=next_act(order, progress[order.pk], viewer=viewer),
            progress=progress[order.pk],
        )
        for order in orders
    ]


def status_with_progress(order: Order, progress: Progress) -> Status:
    """The status word; a partly delivered order also says how much."""
    status = status_of(order)
    if order.state != OrderState.PARTLY_DELIVERED or order.is_delivery_missing:
        return status
    return Status(f"{status.word} {progress.delivered} av {progress.quantity - progress.canceled}", status.tone)
