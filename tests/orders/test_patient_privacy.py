"""Who sees which patient an order is for: those who meet patients, and HMS, who delivers; never a protected one."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from orders.models import Delivery
from parties.models import Protection
from tests.factories import CustomerFactory, UserFactory
from tests.registered import World

FULL = ("Fröding", "19311104-9809")
DOCUMENTS = ("delivery_note", "goods_label")


@pytest.fixture
def delivery(world: World) -> Delivery:
    return world.deliver(world.order("forskrivning"))


def pages(delivery: Delivery) -> list[str]:
    return [delivery.order.get_absolute_url(), reverse("order_list"), reverse("home")]


def documents(delivery: Delivery) -> list[str]:
    return [reverse(name, args=[delivery.pk]) for name in DOCUMENTS]


@pytest.mark.parametrize("who", ["anna", "hakan"])
def test_prescriber_and_central_service_see_who(client: Client, world: World, delivery: Delivery, who: str) -> None:
    client.force_login(getattr(world, who))
    page = client.get(delivery.order.get_absolute_url())
    for words in (*FULL, *documents(delivery)):
        assertContains(page, words)
    assert [client.get(url).status_code for url in documents(delivery)] == [200, 200]
    for text in ("fröding", "311104-9809"):
        assertContains(client.post(reverse("order_list"), {"sok": text}, follow=True), delivery.order.number)


@pytest.mark.parametrize("who", ["lina", "per"])
def test_others_see_which_order_it_is(client: Client, world: World, delivery: Delivery, who: str) -> None:
    client.force_login(getattr(world, who))
    for url in pages(delivery):
        page = client.get(url)
        assertContains(page, "Astrid F., 1931")
        for words in (*FULL, *documents(delivery)):
            assertNotContains(page, words)
    assert [client.get(url).status_code for url in documents(delivery)] == [403, 403]
    for text in ("fröding", "311104-9809"):
        assertNotContains(client.post(reverse("order_list"), {"sok": text}, follow=True), delivery.order.number)


def test_a_prescriber_of_another_unit_sees_which_order_it_is(client: Client, world: World, delivery: Delivery) -> None:
    """Own care: the order is in the unit's care that prescribed."""
    unit = CustomerFactory.create(parent=world.arvika)
    client.force_login(UserFactory.create(role="Förskrivare", customer=unit))
    page = client.get(delivery.order.get_absolute_url())
    assertContains(page, "Astrid F., 1931")
    for words in (*FULL, *documents(delivery)):
        assertNotContains(page, words)
    assert [client.get(url).status_code for url in documents(delivery)] == [403, 403]


@pytest.mark.parametrize("who", ["anna", "hakan", "lina"])
def test_a_protected_patient_is_hidden_from_all(client: Client, world: World, delivery: Delivery, who: str) -> None:
    world.patient.protection = Protection.PROTECTED
    world.patient.save(update_fields=["protection"])
    client.force_login(getattr(world, who))
    for url in pages(delivery):
        page = client.get(url)
        assertContains(page, "Skyddade uppgifter")
        for words in (*FULL, "Astrid", "1931"):
            assertNotContains(page, words)
    assert [client.get(url).status_code for url in documents(delivery)] == [200, 200]
