"""What holds for every step: whose draft it is, and that a saved order is not changed by an old page."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from orders.models import Order
from orders.operations.registering import register_order
from tests.fixtures import Town

from .wizard import post, snapshot, url

STEPS = ("type", "parties", "lines", "review")
ACTS = ("type", "parties", "lines", "discard", "register", "hand_out")


@pytest.fixture
def order(town: Town) -> Order:
    town.stock(town.store, town.chair, 5)
    return town.draft("direktbestallning", {town.chair: 1})


def test_anonymous(client: Client, order: Order) -> None:
    for step in STEPS:
        assertRedirects(client.get(url(step, order)), f"{reverse('login')}?next={url(step, order)}")


@pytest.mark.parametrize("who", ["anna", "per", "hakan", "other_prescriber"])
def test_a_draft_of_another_person_is_not_there(client: Client, town: Town, order: Order, who: str) -> None:
    client.force_login(getattr(town, who))
    before = snapshot(order)
    assert {client.get(url(step, order)).status_code for step in STEPS} == {404}
    assert {post(client, act, order, confirmed="1").status_code for act in ACTS} == {404}
    line = order.lines.get()
    assert post(client, "line", order, line.pk, quantity="2").status_code == 404
    assert post(client, "line_remove", order, line.pk).status_code == 404
    assert snapshot(order) == before


def test_without_the_role_any_more(client: Client, town: Town, order: Order) -> None:
    town.lina.groups.clear()
    client.force_login(town.lina)
    before = snapshot(order)
    assert {client.get(url(step, order)).status_code for step in STEPS} == {403}
    assert {post(client, act, order, confirmed="1").status_code for act in ACTS} == {403}
    assert snapshot(order) == before


def test_wrong_method(client: Client, town: Town, order: Order) -> None:
    client.force_login(town.lina)
    line = order.lines.get()
    assert {client.delete(url(step, order)).status_code for step in STEPS} == {405}
    assert {client.get(url(act, order)).status_code for act in ("register", "hand_out", "discard")} == {405}
    assert client.get(url("line_remove", order, line.pk)).status_code == 405
    assert post(client, "review", order).status_code == 405


def test_an_order_that_is_saved_is_shown_and_not_changed(client: Client, town: Town, order: Order) -> None:
    register_order(order_id=order.pk, by=town.lina, at=town.now())
    client.force_login(town.lina)
    line, before = order.lines.get(), snapshot(order)
    for step in STEPS:
        assertRedirects(client.get(url(step, order)), order.get_absolute_url())
    for act in ("type", "parties", "lines", "discard"):
        response = post(client, act, order, confirmed="1", article=town.chair.number, quantity="1")
        assertContains(response, "är redan sparad", status_code=422)
        assertContains(response, order.get_absolute_url(), status_code=422)
    assert post(client, "line", order, line.pk, quantity="2", version="0").status_code == 422
    assert post(client, "line_remove", order, line.pk).status_code == 422
    assert snapshot(order) == before


def test_a_line_of_another_order_is_not_there(client: Client, town: Town, order: Order) -> None:
    other = town.draft("direktbestallning", {town.chair: 3})
    client.force_login(town.lina)
    line = other.lines.get()
    assert client.get(url("line", order, line.pk)).status_code == 404
    assert post(client, "line", order, line.pk, quantity="9", version="0").status_code == 404
    post(client, "line_remove", order, line.pk)
    assert other.lines.get().quantity == 3


def test_a_draft_goes_on_where_it_was_left(client: Client, town: Town, order: Order) -> None:
    client.force_login(town.lina)
    assertRedirects(client.get(order.get_absolute_url()), url("lines", order))
    Order.objects.filter(pk=order.pk).update(recipient_unit=None)
    assertRedirects(client.get(order.get_absolute_url()), url("parties", order))
