import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Article, Device, LocationKind, MovementReason, StockMovement
from orders.models import Delivery, EventKind, Notice, OrderState, Receipt, ReceiptLine
from orders.operations.delivering import Pick
from orders.operations.receiving import Counted, DeliveryCannotBeReceived, Unsent, receive_delivery
from tests.factories import ArticleFactory
from tests.fixtures import Town


def sent(town: Town, quantity: int = 3) -> Delivery:
    town.stock(town.central, town.chair, quantity)
    return town.deliver(town.register("lagerflytt", {town.chair: quantity}))


def receive(town: Town, delivery: Delivery, counted: Counted | None = None) -> Receipt:
    """With what was counted of the delivery's first line."""
    of_line = {delivery.lines.order_by("pk")[0].pk: counted} if counted else None
    return receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=of_line)


def test_what_was_on_its_way_is_in_the_store(town: Town) -> None:
    delivery = sent(town)
    receipt = receive(town, delivery)
    assert town.level(town.store, town.chair) == (3, 0, 0)
    order = delivery.order
    order.refresh_from_db()
    assert (order.state, town.line(order).received) == (OrderState.RECEIVED, 3)
    movement = StockMovement.objects.get(reason=MovementReason.RECEIPT)
    assert (movement.from_location.kind, movement.to_location.kind) == (LocationKind.TRANSIT, LocationKind.WAREHOUSE)
    assert (receipt.actor, order.events.latest("at").kind) == (town.per, EventKind.RECEIVED)


def test_a_device_comes_along(town: Town) -> None:
    device, other = town.devices(town.central, town.walker, 2)
    order = town.register("lagerflytt", {town.walker: 2})
    picks = [Pick(line_id=town.line(order).pk, quantity=2, device_ids=(device.pk, other.pk))]
    delivery = town.deliver(order, picks)
    device.refresh_from_db()
    assert device.location.kind == LocationKind.TRANSIT
    receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
    device.refresh_from_db()
    assert (device.location.kind, device.location.warehouse) == (LocationKind.WAREHOUSE, town.store)
    assert town.line(order).received == 2


def test_what_is_missing_stays_in_transit_with_its_reason(town: Town) -> None:
    delivery = sent(town)
    receipt = receive(town, delivery, Counted(received=1, missing=2, reason=" Tom kartong "))
    assert town.level(town.store, town.chair) == (1, 0, 2)
    line = receipt.lines.get()
    assert (line.received, line.missing, line.reason) == (1, 2, "Tom kartong")
    assert town.line(delivery.order).received == 1


def test_nothing_came_at_all(town: Town) -> None:
    delivery = sent(town)
    receive(town, delivery, Counted(received=0, missing=3, reason="Kom aldrig"))
    assert town.level(town.store, town.chair) == (0, 0, 3)
    assert not StockMovement.objects.filter(reason=MovementReason.RECEIPT).exists()


def test_what_is_damaged_stays_in_transit_and_what_is_extra_outside(town: Town) -> None:
    delivery = sent(town)
    receipt = receive(town, delivery, Counted(received=2, damaged=1, extra=4, reason="Blöt kartong, två kartonger"))
    assert town.level(town.store, town.chair) == (2, 0, 1)
    line = receipt.lines.get()
    assert (line.received, line.missing, line.damaged, line.extra, line.unsettled) == (2, 0, 1, 4, 5)
    event = delivery.order.events.latest("at")
    assert event.detail == f"{delivery.number}: 1 skadat, 4 för mycket"
    assert Notice.objects.get(event=event).user == town.hakan  # who sent it


def test_nobody_is_told_that_all_is_well(town: Town) -> None:
    receive(town, sent(town))
    assert not Notice.objects.exists()


