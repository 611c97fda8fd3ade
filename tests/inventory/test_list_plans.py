"""Saldo and Individer at size: a page is read from an index, wherever in the list it begins, and never sorted whole."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Device, StockLevel
from tests.registered import World

ROWS = """
    INSERT INTO inventory_article (number, name, iso_code, kind, charging, search_text)
    SELECT (300000 + n)::text, 'Käpp ' || 10000 + n, '120303', 'ACCESSORY', 'PURCHASE', ' kapp ' || 10000 + n
    FROM generate_series(1, 8000) AS n;
    INSERT INTO inventory_stocklevel (warehouse_id, article_id, on_hand)
    SELECT warehouse.id, article.id, 1 FROM inventory_article article, inventory_warehouse warehouse
    WHERE article.number > '300000';
    INSERT INTO inventory_device (number, article_id, location_id, serial_number)
    SELECT 'HV' || (500000 + n), (SELECT min(id) FROM inventory_article WHERE is_numbered), location.id,
        CASE WHEN n % 2 = 0 THEN '' ELSE 'S' || n END
    FROM generate_series(1, 8000) AS n
    JOIN inventory_location location ON location.kind = 'WAREHOUSE' AND location.warehouse_id IS NOT NULL
        AND n % 2 = (location.warehouse_id % 2)
"""
TABLES = ("inventory_article", "inventory_stocklevel", "inventory_device")


@pytest.fixture
def many(world: World) -> None:
    """8,000 articles, a balance of each in every warehouse, and 8,000 devices; statistics that know it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(ROWS)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")


def plans_of(client: Client, url: str) -> list[str]:
    """The plans of the statements that choose and fetch the page's rows."""
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(url).context["page"]) == 50
    plans = []
    for query in queries.captured_queries:
        if " LIMIT 51" in query["sql"] or "it.id = ANY" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + query["sql"])
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert len(plans) >= 2
    return plans


def test_saldo_is_read_from_an_index(client: Client, world: World, many: None) -> None:
    client.force_login(world.anna)
    middle = StockLevel.objects.get(warehouse=world.store, article__number="304000")
    for order in ("", "-artikel", "benamning", "-benamning"):
        for on in ("", f"&efter={middle.pk}", f"&fore={middle.pk}"):
            for plan in plans_of(client, f"{reverse('stock_list')}?ordning={order}{on}"):
                assert "Seq Scan on inventory_stocklevel" not in plan, (order, on, plan)
                assert "Seq Scan on inventory_article" not in plan, (order, on, plan)
                if on and "Limit" in plan:
                    assert "Index Cond: ((number" in plan or "Index Cond: ((translate" in plan, (order, on, plan)


@pytest.mark.parametrize("order", ["disponibelt", "-disponibelt"])
def test_saldo_by_what_is_available_is_not_sorted(client: Client, world: World, many: None, order: str) -> None:
    client.force_login(world.anna)
    middle = StockLevel.objects.get(warehouse=world.store, article__number="304000")
    for on in ("", f"&efter={middle.pk}", f"&fore={middle.pk}"):
        choosing, _ = plans_of(client, f"{reverse('stock_list')}?ordning={order}{on}")
        assert "stock_level_by_available" in choosing, (on, choosing)
        assert "Sort" not in choosing, (on, choosing)


def test_saldo_by_a_word_that_is_everywhere_follows_the_numbers(client: Client, world: World, many: None) -> None:
    client.force_login(world.anna)
    choosing, _ = plans_of(client, f"{reverse('stock_list')}?sok=käpp")
    assert "article_number_key" in choosing
    assert "Seq Scan" not in choosing
    assert str(client.get(f"{reverse('stock_list')}?sok=käpp").context["page"].total) == "över 500"


def test_individer_of_a_municipality_joins_no_places(client: Client, world: World, many: None) -> None:
    client.force_login(world.anna)
    choosing, _ = plans_of(client, reverse("device_list"))
    assert "hashed SubPlan" in choosing
    assert "Nested Loop" not in choosing
    assert "Hash Join" not in choosing


@pytest.mark.parametrize("who", ["anna", "hakan"])
def test_individer_is_read_from_an_index(client: Client, world: World, many: None, who: str) -> None:
    client.force_login(getattr(world, who))
    middle = Device.objects.filter(location__warehouse=world.central, number__gt="HV504000").order_by("number")[0]
    for query in (
        "",
        "ordning=-individ",
        "ordning=serienummer",
        "ordning=-serienummer",
        "status=i-lager",
        "lager=10",
        "sok=HV50",
    ):
        for on in ("", f"&efter={middle.pk}", f"&fore={middle.pk}"):
            for plan in plans_of(client, f"{reverse('device_list')}?{query}{on}"):
                assert "Seq Scan on inventory_device" not in plan, (query, on, plan)
