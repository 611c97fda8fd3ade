"""What whoever ordered can do about the rest of a line, on its page."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article
from orders.models import CancelReason, EventKind, Order
from orders.operations.canceling import cancel_order
from tests.factories import ArticleFactory
from tests.registered import World

ACTS = ("order_line_own_store", "order_line_substitute")


@pytest.fixture
def stool(world: World) -> Article:
    Article.objects.filter(pk=world.chair.pk).update(substitution_group="Duschpall")
    stool = ArticleFactory.create(number="14715", name="Duschpall fyrkantig", substitution_group="Duschpall")
    world.stock(world.central, stool, 5)
    return stool


@pytest.fixture
def order(world: World) -> Order:
    """Lina's, for 13 chairs: ten are reserved, three wait; the own store has ten."""
    return world.order("bestallning", quantity=13, by=world.lina)


def url(world: World, order: Order, name: str = "order_line_rest") -> str:
    return reverse(name, args=[order.pk, world.line(order, world.chair).pk])


def own(quantity: object = 3, **values: object) -> dict[str, object]:
    return {"key": str(uuid4()), "quantity": quantity} | values


def instead(order: Order, article: object, quantity: object = 3) -> dict[str, object]:
    return {"version": order.version, "article": article, "quantity": quantity}


def test_shows_the_four_ways_out(client: Client, world: World, order: Order, stool: Article) -> None:
    client.force_login(world.lina)
    response = client.get(url(world, order))
    words = (
        "Vänta på 3",
        "Först i kön",
        "Ta från eget lager",
        "Ta en likvärdig artikel",
        "14715 Duschpall fyrkantig",
        "Makulera resten …",
    )
    for word in words:
        assertContains(response, word)
    assert response.context["own"]["quantity"].value() == 3


def test_the_orders_page_leads_there(client: Client, world: World, order: Order) -> None:
    client.force_login(world.lina)
    assertContains(client.get(order.get_absolute_url()), url(world, order))
    client.force_login(world.hakan)  # HMS has a page of its own for the queue
    assertNotContains(client.get(order.get_absolute_url()), url(world, order))


def test_takes_it_from_the_own_store_and_leads_to_the_delivery(client: Client, world: World, order: Order) -> None:
    client.force_login(world.lina)
    data = own()
    for _ in range(2):  # pressed twice
        response = client.post(url(world, order, "order_line_own_store"), data)
        direct = order.successors.get()
        assertRedirects(response, reverse("order_deliver", args=[direct.pk]))
    assert (world.line(direct).reserved, world.line(order).canceled, world.line(order).reserved) == (3, 3, 10)


def test_takes_an_equivalent(client: Client, world: World, order: Order, stool: Article) -> None:
    client.force_login(world.lina)
    data = instead(order, "14715")
    for _ in range(2):  # pressed twice
        assertRedirects(client.post(url(world, order, "order_line_substitute"), data), order.get_absolute_url())
    assert [line.quantity for line in order.lines.order_by("position")] == [13, 3]
    assert order.events.filter(kind=EventKind.SUBSTITUTED).count() == 1


@pytest.mark.parametrize("quantity", ["", 0, -1, 4, "1.5", "många", 10**9])
def test_a_quantity_that_cannot_be_is_said_at_its_field(
    client: Client, world: World, order: Order, stool: Article, quantity: object
) -> None:
    client.force_login(world.lina)
    response = client.post(url(world, order, "order_line_own_store"), own(quantity))
    assertContains(response, 'id="id_eget_quantity_error"', status_code=422)
    response = client.post(url(world, order, "order_line_substitute"), instead(order, "14715", quantity))
    assertContains(response, 'id="id_likvardig_quantity_error"', status_code=422)
    assert (Order.objects.count(), order.lines.count(), world.line(order).canceled) == (1, 1, 0)


@pytest.mark.parametrize("article", ["", "15121", "finnsinte", "\0"])
def test_an_article_that_cannot_stand_in_is_said_at_its_field(
    client: Client, world: World, order: Order, stool: Article, article: str
) -> None:
    client.force_login(world.lina)
    response = client.post(url(world, order, "order_line_substitute"), instead(order, article))
    assertContains(response, 'id="id_likvardig_article_error"', status_code=422)
    assert order.lines.count() == 1