class TestDevices:
    def sent(self, town: Town) -> tuple[Delivery, list[Device]]:
        """Two walkers sent; a third stays in warehouse 10."""
        devices = town.devices(town.central, town.walker, 3)
        order = town.register("lagerflytt", {town.walker: 2})
        pick = Pick(line_id=town.line(order).pk, quantity=2, device_ids=tuple(device.pk for device in devices[:2]))
        return town.deliver(order, [pick]), devices

    def test_one_is_damaged_and_one_too_many(self, town: Town) -> None:
        delivery, (first, second, third) = self.sent(town)
        counted = Counted(received=0, damaged=1, extra=1, extra_device_ids=(third.pk,), reason="Böjd ram, en till")
        receipt = receive(town, delivery, counted)
        places = [Device.objects.get(pk=device.pk).location for device in (first, second, third)]
        assert [(place.kind, place.warehouse) for place in places] == [
            (LocationKind.TRANSIT, town.store),
            (LocationKind.WAREHOUSE, town.store),
            (LocationKind.WAREHOUSE, town.central),
        ]
        line = receipt.lines.get(delivery_line__device=first)
        assert (line.damaged, line.extra, list(line.extra_devices.all())) == (1, 1, [third])
        assert town.level(town.store, town.walker) == (1, 0, 1)

    def test_an_extra_device_is_named(self, town: Town) -> None:
        delivery, _ = self.sent(town)
        with pytest.raises(DeliveryCannotBeReceived, match="skriv numret"):
            receive(town, delivery, Counted(received=1, extra=1, reason="En till"))

    def test_an_extra_device_can_be_true(self, town: Town) -> None:
        delivery, (first, _, _) = self.sent(town)
        other = ArticleFactory.create(numbered=True)
        (wrong,), (here,) = town.devices(town.central, other, 1), town.devices(town.store, town.walker, 1)
        for device, words in ((wrong, "annan artikel"), (here, "finns redan i lagret"), (first, "står redan")):
            counted = Counted(received=1, extra=1, extra_device_ids=(device.pk,), reason="En till")
            with pytest.raises(DeliveryCannotBeReceived, match=words):
                receive(town, delivery, counted)
        assert not ReceiptLine.objects.exists()


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (Counted(received=4, reason="Fler kom"), "3 skickades"),
        (Counted(received=-1, missing=4, reason="Fel"), "3 skickades"),
        (Counted(received=2, reason="Fel"), "3 skickades"),
        (Counted(received=3, extra=-1, reason="Fel"), "3 skickades"),
        (Counted(received=1, missing=2, reason=" "), "skriv varför det skiljer sig"),
        (Counted(received=1, damaged=2), "skriv varför det skiljer sig"),
        (Counted(received=3, extra=1), "skriv varför det skiljer sig"),
    ],
)
def test_an_untrue_receipt_is_refused(town: Town, counted: Counted, words: str) -> None:
    delivery = sent(town)
    with pytest.raises(DeliveryCannotBeReceived, match=words) as refusal:
        receive(town, delivery, counted)
    assert refusal.value.line_id == delivery.lines.get().pk
    assert town.level(town.store, town.chair) == (0, 0, 3)
    assert not Receipt.objects.exists()


def test_a_second_receipt_is_the_first(town: Town) -> None:
    delivery = sent(town)
    first = receive(town, delivery)
    assert receive(town, delivery, Counted(received=0, missing=3, reason="Igen")) == first
    assert town.level(town.store, town.chair) == (3, 0, 0)


def test_only_a_transfer_is_received(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    delivery = town.deliver(town.register("bestallning", {town.chair: 1}))
    with pytest.raises(DeliveryCannotBeReceived, match="Bara en lagerflytt"):
        receive(town, delivery)


def test_the_order_is_received_when_every_delivery_is(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("lagerflytt", {town.chair: 3})
    first = town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    second = town.deliver(order)
    states = []
    for delivery in (first, second):
        receive(town, delivery)
        order.refresh_from_db()
        states.append(order.state)
    assert states == [OrderState.IN_TRANSIT, OrderState.RECEIVED]


def test_what_comes_goes_to_the_lines_that_wait(town: Town) -> None:
    delivery = sent(town)
    waiting = town.register("direktbestallning", {town.chair: 2})
    receive(town, delivery)
    assert town.line(waiting).reserved == 2
    assert town.level(town.store, town.chair) == (3, 2, 0)


def statements(town: Town, lines: int, *, missing: int = 0) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 2)
    delivery = town.deliver(town.register("lagerflytt", dict.fromkeys(articles, 2)))
    short = Counted(received=2 - missing, missing=missing, reason="Saknas")
    counted = {line.pk: short for line in delivery.lines.all()} if missing else None
    with CaptureQueriesContext(connection) as queries:
        receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=counted)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    statements(town, 1)  # makes the places
    few, many = (statements(town, lines) for lines in (5, 15))
    assert few == many <= 24


def test_nor_with_the_lines_that_differ(town: Town) -> None:
    statements(town, 1)
    few, many = (statements(town, lines, missing=1) for lines in (5, 15))
    assert few == many <= 25


