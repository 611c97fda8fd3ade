from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Device, StockLevel
from inventory.operations.reserving import reserve
from inventory.writing import insert_rows, write_rows
from orders.completeness import missing_for_registration
from orders.models import EventKind, Order, OrderEvent, OrderLine, OrderState, OrderType
from orders.numbers import next_order_number
from orders.reading import read_lines
from parties.models import User
from parties.operations.relating import register_relation

from .locating import recipient_location
from .locking import lock_order

NUMBERED = ("number", "state", "registered_at", "version")
"""What changes of an order that is registered."""


class OrderCannotBeRegistered(Exception):
    """Something is missing or no longer true; the message says what, in Swedish."""


@transaction.atomic
def register_order(*, order_id: int, by: User, at: datetime) -> Order:
    """Register a draft: give it its number and reserve stock for its lines in the sender's warehouse.

    What cannot be reserved becomes a back order. An order that is already registered is returned as it is, so that
    a repeated request is harmless. Raises OrderCannotBeRegistered.
    """
    order = lock_order(order_id)
    if not order.is_draft:
        return order
    lines = lines_to_register(order, by=by, at=at)
    recipient_location(order)  # made before the balances are locked, for the delivery
    levels = reserve_lines(order, lines)
    write_rows(lines, ["reserved"])
    save_levels(levels.values())
    events = [give_number(order, by=by, at=at)]
    write_rows([order], NUMBERED)
    insert_rows(events)
    return order


def lines_to_register(order: Order, *, by: User, at: datetime) -> list[OrderLine]:
    """The lines of a locked draft that lacks nothing; the patient's unit is noted. Raises OrderCannotBeRegistered."""
    today = timezone.localdate(at)  # rights end at midnight in Sweden
    lines = read_lines(order)
    if missing := missing_for_registration(order, lines, on=today):
        raise OrderCannotBeRegistered(" ".join(missing))
    if order.recipient_patient and order.customer:
        register_relation(patient=order.recipient_patient, unit=order.customer, by=by, on=today)
    return lines


def give_number(order: Order, *, by: User, at: datetime) -> OrderEvent:
    """Make the draft a registered order, in memory: the caller writes its NUMBERED fields and the event."""
    order.number = next_order_number(type=OrderType(order.type), year=timezone.localdate(at).year)
    order.state = OrderState.REGISTERED
    order.registered_at = at
    order.version += 1
    return OrderEvent(order=order, kind=EventKind.REGISTERED, actor=by, at=at)


def reserve_lines(order: Order, lines: Sequence[OrderLine]) -> dict[LevelKey, StockLevel]:
    """Lock the balances and reserve what is available for each line, chosen devices first; in memory.

    Raises OrderCannotBeRegistered.
    """
    assert order.sender_id is not None
    levels = lock_levels((order.sender_id, line.article_id) for line in lines)
    _require_free_devices(order, [line for line in lines if line.device_id])
    for line in sorted(lines, key=lambda line: line.device_id is None):
        line.reserved = reserve(levels[order.sender_id, line.article_id], line.quantity)
        if line.device_id and not line.reserved:
            raise OrderCannotBeRegistered(f"Alla individer av {line.article} är redan reserverade i {order.sender}.")
    return levels


def _require_free_devices(order: Order, lines: Sequence[OrderLine]) -> None:
    """Called under the level locks: the devices are in the sender, usable, and nobody else holds them."""
    if not lines:
        return
    assert order.sender is not None
    chosen = [line.device_id for line in lines if line.device_id]
    here = set(Device.objects.in_warehouse(order.sender).usable().filter(pk__in=chosen).values_list("pk", flat=True))
    held = set(OrderLine.objects.filter(device__in=chosen, reserved__gt=0).values_list("device_id", flat=True))
    for line in lines:
        if line.device_id not in here:
            raise OrderCannotBeRegistered(f"Individ {line.device} finns inte i {order.sender}. Välj en annan.")
        if line.device_id in held:
            raise OrderCannotBeRegistered(f"Individ {line.device} är reserverad för en annan order. Välj en annan.")