def test_without_its_key_nothing_is_taken(client: Client, world: World, order: Order) -> None:
    client.force_login(world.lina)
    for key in ("", "x"):
        assert client.post(url(world, order, "order_line_own_store"), own(key=key)).status_code == 422
    assert Order.objects.count() == 1


def test_when_the_own_store_has_none_it_is_no_way_out(client: Client, world: World, order: Order) -> None:
    world.order("direktbestallning", quantity=10)
    client.force_login(world.lina)
    response = client.get(url(world, order))
    assertContains(response, "Lagret har inga just nu.")
    response = client.post(url(world, order, "order_line_own_store"), own())
    assertContains(response, "Bara 0 finns i 50101 Arvika kommunlager.", status_code=422)


def test_a_transfer_has_no_own_store_to_take_from(client: Client, world: World) -> None:
    transfer = world.order("lagerflytt", quantity=13)
    client.force_login(world.per)
    assertNotContains(client.get(url(world, transfer)), "Ta från eget lager")
    assert client.post(url(world, transfer, "order_line_own_store"), own()).status_code == 422


def test_a_line_that_no_longer_waits_is_refused(client: Client, world: World, order: Order, stool: Article) -> None:
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=world.lina, at=world.now())
    client.force_login(world.lina)
    assertRedirects(client.get(url(world, order)), order.get_absolute_url())
    for name, data in zip(ACTS, (own(), instead(order, "14715")), strict=True):
        response = client.post(url(world, order, name), data)
        assertContains(response, "Raden väntar inte längre.", status_code=409)
    assert Order.objects.count() == 1


def test_an_order_that_was_changed_meanwhile_is_refused(
    client: Client, world: World, order: Order, stool: Article
) -> None:
    client.force_login(world.lina)
    data = instead(order, "14715", 1)
    Order.objects.filter(pk=order.pk).update(version=order.version + 2)
    response = client.post(url(world, order, "order_line_substitute"), data)
    assertContains(response, "Ordern har ändrats", status_code=409)
    assert order.lines.count() == 1


def test_who_may_choose(client: Client, world: World, order: Order) -> None:
    urls = [url(world, order), *(url(world, order, name) for name in ACTS)]
    assertRedirects(client.get(urls[0]), f"{reverse('login')}?next={urls[0]}")
    for person, status in ((world.anna, 422), (world.per, 403), (world.hakan, 403), (world.other_prescriber, 404)):
        client.force_login(person)
        assert [client.post(address, {}).status_code for address in urls[1:]] == [status, status]
        assert client.get(urls[0]).status_code == (200 if status == 422 else status)
    assert Order.objects.count() == 1


def test_a_line_of_another_order_is_not_found(client: Client, world: World, order: Order) -> None:
    other = world.line(world.order("bestallning", quantity=1, by=world.lina))
    client.force_login(world.lina)
    assert client.get(reverse("order_line_rest", args=[order.pk, other.pk])).status_code == 404


def test_methods(client: Client, world: World, order: Order) -> None:
    client.force_login(world.lina)
    assert client.post(url(world, order)).status_code == 405
    assert [client.get(url(world, order, name)).status_code for name in ACTS] == [405, 405]


def test_a_protected_patient_is_not_named(client: Client, world: World) -> None:
    type(world.patient).objects.update(protection="CONF")
    order = world.order("forskrivning", quantity=13)
    client.force_login(world.anna)
    assertNotContains(client.get(url(world, order)), "Fröding")


def test_asks_as_much_for_many_equivalents_as_for_one(
    client: Client, world: World, order: Order, stool: Article
) -> None:
    client.force_login(world.lina)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(world, order))
        return len(queries)

    before = statements()
    for _ in range(10):
        world.stock(world.central, ArticleFactory.create(substitution_group="Duschpall"), 1)
    assert statements() == before <= 20
