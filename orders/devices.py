"""Which devices can be chosen: usable, in the warehouse, and held by no order."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef

from inventory.models import Article, Device, Warehouse
from inventory.models.device import DeviceQuerySet

from .models import Order, OrderLine


def free_devices(warehouse: Warehouse, *, order: Order | None = None) -> DeviceQuerySet:
    """Usable devices in the warehouse that no order (no other than `order`) has reserved, the oldest first."""
    held = OrderLine.objects.filter(device=OuterRef("pk"), reserved__gt=0)
    if order:
        held = held.exclude(order=order)
    return Device.objects.in_warehouse(warehouse).usable().filter(~Exists(held)).order_by("pk")


def free_devices_by_article(warehouse: Warehouse | None, articles: Collection[Article]) -> dict[int, Sequence[Device]]:
    """The free devices of the numbered ones among the articles, by article pk; one statement or none."""
    by_article: dict[int, list[Device]] = defaultdict(list)
    numbered = [article for article in articles if article.is_numbered]
    if warehouse and numbered:
        for device in free_devices(warehouse).filter(article__in=numbered):
            by_article[device.article_id].append(device)
    return {**by_article}
