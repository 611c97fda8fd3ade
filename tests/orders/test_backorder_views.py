"""*Restorder*: the list of queues, one queue, the expected date, and *Flytta först*."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article, Device, DeviceState, StockLevel, Warehouse
from orders.backorders import articles_waited_for, municipalities_waiting_in
from orders.models import EventKind, Order, OrderEvent, OrderLine
from parties.models import Party
from tests.factories import ArticleFactory, CareUnitFactory, UserFactory
from tests.registered import World

LIST = "/lager/restorder/"


def level(world: World, warehouse: Warehouse | None = None) -> StockLevel:
    return StockLevel.objects.get(warehouse=warehouse or world.central, article=world.chair)


def queue_url(world: World, warehouse: Warehouse | None = None) -> str:
    return reverse("backorder_queue", args=[level(world, warehouse).pk])


def date_url(world: World, warehouse: Warehouse | None = None) -> str:
    return reverse("backorder_date", args=[level(world, warehouse).pk])


def move_url(world: World, order: Order) -> str:
    return reverse("backorder_move", args=[world.line(order).pk])


@pytest.fixture
def waiting(world: World) -> list[Order]:
    """Ten chairs are reserved; two orders of two wait for more."""
    world.order("bestallning", quantity=10)
    return [world.order("bestallning", quantity=2) for _ in range(2)]


def articles(client: Client, query: str = "") -> list[str]:
    return [queue.number for queue, _ in client.get(LIST + query).context["rows"]]


def test_lists_what_somebody_waits_for(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    ((queue, _),) = client.get(LIST).context["rows"]
    assert (queue.number, queue.orders, queue.units, queue.available, queue.since) == (
        world.chair.number,
        2,
        4,
        0,
        waiting[0].registered_at,
    )
    assertContains(client.get(LIST), "14710")


def test_queues_are_what_django_says_too(world: World, waiting: list[Order]) -> None:
    """In plain SQL: of each warehouse, whole and narrowed, among queues of others, drafts and what no longer waits."""
    today = timezone.localdate()
    other = UserFactory.create(role="Beställare", customer=world.other_store.owner)
    away = CareUnitFactory.create(number="90-01", parent=world.other_store.owner.parent, payer=world.other_store.owner)
    named = [ArticleFactory.create(number=f"1{n}", name=name) for n, name in enumerate(("Ögla", "Sits 50%", "Åra"))]
    for article in named:
        world.order("bestallning", article=article)
    world.order("direktbestallning", article=named[0])
    world.order("direktbestallning", article=ArticleFactory.create())
    world.begun("bestallning")
    world.register("bestallning", {named[2]: 1, ArticleFactory.create(): 1}, orderer=other, recipient_unit=away)
    StockLevel.objects.filter(article=named[0], warehouse=world.central).update(expected_on=today - timedelta(days=1))
    StockLevel.objects.filter(article=named[1]).update(expected_on=today)

    def by_django(warehouse: Warehouse, municipality: Party | None = None, **narrow: Any) -> list[int]:
        lines = OrderLine.objects.waiting().filter(order__sender=warehouse)
        if municipality:
            lines = lines.filter(order__municipality=municipality)
        found = Article.objects.filter(pk__in=lines.values("article")).filter(**narrow)
        return list(found.order_by("number").values_list("pk", flat=True))

    arvika, elsewhere = world.arvika, world.other_store.owner.parent
    for warehouse, municipality in (
        (world.central, None),
        (world.central, arvika),
        (world.central, elsewhere),
        (world.store, None),
    ):
        asked = partial(articles_waited_for, warehouse, municipality=municipality, today=today)
        whole = by_django(warehouse, municipality)
        assert len(whole) > 1
        assert asked(most=100) == whole
        assert asked(most=1) == whole[:1]
        assert asked(most=9, after="11") == by_django(warehouse, municipality, number__gt="11")
        assert asked(most=9, text="ö") == by_django(warehouse, municipality, name__icontains="ö")
        assert asked(most=9, text="5 Si 0%") == by_django(warehouse, municipality, name="Sits 50%")
        assert asked(most=9, text="12 å") == by_django(warehouse, municipality, name="Åra")
        at = {"levels__warehouse": warehouse}
        assert asked(most=9, dated="saknas") == by_django(warehouse, municipality, **at, levels__expected_on=None)
        assert asked(most=9, dated="passerat") == by_django(
            warehouse, municipality, **at, levels__expected_on__lt=today
        )
    assert set(municipalities_waiting_in(world.central)) == {arvika, elsewhere}
    Order.objects.filter(municipality=elsewhere).update(state="DELIVERED")
    assert set(municipalities_waiting_in(world.central)) == {arvika}
    assert not municipalities_waiting_in(world.store)


def test_markup_in_an_article_is_text(client: Client, world: World, waiting: list[Order]) -> None:
    markup = "<b>&"
    Article.objects.filter(pk=world.chair.pk).update(name=markup, number=markup, unit=markup)
    client.force_login(world.hakan)
    rows = client.get(LIST).text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert markup not in rows
    assert rows.count("&lt;b&gt;&amp;") == 5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sok=dusch", ["14710"]),
        ("?sok=rollator", []),
        ("?kommun=1784", ["14710"]),
        ("?kommun=1782", ["14710"]),  # nobody there waits, so that it is no choice and filters nothing
        ("?datum=saknas", ["14710"]),
        ("?datum=passerat", []),
        ("?efter=14709", ["14710"]),
        ("?efter=14710", []),
        ("?lager=50101", ["14710"]),
        ("?sok=%00&kommun=%00&datum=x&lager=x", ["14710"]),
    ],
)
def test_filters(client: Client, world: World, waiting: list[Order], query: str, expected: list[str]) -> None:
    client.force_login(world.hakan)
    assert articles(client, query) == expected


def test_filters_on_the_municipality_that_waits_and_the_day_that_has_passed(client: Client, world: World) -> None:
    other = ArticleFactory.create(number="30000")
    world.order("bestallning", article=other)
    world.order("bestallning", by=world.other_prescriber, quantity=12)
    StockLevel.objects.filter(article=other, warehouse=world.central).update(expected_on=date(2020, 1, 1))
    client.force_login(world.hakan)
    queries = ("", "?kommun=1782", "?kommun=1784", "?datum=passerat", "?datum=saknas")
    assert [articles(client, query) for query in queries] == [
        ["14710", "30000"],
        ["14710"],
        ["30000"],
        ["30000"],
        ["14710"],
    ]
    assertContains(client.get(LIST), "skulle ha kommit 1 januari 2020")


def test_store_staff_see_their_own_stores_queues(client: Client, world: World, waiting: list[Order]) -> None:
    world.order("direktbestallning", quantity=12)
    client.force_login(world.per)
    response = client.get(LIST + "?lager=10")
    assert [(queue.level_id, queue.units) for queue, _ in response.context["rows"]] == [
        (level(world, world.store).pk, 2)
    ]
    assert client.get(queue_url(world, world.store)).status_code == 200
    assert client.get(queue_url(world)).status_code == 404
    client.force_login(world.other_staff)
    assert articles(client) == []
    assert client.get(queue_url(world, world.store)).status_code == 404


def test_a_queue_shows_who_stands_where(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    response = client.get(queue_url(world))
    assert [(place, line.order) for place, line in response.context["rows"]] == [(1, waiting[0]), (2, waiting[1])]
    assertContains(response, "2 ordrar väntar på 4")
    assertContains(response, "Arvika kommun Rehabenhet")


def test_a_queue_never_shows_a_patient(client: Client, world: World) -> None:
    world.order("forskrivning", quantity=12)
    client.force_login(world.hakan)
    response = client.get(queue_url(world))
    assertContains(response, "F-")
    for words in ("Astrid", "Fröding", "1931"):
        assertNotContains(response, words)


def test_a_long_queue_has_pages(client: Client, world: World) -> None:
    world.order("bestallning", quantity=10)
    orders = [world.order("bestallning", quantity=1) for _ in range(27)]
    client.force_login(world.hakan)
    first = client.get(queue_url(world))
    second = client.get(f"{queue_url(world)}?efter={first.context['next_key']}")
    places = [(place, line.order) for page in (first, second) for place, line in page.context["rows"]]
    assert places == list(enumerate(orders, start=1))
    assert second.context["next_key"] is None
    for nonsense in ("x", "0", "9" * 40, "%00"):
        assert len(client.get(f"{queue_url(world)}?efter={nonsense}").context["rows"]) == 25


def test_the_list_has_pages(client: Client, world: World) -> None:
    world.register("bestallning", dict.fromkeys((ArticleFactory.create(number=f"4{n:04}") for n in range(27)), 1))
    client.force_login(world.hakan)
    first = client.get(LIST)
    assert first.context["next_key"] == "40024"
    assert articles(client, "?efter=40024") == ["40025", "40026"]


def test_asks_as_much_for_many_rows_as_for_one(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)

    def statements() -> list[int]:
        counts = []
        for url in (LIST, queue_url(world)):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        return counts

    before = statements()
    world.register("bestallning", dict.fromkeys((ArticleFactory.create() for _ in range(15)), 1))
    for _ in range(15):
        world.order("bestallning", quantity=1)
    assert statements() == before == [8, 7]


def test_a_part_is_answered_to_htmx(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    response = client.get(LIST, headers={"HX-Request": "true"})
    assertContains(response, 'id="queues"')
    assertNotContains(response, "<html")


def test_sets_the_day_that_goods_are_expected(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    day = timezone.localdate() + timedelta(days=30)
    assertRedirects(client.post(date_url(world), {"day": day.isoformat()}), queue_url(world))
    assert level(world).expected_on == day
    assert OrderEvent.objects.filter(kind=EventKind.EXPECTED).count() == 2
    client.post(date_url(world), {"day": ""})
    assert level(world).expected_on is None


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31", "i morgon", "2026-13-01"])
def test_a_day_that_cannot_be_is_refused_at_the_field(
    client: Client, world: World, waiting: list[Order], day: str
) -> None:
    client.force_login(world.hakan)
    response = client.post(date_url(world), {"day": day})
    assertContains(response, 'id="id_day_error"', status_code=422)
    assert level(world).expected_on is None


def test_a_day_for_a_queue_that_is_empty_by_now(client: Client, world: World) -> None:
    client.force_login(world.hakan)
    response = client.post(date_url(world), {"day": timezone.localdate().isoformat()})
    assertContains(response, "Ingen väntar längre på artikeln.", status_code=409)


def test_moves_an_order_first_with_a_reason(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    url = move_url(world, waiting[1])
    assertContains(client.get(url), "Före alla andra")
    for _ in range(2):  # pressed twice
        assertRedirects(client.post(url, {"reason": "Utskrivning"}), queue_url(world))
    assert [line.order for _, line in client.get(queue_url(world)).context["rows"]] == waiting[::-1]
    assert waiting[1].events.filter(kind=EventKind.MOVED_FORWARD).count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 121, "a\0b"])
def test_moves_nobody_without_a_reason(client: Client, world: World, waiting: list[Order], reason: str) -> None:
    client.force_login(world.hakan)
    response = client.post(move_url(world, waiting[1]), {"reason": reason})
    assertContains(response, 'id="id_reason_error"', status_code=422)
    assert world.line(waiting[1]).priority == 0


def test_a_line_that_no_longer_waits_is_not_moved(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    served = Order.objects.order_by("pk")[0]
    response = client.post(move_url(world, served), {"reason": "Utskrivning"})
    assertContains(response, "väntar inte längre", status_code=409)


def test_only_the_central_warehouse_manages_its_queue(client: Client, world: World, waiting: list[Order]) -> None:
    own = world.order("direktbestallning", quantity=12)
    client.force_login(world.per)
    assert client.post(date_url(world, world.store), {"day": ""}).status_code == 403
    assert client.post(move_url(world, own), {"reason": "x"}).status_code == 403
    assert client.post(date_url(world), {"day": ""}).status_code == 404
    assert client.post(move_url(world, waiting[1]), {"reason": "x"}).status_code == 404
    assertNotContains(client.get(queue_url(world, world.store)), "Flytta först")
    assert world.line(waiting[1]).priority == 0


def test_the_order_desk_manages_the_queue_too(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(UserFactory.create(role="HMS handläggare", customer=world.region))
    assertContains(client.get(queue_url(world)), "Flytta först")
    assert client.post(move_url(world, waiting[1]), {"reason": "x"}).status_code == 302


def test_is_for_whoever_runs_a_warehouse(client: Client, world: World, waiting: list[Order]) -> None:
    urls = [LIST, queue_url(world), move_url(world, waiting[0])]
    for url in urls:
        assertRedirects(client.get(url), f"{reverse('login')}?next={url}")
    for person in (world.anna, world.lina):
        client.force_login(person)
        assert [client.get(url).status_code for url in urls] == [403, 403, 403]
        assert client.post(date_url(world), {"day": ""}).status_code == 403


def test_methods(client: Client, world: World, waiting: list[Order]) -> None:
    client.force_login(world.hakan)
    assert client.post(LIST).status_code == 405
    assert client.post(queue_url(world)).status_code == 405
    assert client.get(date_url(world)).status_code == 405
    assert client.delete(move_url(world, waiting[0])).status_code == 405


def test_says_why_somebody_waits_for_what_stands_there(client: Client, world: World) -> None:
    """Three walkers, of which one is blocked: the third order waits for it."""
    Device.objects.filter(pk=Device.objects.in_warehouse(world.central)[0].pk).update(state=DeviceState.BLOCKED)
    world.order("bestallning", article=world.walker, quantity=3)
    client.force_login(world.hakan)
    assertContains(client.get(LIST), "varav 1 spärrade")
    level = StockLevel.objects.get(warehouse=world.central, article=world.walker)
    assertContains(client.get(reverse("backorder_queue", args=[level.pk])), "varav 1 spärrade")
