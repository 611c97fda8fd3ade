from io import BytesIO

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertRedirects

from orders.models import EventKind, Order
from orders.operations.claiming import claim_lines, claim_orders
from parties.models import User
from tests import factories
from tests.registered import World

LIST, CLAIM, PRINT, BACK, PDF = (
    reverse(name) for name in ("work_list", "pick_claim", "pick_claim_and_print", "pick_give_back", "picks_pdf")
)


@pytest.fixture
def client(client: Client, world: World) -> Client:
    client.force_login(world.hakan)
    return client


@pytest.fixture
def helena(world: World) -> User:
    return factories.UserFactory.create(name="Helena Ask", role="HMS lager", customer=world.region)


def holders(order: Order) -> set[User | None]:
    return {line.claimed_by for line in order.lines.select_related("claimed_by")}


def read(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


class TestClaiming:
    def test_takes_what_is_ticked(self, client: Client, world: World) -> None:
        first, second, other = (world.order("bestallning") for _ in range(3))
        response = client.post(f"{CLAIM}?typ=B", {"order": [first.pk, second.pk]}, follow=True)
        assertRedirects(response, f"{LIST}?typ=B")
        assertContains(response, "Du har tagit 2 rader.")
        assert [holders(order) for order in (first, second, other)] == [{world.hakan}, {world.hakan}, {None}]

    def test_takes_single_lines(self, client: Client, world: World) -> None:
        order = world.register("bestallning", {world.chair: 1, world.walker: 1})
        client.post(CLAIM, {"rad": [world.line(order, world.walker).pk]})
        assert holders(order) == {world.hakan, None}

    def test_prints_what_it_took(self, client: Client, world: World) -> None:
        first, second = (world.order("bestallning") for _ in range(2))
        response = client.post(PRINT, {"order": [first.pk, second.pk]})
        assertRedirects(response, f"{PDF}?order={first.pk}&order={second.pk}")
        line = world.line(world.order("bestallning"))
        assertRedirects(client.post(PRINT, {"rad": line.pk}), f"{PDF}?rad={line.pk}")

    def test_somebody_else_was_first(self, client: Client, world: World, helena: User) -> None:
        taken, free = world.order("bestallning"), world.order("bestallning")
        claim_orders(order_ids=[taken.pk], by=helena, at=world.now())
        response = client.post(f"{CLAIM}?typ=B", {"order": [taken.pk, free.pk]})
        assertContains(response, "plockas redan av Helena Ask sedan", status_code=409)
        assertContains(response, "Inget plock är taget.", status_code=409)
        assert response.context["form"].cleaned_data["typ"] == "B"
        assert (holders(taken), holders(free)) == ({helena}, {None})

    def test_nothing_is_ticked(self, client: Client) -> None:
        for url in (CLAIM, PRINT, BACK):
            assertContains(client.post(url), "Kryssa för minst en order eller rad.", status_code=422)


class TestGivingBack:
    def test_what_is_mine(self, client: Client, world: World) -> None:
        order = world.order("bestallning")
        for data in ({"order": order.pk}, {"rad": world.line(order).pk}):
            claim_orders(order_ids=[order.pk], by=world.hakan, at=world.now())
            response = client.post(f"{BACK}?visa=mina", data, follow=True)
            assertRedirects(response, f"{LIST}?visa=mina")
            assertContains(response, "Du har lämnat tillbaka 1 rad.")
            assert holders(order) == {None}

    def test_what_is_not_mine_stays(self, client: Client, world: World, helena: User) -> None:
        order = world.order("bestallning")
        claim_orders(order_ids=[order.pk], by=helena, at=world.now())
        response = client.post(BACK, {"order": order.pk})
        assertContains(response, "Du plockar inget av det som är kryssat.", status_code=422)
        assert holders(order) == {helena}


class TestTakingOver:
    def url(self, order: Order, holder: User) -> str:
        return reverse("pick_take_over", args=[order.pk, holder.pk])

    def test_asks_first(self, client: Client, world: World, helena: User) -> None:
        order = world.order("bestallning")
        claim_orders(order_ids=[order.pk], by=helena, at=world.now())
        assertContains(client.get(LIST), self.url(order, helena))
        response = client.get(self.url(order, helena))
        assertContains(response, "Helena Ask plockar de här raderna")
        assert holders(order) == {helena}

    @pytest.mark.parametrize(("act", "words"), [("", "tagit över 1 rad"), ("back", "lämnat tillbaka 1 rad")])
    def test_takes_or_gives_back(self, client: Client, world: World, helena: User, act: str, words: str) -> None:
        order = world.register("bestallning", {world.chair: 1, world.walker: 1})
        claim_lines(line_ids=[world.line(order, world.chair).pk], by=helena, at=world.now())
        response = client.post(self.url(order, helena), {"act": act}, follow=True)
        assertRedirects(response, order.get_absolute_url())
        assertContains(response, f"Du har {words} av {order}.")
        assert holders(order) == ({None} if act else {world.hakan, None})
        assertContains(response, "från Helena Ask: 14710 Duschpall")

    def test_a_pick_that_is_over_is_left(self, client: Client, world: World, helena: User) -> None:
        order = world.order("bestallning")
        for response in (client.get(self.url(order, helena)), client.post(self.url(order, helena))):
            assertRedirects(response, order.get_absolute_url())
        assert not order.events.filter(kind=EventKind.CLAIMED).exists()

    def test_only_where_one_works(self, client: Client, world: World, helena: User) -> None:
        order = world.order("bestallning")
        claim_orders(order_ids=[order.pk], by=helena, at=world.now())
        for user, status in ((world.anna, 403), (world.other_staff, 404)):
            client.force_login(user)
            assert client.get(self.url(order, helena)).status_code == status
            assert client.post(self.url(order, helena)).status_code == status
        assert holders(order) == {helena}


class TestPickList:
    def test_chosen_orders_on_one_list(self, client: Client, world: World) -> None:
        first, second, other = (world.order("bestallning") for _ in range(3))
        response = client.get(PDF, {"order": [first.pk, second.pk]})
        text = read(response)
        assert str(first) in text
        assert str(second) in text
        assert str(other) not in text
        assert "14710 Duschpall 4 st" in text
        assert response["Content-Disposition"] == 'inline; filename="plocklista-2-ordrar.pdf"'

    def test_chosen_lines_only(self, client: Client, world: World) -> None:
        order = world.register("bestallning", {world.chair: 1, world.walker: 1})
        text = read(client.get(PDF, {"rad": world.line(order, world.walker).pk}))
        assert "Rollator" in text
        assert "Duschpall" not in text

    def test_without_what_a_colleague_picks(self, client: Client, world: World, helena: User) -> None:
        order = world.register("bestallning", {world.chair: 1, world.walker: 1})
        claim_lines(line_ids=[world.line(order, world.chair).pk], by=helena, at=world.now())
        for response in (client.get(PDF, {"order": order.pk}), client.get(reverse("order_pick_list", args=[order.pk]))):
            text = read(response)
            assert "Rollator" in text
            assert "Duschpall" not in text
            assert "Rader som någon annan plockar är utelämnade." in text

    def test_says_what_the_orderer_wishes(self, client: Client, world: World) -> None:
        order = world.register("bestallning", {world.chair: 1}, is_urgent=True, only_complete=True)
        text = read(client.get(PDF, {"order": order.pk}))
        assert "Brådskande" in text
        assert "Leverera endast komplett" in text

    def test_the_number_of_statements_does_not_grow(self, client: Client, world: World) -> None:
        def statements(orders: int) -> int:
            pks = [world.order("bestallning", quantity=1).pk for _ in range(orders)]
            with CaptureQueriesContext(connection) as queries:
                assert client.get(PDF, {"order": pks}).status_code == 200
            return len(queries)

        statements(1)
        assert statements(1) == statements(8) <= 10

    @pytest.mark.parametrize("query", [{}, {"order": "x"}, {"order": "9" * 30}, {"rad": "-1"}, {"order": 10**18}])
    def test_what_is_not_there(self, client: Client, query: dict[str, str | int]) -> None:
        assert client.get(PDF, query).status_code == 404


def test_only_in_ones_own_warehouse(client: Client, world: World) -> None:
    """A local order is not HMS's to pick, nor another municipality's; one of several is enough to refuse them all."""
    mine, theirs = world.order("bestallning"), world.order("direktbestallning")
    line = world.line(theirs)
    draft = world.begun("bestallning")
    for data in ({"order": [mine.pk, theirs.pk]}, {"rad": line.pk}, {"order": draft.pk}, {"order": "x"}, {"rad": 0}):
        assert [client.post(url, data).status_code for url in (CLAIM, PRINT, BACK)] == [404, 404, 404]
        assert client.get(PDF, data).status_code == 404
    assert holders(mine) == holders(theirs) == {None}
    client.force_login(world.per)
    assertRedirects(client.post(CLAIM, {"order": theirs.pk}), LIST)


def test_only_for_those_who_pick(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assert [client.post(url, {"order": order.pk}).status_code for url in (CLAIM, PRINT, BACK)] == [403, 403, 403]
    assert client.get(PDF, {"order": order.pk}).status_code == 403
    assert holders(order) == {None}


def test_asks_who_you_are(world: World) -> None:
    for url in (CLAIM, PRINT, BACK):
        assertRedirects(Client().get(url), f"{reverse('login')}?next={url}")


def test_has_no_other_methods(client: Client) -> None:
    assert [client.get(url).status_code for url in (CLAIM, PRINT, BACK)] == [405, 405, 405]
    assert client.post(PDF).status_code == 405
