import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Device
from orders.functions import Entry, Functions
from orders.models import Delivery, DeliveryFailure, FailureReason, Order, OrderState
from orders.operations.delivering import Pick
from orders.operations.failing import fail_delivery
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


def test_what_was_handed_out_did_not_reach_its_unit(client: Client, world: World) -> None:
    """The one whose order it is says so, or the store's staff; not a colleague."""
    delivery = world.deliver(world.order("direktbestallning", by=world.anna))
    for person, status in ((world.lina, 403), (world.hakan, 404), (world.anna, 200), (world.per, 200)):
        client.force_login(person)
        assert client.get(url(delivery)).status_code == status
    client.post(url(delivery), VALUES)
    assert world.level(world.store, world.chair) == (10, 2, 0)


class TestBookingAgain:
    """*Boka ny leverans*: the ordinary page, with what came back chosen."""

    @pytest.fixture
    def failed(self, world: World) -> Delivery:
        """1 of 2 chairs and the last of three walkers; nothing else of the order has left."""
        order = world.register("bestallning", {world.chair: 2, world.walker: 1})
        last = Device.objects.in_warehouse(world.central).order_by("pk").last()
        assert last
        chair, walker = order.lines.order_by("position")
        picks = [Pick(line_id=chair.pk, quantity=1), Pick(line_id=walker.pk, quantity=1, device_ids=(last.pk,))]
        delivery = world.deliver(order, picks)
        reason = FailureReason.NOBODY_HOME
        fail_delivery(delivery_id=delivery.pk, reason=reason, note="", by=world.hakan, at=world.now())
        return delivery

    def entry(self, client: Client, order: Order) -> Entry:
        functions: Functions = client.get(order.get_absolute_url()).context["functions"]
        assert functions.main
        return functions.main

    def test_the_same_goods_and_devices_are_chosen(self, client: Client, world: World, failed: Delivery) -> None:
        client.force_login(world.hakan)
        entry = self.entry(client, failed.order)
        assert entry.label == "Boka ny leverans"
        chair, walker = client.get(entry.url).context["rows"]
        assert chair["quantity"].initial == 1
        device = failed.lines.get(device__isnull=False).device
        assert device
        assert walker["devices"].initial == [str(device.pk)]

    @pytest.mark.parametrize("pk", ["", "x", "99999999999999999999", "1"])
    def test_what_is_no_failed_delivery_proposes_all(
        self, client: Client, world: World, failed: Delivery, pk: str
    ) -> None:
        client.force_login(world.hakan)
        rows = client.get(reverse("order_deliver", args=[failed.order_id]), {"efter": pk}).context["rows"]
        assert rows[0]["quantity"].initial == 2

    def test_when_it_has_left_again_the_next_is_an_ordinary_one(
        self, client: Client, world: World, failed: Delivery
    ) -> None:
        chair = failed.order.lines.order_by("position")[0]
        world.deliver(failed.order, [Pick(line_id=chair.pk, quantity=1)])
        client.force_login(world.hakan)
        assert self.entry(client, failed.order).label == "Skapa utleverans"
