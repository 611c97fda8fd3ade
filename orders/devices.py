"""Which devices can be chosen: usable, in the warehouse, and held by no order; and why another cannot."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Subquery

from inventory.models import Article, Device, DeviceState, LocationKind, StockMovement, Warehouse
from inventory.models.device import DeviceQuerySet
from parties.prepared import prepared
from parties.reading import Reader

from .models import Order, OrderLine


def free_devices(warehouse: Warehouse, *, order: Order | None = None) -> DeviceQuerySet:
    """Usable devices in the warehouse that no order (no other than `order`) has reserved.

    The oldest first: those that came into stock, anywhere, before the others.
    """
    held = OrderLine.objects.filter(device=OuterRef("pk"), reserved__gt=0)
    if order:
        held = held.exclude(order=order)
    movements = StockMovement.objects.filter(device=OuterRef("pk")).order_by("at", "pk")
    free = Device.objects.in_warehouse(warehouse).usable().filter(~Exists(held))
    return free.alias(arrived_at=Subquery(movements.values("at")[:1])).order_by("arrived_at", "pk")


PLACE = f"SELECT id FROM inventory_location WHERE kind = '{LocationKind.WAREHOUSE}' AND warehouse_id = %s"  # noqa: S608  # a constant
DEVICES = Reader(Device)
FREE = f"""
    it.article_id = ANY (%s) AND it.location_id = {{place}} AND it.state = '{DeviceState.OK}' AND NOT EXISTS (
        SELECT FROM orders_orderline AS line
        WHERE device_id = it.id AND (reserved > 0 OR order_id = %s AND line.id IS DISTINCT FROM %s) OFFSET 0
    )
    ORDER BY (
        SELECT at FROM inventory_stockmovement AS movement WHERE device_id = it.id ORDER BY at, id LIMIT 1
    ), it.id
"""  # noqa: S608  # constants
"""OFFSET 0 has the lines asked for each device by itself; PostgreSQL read all lines in the order of their devices."""


def free_devices_by_article(
    warehouse: Warehouse | None,
    articles: Collection[Article],
    *,
    but_of: Order | None = None,
    editing: OrderLine | None = None,
) -> dict[int, Sequence[Device]]:
    """The free devices of the numbered ones among the articles, by article pk; two statements or none.

    As `free_devices` (a test compares), in plain SQL, since each page of hits asks. Those on the lines of `but_of` are
    left out, except that of the line `editing`.

    The place is looked up, and its key stands in the text: PostgreSQL then knows how much is in it, and begins with the
    articles where that is less.
    """
    by_article: dict[int, list[Device]] = defaultdict(list)
    numbered = [article.pk for article in articles if article.is_numbered]
    if warehouse and numbered:
        with prepared() as cursor:
            cursor.execute(PLACE, [warehouse.pk])
            places = [pk for (pk,) in cursor.fetchall()]
        params = [numbered, but_of.pk if but_of else None, editing.pk if editing else None]
        for place in places:
            for device in DEVICES.read(FREE.format(place=place), params):
                by_article[device.article_id].append(device)
    return {**by_article}


def holding_lines(devices: Collection[int]) -> dict[int, int]:
    """Device pk → pk of the order line that has reserved it."""
    held = OrderLine.objects.filter(device__in=devices, reserved__gt=0)
    return {device: line for device, line in held.values_list("device_id", "pk") if device}


def why_not(device: Device, line: OrderLine, *, sender: Warehouse, holder: int | None) -> str:
    """Why the device cannot leave the sender for the line, in one sentence; empty when it can.

    `holder` is the line that has reserved the device. Needs the device's article, and its location's warehouse.
    """
    if device.article_id != line.article_id:
        return f"{device} är {device.article}, inte {line.article}."
    if line.device_id not in (None, device.pk):
        return f"Raden gäller individ {line.device}, inte {device}."
    if device.location.kind != LocationKind.WAREHOUSE or device.location.warehouse_id != sender.pk:
        return _where(device, sender)
    if device.state != DeviceState.OK:
        return f"{device} är {DeviceState(device.state).label.lower()}."
    if holder not in (None, line.pk):
        return f"{device} är reserverad för en annan order."
    return ""


def why_not_free(device: Device, sender: Warehouse | None) -> str:
    """Why a device that was asked for is not among the free ones of the sender. Needs its location's warehouse."""
    if sender is None:
        return ""
    if device.location.kind != LocationKind.WAREHOUSE or device.location.warehouse_id != sender.pk:
        return _where(device, sender)
    if device.state != DeviceState.OK:
        return f"{device} är {DeviceState(device.state).label.lower()}."
    return f"{device} är redan vald, här eller på en annan order."


def _where(device: Device, sender: Warehouse) -> str:
    """Where a device is instead, no closer than a warehouse: never with whom."""
    place = device.location
    match place.kind:
        case LocationKind.WAREHOUSE:
            return f"{device} finns i {place.warehouse}, inte i {sender}."
        case LocationKind.RETURNS:
            return f"{device} ligger på returhyllan i {place.warehouse} och är inte kontrollerad."
        case LocationKind.TRANSIT:
            return f"{device} är på väg till {place.warehouse}."
        case LocationKind.CARE_UNIT | LocationKind.PATIENT:
            return f"{device} är redan utlämnad."
        case _:
            return f"{device} finns inte i något lager."
