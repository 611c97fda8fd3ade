"""Orders read in plain SQL are the same as Django reads them, with what they refer to."""

from typing import Any

import pytest
from django.core.exceptions import FieldFetchBlocked
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Delivery, Order
from orders.reading import JOINED, ORDER, read_deliveries, read_orders
from tests.registered import World

KINDS = ["bestallning", "forskrivning", "lagerflytt", "direktbestallning", "direktforskrivning"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_read_is_right(world: World, kind: str) -> None:
    made = Order.objects.get(pk=world.order(kind).pk)
    (read,) = read_orders([made.pk])
    assert [getattr(read, name) for name in ORDER] == [getattr(made, name) for name in ORDER]
    for path in ("subtype", "orderer", "sender", "recipient_warehouse", "recipient_unit", "recipient_patient"):
        assert getattr(read, path) == getattr(made, path)
    pairs = {"o": (read, made)}
    for part in JOINED:
        if part.holder in pairs:
            mine, djangos = (getattr(each, part.field.name) for each in pairs[part.holder])
            if mine:
                pairs[part.alias] = mine, djangos
                assert [getattr(mine, name) for name in part.columns] == [
                    getattr(djangos, name) for name in part.columns
                ]


def test_one_statement_and_no_more_afterwards(world: World) -> None:
    keys = [world.order(kind).pk for kind in KINDS]
    with CaptureQueriesContext(connection) as queries:
        orders = read_orders(reversed(keys))
        assert all(order.recipient_label and order.sender and order.sender.owner.name for order in orders)
    assert len(queries) == 1
    assert [order.pk for order in orders] == keys[::-1]
    assert orders[0].orderer
    with pytest.raises(FieldFetchBlocked):
        _ = orders[0].orderer.username


def test_what_is_gone_is_left_out(world: World) -> None:
    order = world.order("bestallning")
    assert read_orders([order.pk + 1, order.pk]) == [order]
    assert read_orders([]) == []


def test_deliveries_to_stores_are_read_as_django_reads_them(world: World) -> None:
    keys = [world.delivered_transfer(quantity=quantity).pk for quantity in (3, 1)]
    sent = read_deliveries(keys[::-1])
    assert [each.delivery.pk for each in sent] == keys[::-1]
    for each in sent:
        made: Any = Delivery.objects.get(pk=each.delivery.pk)
        assert (each.delivery.number, each.delivery.at) == (made.number, made.at)
        assert str(each.delivery.order) == str(made.order)
        assert str(each.delivery.order.recipient_warehouse) == str(made.order.recipient_warehouse)
        assert (each.lines, each.units) == (made.lines.count(), sum(line.quantity for line in made.lines.all()))
