from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from inventory.models import StockLevel
from orders.models import Delivery, OrderState, Receipt
from tests.registered import World


def url(delivery: Delivery) -> str:
    return reverse("delivery_receive", args=[delivery.pk])


def post(client: Client, delivery: Delivery, **values: Any) -> HttpResponse:
    line = delivery.lines.get()
    return client.post(url(delivery), {f"rad-{line.pk}-{name}": value for name, value in values.items()})  # type: ignore[return-value]


def balance(world: World) -> tuple[int, int]:
    """On hand and incoming in the store."""
    level = StockLevel.objects.get(warehouse=world.store, article=world.chair)
    return level.on_hand, level.incoming


def test_the_page_says_what_was_sent(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(client.get(url(delivery)), 'aria-label="Mottaget 14710 Duschpall"')


def test_the_balance_grows_only_now(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    assert balance(world) == (10, 2)
    client.force_login(world.per)
    response = client.post(url(delivery), {"everything": "1"})
    assertRedirects(response, delivery.order.get_absolute_url())
    delivery.order.refresh_from_db()
    assert (balance(world), delivery.order.state) == ((12, 0), OrderState.RECEIVED)


def test_a_shortage_has_a_reason(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(post(client, delivery, received=1), "Skriv varför det saknas.", status_code=422)
    assert not Receipt.objects.exists()
    assertRedirects(post(client, delivery, received=1, reason="Trasig"), delivery.order.get_absolute_url())
    assert balance(world) == (11, 1)
    assertContains(client.get(delivery.order.get_absolute_url()), "saknades: Trasig")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"received": "3"}, "2 skickades."),
        ({"received": "-1"}, "Antalet kan inte vara mindre än 0."),
        ({"received": "1.5"}, "Skriv antalet som ett heltal."),
        ({"received": ""}, "Skriv hur många som kom, 0 om inget kom."),
        ({"received": "1", "reason": "\x00"}, "Null"),
        ({"received": "1", "reason": "x" * 10_000}, "200"),
    ],
)
def test_refuses_what_cannot_be(client: Client, world: World, values: dict[str, str], sentence: str) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(post(client, delivery, **values), sentence, status_code=422)
    assert (Receipt.objects.count(), balance(world)) == (0, (10, 2))


def test_confirming_twice_is_harmless(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    for _ in range(2):
        assertRedirects(client.post(url(delivery), {"everything": "1"}), delivery.order.get_absolute_url())
    assert (Receipt.objects.count(), balance(world)) == (1, (12, 0))


def test_asks_who_you_are(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    assertRedirects(client.get(url(delivery)), f"{reverse('login')}?next={url(delivery)}")


def test_only_store_staff_confirm(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    for person in (world.anna, world.hakan):
        client.force_login(person)
        assert client.post(url(delivery), {"everything": "1"}).status_code == 403
    assert balance(world) == (10, 2)


def test_is_not_found_in_another_municipality(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.other_prescriber)
    assert client.get(url(delivery)).status_code == 404


def test_has_no_other_methods(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assert client.put(url(delivery)).status_code == 405
