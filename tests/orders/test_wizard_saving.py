from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from orders.models import Delivery, Order, OrderState
from tests.fixtures import Town

from .wizard import post, snapshot, url


@pytest.fixture
def direct(client: Client, town: Town) -> Order:
    town.stock(town.store, town.chair, 5)
    client.force_login(town.lina)
    return town.draft("direktbestallning", {town.chair: 2})


def hand_out(client: Client, order: Order, **data: Any) -> Any:
    return post(client, "hand_out", order, **{"key": str(uuid4()), **data})


def test_review_shows_everything_and_what_to_press(client: Client, town: Town, direct: Order) -> None:
    response = client.get(url("review", direct))
    for words in ("01-05 Björkbacken", "Lina Nilsson", "14710", "Spara och lämna ut"):
        assertContains(response, words)
    assert [entry.label for entry in response.context["functions"].items][-1] == "Avbryt"
    assert response.context["functions"].main.label == "Spara och lämna ut"


def test_review_says_what_is_missing_and_where(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {}, recipient_unit=None)
    client.force_login(town.lina)
    response = client.get(url("review", order))
    assertContains(response, "Välj mottagande vårdenhet.")
    assertContains(response, "Lägg till minst en orderrad.")
    assertContains(response, url("parties", order))
    assert not response.context["functions"].main.enabled


def test_review_warns_of_back_orders(client: Client, town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.draft("bestallning", {town.chair: 5})
    client.force_login(town.lina)
    assertContains(client.get(url("review", order)), "2 av 5 finns, resten restnoteras")


def test_save_registers_once(client: Client, town: Town, direct: Order) -> None:
    for _ in range(2):
        assertRedirects(post(client, "register", direct, version="0"), direct.get_absolute_url())
    direct.refresh_from_db()
    assert (direct.state, direct.number) == (OrderState.REGISTERED, "B-26-000001")
    assert town.level(town.store, town.chair) == (5, 2, 0)


def test_save_and_hand_out_once(client: Client, town: Town, direct: Order) -> None:
    key = str(uuid4())
    for _ in range(2):
        assertRedirects(hand_out(client, direct, key=key, version="0"), direct.get_absolute_url())
    direct.refresh_from_db()
    assert (direct.state, Delivery.objects.count()) == (OrderState.DELIVERED, 1)
    assert town.level(town.store, town.chair) == (3, 0, 0)


@pytest.mark.parametrize("act", ["register", "hand_out"])
def test_an_older_page_saves_nothing(client: Client, direct: Order, act: str) -> None:
    before = snapshot(direct)
    for version in ("7", "-1", "x", "9" * 40):
        response = post(client, act, direct, version=version, key=str(uuid4()))
        assertContains(response, "annan flik", status_code=422)
    assert snapshot(direct) == before


def test_what_is_missing_is_said(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {})
    client.force_login(town.lina)
    assertContains(post(client, "register", order), "Lägg till minst en orderrad.", status_code=422)
    order.refresh_from_db()
    assert order.is_draft


def test_more_than_there_is_cannot_be_handed_out(client: Client, town: Town, direct: Order) -> None:
    direct.lines.update(quantity=6)
    before = snapshot(direct)
    assertContains(hand_out(client, direct), "bara 5 av 6 finns", status_code=422)
    assert snapshot(direct) == before
    assert town.level(town.store, town.chair) == (5, 0, 0)


@pytest.mark.parametrize("key", ["", "x", "a\0b"])
def test_without_the_pages_key(client: Client, direct: Order, key: str) -> None:
    assert hand_out(client, direct, key=key).status_code == 422
    direct.refresh_from_db()
    assert direct.is_draft


def test_what_hms_delivers_is_not_handed_out(client: Client, town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    client.force_login(town.lina)
    assert hand_out(client, order).status_code in (403, 422)
    order.refresh_from_db()
    assert order.is_draft


class TestWishes:
    """*Brådskande* and *Leverera endast komplett*, ticked on the review page."""

    @pytest.fixture
    def order(self, client: Client, town: Town) -> Order:
        client.force_login(town.lina)
        return town.draft("bestallning", {town.chair: 2})

    def flags(self, order: Order) -> tuple[bool, bool]:
        order.refresh_from_db()
        return order.is_urgent, order.only_complete

    def test_are_saved_with_the_order(self, client: Client, order: Order) -> None:
        assertContains(client.get(url("review", order)), "Leverera endast komplett")
        data = {"version": "0", "wishes": "1", "is_urgent": "on", "only_complete": "on"}
        response = client.post(url("register", order), data, follow=True)
        assert self.flags(order) == (True, True)
        assertContains(response, "Brådskande")
        assertContains(response, "Endast komplett")

    def test_each_tick_is_kept_in_the_draft(self, client: Client, order: Order) -> None:
        ticked = {"wishes": "1", "only_complete": "on"}
        response = client.post(url("wishes", order), ticked, headers={"HX-Request": "true"})
        assert response.status_code == 204
        assert self.flags(order) == (False, True)
        assert client.get(url("review", order)).context["wishes"]["only_complete"].value() is True
        assertRedirects(client.post(url("wishes", order), {"wishes": "1", "is_urgent": "on"}), url("review", order))
        assert self.flags(order) == (True, False)
        assertRedirects(post(client, "register", order, version="0"), order.get_absolute_url())
        assert self.flags(order) == (True, False), "a page that does not ask leaves them"

    def test_a_refusal_keeps_what_was_ticked(self, client: Client, order: Order) -> None:
        order.lines.all().delete()
        response = client.post(url("register", order), {"version": "0", "wishes": "1", "is_urgent": "on"})
        assert response.status_code == 422
        assert response.context["wishes"]["is_urgent"].value()
        assert self.flags(order) == (False, False)

    def test_the_store_hands_out_a_direct_order_itself(self, client: Client, direct: Order) -> None:
        assert client.get(url("review", direct)).context["wishes"] is None

    def test_a_saved_order_is_changed_on_its_own_page(self, client: Client, order: Order) -> None:
        post(client, "register", order)
        assert client.post(url("wishes", order), {"wishes": "1", "is_urgent": "on"}).status_code == 422
        assert self.flags(order) == (False, False)

    def test_a_draft_is_its_makers(self, client: Client, town: Town, order: Order) -> None:
        assert client.get(url("wishes", order)).status_code == 405
        client.force_login(town.anna)
        assert client.post(url("wishes", order), {"wishes": "1", "is_urgent": "on"}).status_code == 404
        assert self.flags(order) == (False, False)
