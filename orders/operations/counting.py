"""A stock count (inventering): what was counted becomes the balance, by movements from *found* or to *loss*."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import (
    Article,
    Device,
    Location,
    LocationKind,
    MovementReason,
    StockMovement,
    Warehouse,
)
from inventory.operations.locating import outside_location, warehouse_location
from inventory.operations.moving import Move, post_movements
from parties.models import User

from .allocating import share_out
from .taking_back import take_back


class CountNotPossible(Exception):
    """What was counted cannot be written; the message says why, in Swedish."""


@transaction.atomic
def count_stock(
    *,
    key: UUID,
    warehouse: Warehouse,
    article: Article,
    by: User,
    at: datetime,
    counted: int = 0,
    devices: Collection[Device] = (),
    note: str = "",
) -> int:
    """Write what was counted in a warehouse: `counted` units, or for a numbered article the devices that were there.

    Returns the difference in units. What is gone is taken from the reservations of those who came last; what was
    found goes to those who wait. The same `key` again changes nothing. Raises CountNotPossible.
    """
    places = {kind: outside_location(kind) for kind in (LocationKind.FOUND, LocationKind.LOSS)}
    shelf = warehouse_location(warehouse)
    levels = lock_levels([(warehouse.pk, article.pk)])
    level = levels[warehouse.pk, article.pk]
    if StockMovement.objects.filter(key__startswith=f"count:{key}:").exists():
        return 0
    if article.is_numbered:
        moves = _device_moves(key, article, shelf, places, devices)
    else:
        moves = _quantity_moves(key, article, shelf, places, counted - level.on_hand)
    gone = [move for move in moves if move.source == shelf]
    if gone:
        take_back(level, sum(move.quantity for move in gone), {move.device_id for move in gone}, by=by, at=at)
    post_movements(moves, levels=levels, reason=MovementReason.COUNT, by=by, at=at, note=note)
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    return sum(move.quantity if move.target == shelf else -move.quantity for move in moves)


type Places = dict[LocationKind, Location]


def _quantity_moves(key: UUID, article: Article, shelf: Location, places: Places, difference: int) -> list[Move]:
    if not difference:
        return []
    source, target = (places[LocationKind.FOUND], shelf) if difference > 0 else (shelf, places[LocationKind.LOSS])
    name = f"count:{key}:article"
    return [Move(key=name, article_id=article.pk, quantity=abs(difference), source=source, target=target)]


def _device_moves(
    key: UUID, article: Article, shelf: Location, places: Places, devices: Collection[Device]
) -> list[Move]:
    """Devices that were not there are lost; one that was lost before and is there now comes back."""
    here = {device.pk: device for device in Device.objects.filter(article=article, location=shelf)}
    seen = {device.pk: device for device in devices}
    moves = [
        _device_move(key, device, shelf, places[LocationKind.LOSS]) for pk, device in here.items() if pk not in seen
    ]
    for device in (device for pk, device in seen.items() if pk not in here):
        if device.article_id != article.pk:
            raise CountNotPossible(f"Individ {device} är en annan artikel.")
        if device.location_id != places[LocationKind.LOSS].pk:
            raise CountNotPossible(f"Individ {device} finns på en annan plats enligt lagerrörelserna. Gör en retur.")
        moves.append(_device_move(key, device, places[LocationKind.LOSS], shelf))
    return moves


def _device_move(key: UUID, device: Device, source: Location, target: Location) -> Move:
    return Move(
        key=f"count:{key}:device:{device.pk}",
        article_id=device.article_id,
        quantity=1,
        device_id=device.pk,
        source=source,
        target=target,
    )
