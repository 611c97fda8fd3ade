"""Movements: goods come from suppliers, leave with deliveries, arrive with receipts; and where devices are."""

from datetime import datetime
from random import Random

from .copying import Copier
from .goods import Goods
from .people import CENTRAL, People
from .sizes import Size

LINES_PER_GOODS_RECEIPT = 30


class Stock:
    """The ledger being written, and which devices are left to hand out."""

    def __init__(self, copier: Copier, size: Size, people: People, goods: Goods, chance: Random) -> None:
        self.size, self.people, self.goods, self.chance = size, people, goods, chance
        self.movements = copier.into(
            "inventory_stockmovement",
            "key, at, actor_id, reason, article_id, device_id, quantity, from_location_id, to_location_id",
        )
        self.goods_receipts = copier.into("inventory_goodsreceipt", "id, key, warehouse_id, supplier_id, at, actor_id")
        self.device_rows = copier.into("inventory_device", "id, number, article_id, serial_number, location_id")
        self.moved = self.supplied = self.receipts = 0
        self.receipt_of: dict[int, tuple[int, int]] = {}
        self.free_devices = iter(range(1, size.devices + 1))

    def move(
        self,
        key: str,
        at: datetime,
        reason: str,
        article: int,
        device: int | None,
        quantity: int,
        places: tuple[int, int],
    ) -> None:
        self.moved += 1
        self.movements.add(key, at, self.people.central_staff[0], reason, article, device, quantity, *places)

    def supply(self, article: int, quantity: int, warehouse: int, at: datetime) -> None:
        """`quantity` units of an article come from its supplier to a warehouse."""
        self.supplied += 1
        key = f"goods:{self._receipt(warehouse, at)}:row:{self.supplied}"
        places = (self.people.supplier, self.people.shelf[warehouse])
        self.move(key, at, "GOODS_RECEIPT", article, None, quantity, places)

    def next_device(self) -> tuple[int, int] | None:
        """(device, its article), or None when all are handed out."""
        device = next(self.free_devices, None)
        return None if device is None else (device, self.goods.numbered[device % len(self.goods.numbered)])

    def place_device(self, device: int, article: int, warehouse: int, place: int, at: datetime) -> None:
        """The device came to the warehouse from its supplier, and is in `place` today."""
        self.device_rows.add(device, f"{10_000_000 + device}", article, f"SN{device:08}", place)
        key = f"goods:{self._receipt(warehouse, at)}:device:{device}"
        places = (self.people.supplier, self.people.shelf[warehouse])
        self.move(key, at, "GOODS_RECEIPT", article, device, 1, places)

    def finish(self, first: datetime, last: datetime) -> None:
        """Devices that nobody asked for stand in lager 10, and the shelves are filled until the ledger has its size."""
        while entry := self.next_device():
            self.place_device(*entry, CENTRAL, self.people.shelf[CENTRAL], first)
        warehouses = [CENTRAL] * 20 + [store.warehouse for store in self.people.stores]
        left = self.size.movements - self.moved
        step = (last - first) / max(left, 1)
        for n in range(left):
            article = self.goods.counted[int(len(self.goods.counted) * self.chance.random() ** 2)]
            self.supply(article, 1 + n % 5, warehouses[int(self.chance.random() * len(warehouses))], first + step * n)

    def _receipt(self, warehouse: int, at: datetime) -> int:
        """The goods receipt that the next row belongs to; a new one when the last has enough rows."""
        key, rows = self.receipt_of.get(warehouse, (0, LINES_PER_GOODS_RECEIPT))
        if rows >= LINES_PER_GOODS_RECEIPT:
            key, rows = self._new_receipt(warehouse, at), 0
        self.receipt_of[warehouse] = key, rows + 1
        return key

    def _new_receipt(self, warehouse: int, at: datetime) -> int:
        self.receipts += 1
        supplier = self.people.suppliers[self.receipts % len(self.people.suppliers)]
        self.goods_receipts.add(
            self.receipts, f"{self.receipts:032x}", warehouse, supplier, at, self.people.central_staff[0]
        )
        return self.receipts
