from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article
from inventory.models.article import ArticleKind
from inventory.views import articles
from parties.models import Party, User
from tests.factories import ArticleFactory
from tests.listing.reading import read_csv
from tests.registered import World

from .test_search_plans import add_many, plan_of, rows_scanned

URL = reverse("article_list")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop(client: Client, world: World) -> World:
    """Besides the chair and the walker: a tray for it, an old chair, and one outside the assortment; Anna looks."""
    supplier = Party.objects.create(number="900001", name="Hjälpdon Väst AB", is_supplier=True)
    ArticleFactory.create(
        number="15123", name="Bricka t rollator", iso_code="120724", kind=ArticleKind.ACCESSORY, supplier=supplier
    )
    ArticleFactory.create(number="14712", name="Duschpall gammal", iso_code="093307", is_orderable=False)
    ArticleFactory.create(number="14713", name="Duschpall annan", iso_code="093307", in_assortment=False)
    client.force_login(world.anna)
    return world


def numbers(client: Client, **query: str) -> list[str]:
    return [article.number for article in client.get(URL, query).context["page"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["14710", "14712", "15121", "15123"]),
        ({"sortiment": "on"}, ["14710", "14712", "14713", "15121", "15123"]),
        ({"sok": "rollator"}, ["15121", "15123"]),
        ({"sok": "rolator"}, ["15121", "15123"]),
        ({"sok": "duschpall"}, ["14710", "14712"]),
        ({"sok": "14713"}, ["14713"]),
        ({"slag": "ACCESSORY"}, ["15123"]),
        ({"individ": "ja"}, ["15121"]),
        ({"individ": "nej", "iso": "12"}, ["15123"]),
        ({"iso": "09 33"}, ["14710", "14712"]),
        ({"leverantor": "900001"}, ["15123"]),
        ({"leverantor": "väst hjälp"}, ["15123"]),
        ({"leverantor": "ingen alls"}, []),
        ({"i_lager": "50101"}, ["14710", "15121"]),
        ({"i_lager": "50101", "sok": "rollator"}, ["15121"]),
        ({"i_lager": "50301"}, []),
        ({"debitering": "HIRE"}, []),
        ({"ordning": "-artikel"}, ["15123", "15121", "14712", "14710"]),
        ({"ordning": "benamning"}, ["15123", "14710", "14712", "15121"]),
        ({"ordning": "-iso", "sok": "duschpall"}, ["14712", "14710"]),
    ],
)
def test_finds_and_sorts(client: Client, shop: World, query: dict[str, str], expected: list[str]) -> None:
    assert numbers(client, **query) == expected


def test_says_where_what_and_how_many(client: Client, shop: World) -> None:
    shop.delivered_transfer(quantity=4)
    page = client.get(URL)
    for words in (
        "10</b> st i 50101",
        "4 väntas in",
        "6</b> st i lager 10",
        "går inte att beställa",
        "Hjälpdon Väst AB",
    ):
        assertContains(page, words)
    assertContains(page, "4 artiklar")
    assertNotContains(page, "Filipstad")


def test_what_is_written_in_a_row_is_text_and_not_markup(client: Client, shop: World) -> None:
    supplier = Party.objects.create(number="900009", name="<i>4</i>", is_supplier=True)
    Article.objects.filter(pk=shop.chair.pk).update(
        number="1/<i>", name="<i>2</i>", supplier=supplier, supplier_number="<i>3</i>"
    )
    page = client.get(URL).content.decode()
    assert "<i>" not in page
    assert all(f"&lt;i&gt;{number}&lt;/i&gt;" in page for number in (2, 3, 4))
    assert f'href="{URL}1%2F%3Ci%3E/"' in page


def test_a_unit_is_text_and_not_markup(client: Client, shop: World) -> None:
    """What warehouses have is put together without a template, which would escape by itself."""
    Article.objects.update(unit="<i>")
    assertContains(client.get(URL), "10</b> &lt;i&gt; i 50101")
    assertNotContains(client.get(URL), "<i>")


@pytest.mark.parametrize("query", [{}, {"sok": "duschpall"}, {"sok": "duschpall", "ordning": "-artikel"}])
def test_pages_by_key(client: Client, shop: World, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]) -> None:
    everything = numbers(client, **query)
    for name in ("ARTICLES", "HITS"):
        listing = getattr(articles, name)
        monkeypatch.setattr(articles, name, replace(listing, page_size=1))
    seen, page = [], client.get(URL, query).context["page"]
    while True:
        seen += [article.number for article in page]
        if not page.next_url:
            break
        page = client.get(URL + page.next_url).context["page"]
    assert seen == everything
    assert client.get(URL + page.previous_url).context["page"][0].number == everything[-2]


