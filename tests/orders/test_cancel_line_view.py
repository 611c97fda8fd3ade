import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import Order, OrderLine
from tests.registered import World


def url(line: OrderLine) -> str:
    return reverse("order_line_cancel", args=[line.order_id, line.pk])


def order_of_two(world: World) -> Order:
    return world.register("bestallning", {world.chair: 3, world.walker: 2}, orderer=world.anna)


@pytest.fixture
def line(world: World) -> OrderLine:
    return world.line(order_of_two(world), world.chair)


def test_shows_that_line_only(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.anna)
    response = client.get(url(line))
    assertContains(response, "Makulera resten av raden")
    assertContains(response, "Duschpall")
    assertNotContains(response, "Rollator")


def test_cancels_that_line(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.hakan)
    response = client.post(url(line), {"reason": "NOT_AVAILABLE", "version": line.order.version}, follow=True)
    assertRedirects(response, line.order.get_absolute_url())
    assertContains(response, "Resten av 14710 Duschpall är makulerad.")
    assert [row.canceled for row in line.order.lines.order_by("position")] == [3, 0]


def test_refuses_without_a_reason(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.anna)
    assertContains(client.post(url(line)), "Välj varför det makuleras.", status_code=422)
    line.refresh_from_db()
    assert line.canceled == 0


def test_a_line_canceled_in_another_tab_says_so(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.anna)
    client.post(url(line), {"reason": "DUPLICATE"})
    response = client.post(url(line), {"reason": "DUPLICATE"})
    assertContains(response, "14710 Duschpall: det finns inget kvar att makulera på raden.", status_code=409)
    assertRedirects(client.get(url(line)), line.order.get_absolute_url())
    assert line.order.events.count() == 2


def test_asks_who_you_are(client: Client, line: OrderLine) -> None:
    assertRedirects(client.get(url(line)), f"{reverse('login')}?next={url(line)}")


def test_needs_the_right_to_cancel(client: Client, world: World, line: OrderLine) -> None:
    world.anna.groups.clear()
    client.force_login(world.anna)
    assert client.post(url(line), {"reason": "DUPLICATE"}).status_code == 403


def test_is_not_found_in_another_municipality(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.other_prescriber)
    assert client.post(url(line), {"reason": "DUPLICATE"}).status_code == 404


def test_is_not_found_at_another_order(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.anna)
    other = order_of_two(world)
    address = reverse("order_line_cancel", args=[other.pk, line.pk])
    assert client.post(address, {"reason": "DUPLICATE"}).status_code == 404


def test_has_no_other_methods(client: Client, world: World, line: OrderLine) -> None:
    client.force_login(world.anna)
    assert client.delete(url(line)).status_code == 405
