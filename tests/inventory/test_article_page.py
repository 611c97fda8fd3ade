from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article, StockLevel, Training
from inventory.models.article import ArticleKind
from orders.models import Order
from parties.models import Party, User
from tests.factories import ArticleFactory
from tests.registered import World


def url(article: Article) -> str:
    return reverse("article_detail", args=[article.number])


@pytest.fixture
def looked(client: Client, world: World) -> World:
    client.force_login(world.anna)
    return world


def test_says_what_it_is(client: Client, looked: World) -> None:
    supplier = Party.objects.create(number="900001", name="Hjälpdon Väst AB", is_supplier=True)
    training = Training.objects.create(name="Rollatorkörkort", description="Ges i mars.")
    Article.objects.filter(pk=looked.walker.pk).update(
        supplier=supplier, supplier_number="HD-1", gtin="2000001512104", synonyms="gåvagn", required_training=training
    )
    page = client.get(url(looked.walker))
    for words in ("15121", "Rollator", "12 06 06", "Gånghjälpmedel för två armar", "900001 Hjälpdon Väst AB", "HD-1"):
        assertContains(page, words)
    for words in ("2000001512104", "gåvagn", "Rollatorkörkort", "Huvudhjälpmedel", "Individmärkt", "Köp"):
        assertContains(page, words)


def test_says_where_it_is_as_far_as_one_sees(client: Client, looked: World) -> None:
    looked.stock(looked.other_store, looked.chair, 5)
    looked.delivered_transfer(quantity=4)
    StockLevel.objects.filter(warehouse=looked.central, article=looked.chair).update(expected_on=date(2026, 12, 3))
    page = client.get(url(looked.chair))
    assert [(str(level.warehouse.number), level.on_hand, level.incoming) for level in page.context["levels"]] == [
        ("50101", 10, 4),
        ("10", 6, 0),
    ]
    assertContains(page, "väntas 3\N{NO-BREAK SPACE}dec\N{NO-BREAK SPACE}2026")
    assertNotContains(page, "Filipstad")
    client.force_login(looked.hakan)
    assert [level.warehouse for level in client.get(url(looked.chair)).context["levels"]][-1] == looked.other_store


def test_shows_the_devices_that_one_may_know_of(client: Client, looked: World) -> None:
    (elsewhere,) = looked.devices(looked.other_store, looked.walker, 1)
    page = client.get(url(looked.walker))
    assert len(page.context["devices"]) == 6
    assertNotContains(page, elsewhere.number)
    assertContains(page, reverse("device_list") + "?artikel=15121")
    assertNotContains(client.get(url(looked.chair)), "Individer</h2>")


def test_shows_substitutes_and_accessories(client: Client, looked: World) -> None:
    tray = ArticleFactory.create(name="Bricka t rollator", kind=ArticleKind.ACCESSORY)
    other = ArticleFactory.create(name="Gåvagn", substitution_group="rollator")
    Article.objects.filter(pk=looked.walker.pk).update(substitution_group="rollator", is_orderable=False)
    page = client.get(url(looked.walker))
    assertContains(page, url(tray))
    assertContains(page, url(other), 2)
    assertContains(page, "Går inte att beställa")
    assertNotContains(page, '?artikel=15121" class')
    assert "Ny förskrivning" not in page.content.decode()


def test_begins_an_order_of_it(client: Client, looked: World) -> None:
    new = reverse("order_new", args=["bestallning"]) + f"?artikel={looked.chair.number}"
    assertContains(client.get(url(looked.chair)), new.replace("&", "&amp;"))
    form = client.get(new)
    assertContains(form, f'name="artikel" value="{looked.chair.number}"')
    sent = {"key": form.context["form"]["key"].value(), "artikel": looked.chair.number}
    for _ in range(2):  # pressed twice
        response = client.post(new, sent | {"subtype": "bestallning"})
    order = Order.objects.get(draft_key=sent["key"])
    assertRedirects(response, reverse("order_parties", args=[order.pk]))
    assert [(line.article, line.quantity) for line in order.lines.all()] == [(looked.chair, 1)]


@pytest.mark.parametrize("number", ["15121", "finns-inte", "a\0b", "", "x" * 5_000])
def test_what_cannot_be_the_first_line_is_said(client: Client, looked: World, number: str) -> None:
    new = reverse("order_new", args=["bestallning"])
    key = client.get(new).context["form"]["key"].value()
    page = client.post(new, {"key": key, "subtype": "direktbestallning", "artikel": number}, follow=True)
    assert Order.objects.get(draft_key=key).lines.count() == 0
    assert ("är inte tillagd än. Välj vilken individ" in page.content.decode()) == (number == "15121")


@pytest.mark.parametrize("number", ["finns-inte", "%00", "a\0b", "x" * 5_000, "<script>"])
def test_unknown_numbers(client: Client, looked: World, number: str) -> None:
    assert client.get(reverse("article_detail", args=[number])).status_code == 404


def test_asks_who_you_are(client: Client, world: World) -> None:
    assertRedirects(client.get(url(world.chair)), f"{reverse('login')}?next={url(world.chair)}")


def test_needs_the_right_to_see_stock(client: Client, world: World) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(url(world.chair)).status_code == 403


def test_is_only_read(client: Client, looked: World) -> None:
    assert client.post(url(looked.chair)).status_code == 405


def test_asks_as_much_whatever_there_is(client: Client, looked: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(looked.walker))
        return len(queries)

    client.get(url(looked.walker))
    before = statements()
    looked.devices(looked.store, looked.walker, 20)
    for number in range(10):
        ArticleFactory.create(name=f"Bricka {number} t rollator", kind=ArticleKind.ACCESSORY)
    assert statements() <= before + 2  # the two kinds of parts that were not there before


def test_who_works_nowhere_sees_the_article_alone(client: Client, world: World) -> None:
    client.force_login(User.objects.create_superuser("ensam01", name="Erik Ensam"))
    page = client.get(url(world.walker))
    assertContains(page, "Finns inte i något lager som du ser")
    assertContains(page, "Inga individer som du ser")
