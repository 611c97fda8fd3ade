from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import Article, Device, LocationKind, MovementReason, Warehouse
from parties.models import User

from .locating import outside_location, warehouse_location
from .moving import Move, level_keys, post_movements


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`quantity` units of an article; for a numbered article one device number for each unit instead."""

    article: Article
    quantity: int = 0
    device_numbers: tuple[str, ...] = ()


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
    numbered = [(arrival.article, number) for arrival in arrivals for number in arrival.device_numbers]
    quantities: Counter[Article] = Counter()  # the same article on two rows is one movement
    for arrival in arrivals:
        quantities[arrival.article] += arrival.quantity
    devices = Device.objects.bulk_create(
        Device(number=number, article=article, location=source) for article, number in numbered
    )
    moves = [
        Move(
            key=f"{key}:device:{device.number}",
            article_id=device.article_id,
            quantity=1,
            device_id=device.pk,
            source=source,
            target=target,
        )
        for device in devices
    ] + [
        Move(
            key=f"{key}:article:{article.number}",
            article_id=article.pk,
            quantity=quantity,
            source=source,
            target=target,
        )
        for article, quantity in quantities.items()
        if quantity
    ]
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=reason, by=by, at=at, note=note)
    save_levels(levels.values())
