import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import Delivery, DeliveryFailure, OrderState
from orders.operations.receiving import receive_delivery
from tests.factories import UserFactory
from tests.registered import World

VALUES = {"reason": "NOBODY_HOME", "note": "Ring före"}


def url(delivery: Delivery) -> str:
    return reverse("delivery_fail", args=[delivery.pk])


@pytest.fixture
def delivery(world: World) -> Delivery:
    return world.deliver(world.order("bestallning"))


def test_the_page_says_what_comes_back(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.hakan)
    response = client.get(url(delivery))
    assertContains(response, "14710")
    assertContains(response, "Ingen på plats")


def test_the_goods_are_back_and_the_delivery_is_marked(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.hakan)
    assertRedirects(client.post(url(delivery), VALUES), delivery.order.get_absolute_url())
    delivery.order.refresh_from_db()
    assert (delivery.order.state, world.level(world.central, world.chair)) == (OrderState.REGISTERED, (10, 2, 0))
    response = client.get(delivery.order.get_absolute_url())
    assertContains(response, "Misslyckad")
    assertContains(response, "Ingen på plats. Ring före")
    assertNotContains(response, url(delivery))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Välj varför leveransen misslyckades."),
        ({"reason": "FEL"}, "FEL"),
        ({"reason": "OTHER", "note": "x" * 201}, "200"),
        ({"reason": "OTHER", "note": "\x00"}, "Null"),
    ],
)
def test_refuses_what_cannot_be(
    client: Client, world: World, delivery: Delivery, values: dict[str, str], sentence: str
) -> None:
    client.force_login(world.hakan)
    assertContains(client.post(url(delivery), values), sentence, status_code=422)
    assert not DeliveryFailure.objects.exists()


def test_pressing_twice_is_harmless(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.hakan)
    for _ in range(2):
        assertRedirects(client.post(url(delivery), VALUES), delivery.order.get_absolute_url())
    assert DeliveryFailure.objects.count() == 1
    assertRedirects(client.get(url(delivery)), delivery.order.get_absolute_url())


def test_the_second_is_told_who_was_first(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.hakan)
    client.post(url(delivery), VALUES)
    client.force_login(UserFactory.create(role="HMS lager", customer=world.region))
    assertContains(client.post(url(delivery), VALUES), "Håkan Lantz har redan markerat", status_code=409)


def test_a_received_delivery_does_not_fail(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now())
    client.force_login(world.hakan)
    assertContains(client.post(url(delivery), VALUES), "är kvitterad", status_code=409)
    assertRedirects(client.get(url(delivery)), delivery.order.get_absolute_url())
    assert not DeliveryFailure.objects.exists()


def test_asks_who_you_are(client: Client, delivery: Delivery) -> None:
    assertRedirects(client.get(url(delivery)), f"{reverse('login')}?next={url(delivery)}")


def test_only_the_senders_staff_say_it(client: Client, world: World, delivery: Delivery) -> None:
    for person in (world.per, world.lina):
        client.force_login(person)
        assert client.get(url(delivery)).status_code == 403
        assert client.post(url(delivery), VALUES).status_code == 403
        assertNotContains(client.get(delivery.order.get_absolute_url()), url(delivery))
    assert not DeliveryFailure.objects.exists()


def test_is_not_found_in_another_municipality(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.other_staff)
    assert client.post(url(delivery), VALUES).status_code == 404


def test_has_no_other_methods(client: Client, world: World, delivery: Delivery) -> None:
    client.force_login(world.hakan)
    assert client.put(url(delivery)).status_code == 405