class TestWhatWasNotSent:
    def receive(self, town: Town, *unsent: Unsent) -> ReceiptLine:
        """Beside three chairs that were sent; the line of the first that was not."""
        delivery = sent(town)
        receipt = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), unsent=unsent)
        return receipt.lines.filter(delivery_line=None).order_by("pk")[0]

    def test_has_a_line_of_its_own_and_is_booked_nowhere(self, town: Town) -> None:
        stool = ArticleFactory.create()
        town.stock(town.central, stool, 5)
        line = self.receive(town, Unsent(article=stool, quantity=2, reason=" Fel kartong "))
        assert (line.article, line.extra, line.unsettled, line.reason) == (stool, 2, 2, "Fel kartong")
        assert (line.sent, line.received, line.device, line.difference) == (0, 0, None, "2 inte skickat")
        assert (town.level(town.central, stool), town.level(town.store, stool)) == ((5, 0, 0), (0, 0, 0))
        assert town.level(town.store, town.chair) == (3, 0, 0)
        order = line.receipt.delivery.order
        event = order.events.latest("at")
        assert event.detail == f"{order.number}-1: 2 inte skickat"
        assert Notice.objects.get(event=event).user == town.hakan
        order.refresh_from_db()
        assert order.state == OrderState.RECEIVED

    def test_devices_stay_where_the_ledger_has_them(self, town: Town) -> None:
        (device,) = town.devices(town.central, town.walker, 1)
        line = self.receive(town, Unsent(article=town.walker, quantity=1, device_ids=(device.pk,), reason="Fel låda"))
        assert list(line.extra_devices.all()) == [device]
        assert Device.objects.get(pk=device.pk).location.warehouse == town.central

    @pytest.mark.parametrize(
        ("article", "quantity", "reason", "words"),
        [
            ("14710", 1, "x", "står redan på kvittensen"),
            ("stool", 0, "x", "skriv hur många"),
            ("stool", 1, " ", "skriv vad som har hänt"),
            ("15121", 1, "x", "skriv numret"),
        ],
    )
    def test_refuses_what_cannot_be(self, town: Town, article: str, quantity: int, reason: str, words: str) -> None:
        ArticleFactory.create(number="stool")
        wrong = Unsent(article=Article.objects.get(number=article), quantity=quantity, reason=reason)
        with pytest.raises(DeliveryCannotBeReceived, match=words) as refusal:
            self.receive(town, Unsent(article=ArticleFactory.create(), quantity=1, reason="x"), wrong)
        assert (refusal.value.row, refusal.value.line_id) == (1, None)
        assert not Receipt.objects.exists()

    def test_a_device_is_named_once_and_is_of_the_article(self, town: Town) -> None:
        (walker,), (here,) = town.devices(town.central, town.walker, 1), town.devices(town.store, town.walker, 1)
        other = ArticleFactory.create(numbered=True)
        for article, devices, words in (
            (other, (walker.pk,), "annan artikel"),
            (town.walker, (here.pk,), "finns redan i lagret"),
            (town.walker, (walker.pk, walker.pk), "skriv numret"),
        ):
            unsent = Unsent(article=article, quantity=len(devices), device_ids=devices, reason="x")
            with pytest.raises(DeliveryCannotBeReceived, match=words):
                self.receive(town, unsent)
        with pytest.raises(DeliveryCannotBeReceived, match="skriv numret"):
            self.receive(town, Unsent(article=ArticleFactory.create(), quantity=1, device_ids=(walker.pk,), reason="x"))

    @pytest.mark.parametrize(
        "values",
        [
            {"extra": 0},
            {"received": 1},
            {"missing": 1},
            {"damaged": 1},
            {"reason": ""},
            {"other_article": None},
        ],
    )
    def test_the_database_refuses_a_line_that_says_more(self, town: Town, values: dict[str, object]) -> None:
        line = self.receive(town, Unsent(article=ArticleFactory.create(), quantity=2, reason="Fel kartong"))
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceiptLine.objects.filter(pk=line.pk).update(**values)

    def test_the_database_refuses_a_line_that_says_both_and_the_same_article_twice(self, town: Town) -> None:
        line = self.receive(town, Unsent(article=ArticleFactory.create(), quantity=2, reason="Fel kartong"))
        with pytest.raises(IntegrityError), transaction.atomic():
            line.receipt.lines.exclude(pk=line.pk).update(other_article=line.article)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceiptLine.objects.create(
                receipt=line.receipt, other_article=line.article, received=0, extra=1, reason="Igen"
            )