def test_saves_what_is_shown(client: Client, shop: World) -> None:
    rows = read_csv(client.get(URL, {"slag": "ACCESSORY", "format": "csv"}).getvalue())
    assert len(rows) == 1 + 1
    assert "15123" in rows[1]
    assert "900001 Hjälpdon Väst AB" in rows[1]
    assert client.get(URL, {"sok": "rollator", "format": "xlsx"}).headers["Content-Disposition"].endswith('.xlsx"')


def test_says_what_hides_and_what_was_meant(client: Client, shop: World) -> None:
    page = client.get(URL, {"sok": "duschpall", "iso": "12"})
    assertContains(page, f'href="{URL}?sok=duschpall">2 träffar om du tar bort ISO-gruppen')
    assertContains(client.get(URL, {"sok": "annan"}), "1 träff utanför sortimentet")
    assertContains(client.get(URL, {"sok": "duchpl"}), "Menade du")
    assertContains(client.get(URL, {"sok": "rolator"}), "Ingen artikel har ordet")
    assertContains(client.get(URL, {"sok": "gånghjelpmedel"}), "Visar träffar på <em>gånghjälpmedel</em>.")
    assertContains(client.get(URL, {"sok": "hjelpdon"}), "Visar träffar på <em>hjälpdon</em>.")
    hidden = client.get(URL, {"sok": "rolator", "iso": "09"})
    assertNotContains(hidden, "Visar träffar")
    assertContains(hidden, "Menade du")


def test_the_tree_of_groups(client: Client, shop: World) -> None:
    page = client.get(URL, {"grupper": "on", "iso": "12"})
    assertContains(page, f'href="{URL}?grupper=on&amp;iso=1207">12 07')
    nine, twelve = page.context["search"].tree
    assert (nine.count, twelve.count, [each.code for each in twelve.below]) == (2, 2, ["1206", "1207"])


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "å" * 500,
        "%",
        "_",
        "'",
        '"',
        "a\0b",
        "\0",
        "שלום",
        "🦽",
        " ".join(["ord"] * 40),
        "\\",
        "<script>alert(1)</script>",
    ],
    ids=range(13),
)
def test_answers_whatever_is_typed(client: Client, shop: World, text: str) -> None:
    for query in (
        {"sok": text},
        {"leverantor": text},
        {"iso": text},
        {"i_lager": text},
        {"efter": text, "ordning": text},
    ):
        page = client.get(URL, query)
        assert page.status_code == 200
        assertNotContains(page, "<script>alert")


def test_never_scans_all_articles(client: Client, shop: World) -> None:
    add_many()
    for text in ("rollator", "a", "b3", "b 3", "rollator b31", "%", "_", "'", "x" * 90, "ord " * 20, "🦽", "rolator"):
        before = rows_scanned()
        page = client.get(URL, {"sok": text})
        assert page.status_code == 200
        assert rows_scanned() == before, text


def test_what_is_filtered_is_counted_no_further_than_what_a_text_finds(
    client: Client, shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "PAGE_SIZE", 2)
    monkeypatch.setattr(articles, "MOST_FOUND", 2)
    monkeypatch.setattr(articles, "ARTICLES", replace(articles.ARTICLES, page_size=2))
    assert str(client.get(URL, {"iso": "09"}).context["page"].total) == "2"
    ArticleFactory.create_batch(2)
    assert str(client.get(URL, {"iso": "09"}).context["page"].total) == "över 2"


@pytest.mark.parametrize("kind", [ArticleKind.SPARE, ArticleKind.ACCESSORY])
def test_parts_are_found_without_reading_all_articles(client: Client, shop: World, kind: ArticleKind) -> None:
    add_many()
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"slag": kind})
    (choosing,) = [query["sql"] for query in queries.captured_queries if " LIMIT 26" in query["sql"]]
    assert "article_parts" in plan_of(choosing)


def test_a_part_is_answered_to_htmx(client: Client, shop: World) -> None:
    part = client.get(URL, {"sok": "dusch"}, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section id="hits"')
    assertNotContains(part, "<html")
    assert "HX-Request" in part["Vary"]


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_needs_the_right_to_see_stock(client: Client, world: World) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(URL).status_code == 403


def test_is_only_read(client: Client, shop: World) -> None:
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("query", [{}, {"sok": "duschpall"}, {"grupper": "on"}])
def test_asks_as_much_for_many_rows_as_for_few(client: Client, shop: World, query: dict[str, str]) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, query)
        return len(queries)

    client.get(URL)
    before = statements()
    for number in range(20):
        article = Article.objects.create(number=f"9{number:04}", name="Duschpall", iso_code="120303")
        shop.stock(shop.store, article, 1)
    assert statements() == before
