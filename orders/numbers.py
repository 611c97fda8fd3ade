from django.db.models import F

from .models import OrderNumberSeries, OrderType


def next_order_number(*, type: OrderType, year: int) -> str:
    """The next number of the type's series that year, e.g. `F-26-004211`: letter, year, running number.

    Without gaps: the row is locked until the transaction ends, so a rolled-back order gives its number back.
    """
    changed = OrderNumberSeries.objects.filter(type=type, year=year).update(last=F("last") + 1)
    if not changed:
        OrderNumberSeries.objects.bulk_create([OrderNumberSeries(type=type, year=year)], ignore_conflicts=True)
        OrderNumberSeries.objects.filter(type=type, year=year).update(last=F("last") + 1)
    last = OrderNumberSeries.objects.get(type=type, year=year).last
    return f"{type}-{year % 100:02d}-{last:06d}"
