from uuid import uuid4

import pytest

from inventory.models import LocationKind, StockMovement
from orders.models import EventKind, Notice, OrderEvent
from orders.operations.counting import CountNotPossible, count_stock
from orders.operations.registering import register_order
from orders.reconciling import differences
from tests.fixtures import Town
from tests.racing import race, split


def count(town: Town, counted: int) -> int:
    return count_stock(
        key=uuid4(), warehouse=town.store, article=town.chair, counted=counted, by=town.per, at=town.now()
    )


def test_what_was_found_goes_to_who_waits(town: Town) -> None:
    town.stock(town.store, town.chair, 1)
    waiting = town.register("direktbestallning", {town.chair: 3})
    assert count(town, 4) == 3
    assert town.level(town.store, town.chair) == (4, 3, 0)
    assert town.line(waiting).reserved == 3
    assert StockMovement.objects.latest("pk").from_location.kind == LocationKind.FOUND
    assert differences() == []


def test_what_is_gone_is_lost(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    assert count(town, 2) == -3
    assert town.level(town.store, town.chair) == (2, 0, 0)
    assert StockMovement.objects.latest("pk").to_location.kind == LocationKind.LOSS
    assert differences() == []


def test_the_last_in_line_loses_the_reservation_and_is_told(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    first = town.register("direktbestallning", {town.chair: 2})
    last = town.register("direktbestallning", {town.chair: 3})
    count(town, 3)
    assert (town.line(first).reserved, town.line(last).reserved) == (2, 1)
    event = OrderEvent.objects.get(kind=EventKind.UNALLOCATED)
    assert (event.order, event.detail) == (last, "2 st 14710 Duschpall")
    assert Notice.objects.get(event=event).user == town.lina
    assert differences() == []


def test_the_same_number_moves_nothing(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    movements = StockMovement.objects.count()
    assert count(town, 5) == 0
    assert StockMovement.objects.count() == movements


def test_pressing_twice_counts_once(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    key = uuid4()
    for counted in (3, 4):
        count_stock(key=key, warehouse=town.store, article=town.chair, counted=counted, by=town.per, at=town.now())
    assert town.level(town.store, town.chair) == (3, 0, 0)


class TestDevices:
    def test_a_device_that_was_not_there_is_lost_with_its_reservation(self, town: Town) -> None:
        gone, here = town.devices(town.store, town.walker, 2)
        order = town.register("direktforskrivning", [(town.walker, 1, gone)])
        difference = count_stock(
            key=uuid4(), warehouse=town.store, article=town.walker, devices=[here], by=town.per, at=town.now()
        )
        gone.refresh_from_db()
        assert (difference, gone.location.kind) == (-1, LocationKind.LOSS)
        assert town.line(order).reserved == 0
        assert town.level(town.store, town.walker) == (1, 0, 0)
        assert differences() == []

    def test_a_lost_device_that_turns_up_comes_back(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        for devices in ([], [device]):
            count_stock(
                key=uuid4(), warehouse=town.store, article=town.walker, devices=devices, by=town.per, at=town.now()
            )
            device.refresh_from_db()
        assert device.location.kind == LocationKind.WAREHOUSE
        assert town.level(town.store, town.walker) == (1, 0, 0)
        assert differences() == []

    def test_a_device_that_somebody_has_is_not_counted_in(self, town: Town) -> None:
        (elsewhere,) = town.devices(town.central, town.walker, 1)
        with pytest.raises(CountNotPossible, match="på en annan plats"):
            count_stock(
                key=uuid4(), warehouse=town.store, article=town.walker, devices=[elsewhere], by=town.per, at=town.now()
            )
        assert town.level(town.store, town.walker) == (0, 0, 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_counts_and_registrations_at_once_keep_the_books(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    drafts = [town.draft("direktbestallning", {town.chair: 2}) for _ in range(4)]
    acts = [lambda: count(town, 3)] * 2 + [
        lambda draft=draft: register_order(order_id=draft.pk, by=draft.registrar, at=town.clock) for draft in drafts
    ]
    won, _ = split(race(acts))
    assert len(won) == 6
    on_hand, reserved, _incoming = town.level(town.store, town.chair)
    assert (on_hand, reserved) == (3, 3)
    assert differences() == []
