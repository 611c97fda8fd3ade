"""Five years of orders with all that followed from them, made so that lines, documents and movements say the same."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from .copying import Copier
from .goods import Goods
from .people import CENTRAL, People, Store
from .sizes import Size
from .stocking import Stock

START = datetime(2021, 11, 1, 7, 0, tzinfo=UTC)
YEARS = timedelta(days=5 * 365)
OPEN_SHARE = 0.02
"""The newest orders are still being worked on."""
SUBTYPES = {"L": (1, 1), "B": (3, 4), "F": (5, 6)}
"""By type: the subtype from lager 10, and the one from the own store (as the first migration numbers them)."""


@dataclass(slots=True)
class Line:
    key: int
    article: int
    quantity: int
    device: int | None = None
    reserved: int = 0
    delivered: int = 0
    received: int = 0
    canceled: int = 0


@dataclass(slots=True)
class Parties:
    """Who one order is for and by, and the location its goods go to."""

    store: Store
    orderer: int
    sender: int
    target: int
    warehouse: int | None = None
    unit: int | None = None
    patient: int | None = None


class History:
    """Writes orders in the order of time. What a line took had come to its warehouse before."""

    def __init__(self, copier: Copier, size: Size, people: People, goods: Goods, chance: Random) -> None:
        self.size, self.people, self.goods, self.chance = size, people, goods, chance
        self.stock = Stock(copier, size, people, goods, chance)
        self.scarce = frozenset(goods.scarce)
        self.numbers: dict[tuple[str, int], int] = {}
        self.line_key = self.delivery_key = self.sent_key = self.receipt_key = 0
        self.orders = copier.into(
            "orders_order",
            "id, draft_key, number, type, subtype_id, state, version, registrar_id, orderer_id, customer_id,"
            " municipality_id, payer_id, sender_id, recipient_warehouse_id, recipient_unit_id, recipient_patient_id,"
            " created_at, registered_at, canceled_at, cancel_reason",
        )
        self.lines = copier.into(
            "orders_orderline",
            "id, order_id, position, article_id, device_id, quantity, reserved, delivered, received, canceled",
        )
        self.deliveries = copier.into("orders_delivery", "id, key, number, order_id, at, actor_id")
        self.sent = copier.into("orders_deliveryline", "id, delivery_id, order_line_id, device_id, quantity")
        self.receipts = copier.into("orders_receipt", "id, delivery_id, at, actor_id")
        self.received = copier.into("orders_receiptline", "receipt_id, delivery_line_id, received")
        self.holdings = copier.into(
            "orders_holding",
            "delivery_line_id, customer_id, location_id, article_id, device_id, quantity, returned, opened_at",
        )
        self.events = copier.into("orders_orderevent", "order_id, kind, at, actor_id, detail")
        self.series = copier.into("orders_ordernumberseries", "type, year, last")

    def make(self) -> None:
        step = YEARS / self.size.orders
        for n in range(self.size.orders):
            self.make_order(n + 1, START + step * n, is_open=1 - n / self.size.orders < OPEN_SHARE)
        self.stock.finish(START, START + YEARS)
        for (letter, year), last in self.numbers.items():
            self.series.add(letter, year, last)

    def make_order(self, key: int, at: datetime, *, is_open: bool) -> None:
        letter = "LBF"[self.chance.choices((0, 1, 2), (30, 35, 35))[0]]
        is_direct = letter != "L" and self.chance.random() < 0.5
        parties = self.parties(letter, is_direct=is_direct)
        lines = self.order_lines(letter)
        state = self.settle(lines, letter, is_open=is_open, is_direct=is_direct)
        number = self.number(letter, at)
        canceled = (at, "NOT_NEEDED") if state == "CANCELED" else (None, "")
        store = parties.store
        self.orders.add(
            key, f"{key:032x}", number, letter, SUBTYPES[letter][is_direct], state, 1, parties.orderer, parties.orderer,
            store.customer, store.municipality, store.customer, parties.sender, parties.warehouse, parties.unit,
            parties.patient, at, at, *canceled,
        )  # fmt: skip
        for position, line in enumerate(lines, 1):
            self.lines.add(
                line.key, key, position, line.article, line.device, line.quantity, line.reserved, line.delivered,
                line.received, line.canceled,
            )  # fmt: skip
            self.supply(line, parties, at - timedelta(days=3))
        self.events.add(key, "REGISTERED", at, parties.orderer, "")
        if state == "CANCELED":
            self.events.add(key, "CANCELED", at, parties.orderer, "Behovet finns inte längre")
        if any(line.delivered for line in lines):
            self.deliver(key, f"{number}-1", lines, parties, at + timedelta(hours=20), is_received=state == "RECEIVED")

    def parties(self, letter: str, *, is_direct: bool) -> Parties:
        chance, people = self.chance, self.people
        store = people.stores[int(chance.random() * len(people.stores))]
        sender = store.warehouse if is_direct else CENTRAL
        if letter == "L":
            target = people.transit[store.warehouse]
            return Parties(store, chance.choice(store.staff), sender, target, warehouse=store.warehouse)
        if letter == "B":
            unit = chance.choice(store.units)
            return Parties(store, chance.choice(store.orderers), sender, people.of_unit[unit], unit=unit)
        patient = chance.choice(store.patients)
        return Parties(store, chance.choice(store.prescribers), sender, people.of_patient[patient], patient=patient)

    def order_lines(self, letter: str) -> list[Line]:
        """Popular articles are ordered more often; every other prescription begins with a numbered device."""
        chance, counted = self.chance, self.goods.counted
        first = int(len(counted) * chance.random() ** 2)
        lines = []
        for n in range(1 + int(chance.random() * (2 * self.size.lines_per_order - 1))):
            self.line_key += 1
            article = counted[(first + n * 31) % len(counted)]
            lines.append(Line(self.line_key, article, 1 + int(chance.random() * 4)))
        if letter == "F" and chance.random() < 0.5 and (entry := self.stock.next_device()):
            lines[0].device, lines[0].article = entry
            lines[0].quantity = 1
        return lines

    def settle(self, lines: list[Line], letter: str, *, is_open: bool, is_direct: bool) -> str:
        """Decide how far each line has come, and give the state that follows from them all."""
        chance = self.chance.random()
        if not is_open and chance < 0.04:
            for line in lines:
                line.canceled = line.quantity
            return "CANCELED"
        if not is_open or chance < 0.5:
            for line in lines:
                line.delivered = line.quantity
                line.received = line.quantity if letter == "L" and not is_open else 0
            return ("IN_TRANSIT" if is_open else "RECEIVED") if letter == "L" else "DELIVERED"
        *others, last = lines
        if chance < 0.7 and not is_direct and not last.device:
            last.article = self.chance.choice(self.goods.scarce)  # nothing of it is there: the line waits
        else:
            last.reserved = last.quantity
        for line in others:
            line.delivered, line.reserved = (line.quantity, 0) if chance < 0.6 else (0, line.quantity)
        return "PARTLY" if any(line.delivered for line in lines) else "REGISTERED"

    def supply(self, line: Line, parties: Parties, at: datetime) -> None:
        if line.device:
            shelf = self.people.shelf[parties.sender]
            place = parties.target if line.delivered else shelf
            self.stock.place_device(line.device, line.article, parties.sender, place, at)
        elif needed := line.delivered + line.reserved:
            self.stock.supply(line.article, needed, parties.sender, at)

    def number(self, letter: str, at: datetime) -> str:
        last = self.numbers[letter, at.year] = self.numbers.get((letter, at.year), 0) + 1
        return f"{letter}-{at.year % 100:02}-{last:06}"

    def deliver(
        self, order: int, number: str, lines: list[Line], parties: Parties, at: datetime, *, is_received: bool
    ) -> None:
        self.delivery_key += 1
        actor = self.people.central_staff[0] if parties.sender == CENTRAL else parties.orderer
        self.deliveries.add(self.delivery_key, f"{self.delivery_key:032x}", number, order, at, actor)
        self.events.add(order, "DELIVERED", at, actor, number)
        shelf, sent = self.people.shelf[parties.sender], []
        for line in (line for line in lines if line.delivered):
            self.sent_key += 1
            self.sent.add(self.sent_key, self.delivery_key, line.key, line.device, line.delivered)
            key = f"delivery:{self.delivery_key}:line:{line.key}" + (f":device:{line.device}" if line.device else "")
            places = (shelf, parties.target)
            self.stock.move(key, at, "DELIVERY", line.article, line.device, line.delivered, places)
            if parties.warehouse is None:
                self.holdings.add(
                    self.sent_key, parties.store.customer, parties.target, line.article, line.device, line.delivered,
                    0, at,
                )  # fmt: skip
            sent.append((self.sent_key, line))
        if is_received:
            self.receive(order, sent, parties, at + timedelta(days=1))

    def receive(self, order: int, sent: list[tuple[int, Line]], parties: Parties, at: datetime) -> None:
        assert parties.warehouse is not None
        self.receipt_key += 1
        self.receipts.add(self.receipt_key, self.delivery_key, at, parties.orderer)
        self.events.add(order, "RECEIVED", at, parties.orderer, "")
        places = (parties.target, self.people.shelf[parties.warehouse])
        for sent_key, line in sent:
            self.received.add(self.receipt_key, sent_key, line.delivered)
            key = f"receipt:{self.delivery_key}:line:{sent_key}"
            self.stock.move(key, at, "RECEIPT", line.article, None, line.delivered, places)
