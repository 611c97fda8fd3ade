"""The overview at size: its page is read from an index in its order, never sorted whole, whatever is filtered by."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders import filters
from orders.own_care import own_patients_by_name
from tests.registered import World

URL = reverse("order_list")
ORDERS = """
    INSERT INTO orders_order (draft_key, number, subtype_id, type, state, registrar_id, orderer_id, customer_id,
        municipality_id, payer_id, sender_id, recipient_unit_id, created_at, registered_at)
    SELECT gen_random_uuid(), 'B-25-' || lpad(n::text, 6, '0'), subtype_id, type,
        CASE WHEN n %% 100 = 0 THEN 'REGISTERED' ELSE 'DELIVERED' END, registrar_id, orderer_id, customer_id,
        municipality_id, payer_id, sender_id, recipient_unit_id, created_at, registered_at - n * interval '1 minute'
    FROM orders_order, generate_series(1, 20000) AS n WHERE id = %s
"""


@pytest.fixture
def many(world: World) -> None:
    order = world.order("bestallning")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(ORDERS, [order.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE orders_order")


@pytest.mark.parametrize("name", ["anna", "hakan"])
@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ({}, "order_by_registration order_by_municipality"),
        ({"typ": "B", "fran": "2024-01-01"}, "order_by_registration order_by_municipality"),
        ({"status": "REGISTERED"}, "order_open order_open_by_municipality order_by_state order_by_registration"),
        ({"ordning": "typ"}, "order_by_type"),
        ({"ordning": "-status"}, "order_by_state"),
        ({"ordning": "order"}, "orders_order_number_abc9e0f2_uniq orders_order_number_key"),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(
    client: Client, world: World, many: None, name: str, query: dict[str, str], indexes: str
) -> None:
    client.force_login(getattr(world, name))
    (plan,) = plans_of(lambda: client.get(URL, query), "LIMIT 26")
    assert "->  Sort " not in plan, plan  # "Incremental Sort" reads an index, too
    assert "Seq Scan on orders_order " not in plan, plan
    assert any(f"using {index} on" in plan for index in indexes.split()), plan


@pytest.mark.parametrize("name", ["anna", "hakan"])
@pytest.mark.parametrize("order", ["order", "-order", "typ", "-typ"])
@pytest.mark.parametrize("view", filters.OPEN)
def test_what_is_open_is_not_looked_for_among_all_that_is_done(
    client: Client, world: World, many: None, name: str, order: str, view: str
) -> None:
    """An index that has all orders in that order begins with those of the first year."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE orders_order SET state = 'REGISTERED' WHERE number > 'B-25-018000'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE orders_order")
    client.force_login(getattr(world, name))
    (plan,) = plans_of(lambda: client.get(URL, {"visa": view, "ordning": order}), "LIMIT 26")
    for index in ("order_by_type", "order_by_type_and_number", "orders_order_number"):
        assert f"using {index}" not in plan, plan


def test_own_care_is_asked_by_an_index(world: World, many: None) -> None:
    (plan,) = plans_of(lambda: own_patients_by_name(world.anna, world.rehab, on=timezone.localdate()), "UNION")
    assert "order_to_patient_by_customer" in plan
    assert "holding_open_by_customer" in plan
    assert "Seq Scan on orders_order " not in plan


@pytest.mark.parametrize("few", [0, filters.FEW], ids=["many lines", "few lines"])
def test_a_text_is_looked_up_once_and_not_at_each_order(
    client: Client, world: World, many: None, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(filters, "FEW", few)
    wanted = world.order("bestallning", article=world.chair)
    client.force_login(world.hakan)
    response = client.get(URL, {"sok": world.chair.name}, follow=True)
    assert wanted in [row.order for row in response.context["rows"]]
    asked = plans_of(lambda: client.get(URL, {"sok": world.chair.name}, follow=True), "LIMIT 26")
    assert asked
    for plan in asked:
        for table in ("inventory_article", "parties_patient", "parties_party"):
            assert f" on {table} " not in plan, plan


def plans_of(act: Callable[[], object], part: str) -> list[str]:
    """Of the statements that have that part."""
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        act()
        found = [query["sql"] for query in queries.captured_queries if part in query["sql"]]
        plans = []
        for sql in found:
            cursor.execute("EXPLAIN " + sql)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans
