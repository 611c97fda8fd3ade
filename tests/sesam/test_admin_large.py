"""Lists of the administration that grow with the work."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from orders.models import Order
from parties import admin_large
from tests.registered import World

ORDERS = reverse("admin:orders_order_changelist")


def found(client: Client, query: str) -> list[Order]:
    return list(client.get(ORDERS + query).context["cl"].result_list)


def test_the_newest_stand_first_and_whole_numbers_are_found(admin_client: Client, world: World) -> None:
    first, second = world.order("bestallning"), world.order("forskrivning")
    assert found(admin_client, "") == [second, first]
    assert found(admin_client, f"?q={first.number.lower() if first.number else ''}") == [first]
    assert found(admin_client, f"?q={second.orderer.username if second.orderer else ''}") == [second, first]
    assert found(admin_client, "?q=000001") == [], "a part of a number would be compared with every order"
    assertContains(admin_client.get(ORDERS), "Hela nummer eller användarnamn.")


def test_a_search_joins_nothing(admin_client: Client, world: World) -> None:
    world.order("bestallning")
    with CaptureQueriesContext(connection) as queries:
        admin_client.get(ORDERS + "?q=14540")
    counted = [query["sql"] for query in queries if "COUNT(*)" in query["sql"] and "orders_order" in query["sql"]]
    assert counted
    assert all("JOIN" not in sql for sql in counted)


def test_counts_as_far_as_is_quick(admin_client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.order("bestallning", quantity=1)
    monkeypatch.setattr(admin_large, "MOST_ROWS", 2)
    assert admin_client.get(ORDERS).context["cl"].result_count == 2
    monkeypatch.setattr(admin_large, "MOST_ROWS", 3)
    assert admin_client.get(ORDERS).context["cl"].result_count == 3


def test_who_has_no_right_to_it_is_told_and_not_sent_in_a_circle(client: Client, world: World) -> None:
    client.force_login(world.anna)
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403
    assert response.redirect_chain[-1][0].startswith("/admin/login/")


def test_who_has_it_goes_on(admin_client: Client) -> None:
    assert admin_client.get("/admin/login/").headers["Location"] == reverse("admin:index")
