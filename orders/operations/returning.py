"""A return (retur): from whoever has the goods to a return shelf, and from there, checked, to the stock or to scrap."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import Device, DeviceState, LocationKind, MovementReason, Warehouse
from inventory.operations.locating import outside_location, returns_location, warehouse_location
from inventory.operations.moving import Move, level_keys, post_movements
from orders.models import EventKind, GoodsReturn, Holding, OrderEvent, ReturnOutcome
from parties.models import User

from .allocating import share_out
from .holding import reduce_holding


class GoodsCannotBeReturned(Exception):
    """The return would not be true, or has been checked already; the message is in Swedish."""


@transaction.atomic
def receive_return(
    *, key: UUID, holding_id: int, warehouse: Warehouse, quantity: int, by: User, at: datetime, note: str = ""
) -> GoodsReturn:
    """Take back `quantity` units of a holding to the warehouse's return shelf; they wait there to be checked.

    `key` is made with the page: the same key again returns the same return. Raises GoodsCannotBeReturned.
    """
    holding = _lock_holding(holding_id)
    if earlier := GoodsReturn.objects.filter(key=key).first():
        return earlier
    if not holding.left:
        raise GoodsCannotBeReturned("Allt är redan återlämnat.")
    if not 1 <= quantity <= holding.left:
        raise GoodsCannotBeReturned(f"{holding.article}: {holding.left} kan återlämnas.")
    shelf = returns_location(warehouse)
    goods = GoodsReturn.objects.create(
        key=key, holding=holding, warehouse=warehouse, quantity=quantity, note=note, at=at, actor=by
    )
    move = Move(
        key=f"return:{goods.pk}",
        article_id=holding.article_id,
        quantity=quantity,
        device_id=holding.device_id,
        source=holding.location,
        target=shelf,
    )
    post_movements([move], levels={}, reason=MovementReason.RETURN, by=by, at=at, note=note)
    reduce_holding(holding, quantity, at=at)
    OrderEvent.objects.create(
        order_id=holding.delivery_line.delivery.order_id,
        kind=EventKind.RETURNED,
        actor=by,
        at=at,
        detail=f"{quantity} {holding.article.unit} {holding.article} till {warehouse.number}"[:200],
    )
    return goods


@transaction.atomic
def check_return(*, return_id: int, outcome: ReturnOutcome, by: User, at: datetime) -> GoodsReturn:
    """Say what returned goods are good for: into the stock, where waiting orders get them at once, or scrapped.

    The same outcome twice is harmless. Raises GoodsCannotBeReturned if somebody else came to another outcome.
    """
    goods = GoodsReturn.objects.select_for_update(of=["self"]).select_related("holding", "warehouse").get(pk=return_id)
    if goods.outcome == outcome:
        return goods
    if goods.outcome:
        raise GoodsCannotBeReturned(f"Returen är redan kontrollerad: {goods.get_outcome_display().lower()}.")
    scrapped = outcome == ReturnOutcome.SCRAPPED
    move = Move(
        key=f"return:{goods.pk}:checked",
        article_id=goods.holding.article_id,
        quantity=goods.quantity,
        device_id=goods.holding.device_id,
        source=returns_location(goods.warehouse),
        target=outside_location(LocationKind.LOSS) if scrapped else warehouse_location(goods.warehouse),
    )
    levels = lock_levels(level_keys([move]))
    post_movements([move], levels=levels, reason=MovementReason.RETURN, by=by, at=at, note=outcome.label)
    if scrapped and goods.holding.device_id:
        Device.objects.filter(pk=goods.holding.device_id).update(state=DeviceState.SCRAPPED)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    goods.outcome, goods.checked_at, goods.checked_by = outcome, at, by
    goods.save(update_fields=["outcome", "checked_at", "checked_by"])
    return goods


def _lock_holding(holding_id: int) -> Holding:
    """Raises GoodsCannotBeReturned: a delivery that failed meanwhile takes its holdings with it."""
    holding = (
        Holding.objects.select_for_update(of=["self"])
        .select_related("article", "location", "delivery_line__delivery")
        .filter(pk=holding_id)
        .first()
    )
    if holding is None:
        raise GoodsCannotBeReturned("Leveransen misslyckades. Varorna är redan tillbaka hos avsändaren.")
    return holding
