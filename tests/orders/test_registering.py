from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inventory.models import DeviceState, StockLevel
from orders.models import EventKind, Order, OrderEvent, OrderState
from orders.operations.registering import OrderCannotBeRegistered, register_order
from tests.factories import ArticleFactory
from tests.fixtures import Town


def refused(town: Town, order: Order, words: str) -> None:
    """The operation says why, and nothing has changed: no number, no reservation, no event."""
    before = list(StockLevel.objects.order_by("pk").values_list("pk", "reserved"))
    with pytest.raises(OrderCannotBeRegistered, match=words):
        register_order(order_id=order.pk, by=town.anna, at=town.now())
    order.refresh_from_db()
    assert (order.state, order.number, order.registered_at) == (OrderState.DRAFT, None, None)
    assert list(StockLevel.objects.order_by("pk").values_list("pk", "reserved")) == before
    assert not order.events.exists()


def test_what_is_available_is_reserved(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    assert town.level(town.central, town.chair) == (5, 3, 0)
    line = town.line(order)
    assert (line.reserved, line.backordered, line.remaining) == (3, 0, 3)


def test_what_is_not_available_becomes_a_back_order(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    town.register("bestallning", {town.chair: 4})
    order = town.register("bestallning", {town.chair: 4})
    line = town.line(order)
    assert (line.reserved, line.backordered) == (1, 3)
    assert town.level(town.central, town.chair) == (5, 5, 0)


def test_an_article_never_seen_in_the_warehouse_waits(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    assert town.line(order).backordered == 2
    assert town.level(town.central, town.chair) == (0, 0, 0)


def test_each_line_reserves_in_the_sender_only(town: Town) -> None:
    for warehouse in (town.central, town.store, town.other_store):
        town.stock(warehouse, town.chair, 5)
    town.register("direktbestallning", {town.chair: 2})
    assert [town.level(place, town.chair)[1] for place in (town.central, town.store, town.other_store)] == [0, 2, 0]


def test_the_order_gets_its_number_state_time_and_event(town: Town) -> None:
    draft = town.draft("bestallning", {town.chair: 1})
    at = town.now()
    order = register_order(order_id=draft.pk, by=town.per, at=at)
    order.refresh_from_db()
    assert (order.state, order.number, order.registered_at) == (OrderState.REGISTERED, "B-26-000001", at)
    event = OrderEvent.objects.get(order=order)
    assert (event.kind, event.actor, event.at) == (EventKind.REGISTERED, town.per, at)


def test_registering_again_changes_nothing(town: Town) -> None:
    town.stock(town.central, town.chair, 9)
    order = town.register("bestallning", {town.chair: 3})
    again = register_order(order_id=order.pk, by=town.per, at=town.now())
    assert (again.number, again.registered_at) == (order.number, order.registered_at)
    assert town.level(town.central, town.chair) == (9, 3, 0)
    assert order.events.count() == 1


def test_incomplete_orders_are_refused(town: Town) -> None:
    refused(town, town.draft("bestallning", {}), "minst en orderrad")
    refused(town, town.draft("bestallning", {town.chair: 1}, sender=None), "avsändare")


def test_a_prescription_outside_the_right_is_refused(town: Town) -> None:
    lift = ArticleFactory.create(iso_code="123603")
    town.anna.prescribing_rights.filter(iso_prefix="12").delete()
    order = town.draft("forskrivning", {town.chair: 1, lift: 1})
    refused(town, order, "Anna Bergqvist har inte förskrivningsrätt för .* 12 36 03")


def test_a_right_ends_at_midnight_in_sweden(town: Town) -> None:
    town.anna.prescribing_rights.filter(iso_prefix="09").update(valid_until=date(2026, 6, 30))
    order = town.draft("forskrivning", {town.chair: 1})
    with pytest.raises(OrderCannotBeRegistered, match="förskrivningsrätt"):
        register_order(order_id=order.pk, by=town.anna, at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    register_order(order_id=order.pk, by=town.anna, at=datetime(2026, 6, 30, 21, 30, tzinfo=UTC))


def test_the_year_of_the_number_turns_at_midnight_in_sweden(town: Town) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    for at, number in (
        (datetime(2026, 12, 31, 23, 59, tzinfo=stockholm), "B-26-000001"),
        (datetime(2027, 1, 1, 0, 1, tzinfo=stockholm), "B-27-000001"),
    ):
        draft = town.draft("bestallning", {town.chair: 1})
        assert register_order(order_id=draft.pk, by=town.lina, at=at).number == number


def test_a_chosen_device_is_held_for_its_line(town: Town) -> None:
    first, _ = town.devices(town.store, town.walker, 2)
    order = town.register("direktforskrivning", [(town.walker, 1, first)])
    assert town.line(order).reserved == 1
    assert town.level(town.store, town.walker) == (2, 1, 0)
    refused(
        town, town.draft("direktforskrivning", [(town.walker, 1, first)]), f"{first.number} är reserverad för en annan"
    )


def test_a_device_elsewhere_or_blocked_is_refused(town: Town) -> None:
    (elsewhere,) = town.devices(town.other_store, town.walker, 1)
    (blocked, _) = town.devices(town.store, town.walker, 2)
    blocked.state = DeviceState.BLOCKED
    blocked.save(update_fields=["state"])
    for device in (elsewhere, blocked):
        refused(
            town,
            town.draft("direktforskrivning", [(town.walker, 1, device)]),
            f"{device.number} finns inte i 50101 Arvika kommunlager",
        )


def test_a_device_cannot_be_held_when_every_one_is_promised(town: Town) -> None:
    (only,) = town.devices(town.store, town.walker, 1)
    town.register("direktforskrivning", {town.walker: 1})
    refused(town, town.draft("direktforskrivning", [(town.walker, 1, only)]), "redan reserverade")


def test_a_device_and_any_other_of_its_article_in_one_order(town: Town) -> None:
    first, _ = town.devices(town.store, town.walker, 2)
    order = town.register("direktforskrivning", [(town.walker, 2), (town.walker, 1, first)])
    assert list(order.lines.order_by("position").values_list("reserved", flat=True)) == [1, 1]
