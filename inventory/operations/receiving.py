from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import Article, Device, Location, LocationKind, MovementReason, Warehouse
from parties.models import User

from .locating import outside_location, warehouse_location
from .moving import Move, level_keys, post_movements


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`quantity` units of an article; for a numbered article one device number for each unit instead.

    `serial_numbers` are the manufacturer's, in the order of the devices; none, or one for each.
    """

    article: Article
    quantity: int = 0
    device_numbers: tuple[str, ...] = ()
    serial_numbers: tuple[str, ...] = ()


@transaction.atomic
def receive_goods(
    *,
    warehouse: Warehouse,
    arrivals: Sequence[Arrival],
    by: User | None,
    at: datetime,
    key: str,
    reason: MovementReason = MovementReason.GOODS_RECEIPT,
    note: str = "",
) -> None:
    """Take goods from outside into a warehouse: supplier → warehouse. New devices are made.

    `key` names the act; the same key twice is refused by the database (IntegrityError).
    """
    source, target = outside_location(LocationKind.SUPPLIER), warehouse_location(warehouse)
    devices = _make_devices(arrivals, source)
    moves = [*_moves_of_devices(devices, key, source, target), *_moves_of_articles(arrivals, key, source, target)]
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=reason, by=by, at=at, note=note)
    save_levels(levels.values())


def _make_devices(arrivals: Iterable[Arrival], source: Location) -> list[Device]:
    """In one statement; they are at the supplier's until they are moved."""
    return Device.objects.bulk_create(
        Device(number=number, serial_number=serial, article=arrival.article, location=source)
        for arrival in arrivals
        for number, serial in zip_longest(arrival.device_numbers, arrival.serial_numbers, fillvalue="")
    )


def _moves_of_devices(devices: Iterable[Device], key: str, source: Location, target: Location) -> Iterable[Move]:
    for device in devices:
        yield Move(
            key=f"{key}:device:{device.number}",
            article_id=device.article_id,
            quantity=1,
            device_id=device.pk,
            source=source,
            target=target,
        )


def _moves_of_articles(arrivals: Iterable[Arrival], key: str, source: Location, target: Location) -> Iterable[Move]:
    """The same article on two rows is one movement."""
    quantities: Counter[Article] = Counter()
    for arrival in arrivals:
        quantities[arrival.article] += arrival.quantity
    for article, quantity in quantities.items():
        if quantity:
            yield Move(
                key=f"{key}:article:{article.number}",
                article_id=article.pk,
                quantity=quantity,
                source=source,
                target=target,
            )
