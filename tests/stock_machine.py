"""Orders and goods in any order of acts, and what must hold after each: the books agree, and nothing is lost."""

from collections import Counter
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from inventory.models import Article, Device, LocationKind, StockMovement, Warehouse
from inventory.operations.receiving import Arrival
from orders.availability import LineStock, stock_of
from orders.models import CancelReason, Delivery, Order, OrderLine
from orders.models.order import OPEN_STATES
from orders.operations.canceling import cancel_order
from orders.operations.delivering import DeliveryNotPossible, Pick
from orders.operations.receiving import Counted, receive_delivery
from orders.operations.registering import OrderCannotBeRegistered, register_order
from orders.operations.replenishing import replenish
from orders.reconciling import differences
from tests.fixtures import Town

CODES = ["lagerflytt", "bestallning", "direktbestallning", "direktforskrivning"]
numbers = st.integers(min_value=0, max_value=9)
amounts = st.integers(min_value=1, max_value=4)


class StockMachine(RuleBasedStateMachine):
    """Two warehouses, two quantity articles and a numbered one. What an act refuses leaves everything as it was."""

    town: Town
    articles: list[Article]

    def __init__(self) -> None:
        super().__init__()
        self.arrived: Counter[int] = Counter()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def warehouses(self) -> list[Warehouse]:
        return [self.town.central, self.town.store]

    @initialize(quantities=st.lists(amounts, min_size=6, max_size=6))
    def open(self, quantities: list[int]) -> None:
        for n, quantity in enumerate(quantities):
            self.goods_arrive(n % 2, n // 2, quantity)

    @rule(warehouse=numbers, article=numbers, quantity=amounts)
    def goods_arrive(self, warehouse: int, article: int, quantity: int) -> None:
        goods = self.articles[article % len(self.articles)]
        first = Device.objects.count()
        devices = tuple(f"M{first + n}" for n in range(quantity)) if goods.is_numbered else ()
        replenish(
            key=uuid4(),
            warehouse=self.warehouses[warehouse % 2],
            supplier=None,
            reference="",
            arrivals=[Arrival(article=goods, quantity=0 if devices else quantity, device_numbers=devices)],
            by=self.town.hakan,
            at=self.town.now(),
        )
        self.arrived[goods.pk] += quantity

    @rule(
        code=st.sampled_from(CODES),
        quantities=st.lists(amounts, min_size=3, max_size=3),
        lines=st.sets(numbers, min_size=1),
    )
    def register(self, code: str, quantities: list[int], lines: set[int]) -> None:
        chosen = sorted({number % len(self.articles) for number in lines})
        order = self.town.draft(code, {self.articles[n]: quantities[n] for n in chosen})
        register_order(order_id=order.pk, by=order.registrar, at=self.town.now())

    @precondition(lambda self: Device.objects.exists())
    @rule(device=numbers)
    def register_a_chosen_device(self, device: int) -> None:
        chosen = list(Device.objects.order_by("pk"))[device % Device.objects.count()]
        order = self.town.draft("direktforskrivning", [(chosen.article, 1, chosen)])
        try:
            register_order(order_id=order.pk, by=self.town.anna, at=self.town.now())
        except OrderCannotBeRegistered:
            order.refresh_from_db()
            assert order.is_draft

    @precondition(lambda self: Order.objects.filter(state__in=OPEN_STATES).exists())
    @rule(order=numbers, most=amounts)
    def deliver_what_can_go(self, order: int, most: int) -> None:
        picked = self.pick_order(order)
        rows = stock_of(picked, list(picked.lines.for_order_page()))
        if picks := [self.pick(row, min(row.deliverable, most)) for row in rows if row.deliverable]:
            self.deliver(picked, picks)

    @precondition(lambda self: Order.objects.filter(state__in=OPEN_STATES).exists())
    @rule(order=numbers)
    def try_to_deliver_everything(self, order: int) -> None:
        picked = self.pick_order(order)
        rows = stock_of(picked, list(picked.lines.for_order_page()))
        self.deliver(picked, [self.pick(row, row.line.remaining) for row in rows if row.line.remaining])

    @precondition(lambda self: Delivery.objects.awaiting_receipt().exists())
    @rule(delivery=numbers, short=st.integers(min_value=0, max_value=2))
    def receive(self, delivery: int, short: int) -> None:
        waiting = list(Delivery.objects.awaiting_receipt().order_by("pk"))
        chosen = waiting[delivery % len(waiting)]
        line = chosen.lines.order_by("pk")[0]
        received = max(line.quantity - short, 0)
        counted = {line.pk: Counted(received=received, missing=line.quantity - received, reason="Saknas")}
        receive_delivery(delivery_id=chosen.pk, by=self.town.per, at=self.town.now(), counted=counted)

    @precondition(lambda self: Order.objects.filter(state__in=OPEN_STATES).exists())
    @rule(order=numbers)
    def cancel(self, order: int) -> None:
        picked = self.pick_order(order)
        cancel_order(order_id=picked.pk, reason=CancelReason.NOT_NEEDED, by=self.town.lina, at=self.town.now())

    @invariant()
    def everything_agrees(self) -> None:
        assert differences() == []

    @invariant()
    def lines_add_up(self) -> None:
        parts = F("delivered") + F("reserved") + F("backordered") + F("canceled")
        assert not OrderLine.objects.exclude(quantity=parts).exists()

    @invariant()
    def nothing_is_lost(self) -> None:
        """Only what was found comes from nowhere; every other place has what came to it and has not left."""
        places: Counter[tuple[int, str]] = Counter()
        for movement in StockMovement.objects.select_related("from_location", "to_location"):
            places[movement.article_id, movement.from_location.kind] -= movement.quantity
            places[movement.article_id, movement.to_location.kind] += movement.quantity
        for article in self.articles:
            found = -places.pop((article.pk, LocationKind.FOUND), 0)
            assert -places.pop((article.pk, LocationKind.SUPPLIER), 0) == self.arrived[article.pk]
            inside = sum(quantity for (key, _), quantity in places.items() if key == article.pk)
            assert inside == self.arrived[article.pk] + found
        assert min(places.values(), default=0) >= 0

    def deliver(self, order: Order, picks: list[Pick]) -> None:
        """Or be refused (too much, or somebody else's pick) with nothing changed."""
        before = list(order.lines.order_by("pk").values())
        try:
            self.town.deliver(order, picks)
        except DeliveryNotPossible:
            assert list(order.lines.order_by("pk").values()) == before

    def pick_order(self, number: int) -> Order:
        orders = list(Order.objects.filter(state__in=OPEN_STATES).order_by("pk"))
        return orders[number % len(orders)]

    def pick(self, row: LineStock, quantity: int) -> Pick:
        """With the newest devices, and too few of them where there are too few."""
        devices = tuple(device.pk for device in row.devices[::-1][:quantity])
        return Pick(line_id=row.line.pk, quantity=quantity, device_ids=devices)
