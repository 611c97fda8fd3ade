from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from inventory.models import StockLevel
from orders.models import CancelReason, Order, OrderState
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick, deliver_order
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
    assertContains(response, "Det finns inget kvar att makulera på ordern.", status_code=409)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED
    assertRedirects(client.get(url(order)), order.get_absolute_url())


def test_a_canceled_order_in_another_tab_says_so(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.per)
    page = {"reason": "DUPLICATE", "version": order.version}
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_NEEDED, by=world.anna, at=timezone.now())
    response = client.post(url(order), page)
    assertContains(response, "Ordern är redan makulerad: Behovet finns inte längre.", status_code=409)
    order.refresh_from_db()
    assert (order.cancel_reason, order.events.count()) == ("NOT_NEEDED", 2)


def test_shows_what_is_left_when_the_order_has_changed(client: Client, world: World) -> None:
    order = world.order("direktbestallning", quantity=5)
    client.force_login(world.anna)
    page = {"reason": "DUPLICATE", "version": order.version}
    world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=2)])
    response = client.post(url(order), page)
    assertContains(response, "Ordern har ändrats sedan du öppnade sidan.", status_code=409)
    assert [line.remaining for line in response.context["lines"]] == [3]
    again = {"reason": "DUPLICATE", "version": response.context["form"]["version"].value()}
    assertRedirects(client.post(url(order), again), order.get_absolute_url())
    assert world.line(order).canceled == 3


def test_the_page_sent_twice_is_answered_alike(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    page = {"reason": "DUPLICATE", "version": order.version}
    for _ in range(2):
        assertRedirects(client.post(url(order), page), order.get_absolute_url())
    assert order.events.count() == 2


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


@pytest.mark.parametrize(("kind", "offered"), [("forskrivning", True), ("bestallning", False), ("lagerflytt", False)])
def test_nobody_has_died_where_there_is_no_patient(client: Client, world: World, kind: str, offered: bool) -> None:
    order = world.order(kind)
    client.force_login(world.per if kind == "lagerflytt" else world.anna)
    url = reverse("order_cancel", args=[order.pk])
    assert ("Patienten har avlidit" in client.get(url).text) == offered
    assert client.post(url, {"reason": "DECEASED"}).status_code == (302 if offered else 422)
    order.refresh_from_db()
    assert (order.canceled_at is not None) == offered
