"""The lists of what waits, at size: each finds its few rows by the index meant for it, however many are done."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.operations.receiving import receive_delivery
from tests import factories
from tests.many import TABLES, plans, repeat
from tests.registered import World

DONE, WAITING = 20_000, 300


@pytest.fixture
def busy(world: World) -> World:
    """20,000 transfers that are received; of those to pick, on their way and waiting for goods some hundreds."""
    done = world.delivered_transfer(1)
    receive_delivery(delivery_id=done.pk, by=world.per, at=world.now())
    done.order.refresh_from_db()
    repeat(done.order, DONE, is_received=True)
    repeat(world.order("bestallning", quantity=1), WAITING)
    repeat(world.order("bestallning", quantity=1, article=factories.ArticleFactory.create()), WAITING)
    repeat(world.delivered_transfer(1).order, WAITING)
    return world


PAGES = [
    (
        "hakan",
        "home",
        {},
        {"order_line_reserved", "order_on_its_way", "order_by_registration", "receipt_line_unsettled"},
    ),
    ("per", "home", {}, {"order_on_its_way"}),
    ("per", "receipt_list", {}, {"order_on_its_way"}),
    ("hakan", "difference_list", {}, {"order_on_its_way", "receipt_line_unsettled"}),
    ("hakan", "work_list", {}, {"order_open"}),
    ("hakan", "work_list", {"per": "artikel"}, {"order_line_remaining"}),
    ("hakan", "work_list", {"visa": "vantar"}, {"order_open"}),
    ("hakan", "backorder_list", {}, {"order_open", "order_line"}),
]
"""With the indexes that hold little more than what waits. `order_on_its_way` is one by recipient and one by sender, and
`order_line` what remains and what is waited for, `order_open` any of the open orders: among so few rows the planner
takes either."""
READ_BY = (" using", "Bitmap Index Scan on")
JOINED = TABLES - {"orders_order"}
"""Tables that are looked up row by row; some hundred orders may well be met in one walk through 20,000."""


def test_each_list_is_read_by_its_index(client: Client, busy: World, subtests: pytest.Subtests) -> None:
    for who, name, query, indexes in PAGES:
        client.force_login(getattr(busy, who))
        client.get(reverse(name), query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name), query).status_code == 200
        found = plans(queries)
        with subtests.test(who=who, name=name, **query):
            used = {index for index in indexes if any(f"{how} {index}" in plan for plan in found for how in READ_BY)}
            assert used == indexes, "\n\n".join(found)
            for plan in found:
                for table in JOINED:
                    assert f"Seq Scan on {table} " not in plan, plan
