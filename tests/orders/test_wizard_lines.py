from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries, assertRedirects

from inventory.models import Article
from orders.models import Order
from tests.factories import ArticleFactory
from tests.fixtures import Town

from .wizard import HTMX, post, snapshot, url


@pytest.fixture
def order(client: Client, town: Town) -> Order:
    """Lina's empty direct requisition; 7 chairs and 2 walkers in the store, 9 chairs in lager 10."""
    town.stock(town.store, town.chair, 7)
    town.stock(town.central, town.chair, 9)
    town.devices(town.store, town.walker, 2)
    client.force_login(town.lina)
    return town.draft("direktbestallning", {})


def add(client: Client, order: Order, article: Article, *, htmx: bool = False, **data: Any) -> Any:
    return post(client, "lines", order, htmx=htmx, article=article.number, **{"quantity": "1", **data})


def test_shows_where_articles_are(client: Client, town: Town, order: Order) -> None:
    response = client.get(url("lines", order), {"sok": "duschpall"})
    (found,) = response.context["hits"]
    assert [(balance.warehouse, balance.available) for balance in found["hit"].balances] == [
        (town.store, 7),
        (town.central, 9),
    ]
    for name in ('aria-label="Artikel"', "Avancerat sök", 'aria-label="Antal"', "Lägg till"):
        assertContains(response, name)


def test_offers_the_free_devices_oldest_first(client: Client, town: Town, order: Order) -> None:
    held, free = town.devices(town.store, town.walker, 2)
    town.register("direktbestallning", [(town.walker, 1, held)])
    response = client.get(url("lines", order), {"sok": town.walker.number})
    (found,) = response.context["hits"]
    devices = found["hit"].devices
    assert held not in devices
    assert devices[-1] == free
    assert [device.pk for device in devices] == sorted(device.pk for device in devices)
    add(client, order, town.walker, device=free.number)
    (found,) = client.get(url("lines", order), {"sok": town.walker.number}).context["hits"]
    assert free not in found["hit"].devices, "it is on the order already"


def test_the_search_answers_htmx_with_the_hits(client: Client, order: Order) -> None:
    part = client.get(url("lines", order), {"sok": "dusch"}, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section id="hits"')
    assertNotContains(part, 'id="lines"')
    assert "HX-Request" in part.headers["Vary"]


def test_says_when_nothing_fits(client: Client, order: Order) -> None:
    assertContains(client.get(url("lines", order), {"sok": "zzzzz"}), "Ingen artikel stämmer")


@pytest.mark.parametrize("sok", ["a\0b", "x" * 10_000, "<script>alert(1)</script>", "%", "'"])
def test_any_text_can_be_searched_for(client: Client, order: Order, sok: str) -> None:
    response = client.get(url("lines", order), {"sok": sok})
    assert response.status_code == 200
    assertNotContains(response, "<script>alert")


def test_filters_stand_in_the_address(client: Client, town: Town, order: Order) -> None:
    ArticleFactory.create(name="Duschpall hög", iso_code="093307")
    filters = {"sok": "duschpall", "i_lager": "50101", "slag": "MAIN", "iso": "09 33"}
    response = client.get(url("lines", order), filters)
    assert [found["hit"].article for found in response.context["hits"]] == [town.chair]
    assert client.get(url("lines", order), {"iso": "abc", "slag": "NEJ"}).context["hits"] == []


def test_adds_and_adds_to_its_row(client: Client, town: Town, order: Order) -> None:
    assertRedirects(add(client, order, town.chair, quantity="2"), url("lines", order))
    add(client, order, town.chair, quantity="3")
    assert town.line(order).quantity == 5
    (row,) = client.get(url("lines", order)).context["rows"]
    assert (row.before, row.after, row.short) == (7, 2, 0)


def test_adding_answers_htmx_with_search_hits_lines_and_functions(client: Client, town: Town, order: Order) -> None:
    part = add(client, order, town.chair, htmx=True)
    assert part.status_code == 200
    text = part.content.decode()
    assert text.lstrip().startswith('<div id="work">')
    assert text.count('id="functions"') == 1
    assertNotContains(part, "<html")
    assert part.context["search"].text == ""


def test_enter_adds_the_very_number(client: Client, town: Town, order: Order) -> None:
    response = post(client, "lines", order, htmx=True, sok=town.chair.number)
    assert response.status_code == 200
    assert town.line(order).article == town.chair
    response = post(client, "lines", order, htmx=True, sok="dusch")
    assert (order.lines.count(), len(response.context["hits"])) == (1, 1)
    assertRedirects(post(client, "lines", order, sok="dusch"), url("lines", order) + "?sok=dusch")


def test_enter_on_a_numbered_article_asks_for_the_device(client: Client, town: Town, order: Order) -> None:
    response = post(client, "lines", order, htmx=True, sok=town.walker.number)
    assertContains(response, "Välj vilken individ", status_code=422)
    assert order.lines.count() == 0


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "1000000000", "10000", "tre", "", "a\0b", "1" * 10_000, "<b>"])
def test_quantities_that_make_no_sense(client: Client, town: Town, order: Order, quantity: str) -> None:
    before = snapshot(order)
    for htmx in (False, True):
        response = add(client, order, town.chair, quantity=quantity, htmx=htmx)
        assert response.status_code == 422
        (found,) = response.context["hits"]
        assert list(found["form"].errors) == ["quantity"]
        assert found["form"]["quantity"].value() == quantity
        assertContains(response, 'aria-invalid="true"', status_code=422)
    assert snapshot(order) == before


