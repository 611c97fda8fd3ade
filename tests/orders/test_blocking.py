"""Blocking a device and letting it be used again: who had it loses it, who waits gets it."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.locks import lock_levels
from inventory.models import Device, DeviceState
from orders.models import EventKind, Notice, Order
from orders.operations import blocking
from orders.operations.blocking import DeviceHasMoved, change_device_state
from orders.operations.delivering import DeliveryNotPossible, Pick, deliver_order
from orders.operations.receiving import receive_delivery
from orders.operations.registering import register_order
from orders.reconciling import differences
from tests.fixtures import Town
from tests.racing import race, split, wait_until_somebody_waits

OK, BLOCKED, SCRAPPED = DeviceState.OK, DeviceState.BLOCKED, DeviceState.SCRAPPED


def change(town: Town, device: Device, state: DeviceState) -> Device:
    return change_device_state(device_id=device.pk, state=state, by=town.hakan, at=town.now())


def reserved(town: Town, *orders: Order) -> list[int]:
    return [town.line(order).reserved for order in orders]


def test_what_can_be_used_again_goes_to_the_queue(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    change(town, device, BLOCKED)
    first, second = (town.register("bestallning", {town.walker: 1}) for _ in range(2))
    assert reserved(town, first, second) == [0, 0]
    change(town, device, OK)
    assert reserved(town, first, second) == [1, 0]
    assert town.level(town.central, town.walker) == (1, 1, 0)
    assert first.events.latest("at").kind == EventKind.ALLOCATED
    assert differences() == []


@pytest.mark.parametrize("state", [BLOCKED, SCRAPPED])
def test_who_came_last_loses_what_is_no_longer_fit(town: Town, state: DeviceState) -> None:
    device, _ = town.devices(town.central, town.walker, 2)
    first, second = (town.register("bestallning", {town.walker: 1}) for _ in range(2))
    change(town, device, state)
    assert reserved(town, first, second) == [1, 0]
    event = second.events.latest("at")
    assert (event.kind, event.actor) == (EventKind.UNALLOCATED, town.hakan)
    assert {notice.user for notice in Notice.objects.filter(event=event)} == {town.lina}
    assert differences() == []


def test_the_line_that_had_chosen_it_waits_for_a_person(town: Town) -> None:
    device, _ = town.devices(town.central, town.walker, 2)
    order = town.register("bestallning", {town.walker: 1})
    order.lines.update(device=device)
    change(town, device, BLOCKED)
    assert reserved(town, order) == [0]
    assert town.level(town.central, town.walker) == (2, 0, 0)
    change(town, device, OK)
    assert reserved(town, order) == [0], "another device may not fit the patient, nor this one any more"
    assert differences() == []


def test_enough_for_all_takes_from_nobody(town: Town) -> None:
    device, *_ = town.devices(town.central, town.walker, 3)
    order = town.register("bestallning", {town.walker: 2})
    change(town, device, BLOCKED)
    assert reserved(town, order) == [2]


def test_the_same_state_again_changes_nothing(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    with CaptureQueriesContext(connection) as queries:
        change(town, device, OK)
    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_device_in_no_warehouse(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    order = town.register("bestallning", {town.walker: 1})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))])
    assert change(town, device, BLOCKED).state == BLOCKED
    assert town.level(town.central, town.walker) == (0, 0, 0)


def test_a_device_that_is_moved_meanwhile(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    device, _ = town.devices(town.central, town.walker, 2)
    order = town.register("bestallning", {town.walker: 1})

    def lock_after_it_left(keys: list[tuple[int, int]]) -> object:
        monkeypatch.setattr(blocking, "lock_levels", lock_levels)
        town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))])
        return lock_levels(keys)

    monkeypatch.setattr(blocking, "lock_levels", lock_after_it_left)
    with pytest.raises(DeviceHasMoved, match="flyttades just nu"):
        change(town, device, BLOCKED)
    assert Device.objects.get(pk=device.pk).state == OK


def test_locks_the_balance_before_the_device(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    with CaptureQueriesContext(connection) as queries:
        change(town, device, BLOCKED)
    locks = [query["sql"] for query in queries if "FOR " in query["sql"] and "UPDATE OF" in query["sql"]]
    tables = [sql.rpartition(" OF ")[2].strip('" ') for sql in locks]
    assert tables[:2] == ["inventory_stocklevel", "inventory_device"]


class TestTheAdministration:
    def test_shares_out(self, admin_client: Client, town: Town) -> None:
        (device,) = town.devices(town.central, town.walker, 1)
        url = reverse("admin:inventory_device_change", args=[device.pk])
        data = {"number": device.number, "serial_number": "", "state": "BLOCKED"}
        assert admin_client.post(url, data).status_code == 302
        order = town.register("bestallning", {town.walker: 1})
        assert reserved(town, order) == [0]
        assert admin_client.post(url, data | {"state": "OK", "serial_number": "A-1"}).status_code == 302
        assert reserved(town, order) == [1]
        device.refresh_from_db()
        assert (device.state, device.serial_number) == (OK, "A-1")

    def test_says_that_it_was_moved(self, admin_client: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        (device,) = town.devices(town.central, town.walker, 1)
        places = iter([None, (1, 1)])
        monkeypatch.setattr(blocking, "_level_of", lambda device: next(places))
        url = reverse("admin:inventory_device_change", args=[device.pk])
        data = {"number": device.number, "serial_number": "", "state": "BLOCKED"}
        response = admin_client.post(url, data, follow=True)
        assert "flyttades just nu" in response.text
        device.refresh_from_db()
        assert device.state == OK


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_delivering_and_blocking_at_once(town: Town) -> None:
    """Whoever comes second sees what the first did: what was taken back has not left."""
    (device,) = town.devices(town.central, town.walker, 1)
    order = town.register("bestallning", {town.walker: 1})
    picks = [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))]
    at = town.now()
    acts: list[Callable[[], object]] = [
        lambda: deliver_order(order_id=order.pk, key=uuid4(), by=town.hakan, at=at, picks=picks),
        lambda: change_device_state(device_id=device.pk, state=BLOCKED, by=town.hakan, at=at),
    ]
    done, _ = split(race(acts), DeliveryNotPossible, DeviceHasMoved)
    assert done
    taken_back = order.events.filter(kind=EventKind.UNALLOCATED).exists()
    assert taken_back != order.deliveries.exists()
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_blocked_while_somebody_waits_for_the_balance_is_not_promised(town: Town) -> None:
    """The wait begins before the device is blocked, and what is promised after it must know."""
    (device,) = town.devices(town.central, town.walker, 1)
    draft, held, at = town.draft("bestallning", {town.walker: 1}), threading.Event(), town.now()

    def block() -> None:
        with transaction.atomic():
            lock_levels([(town.central.pk, town.walker.pk)])
            held.set()
            wait_until_somebody_waits()
            change_device_state(device_id=device.pk, state=BLOCKED, by=town.hakan, at=at)

    def register() -> None:
        held.wait(10)
        register_order(order_id=draft.pk, by=town.lina, at=at)

    assert race([block, register]) == [None, None]
    assert reserved(town, draft) == [0]
    assert town.level(town.central, town.walker) == (1, 0, 0)
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_device_that_arrives_while_it_is_blocked(town: Town) -> None:
    """On its way no balance counts it, so whoever blocks it waits for the device itself."""
    (device,) = town.devices(town.central, town.walker, 1)
    order = town.register("lagerflytt", {town.walker: 1})
    delivery = town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))])
    moved, at = threading.Event(), town.now()

    def receive() -> None:
        with transaction.atomic():
            receive_delivery(delivery_id=delivery.pk, by=town.per, at=at)
            moved.set()
            wait_until_somebody_waits()

    def block() -> None:
        moved.wait(10)
        change_device_state(device_id=device.pk, state=BLOCKED, by=town.hakan, at=at)

    done, refused = split(race([receive, block]), DeviceHasMoved)
    assert (len(done), refused) == (1, [f"Individ {device} flyttades just nu. Ladda om sidan och försök igen."])
    assert town.level(town.store, town.walker) == (1, 0, 0)
