import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Device
from orders import work_list
from orders.models import Order
from orders.operations.claiming import claim_lines, claim_orders
from orders.work_list import order_keys, orders_to_pick
from parties.models import Protection, User
from tests import factories
from tests.registered import World

URL = reverse("work_list")


@pytest.fixture
def client(client: Client, world: World) -> Client:
    client.force_login(world.hakan)
    return client


@pytest.fixture
def helena(world: World) -> User:
    return factories.UserFactory.create(name="Helena Ask", role="HMS lager", customer=world.region)


def shown(response: HttpResponse) -> list[str]:
    """The numbers of the orders on the page, in its order."""
    return [str(group.order) for group in response.context["orders"]]  # type: ignore[attr-defined]


def get(client: Client, **query: str | int) -> HttpResponse:
    return client.get(URL, query)  # type: ignore[return-value]


def test_shows_what_can_go_the_oldest_first(client: Client, world: World) -> None:
    first = world.order("bestallning", quantity=6)
    second = world.order("lagerflytt", quantity=6)
    response = get(client)
    assert shown(response) == [str(first), str(second)]
    assertContains(response, "6 av 6\N{NO-BREAK SPACE}st")
    assertContains(response, "4 av 6\N{NO-BREAK SPACE}st")
    assertContains(response, f'aria-label="Leverera {first}"')


def test_urgent_and_moved_forward_come_first(client: Client, world: World) -> None:
    plain, urgent, forward = (world.order("bestallning", quantity=1) for _ in range(3))
    Order.objects.filter(pk=urgent.pk).update(is_urgent=True)
    forward.lines.update(priority=2)
    Order.objects.filter(pk=forward.pk).update(precedence=2)
    response = get(client)
    assert shown(response) == [str(forward), str(urgent), str(plain)]
    assertContains(response, "Brådskande", 1)


def test_what_nobody_has_waits_apart(client: Client, world: World) -> None:
    bed = factories.ArticleFactory.create(name="Säng")
    waiting = world.order("bestallning", article=bed)
    assertContains(get(client), "Inget att plocka")
    response = get(client, visa="vantar")
    assert shown(response) == [str(waiting)]
    assertContains(response, "0 av 2")
    assertNotContains(response, 'type="checkbox"')


def test_what_goes_only_complete_is_held_until_all_is_there(client: Client, world: World) -> None:
    bed = factories.ArticleFactory.create(name="Säng")
    order = world.register("bestallning", {world.chair: 1, bed: 1}, only_complete=True)
    for query in ({}, {"per": "artikel"}):
        response = get(client, **query)
        assertContains(response, "Väntar på komplett")
        assertNotContains(response, 'type="checkbox"')
    world.stock(world.central, bed, 1)
    response = get(client)
    assertContains(response, "Endast komplett")
    assertContains(response, f'name="order" value="{order.pk}"')


def test_by_article_with_each_order_that_waits(client: Client, world: World) -> None:
    chairs = world.order("bestallning", quantity=6)
    mixed = world.register("lagerflytt", {world.walker: 2, world.chair: 6})
    response = get(client, per="artikel")
    groups = response.context["articles"]  # type: ignore[attr-defined]
    assert [(str(group.article), group.possible) for group in groups] == [
        ("14710 Duschpall", 10),
        ("15121 Rollator", 2),
    ]
    assert [str(row.line.order) for row in groups[0].rows] == [str(chairs), str(mixed)]
    assertContains(response, f'name="rad" value="{world.line(chairs).pk}"')


def test_filters(client: Client, world: World) -> None:
    chairs, walkers = world.order("bestallning"), world.order("lagerflytt", article=world.walker)
    away = world.register("lagerflytt", {world.chair: 1}, orderer=world.other_staff)
    for query, expected in (
        ({"typ": "B"}, [chairs]),
        ({"typ": "x"}, [chairs, walkers, away]),
        ({"artikel": "roll"}, [walkers]),
        ({"artikel": "14710"}, [chairs, away]),
        ({"artikel": "\x00"}, [chairs, walkers, away]),
        ({"kommun": "1782"}, [away]),
        ({"kommun": "1784", "typ": "L"}, [walkers]),
        ({"lager": "50101"}, [chairs, walkers, away]),  # not a warehouse where Håkan works
        ({"visa": "mina"}, []),
        ({"artikel": "säng"}, []),
    ):
        response = get(client, **query)
        assert response.status_code == 200
        assert [group.order for group in response.context.get("orders", [])] == expected, query  # type: ignore[attr-defined]
        groups = get(client, **query, per="artikel").context["articles"]  # type: ignore[attr-defined]
        assert {row.line.order for group in groups for row in group.rows} == set(expected), query


