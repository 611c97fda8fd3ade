from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from orders.models import Order
from parties.models import User
from tests.registered import build_world

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/kundorder/?sida=2"}


def test_login_redirect_of_a_page(client: Client) -> None:
    response = client.get(reverse("order_list"))
    assert (response.status_code, response["Location"]) == (302, "/logga-in/?next=/kundorder/")
    assert "HX-Redirect" not in response


def test_login_redirect_of_a_part_moves_the_whole_page_back_to_where_it_was(client: Client) -> None:
    response = client.get(reverse("order_list"), headers=HTMX)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/logga-in/?next=%2Fkundorder%2F%3Fsida%3D2"
    assert response.content == b""


def test_login_redirect_of_a_part_never_leads_to_another_site(client: Client) -> None:
    response = client.get(reverse("order_list"), headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert response["HX-Redirect"] == "/logga-in/?next=%2F"


NO_ADDRESS = "http://[::1"


@pytest.mark.parametrize("name", ["order_list", "session_state"])
def test_a_part_of_a_page_whose_address_is_none(client: Client, name: str) -> None:
    response = client.get(reverse(name), headers=HTMX | {"HX-Current-URL": NO_ADDRESS})
    assert "/logga-in/?next=%2F" in (response.text or response["HX-Redirect"])


def test_a_form_of_a_page_whose_address_is_none(client: Client) -> None:
    assert client.post(reverse("order_list"), headers={"Referer": NO_ADDRESS})["Location"] == "/logga-in/?next=%2F"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_caches_keep_page_and_part_apart(client: Client, headers: dict[str, str]) -> None:
    assert "HX-Request" in client.get(reverse("login"), headers=headers)["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_no_browser_keeps_what_a_person_has_seen(client: Client, headers: dict[str, str]) -> None:
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    assert "no-store" in client.get(reverse("order_list"), headers=headers)["Cache-Control"]


@pytest.mark.django_db
def test_a_value_that_the_database_cannot_read_is_a_bad_request(client: Client) -> None:
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    field = {"app_label": "parties", "model_name": "party", "field_name": "parent"}
    assert client.get(reverse("admin:autocomplete"), field | {"term": "\0"}).status_code == 400


@pytest.fixture
def held_order() -> Iterator[Order]:
    """An order that another connection has locked, while ours gives up at once."""
    order = build_world().order("bestallning")
    parameters = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
    parameters = {
        name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters
    }
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT FROM orders_order WHERE id = %s FOR UPDATE", [order.pk])
        connection.cursor().execute("SET lock_timeout = '50ms'")
        yield order
        connection.cursor().execute("RESET lock_timeout")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_waits_too_long_for_another_is_told_so(client: Client, held_order: Order) -> None:
    assert held_order.orderer
    client.force_login(held_order.orderer)
    cancel = reverse("order_cancel", args=[held_order.pk])
    for headers in ({}, HTMX):
        response = client.post(cancel, {"reason": "NOT_NEEDED"}, headers=headers)
        assertContains(response, "Någon annan arbetar med samma order eller saldo. Försök igen.", status_code=409)
        assert response["HX-Retarget"] == "#innehall", "a page is not put inside the part that asked"
    held_order.refresh_from_db()
    assert held_order.is_open
