from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Device, DeviceState, LocationKind, MovementReason, StockMovement
from orders.models import Delivery, EventKind, Order, OrderState
from orders.operations.delivering import DeliveryNotPossible, Pick, deliver_order, register_and_deliver
from orders.operations.registering import OrderCannotBeRegistered, register_order
from tests.factories import ArticleFactory
from tests.fixtures import Town


def refused(town: Town, order: Order, words: str, picks: list[Pick] | None = None) -> None:
    """The operation says why, and nothing has changed: no delivery, no movement, the same balances and lines."""

    def seen() -> list[object]:
        levels = [town.level(place, article) for place in (town.central, town.store) for article in articles]
        return [levels, list(order.lines.order_by("pk").values_list("reserved", "delivered")), order.events.count()]

    articles = [line.article for line in order.lines.all()]
    before, moved = seen(), StockMovement.objects.count()
    with pytest.raises(DeliveryNotPossible, match=words):
        town.deliver(order, picks)
    assert seen() == before
    assert StockMovement.objects.count() == moved


def test_to_a_care_unit_the_goods_arrive_at_once(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    delivery = town.deliver(order)
    assert town.level(town.central, town.chair) == (2, 0, 0)
    movement = StockMovement.objects.get(reason=MovementReason.DELIVERY)
    assert (movement.quantity, movement.actor, movement.at) == (3, town.hakan, delivery.at)
    assert movement.key == f"delivery:{delivery.pk}:line:{town.line(order).pk}"
    assert (movement.from_location.warehouse, movement.to_location.party) == (town.central, town.unit)
    order.refresh_from_db()
    assert (order.state, town.line(order).delivered) == (OrderState.DELIVERED, 3)


def test_to_a_patient_the_device_is_where_the_patient_is(town: Town) -> None:
    device, _ = town.devices(town.store, town.walker, 2)
    order = town.register("direktforskrivning", [(town.walker, 1, device), (town.chair, 1)])
    town.stock(town.store, town.chair, 1)
    town.deliver(order)
    device.refresh_from_db()
    assert (device.location.kind, device.location.patient) == (LocationKind.PATIENT, town.patient)
    assert town.level(town.store, town.walker) == (1, 0, 0)
    assert town.level(town.store, town.chair) == (0, 0, 0)


def test_a_transfer_is_in_transit_until_it_is_received(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("lagerflytt", {town.chair: 3})
    town.deliver(order)
    assert town.level(town.central, town.chair) == (2, 0, 0)
    assert town.level(town.store, town.chair) == (0, 0, 3)
    order.refresh_from_db()
    assert order.state == OrderState.IN_TRANSIT


def test_a_part_now_and_the_rest_later(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 4})
    first = town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    order.refresh_from_db()
    assert (order.state, town.line(order).reserved) == (OrderState.PARTLY_DELIVERED, 3)
    second = town.deliver(order)
    order.refresh_from_db()
    assert (order.state, town.line(order).delivered) == (OrderState.DELIVERED, 4)
    assert [first.number, second.number] == [f"{order.number}-1", f"{order.number}-2"]
    kinds = order.events.order_by("at").values_list("kind", "detail")
    assert list(kinds)[1:] == [(EventKind.DELIVERED, first.number), (EventKind.DELIVERED, second.number)]


def test_a_back_order_takes_what_has_become_free(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    refused(town, order, "bara 0 av 2 finns i 10 Hjälpmedelsservice")
    town.stock(town.central, town.chair, 2)
    town.deliver(order)
    assert town.level(town.central, town.chair) == (0, 0, 0)


def test_what_others_have_reserved_stays(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    town.register("bestallning", {town.chair: 2})
    order = town.register("bestallning", {town.chair: 2})
    refused(town, order, "bara 1 av 2")
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    assert town.level(town.central, town.chair) == (2, 2, 0)


def test_nothing_left_to_deliver(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 2})
    town.deliver(order)
    refused(town, order, "inget kvar att leverera")


def test_a_draft_is_not_delivered(town: Town) -> None:
    refused(town, town.draft("bestallning", {town.chair: 2}), "inget kvar att leverera")


@pytest.mark.parametrize("quantity", [-1, 0, 3])
def test_more_than_remains_or_nothing_is_refused(town: Town, quantity: int) -> None:
    town.stock(town.central, town.chair, 9)
    order = town.register("bestallning", {town.chair: 2})
    refused(town, order, "2 återstår", [Pick(line_id=town.line(order).pk, quantity=quantity)])


def test_picks_belong_to_the_order_and_stand_once(town: Town) -> None:
    town.stock(town.central, town.chair, 9)
    order, other = (town.register("bestallning", {town.chair: 2}) for _ in range(2))
    refused(town, order, "hör inte till ordern", [Pick(line_id=town.line(other).pk, quantity=1)])
    refused(town, order, "två gånger", [Pick(line_id=town.line(order).pk, quantity=1)] * 2)
    refused(town, order, "minst en rad", [])


def test_one_short_line_stops_the_whole_delivery(town: Town) -> None:
    other = ArticleFactory.create()
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 2, other: 1})
    refused(town, order, f"{other.number} .*: bara 0 av 1")
    with pytest.raises(DeliveryNotPossible) as refusal:
        town.deliver(order)
    assert refusal.value.line_id == town.line(order, other).pk