def test_mine_are_the_lines_that_i_pick(client: Client, world: World, helena: User) -> None:
    order = world.register("bestallning", {world.chair: 1, world.walker: 1})
    claim_lines(line_ids=[world.line(order, world.chair).pk], by=world.hakan, at=world.now())
    claim_lines(line_ids=[world.line(order, world.walker).pk], by=helena, at=world.now())
    response = get(client, visa="mina")
    assertContains(response, "Duschpall")
    assertNotContains(response, '<span class="mono">15121</span>')
    assertContains(response, "Mina plock <b>1</b>")
    response = get(client)
    assertContains(response, "Du plockar")
    assertContains(response, "Plockas av Helena Ask sedan")


def test_what_people_have_written_is_words_and_no_marks(client: Client, world: World, helena: User) -> None:
    helena.name = "Helena <b>Ask</b>"
    helena.save()
    chair = factories.ArticleFactory.create(number="<17>", name="Stol <i>", unit="<st>")
    world.stock(world.central, chair, 2)
    order = world.order("bestallning", article=chair)
    claim_orders(order_ids=[order.pk], by=helena, at=world.now())
    for query in ({}, {"per": "artikel"}):
        response = get(client, **query)
        for mark in ("<b>Ask", "<17>", "<i>", "<st>"):
            assertNotContains(response, mark)
        for words in ("Helena &lt;b&gt;Ask", "&lt;17&gt;", "Stol &lt;i&gt;", "&lt;st&gt;"):
            assertContains(response, words)


def test_a_line_of_a_device_says_which(client: Client, world: World) -> None:
    order = world.order("bestallning", article=world.walker, quantity=1)
    device = Device.objects.filter(article=world.walker).last()
    order.lines.update(device=device)
    assertContains(get(client), f'<span class="mono">({device})</span>')
    assertContains(get(client, per="artikel"), f"<small>Individ {device}</small>")


def test_store_staff_see_their_own_store(client: Client, world: World) -> None:
    central, own = world.order("bestallning"), world.order("direktbestallning")
    client.force_login(world.per)
    assert shown(get(client)) == [str(own)]
    client.force_login(world.other_staff)
    assertContains(get(client), "Inget att plocka")
    client.force_login(world.hakan)
    assert shown(get(client)) == [str(central)]


def test_a_protected_person_is_a_number(client: Client, world: World) -> None:
    world.patient.protection = Protection.PROTECTED
    world.patient.save()
    order = world.order("forskrivning")
    for query in ({}, {"per": "artikel"}):
        response = get(client, **query)
        assertContains(response, str(order))
        for hidden in ("Astrid", "Fröding", "1931"):
            assertNotContains(response, hidden)


def test_a_long_order_shows_its_first_lines(client: Client, world: World) -> None:
    articles = factories.ArticleFactory.create_batch(14)
    for article in articles:
        world.stock(world.central, article, 1)
    world.register("bestallning", dict.fromkeys(articles, 1))
    assertContains(get(client), "2 rader till")


@pytest.mark.parametrize("per", ["", "artikel"])
def test_pages_follow_each_other(client: Client, world: World, per: str) -> None:
    world.stock(world.central, world.chair, 100)
    orders = [world.order("bestallning", quantity=1) for _ in range(30)]
    Order.objects.filter(pk=orders[28].pk).update(is_urgent=True)
    orders[7].lines.update(priority=1)
    Order.objects.filter(pk=orders[7].pk).update(precedence=1)
    expected = [orders[7], orders[28], *orders[:7], *orders[8:28], orders[29]]
    found: list[Order] = []
    query: dict[str, str | int] = {"per": per}
    for _ in range(2):
        context = get(client, **query).context  # type: ignore[attr-defined]
        if per:
            found += [row.line.order for group in context["articles"] for row in group.rows]
        else:
            found += [group.order for group in context["orders"]]
        query["efter"] = context["next_key"]
        world.deliver(found[-1])  # what the next page follows is gone by then
    assert found == expected
    assert context["next_key"] is None
    assertContains(get(client, per=per, efter=10**18), "14710")


