"""A blocked device stands in the warehouse and is promised to nobody: registering, queue, pages and delivery agree."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from inventory.models import Device, DeviceState, StockLevel
from inventory.operations.receiving import Arrival
from inventory.queries import available_in
from orders.operations.claiming import ClaimNotPossible, claim_orders
from orders.operations.delivering import DeliveryNotPossible, Pick
from orders.operations.replenishing import replenish
from tests.fixtures import Town


@pytest.fixture
def blocked(town: Town) -> Device:
    """One of two walkers in lager 10."""
    device, _ = town.devices(town.central, town.walker, 2)
    block(device)
    return device


def block(device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(state=DeviceState.BLOCKED)


def test_is_counted_where_it_stands_only(town: Town, blocked: Device) -> None:
    town.devices(town.store, town.walker, 1)
    town.stock(town.central, town.chair, 1)
    levels = StockLevel.objects.with_blocked().order_by("warehouse__kind", "article__number")
    assert [(str(level.warehouse.number), level.article.number, level.blocked) for level in levels] == [
        ("10", "14710", 0),
        ("10", "15121", 1),
        ("50101", "15121", 0),
    ]
    assert available_in([town.central], [town.walker]) == {(town.central.pk, town.walker.pk): 1}


def test_is_not_reserved(town: Town, blocked: Device) -> None:
    order = town.register("bestallning", {town.walker: 2})
    assert (town.line(order).reserved, town.line(order).backordered) == (1, 1)
    assert town.level(town.central, town.walker) == (2, 1, 0)


def test_is_not_shared_out(town: Town, blocked: Device) -> None:
    orders = [town.register("bestallning", {town.walker: 1}) for _ in range(3)]
    replenish(
        key=uuid4(),
        warehouse=town.central,
        supplier=None,
        reference="",
        arrivals=[Arrival(article=town.walker, device_numbers=("HV900001",))],
        by=town.hakan,
        at=town.now(),
    )
    assert [town.line(order).reserved for order in orders] == [1, 1, 0]


def test_what_was_reserved_before_does_not_go(client: Client, town: Town) -> None:
    devices = town.devices(town.central, town.walker, 2)
    order = town.register("bestallning", {town.walker: 2})
    block(devices[0])
    client.force_login(town.hakan)
    page = client.get(reverse("order_deliver", args=[order.pk]))
    assert page.context["rows"][0].stock.deliverable == 1
    (group,) = client.get(reverse("work_list")).context["orders"]
    assert group.rows[0].possible == 1
    picks = [Pick(line_id=town.line(order).pk, quantity=2, device_ids=tuple(device.pk for device in devices))]
    with pytest.raises(DeliveryNotPossible, match="är spärrad"):
        town.deliver(order, picks)
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(devices[1].pk,))])
    with pytest.raises(ClaimNotPossible, match="inget att plocka"):
        claim_orders(order_ids=[order.pk], by=town.hakan, at=town.now())


def test_is_said_beside_the_balance(client: Client, town: Town, blocked: Device) -> None:
    client.force_login(town.hakan)
    assertContains(client.get(reverse("stock_list")), "varav 1 spärrade")
