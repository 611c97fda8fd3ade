from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from inventory.models import StockLevel
from orders.models import Order, OrderState
from orders.operations.delivering import deliver_order
from tests.registered import World


def url(order: Order) -> str:
    return reverse("order_cancel", args=[order.pk])


def test_offers_the_reasons(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    response = client.get(url(order))
    for words in ("Orsak", "Dubblett", "Makulera"):
        assertContains(response, words)


def test_cancels_and_frees_the_stock(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assertRedirects(client.post(url(order), {"reason": "DUPLICATE"}), order.get_absolute_url())
    order.refresh_from_db()
    level = StockLevel.objects.get(warehouse=world.store, article=world.chair)
    assert (order.state, order.cancel_reason, level.reserved) == (OrderState.CANCELED, "DUPLICATE", 0)


@pytest.mark.parametrize("reason", ["", "NO", "\x00", "x" * 10_000])
def test_refuses_without_a_reason_of_the_list(client: Client, world: World, reason: str) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assertContains(client.post(url(order), {"reason": reason}), 'aria-invalid="true"', status_code=422)
    order.refresh_from_db()
    assert order.state == OrderState.REGISTERED


def test_refuses_when_another_tab_has_delivered(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    deliver_order(order_id=order.pk, key=uuid4(), by=world.anna, at=timezone.now())
    response = client.post(url(order), {"reason": "DUPLICATE"})
    assertContains(response, "Det finns inget kvar att makulera på ordern.", status_code=422)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED
    assertRedirects(client.get(url(order)), order.get_absolute_url())


def test_asks_who_you_are(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    assertRedirects(client.get(url(order)), f"{reverse('login')}?next={url(order)}")


def test_needs_the_right_to_cancel(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    world.anna.groups.clear()
    client.force_login(world.anna)
    assert client.post(url(order), {"reason": "DUPLICATE"}).status_code == 403
    order.refresh_from_db()
    assert order.state == OrderState.REGISTERED


def test_is_not_found_in_another_municipality(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.other_prescriber)
    assert client.post(url(order), {"reason": "DUPLICATE"}).status_code == 404


def test_has_no_other_methods(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assert client.delete(url(order)).status_code == 405