def test_the_same_key_is_one_delivery(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order, key = town.register("bestallning", {town.chair: 2}), uuid4()
    line = town.line(order)
    picks = [Pick(line_id=line.pk, quantity=1)]
    first, again = (
        deliver_order(order_id=order.pk, key=key, by=town.hakan, at=town.now(), picks=picks) for _ in range(2)
    )
    assert first == again
    assert town.line(order).delivered == 1


def test_a_key_of_another_orders_delivery_is_refused(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    one, other = (town.register("bestallning", {town.chair: 1}) for _ in range(2))
    delivery = town.deliver(one)
    with pytest.raises(DeliveryNotPossible, match="annan utleverans"):
        deliver_order(order_id=other.pk, key=delivery.key, by=town.hakan, at=town.now())


def test_an_order_that_goes_only_complete_waits_for_all_of_it(town: Town) -> None:
    other = ArticleFactory.create(number="20990", name="Säng")
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 2, other: 1}, only_complete=True)
    chairs = Pick(line_id=town.line(order, town.chair).pk, quantity=2)
    refused(town, order, "endast komplett: 1 st 20990 Säng ska med", [chairs])
    town.stock(town.central, other, 1)
    refused(town, order, "endast komplett: 1 st 20990 Säng ska med", [chairs])
    refused(
        town,
        order,
        "endast komplett: 2 st 14710 Duschpall ska med",
        [
            Pick(line_id=town.line(order, town.chair).pk, quantity=1),
            Pick(line_id=town.line(order, other).pk, quantity=1),
        ],
    )
    town.deliver(order)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED


class TestDevices:
    def pick(self, town: Town, order: Order, *devices: Device, quantity: int | None = None) -> list[Pick]:
        count = len(devices) if quantity is None else quantity
        return [Pick(line_id=town.line(order).pk, quantity=count, device_ids=tuple(device.pk for device in devices))]

    def test_each_unit_names_its_device(self, town: Town) -> None:
        first, second, third = town.devices(town.central, town.walker, 3)
        order = town.register("bestallning", {town.walker: 2})
        refused(town, order, "välj 2 individ")
        refused(town, order, "välj 2 individ", self.pick(town, order, first, quantity=2))
        refused(town, order, f"{first} står två gånger", self.pick(town, order, first, first))
        town.deliver(order, self.pick(town, order, first, third))
        assert list(Device.objects.in_warehouse(town.central)) == [second]
        assert StockMovement.objects.filter(reason=MovementReason.DELIVERY).count() == 2

    def test_a_quantity_article_takes_no_device(self, town: Town) -> None:
        (device,) = town.devices(town.central, town.walker, 1)
        town.stock(town.central, town.chair, 2)
        order = town.register("bestallning", {town.chair: 1})
        refused(town, order, "välj 0 individ", self.pick(town, order, device))

    def test_a_device_elsewhere_blocked_or_of_another_article_is_refused(self, town: Town) -> None:
        town.devices(town.central, town.walker, 1)
        (elsewhere,) = town.devices(town.store, town.walker, 1)
        (other,) = town.devices(town.central, ArticleFactory.create(numbered=True), 1)
        (blocked,) = town.devices(town.central, town.walker, 1)
        blocked.state = DeviceState.BLOCKED
        blocked.save(update_fields=["state"])
        order = town.register("bestallning", {town.walker: 1})
        for device, words in (
            (elsewhere, "finns i 50101 .*, inte i 10"),
            (other, "inte 15121 Rollator"),
            (blocked, "är spärrad"),
        ):
            refused(town, order, f"{device} .*{words}", self.pick(town, order, device))

    def test_a_device_that_another_order_holds_is_refused(self, town: Town) -> None:
        held, free = town.devices(town.store, town.walker, 2)
        town.register("direktforskrivning", [(town.walker, 1, held)])
        order = town.register("direktforskrivning", {town.walker: 1})
        refused(town, order, f"{held.number} är reserverad", self.pick(town, order, held))
        town.deliver(order, self.pick(town, order, free))

    def test_a_chosen_device_is_the_one_that_goes(self, town: Town) -> None:
        chosen, other = town.devices(town.store, town.walker, 2)
        order = town.register("direktforskrivning", [(town.walker, 1, chosen)])
        refused(town, order, f"gäller individ {chosen.number}, inte {other.number}", self.pick(town, order, other))


