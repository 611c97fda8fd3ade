from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries, assertRedirects

from inventory.models import Warehouse
from orders.models import Delivery, Receipt
from orders.operations.delivering import Pick
from orders.operations.receiving import receive_delivery
from orders.views import receipts
from tests.listing.reading import read_csv
from tests.registered import World

LIST = reverse("receipt_list")


def receipt(delivery: Delivery) -> str:
    return reverse("delivery_receive", args=[delivery.pk])


def test_shows_what_is_on_its_way(client: Client, world: World) -> None:
    delivery, done = world.delivered_transfer(), world.delivered_transfer()
    receive_delivery(delivery_id=done.pk, by=world.per, at=world.now())
    client.force_login(world.per)
    response = client.get(LIST)
    assertContains(response, delivery.number)
    assertNotContains(response, done.number)
    assertNotContains(response, "Försenad")


def test_says_what_is_late(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    Delivery.objects.filter(pk=delivery.pk).update(at=timezone.now() - timedelta(days=14))
    for person, page in (
        (world.per, LIST),
        (world.per, reverse("difference_list")),
        (world.hakan, reverse("difference_list")),
    ):
        client.force_login(person)
        assertContains(client.get(page), "Försenad")


@pytest.mark.parametrize("page", ["home", "receipt_list", "difference_list"])
def test_names_are_text_and_not_markup(client: Client, world: World, page: str) -> None:
    """The rows are put together without a template, which would escape by itself."""
    world.delivered_transfer()
    Delivery.objects.update(at=timezone.now() - timedelta(days=14), number="<i>1")
    Warehouse.objects.update(name=Concat(Value("<i>"), "name"))
    client.force_login(world.per)
    html = client.get(reverse(page)).content.decode()
    assert "<i>" not in html
    for name in ("1", world.store.name, *([] if page == "home" else [world.central.name])):
        assert f"&lt;i&gt;{name}" in html


def test_one_press_when_all_is_well(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertRedirects(client.post(receipt(delivery), {"everything": "1", "list": "1"}), LIST)
    assert Receipt.objects.get().delivery == delivery
    assertContains(client.get(LIST), "Inget är på väg")


@pytest.mark.parametrize("written", ["{0}", " {1} ", "{2}"])
def test_the_number_leads_to_the_delivery(client: Client, world: World, written: str) -> None:
    delivery = world.delivered_transfer()
    code = written.format(delivery.number, delivery.number.lower(), str(delivery.order))
    client.force_login(world.per)
    assertRedirects(client.get(LIST, {"kod": code}), receipt(delivery))


def test_a_number_that_has_been_received_leads_to_its_receipt(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now())
    client.force_login(world.per)
    response = client.get(LIST, {"kod": delivery.number}, follow=True)
    assertContains(response, "Kvittens av utleverans")


def test_an_order_with_several_deliveries_has_to_be_chosen(client: Client, world: World) -> None:
    order = world.order("lagerflytt")
    for _ in range(2):
        world.deliver(order, [Pick(line_id=order.lines.get().pk, quantity=1)])
    client.force_login(world.per)
    assertContains(client.get(LIST, {"kod": str(order)}), "Flera utleveranser", status_code=422)


@pytest.mark.parametrize("code", ["", "L-26-999999-1", "x" * 41, "\x00", "5901234123457"])
def test_an_unknown_code_is_said_at_the_field(client: Client, world: World, code: str) -> None:
    world.delivered_transfer()
    client.force_login(world.per)
    assertContains(client.get(LIST, {"kod": code}), 'id="id_kod_error"', status_code=422)


def test_another_stores_delivery_is_unknown(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.other_staff)
    assertContains(client.get(LIST, {"kod": delivery.number}), "ingen utleverans till ditt lager", status_code=422)


def test_the_queries_do_not_grow(client: Client, world: World) -> None:
    client.force_login(world.per)
    world.delivered_transfer()
    client.get(LIST)
    with assertNumQueries(7):
        client.get(LIST)
    for _ in range(3):
        world.delivered_transfer()
    with assertNumQueries(7):
        client.get(LIST)


def test_is_paged_by_key_and_saved(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "DELIVERIES", replace(receipts.DELIVERIES, page_size=1))
    first, second = world.delivered_transfer(1), world.delivered_transfer(2)
    client.force_login(world.per)
    page = client.get(LIST).context["page"]
    assert (page.rows, client.get(LIST + page.next_url).context["deliveries"]) == ([first], [second])
    head, *rows = read_csv(client.get(LIST + "?format=csv").getvalue())
    assert head == ["Utleverans", "Från", "Till", "Skickad", "Rader", "Antal"]
    assert [[row[0], row[4], row[5]] for row in rows] == [[first.number, "1", "1"], [second.number, "1", "2"]]
    client.force_login(world.other_staff)
    assert read_csv(client.get(LIST + "?format=csv").getvalue()) == [head]
    client.force_login(world.anna)
    assert client.get(LIST + "?format=csv").status_code == 403


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(LIST), f"{reverse('login')}?next={LIST}")


def test_is_for_store_staff(client: Client, world: World) -> None:
    for person in (world.anna, world.lina, world.hakan):
        client.force_login(person)
        assert client.get(LIST).status_code == 403
    client.force_login(world.per)
    assert client.post(LIST).status_code == 405
