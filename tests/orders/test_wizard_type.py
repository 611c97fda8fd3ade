from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import Order, OrderSubtype
from orders.operations.registering import register_order
from tests.fixtures import Town

from .wizard import post, snapshot, url

NEW = "/kundorder/ny/{}/"


def test_offers_the_subtypes_of_the_type(client: Client, town: Town) -> None:
    client.force_login(town.lina)
    response = client.get(NEW.format("bestallning"))
    names = [subtype.name for subtype in response.context["form"].subtypes]
    assert names == ["Beställning", "Direktbeställning"]
    assertContains(response, "Nästa")
    assertContains(response, "Lager 50101")


def test_one_subtype_is_chosen_beforehand(client: Client, town: Town) -> None:
    client.force_login(town.per)
    response = client.get(NEW.format("lagerflytt"))
    assert response.context["form"].chosen == "lagerflytt"
    assertNotContains(response, "Lagerflytt mellan kommuner")


def test_next_makes_one_draft_for_each_page(client: Client, town: Town) -> None:
    client.force_login(town.lina)
    key = client.get(NEW.format("bestallning")).context["form"]["key"].value()
    for code in ("bestallning", "bestallning", "direktbestallning"):
        response = client.post(NEW.format("bestallning"), {"key": key, "subtype": code})
        order = Order.objects.get()
        assertRedirects(response, url("parties", order))
        assert order.subtype.code == code


def test_a_page_whose_order_is_saved_leads_to_it(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    register_order(order_id=order.pk, by=town.lina, at=town.now())
    client.force_login(town.lina)
    response = client.post(NEW.format("bestallning"), {"key": order.draft_key, "subtype": "bestallning"})
    assertRedirects(response, order.get_absolute_url())
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"key": str(uuid4())},
        {"key": str(uuid4()), "subtype": "forskrivning"},
        {"key": str(uuid4()), "subtype": "lagerflytt-kommun"},
        {"key": "a\0b", "subtype": "x" * 10_000},
    ],
)
def test_invalid(client: Client, town: Town, data: dict[str, str]) -> None:
    client.force_login(town.lina)
    assert client.post(NEW.format("bestallning"), data).status_code == 422
    assert Order.objects.count() == 0


def test_a_key_of_another_person_is_refused(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {}, orderer=town.anna)
    client.force_login(town.lina)
    data = {"key": str(order.draft_key), "subtype": "bestallning"}
    assert client.post(NEW.format("bestallning"), data).status_code == 422
    assert Order.objects.count() == 1


def test_who_may(client: Client, town: Town) -> None:
    page = NEW.format("forskrivning")
    assertRedirects(client.get(page), f"{reverse('login')}?next={page}")
    client.force_login(town.lina)
    assert client.get(page).status_code == 403
    assert client.post(page, {"key": str(uuid4()), "subtype": "forskrivning"}).status_code == 403
    assert client.put(NEW.format("bestallning")).status_code == 405
    assert client.get(NEW.format("annat")).status_code == 404
    assert Order.objects.count() == 0


def test_a_draft_gets_another_subtype(client: Client, town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    order = town.draft("direktbestallning", [(town.walker, 1, device)])
    client.force_login(town.lina)
    assert client.get(url("type", order)).context["form"].chosen == "direktbestallning"
    response = client.post(url("type", order), {"subtype": "bestallning"}, follow=True)
    assertContains(response, f"Individ {device.number} finns inte i 10 Hjälpmedelsservice")
    assert Order.objects.get().subtype == OrderSubtype.objects.get(code="bestallning")


def test_a_draft_keeps_its_type(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1}, orderer=town.anna)
    before = snapshot(order)
    client.force_login(town.anna)
    assert post(client, "type", order, subtype="forskrivning").status_code == 422
    assert snapshot(order) == before


def test_cancel_throws_away_a_draft_with_lines_after_a_question(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    client.force_login(town.lina)
    assertContains(post(client, "discard", order), "Ta bort utkastet?")
    assert Order.objects.exists()
    assertRedirects(post(client, "discard", order, confirmed="1"), "/")
    assert not Order.objects.exists()


def test_cancel_throws_away_an_empty_draft_at_once(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {})
    client.force_login(town.lina)
    assert client.get(url("discard", order)).status_code == 405
    assertRedirects(post(client, "discard", order), "/")
    assert not Order.objects.exists()