class TestRegisterAndDeliver:
    def test_both_in_one_act(self, town: Town) -> None:
        town.stock(town.store, town.chair, 2)
        order = town.draft("direktforskrivning", {town.chair: 1})
        register_and_deliver(order_id=order.pk, key=uuid4(), by=town.anna, at=town.now())
        order.refresh_from_db()
        assert (order.state, order.number) == (OrderState.DELIVERED, "F-26-000001")
        assert town.level(town.store, town.chair) == (1, 0, 0)

    def test_a_refusal_leaves_the_draft(self, town: Town) -> None:
        town.stock(town.store, town.chair, 1)
        order = town.draft("direktforskrivning", {town.chair: 2})
        with pytest.raises(DeliveryNotPossible, match="bara 1 av 2 finns i 50101"):
            register_and_deliver(order_id=order.pk, key=uuid4(), by=town.anna, at=town.now())
        order.refresh_from_db()
        assert (order.state, order.number) == (OrderState.DRAFT, None)
        assert town.level(town.store, town.chair) == (1, 0, 0)
        incomplete = town.draft("direktforskrivning", {})
        with pytest.raises(OrderCannotBeRegistered):
            register_and_deliver(order_id=incomplete.pk, key=uuid4(), by=town.anna, at=town.now())

    def test_what_the_central_service_delivers_is_not_handed_out(self, town: Town) -> None:
        town.stock(town.central, town.chair, 1)
        order = town.draft("forskrivning", {town.chair: 1})
        with pytest.raises(DeliveryNotPossible, match="lämnas ut av Hjälpmedelsservice"):
            register_and_deliver(order_id=order.pk, key=uuid4(), by=town.anna, at=town.now())
        order.refresh_from_db()
        assert order.is_draft
        assert town.level(town.central, town.chair) == (1, 0, 0)

    def test_the_same_key_is_one_act(self, town: Town) -> None:
        town.stock(town.store, town.chair, 2)
        order, key = town.draft("direktforskrivning", {town.chair: 1}), uuid4()
        for _ in range(2):
            register_and_deliver(order_id=order.pk, key=key, by=town.anna, at=town.now())
        assert Delivery.objects.count() == 1
        assert town.level(town.store, town.chair) == (1, 0, 0)


def statements(town: Town, lines: int) -> tuple[int, int]:
    """How many statements it takes to register and to deliver an order of so many lines."""
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 5)
    order = town.draft("lagerflytt", dict.fromkeys(articles, 2))
    with CaptureQueriesContext(connection) as registering:
        register_order(order_id=order.pk, by=town.per, at=town.now())
    with CaptureQueriesContext(connection) as delivering:
        deliver_order(order_id=order.pk, key=uuid4(), by=town.hakan, at=town.now())
    return len(registering), len(delivering)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    statements(town, 1)  # makes the place and the number series
    five = statements(town, 5)
    assert five == statements(town, 15)
    # Both: savepoint and release (the test is a transaction), lock, order, lines, places,
    # balances locked, lines, balances, order, event. Registering: the number, and the orderer's right. Delivering:
    # earlier deliveries, the articles before the lock, delivery, its lines, movements, and the receiving store's
    # balances (made, and locked then).
    assert five == (13, 18)


def statements_together(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.store, article, 5)
    order = town.draft("direktbestallning", dict.fromkeys(articles, 2))
    with CaptureQueriesContext(connection) as queries:
        register_and_deliver(order_id=order.pk, key=uuid4(), by=town.lina, at=town.now())
    return len(queries)


def test_together_they_look_and_write_once(town: Town) -> None:
    statements_together(town, 1)
    assert statements_together(town, 5) == statements_together(town, 15) == 17