def test_any_order_is_followed_by_the_rest(world: World) -> None:
    """However urgent those before and after it are, and also where some are of the same time."""
    world.stock(world.central, world.chair, 100)
    orders = [world.order("bestallning", quantity=1) for _ in range(12)]
    for place, order in enumerate(orders):
        at = orders[place // 8].registered_at
        Order.objects.filter(pk=order.pk).update(precedence=place % 3, is_urgent=place % 2 == 0, registered_at=at)
    whole = order_keys(world.hakan, {}, 99)
    assert len(whole) == 12
    assert whole == list(orders_to_pick(world.hakan, {}).values_list("pk", flat=True))
    for place, pk in enumerate(whole, start=1):
        for most in (1, 3, 99):
            assert order_keys(world.hakan, {"efter": pk}, most) == whole[place : place + most]


@pytest.mark.parametrize("few", [0, work_list.FEW], ids=["many fit", "few fit"])
@pytest.mark.parametrize("per", ["", "artikel"])
def test_a_text_is_in_the_name_or_begins_the_number(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, per: str, few: int
) -> None:
    monkeypatch.setattr(work_list, "FEW", few)
    named = factories.ArticleFactory.create(number="AB_77%x", name="Sängstöd É\\4, 50%", synonyms="gripstång")
    other = factories.ArticleFactory.create(number="77B50", name="Sittdyna 504")
    for article in (named, other):
        world.stock(world.central, article, 9)
        world.order("bestallning", article=article, quantity=1)
    for text, expected in (
        ("säng", {named}),
        ("SÄNGSTÖD é", {named}),
        ("ab_7", {named}),
        ("b_7", set()),
        ("0%", {named}),
        (" 50%", {named}),
        ("e\\4", set()),
        ("é\\4,", {named}),
        ("_7", set()),
        ("77b", {other}),
        (" 50", {named, other}),
        ("gripstång", set()),
        ("finns inte", set()),
    ):
        context = get(client, per=per, artikel=text).context  # type: ignore[attr-defined]
        groups = context["articles"] if per else [row for group in context["orders"] for row in group.rows]
        found = {group.article if per else group.line.article for group in groups}
        assert found == expected, text


@pytest.mark.parametrize("per", ["", "artikel"])
def test_the_number_of_statements_does_not_grow(client: Client, world: World, per: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert get(client, per=per).status_code == 200
        return len(queries)

    world.stock(world.central, world.chair, 100)
    world.order("forskrivning", quantity=1)
    statements()  # what is asked once and kept
    one = statements()
    for _ in range(20):
        order = world.register("forskrivning", {world.chair: 1, world.walker: 1})
    claim_orders(order_ids=[order.pk], by=world.hakan, at=world.now())
    assert statements() == one
    # Session, user, rights, units; the warehouse and the municipalities; how many are mine;
    # the page's keys, its orders, their lines, what is free; the access log.
    assert one == 12


def test_an_htmx_part_is_the_list_and_its_chips(client: Client, world: World) -> None:
    world.order("bestallning")
    response = client.get(URL, headers={"HX-Request": "true"})
    assertContains(response, 'id="picks"')
    assertContains(response, 'hx-swap-oob="true"')
    assertNotContains(response, "<h1>")


def test_asks_who_you_are(world: World) -> None:
    assertRedirects(Client().get(URL), f"{reverse('login')}?next={URL}")


def test_is_for_those_who_pick(client: Client, world: World) -> None:
    for user in (world.anna, world.lina):
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assertNotContains(client.get("/"), URL)


def test_stands_in_the_menu(client: Client) -> None:
    assertContains(client.get(URL), f'<a href="{URL}" aria-current="page">Att plocka</a>')


def test_has_no_other_methods(client: Client) -> None:
    assert client.post(URL).status_code == 405