@pytest.mark.parametrize("number", ["99999", "", "a\0b", "x" * 10_000, "<script>alert(1)</script>"])
def test_unknown_articles(client: Client, order: Order, number: str) -> None:
    response = post(client, "lines", order, article=number, quantity="1")
    assertContains(response, "finns inte", status_code=422)
    assertNotContains(response, "<script>alert", status_code=422)
    assert order.lines.count() == 0


def test_an_article_that_cannot_be_ordered(client: Client, order: Order) -> None:
    article = ArticleFactory.create(name="Utgången pall", is_orderable=False)
    assertContains(client.get(url("lines", order), {"sok": "utgången"}), "Går inte att beställa")
    response = add(client, order, article)
    assertContains(response, "går inte att beställa", status_code=422)
    assert order.lines.count() == 0


def test_devices_that_are_refused(client: Client, town: Town, order: Order) -> None:
    (elsewhere,) = town.devices(town.central, town.walker, 1)
    here = order.sender and town.walker.devices.order_by("pk")[0]
    assert here
    before = snapshot(order)
    for device in ("", "finns-inte", elsewhere.number, "a\0b", "x" * 10_000):
        response = add(client, order, town.walker, device=device)
        assert response.status_code == 422
        (found,) = response.context["hits"]
        assert list(found["form"].errors) == ["device"]
    assert add(client, order, town.walker, device=here.number, quantity="2").status_code == 422
    assert add(client, order, town.chair, device=here.number).status_code == 422
    assert snapshot(order) == before


def test_outside_the_right_to_prescribe(client: Client, town: Town) -> None:
    order = town.draft("forskrivning", {})
    outside = ArticleFactory.create(iso_code="222718")
    client.force_login(town.anna)
    assertContains(add(client, order, outside), "har inte förskrivningsrätt", status_code=422)
    assert order.lines.count() == 0


def test_a_row_is_opened_and_updated(client: Client, town: Town, order: Order) -> None:
    add(client, order, town.chair)
    line = town.line(order)
    assertContains(client.get(url("lines", order)), 'aria-label="Ändra"')
    assertContains(client.get(url("line", order, line.pk)), "Uppdatera")
    part = client.get(url("line", order, line.pk), headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section class="card" id="lines"')
    response = post(client, "line", order, line.pk, quantity="4", version="1")
    assertRedirects(response, url("lines", order))
    assert town.line(order).quantity == 4


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"quantity": "0", "version": "1"}, "quantity"),
        ({"quantity": "1.5", "version": "1"}, "quantity"),
        ({"quantity": "4", "version": "0"}, "__all__"),
        ({"quantity": "4", "version": "<b>"}, "__all__"),
        ({"quantity": "4", "version": "1", "device": "HV1"}, "__all__"),
    ],
)
def test_an_update_that_is_refused(client: Client, town: Town, order: Order, data: dict[str, Any], field: str) -> None:
    add(client, order, town.chair)
    line, before = town.line(order), snapshot(order)
    response = post(client, "line", order, line.pk, **data)
    assert response.status_code == 422
    assert list(response.context["edit_form"].errors) == [field]
    assert response.context["edited"] == line
    assert snapshot(order) == before


def test_a_device_that_is_chosen_later_stands_below_its_head(client: Client, town: Town) -> None:
    client.force_login(town.anna)
    order = town.draft("forskrivning", {town.walker: 1})
    response = client.get(url("lines", order))
    assertContains(response, "väljs vid plock")
    assertContains(response, '<th scope="col">Individ</th>', count=1)


def test_a_row_is_removed(client: Client, town: Town, order: Order) -> None:
    add(client, order, town.chair)
    line = town.line(order)
    part = post(client, "line_remove", order, line.pk, htmx=True)
    assertContains(part, "Inga orderrader än")
    assertRedirects(post(client, "line_remove", order, line.pk), url("lines", order))
    assert order.lines.count() == 0


def test_a_short_row_says_what_becomes_a_back_order(client: Client, town: Town, order: Order) -> None:
    add(client, order, town.chair, quantity="9")
    assertContains(client.get(url("lines", order)), "7 av 9 finns, resten restnoteras")


def test_the_number_of_hits_costs_no_statements(client: Client, town: Town, order: Order) -> None:
    def ask() -> None:
        client.get(url("lines", order), {"sok": "hjälpmedel"}, headers=HTMX)

    ArticleFactory.create(numbered=True)
    ask()
    for more in (0, 15):
        ArticleFactory.create_batch(more, numbered=True)
        with assertNumQueries(12):
            ask()
