from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from inventory.locks import lock_levels, save_levels
from inventory.models import Device, GoodsReceipt, Warehouse
from inventory.operations.receiving import Arrival, receive_goods
from parties.models import Party, User

from .allocating import share_out


class GoodsCannotBeReceived(Exception):
    """What was typed cannot have come; `row` says on which row (from 0), and whether it is about a `serial` number.

    The message is in Swedish.
    """

    def __init__(self, message: str, *, row: int, serial: bool = False) -> None:
        super().__init__(message)
        self.row, self.serial = row, serial


@transaction.atomic
def replenish(
    *,
    key: UUID,
    warehouse: Warehouse,
    supplier: Party | None,
    reference: str,
    arrivals: Sequence[Arrival],
    by: User,
    at: datetime,
) -> GoodsReceipt:
    """Take goods from a supplier into a warehouse (inleverans) and give waiting order lines their share at once.

    `key` is made with the page: the same key again returns the same goods receipt. Raises GoodsCannotBeReceived.
    """
    receipt, created = GoodsReceipt.objects.get_or_create(
        key=key, defaults={"warehouse": warehouse, "supplier": supplier, "reference": reference, "at": at, "actor": by}
    )
    if not created:
        return receipt
    _take_in(receipt, arrivals, by=by, at=at)
    levels = lock_levels((warehouse.pk, arrival.article.pk) for arrival in arrivals)  # ours already; now with the goods
    share_out(levels, by=by, at=at, goods_receipt=receipt)
    save_levels(levels.values())
    return receipt


def _take_in(receipt: GoodsReceipt, arrivals: Sequence[Arrival], *, by: User, at: datetime) -> None:
    _require_new_numbers(arrivals)
    _require_new_serial_numbers(arrivals)
    try:
        with transaction.atomic():
            receive_goods(
                warehouse=receipt.warehouse,
                arrivals=arrivals,
                by=by,
                at=at,
                key=f"goods:{receipt.pk}",
                note=receipt.reference,
            )
    except IntegrityError:  # somebody took in a device with the same number at the same time
        _require_new_numbers(arrivals)
        _require_new_serial_numbers(arrivals)
        raise


def _require_new_numbers(arrivals: Sequence[Arrival]) -> None:
    numbers = [number for arrival in arrivals for number in arrival.device_numbers]
    known = set(Device.objects.filter(number__in=numbers).values_list("number", flat=True))
    seen: set[str] = set()
    for row, arrival in enumerate(arrivals):
        for number in arrival.device_numbers:
            if number in known:
                raise GoodsCannotBeReceived(f"Individ {number} finns redan.", row=row)
            if number in seen:
                raise GoodsCannotBeReceived(f"Individ {number} står två gånger.", row=row)
            seen.add(number)


def _require_new_serial_numbers(arrivals: Sequence[Arrival]) -> None:
    """A serial number is the manufacturer's: two articles may have the same."""
    with_serials = [arrival for arrival in arrivals if any(arrival.serial_numbers)]
    if not with_serials:
        return
    asked = Q(article__in={arrival.article for arrival in with_serials}) & Q(
        serial_number__in=[serial for arrival in with_serials for serial in arrival.serial_numbers if serial]
    )
    known = set(Device.objects.filter(asked).values_list("article_id", "serial_number"))
    seen: set[tuple[int, str]] = set()
    for row, arrival in enumerate(arrivals):
        for serial in filter(None, arrival.serial_numbers):
            mine = (arrival.article.pk, serial)
            if mine in known:
                raise GoodsCannotBeReceived(f"Serienummer {serial} finns redan.", row=row, serial=True)
            if mine in seen:
                raise GoodsCannotBeReceived(f"Serienummer {serial} står två gånger.", row=row, serial=True)
            seen.add(mine)
