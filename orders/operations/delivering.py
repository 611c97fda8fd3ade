from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Device, Location, MovementReason, StockLevel
from inventory.operations.locating import care_unit_location, patient_location, transit_location, warehouse_location
from inventory.operations.moving import Move, post_movements
from inventory.operations.reserving import free, release
from orders.models import Delivery, DeliveryLine, EventKind, Order, OrderEvent, OrderLine
from orders.statuses import state_of
from parties.models import User

from .locking import lock_order
from .registering import register_order


class DeliveryNotPossible(Exception):
    """The delivery would not be true; `line_id` says at which line, if at one. The message is in Swedish."""

    def __init__(self, message: str, *, line_id: int | None = None) -> None:
        super().__init__(message)
        self.line_id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """How many units of a line go out; for a numbered article the devices, one a unit."""

    line_id: int
    quantity: int
    device_ids: tuple[int, ...] = ()

    @property
    def parts(self) -> list[tuple[int | None, int]]:
        """(device, quantity): one a device, or one for all where the article is not numbered."""
        return [(pk, 1) for pk in self.device_ids] or [(None, self.quantity)]


@transaction.atomic
def deliver_order(*, order_id: int, key: UUID, by: User, at: datetime, picks: Sequence[Pick] | None = None) -> Delivery:
    """Create an outbound delivery (utleverans): the goods leave the sender, and stock moves in the same transaction.

    To a care unit or a patient they arrive at once; a transfer is in transit until the store confirms receipt.
    Without `picks` everything that remains goes. `key` is made with the page: the same key again returns the same
    delivery. Raises DeliveryNotPossible, and then nothing has changed.
    """
    order = lock_order(order_id)
    if (earlier := Delivery.objects.filter(key=key).first()) and earlier.order_id == order.pk:
        return earlier
    if not order.is_open:
        raise DeliveryNotPossible("Det finns inget kvar att leverera på ordern.")
    assert order.sender is not None
    target = _target(order)
    articles = list(order.lines.values_list("article_id", flat=True))
    warehouses = {order.sender.pk} | ({target.warehouse_id} if target.warehouse_id else set())
    levels = lock_levels((warehouse, article) for warehouse in warehouses for article in articles)
    lines = list(order.lines.for_order_page())  # looked at after the lock
    chosen = _chosen(lines, picks)
    _require_stock(order, chosen, levels)
    _require_devices(order, chosen)
    delivery = _write_delivery(order, chosen, key=key, by=by, at=at)
    _move(delivery, order, chosen, levels, target=target, by=by, at=at)
    order.state = state_of(order, lines, awaits_receipt=True)
    order.version += 1
    order.save(update_fields=["state", "version"])
    OrderEvent.objects.create(order=order, kind=EventKind.DELIVERED, actor=by, at=at, detail=delivery.number)
    return delivery


@transaction.atomic
def register_and_deliver(*, order_id: int, key: UUID, by: User, at: datetime) -> Delivery:
    """*Spara och lämna ut*: register a direct order and hand everything out, in one transaction.

    Raises OrderCannotBeRegistered or DeliveryNotPossible, and then the order is still a draft.
    """
    order = register_order(order_id=order_id, by=by, at=at)
    return deliver_order(order_id=order.pk, key=key, by=by, at=at)


def _target(order: Order) -> Location:
    if order.recipient_warehouse:
        return transit_location(order.recipient_warehouse)
    if order.recipient_unit:
        return care_unit_location(order.recipient_unit)
    assert order.recipient_patient is not None
    return patient_location(order.recipient_patient)


type Chosen = list[tuple[OrderLine, Pick]]


def _chosen(lines: Sequence[OrderLine], picks: Sequence[Pick] | None) -> Chosen:
    """Pair each pick with its line. Raises DeliveryNotPossible."""
    by_pk = {line.pk: line for line in lines}
    if picks is None:
        picks = [
            Pick(line_id=line.pk, quantity=line.remaining, device_ids=(line.device_id,) if line.device_id else ())
            for line in lines
            if line.remaining
        ]
    if not picks:
        raise DeliveryNotPossible("Ange antal på minst en rad.")
    chosen: Chosen = []
    for pick in picks:
        line = by_pk.pop(pick.line_id, None)
        if line is None:
            raise DeliveryNotPossible("Raden hör inte till ordern eller står två gånger.")
        if not 1 <= pick.quantity <= line.remaining:
            raise DeliveryNotPossible(f"{line.article}: {line.remaining} återstår att leverera.", line_id=line.pk)
        chosen.append((line, pick))
    return chosen


