from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from inventory.models import StockLevel
from orders.models import Delivery, Order, OrderState
from tests.registered import World


def url(order: Order) -> str:
    return reverse("order_deliver", args=[order.pk])


def post(client: Client, order: Order, key: object = None, **values: Any) -> HttpResponse:
    """Post a quantity (`quantity=2`) for the order's only line."""
    line = order.lines.get()
    named = {f"rad-{line.pk}-{name}": value for name, value in values.items()}
    return client.post(url(order), {"key": str(key or uuid4()), **named})  # type: ignore[return-value]


def on_hand(world: World) -> int:
    return StockLevel.objects.get(warehouse=world.store, article=world.chair).on_hand


def test_offers_what_remains(client: Client, world: World) -> None:
    order = world.order("direktbestallning", quantity=12)
    client.force_login(world.anna)
    response = client.get(url(order))
    assertContains(response, 'aria-label="Antal 14710 Duschpall"')
    assert response.context["rows"][0].stock.deliverable == 10
    assertContains(response, 'value="10"')


def test_delivers_all_that_remains_from_the_order_page(client: Client, world: World) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.anna)
    response = client.post(url(order), {"key": str(uuid4()), "everything": "1"}, follow=True)
    assertContains(response, f"Utleverans {order.number}-1 är skapad.")
    order.refresh_from_db()
    assert (order.state, on_hand(world)) == (OrderState.DELIVERED, 8)


def test_delivers_a_part(client: Client, world: World) -> None:
    order = world.order("direktbestallning", quantity=3)
    client.force_login(world.anna)
    assertRedirects(post(client, order, quantity=1), order.get_absolute_url())
    order.refresh_from_db()
    assert (order.state, on_hand(world)) == (OrderState.PARTLY_DELIVERED, 9)


def test_the_same_key_twice_is_one_delivery(client: Client, world: World) -> None:
    order, key = world.order("direktbestallning", quantity=3), uuid4()
    client.force_login(world.anna)
    for _ in range(2):
        assertRedirects(post(client, order, key, quantity=2), order.get_absolute_url())
    assert (Delivery.objects.count(), on_hand(world)) == (1, 8)


def test_a_key_of_another_order_is_refused(client: Client, world: World) -> None:
    first, second, key = world.order("direktbestallning"), world.order("direktbestallning"), uuid4()
    client.force_login(world.anna)
    post(client, first, key, quantity=1)
    assert post(client, second, key, quantity=1).status_code == 422
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("-1", "Antalet kan inte vara mindre än 0."),
        ("4", "3 återstår att leverera."),
        ("1000000000", "3 återstår att leverera."),
        ("1.5", "Skriv antalet som ett heltal."),
        ("två", "Skriv antalet som ett heltal."),
        ("\x00", "Skriv antalet som ett heltal."),
        ("9" * 10_000, "Skriv antalet som ett heltal."),
        ("0", "Ange antal på minst en rad."),
        ("", "Ange antal på minst en rad."),
    ],
)
def test_refuses_a_wrong_quantity(client: Client, world: World, value: str, sentence: str) -> None:
    order = world.order("direktbestallning", quantity=3)
    client.force_login(world.anna)
    assertContains(post(client, order, quantity=value), sentence, status_code=422)
    order.refresh_from_db()
    assert (order.state, on_hand(world), Delivery.objects.count()) == (OrderState.REGISTERED, 10, 0)


def test_refuses_more_than_the_store_has(client: Client, world: World) -> None:
    order = world.order("direktbestallning", quantity=12)
    client.force_login(world.anna)
    response = post(client, order, quantity=12)
    assertContains(response, "bara 10 av 12 finns i 50101", status_code=422)
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assert on_hand(world) == 10


@pytest.mark.parametrize("key", ["", "x", "\x00", "1" * 10_000])
def test_refuses_a_page_without_its_key(client: Client, world: World, key: str) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assert client.post(url(order), {"key": key, "everything": "1"}).status_code == 422
    assert Delivery.objects.count() == 0


def test_everything_is_refused_when_devices_must_be_chosen(client: Client, world: World) -> None:
    order = world.order("direktforskrivning", article=world.walker)
    client.force_login(world.anna)
    response = client.post(url(order), {"key": str(uuid4()), "everything": "1"})
    assertContains(response, "välj 2 individ(er)", status_code=422)


def test_a_delivered_order_leads_back(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    post(client, order, quantity=2)
    assertRedirects(client.get(url(order)), order.get_absolute_url())
    assert client.post(url(order), {"key": str(uuid4()), "everything": "1"}).status_code == 422


def test_asks_who_you_are(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    assertRedirects(client.get(url(order)), f"{reverse('login')}?next={url(order)}")


def test_only_the_sender_delivers(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.anna)
    assert client.get(url(order)).status_code == 403
    assert client.post(url(order), {"key": str(uuid4()), "everything": "1"}).status_code == 403
    assert Delivery.objects.count() == 0


def test_is_not_found_in_another_municipality(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.other_prescriber)
    assert post(client, order, quantity=1).status_code == 404


def test_has_no_other_methods(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assert client.delete(url(order)).status_code == 405