def _require_stock(order: Order, chosen: Chosen, levels: dict[LevelKey, StockLevel]) -> None:
    """Take each pick from the line's own reservation first, then from what is free; or raise DeliveryNotPossible."""
    assert order.sender is not None
    promised: Counter[int] = Counter()  # two lines can share an article: one with a chosen device, one without
    for line, pick in chosen:
        level = levels[order.sender.pk, line.article_id]
        from_reserved = min(line.reserved, pick.quantity)
        release(level, from_reserved)
        possible = free(level) - promised[line.article_id]
        if pick.quantity > possible:
            raise DeliveryNotPossible(
                f"{line.article}: bara {max(possible, 0)} av {pick.quantity} finns i {order.sender}.", line_id=line.pk
            )
        promised[line.article_id] += pick.quantity
        line.reserved -= from_reserved
        line.delivered += pick.quantity
    OrderLine.objects.bulk_update([line for line, _ in chosen], ["reserved", "delivered"])


def _require_devices(order: Order, chosen: Chosen) -> None:
    """Each unit of a numbered article has its own device: here, usable, not held by another line."""
    assert order.sender is not None
    wanted = [pk for _, pick in chosen for pk in pick.device_ids]
    if len(set(wanted)) != len(wanted):
        raise DeliveryNotPossible("Samma individ står två gånger i utleveransen.")
    here = (
        {device.pk: device for device in Device.objects.in_warehouse(order.sender).usable().filter(pk__in=wanted)}
        if wanted
        else {}
    )
    held = (
        dict(OrderLine.objects.filter(device__in=wanted, reserved__gt=0).values_list("device_id", "pk"))
        if wanted
        else {}
    )
    for line, pick in chosen:
        expected = pick.quantity if line.article.is_numbered else 0
        if len(pick.device_ids) != expected:
            raise DeliveryNotPossible(f"{line.article}: välj {expected} individ(er).", line_id=line.pk)
        for device_id in pick.device_ids:
            device = here.get(device_id)
            if device is None or device.article_id != line.article_id:
                raise DeliveryNotPossible(
                    f"{line.article}: individen finns inte i {order.sender} eller är spärrad.", line_id=line.pk
                )
            if held.get(device_id, line.pk) != line.pk:
                raise DeliveryNotPossible(f"Individ {device} är reserverad för en annan order.", line_id=line.pk)
            if line.device_id not in (None, device_id):
                raise DeliveryNotPossible(f"Raden gäller individ {line.device}.", line_id=line.pk)


def _write_delivery(order: Order, chosen: Chosen, *, key: UUID, by: User, at: datetime) -> Delivery:
    number = f"{order.number}-{order.deliveries.count() + 1}"
    delivery = Delivery.objects.create(key=key, number=number, order=order, at=at, actor=by)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=delivery, order_line=line, device_id=device_id, quantity=quantity)
        for line, pick in chosen
        for device_id, quantity in pick.parts
    )
    return delivery


def _move(
    delivery: Delivery,
    order: Order,
    chosen: Chosen,
    levels: dict[LevelKey, StockLevel],
    *,
    target: Location,
    by: User,
    at: datetime,
) -> None:
    assert order.sender is not None
    source = warehouse_location(order.sender)
    moves = [
        Move(
            key=f"delivery:{delivery.pk}:line:{line.pk}" + (f":device:{device_id}" if device_id else ""),
            article_id=line.article_id,
            quantity=quantity,
            device_id=device_id,
            source=source,
            target=target,
        )
        for line, pick in chosen
        for device_id, quantity in pick.parts
    ]
    post_movements(moves, levels=levels, reason=MovementReason.DELIVERY, by=by, at=at)
    save_levels(levels.values())
