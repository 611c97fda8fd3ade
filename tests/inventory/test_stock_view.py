from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article, Device, DeviceState, StockLevel
from inventory.reading import LEVELS
from inventory.views import stock
from parties.models import User
from tests.factories import ArticleFactory
from tests.listing.reading import read_csv, read_xlsx
from tests.registered import World

URL = reverse("stock_list")


def rows(client: Client, query: str = "") -> list[tuple[str, int, int]]:
    """Article number, on hand, available."""
    page = client.get(URL + query).context["page"]
    return [(level.article.number, level.on_hand, level.available) for level in page]


def test_shows_the_own_store_with_what_is_available(client: Client, world: World) -> None:
    world.order("direktbestallning", quantity=3)
    client.force_login(world.anna)
    assert rows(client) == [("14710", 10, 7), ("15121", 3, 3)]
    response = client.get(URL)
    for words in ("I lager", "Reserverat", "Disponibelt", "Väntat in", "Beställningspunkt", "50101"):
        assertContains(response, words)


def test_shows_what_is_on_its_way(client: Client, world: World) -> None:
    world.delivered_transfer(quantity=4)
    client.force_login(world.per)
    assert client.get(URL).context["page"][0].incoming == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sok=roll", ["15121"]),
        ("?sok=1206+rollator", ["15121"]),
        ("?sok=147", ["14710"]),
        ("?sok=0933", ["14710"]),
        ("?sok=finnsinte", []),
        ("?fyll_pa=on", ["15121"]),
    ],
)
def test_filters(client: Client, world: World, query: str, expected: list[str]) -> None:
    StockLevel.objects.filter(warehouse=world.store, article=world.walker).update(reorder_point=5)
    client.force_login(world.anna)
    assert [number for number, _, _ in rows(client, query)] == expected


def test_chooses_the_warehouse(client: Client, world: World) -> None:
    world.order("bestallning", quantity=4)
    client.force_login(world.anna)
    assert rows(client, "?lager=10")[0] == ("14710", 10, 6)


def test_never_another_municipalitys_store(client: Client, world: World) -> None:
    client.force_login(world.other_prescriber)
    response = client.get(URL + "?lager=50101")
    assert response.context["warehouse"].number == "50301"
    assertNotContains(response, "Arvika")


@pytest.mark.parametrize(
    "query",
    [
        "?lager=%00",
        "?lager=zz",
        "?sok=%00",
        "?sok=" + "x" * 10_000,
        "?efter=x",
        "?ordning=%00",
        "?format=exe",
    ],
)
def test_values_that_make_no_sense_filter_nothing(client: Client, world: World, query: str) -> None:
    client.force_login(world.anna)
    assert len(rows(client, query)) == 2


def test_a_part_is_answered_to_htmx(client: Client, world: World) -> None:
    client.force_login(world.anna)
    response = client.get(URL, headers={"HX-Request": "true"})
    assertContains(response, 'id="levels"')
    assertNotContains(response, "<html")
    assert "HX-Request" in response["Vary"]


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_needs_the_right_to_see_stock(client: Client, world: World) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(URL).status_code == 403


def test_is_only_read(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.post(URL).status_code == 405


class TestAnArticleWithoutBalance:
    @pytest.fixture
    def stool(self, world: World) -> Article:
        stool = ArticleFactory.create(number="14540", name="Toaförhöjning", gtin="07350000000019")
        world.stock(world.central, stool, 1)
        return stool

    @pytest.mark.parametrize("text", ["14540", "07350000000019"])
    def test_can_be_counted(self, client: Client, world: World, stool: Article, text: str) -> None:
        client.force_login(world.per)
        link = reverse("stock_count", args=[world.store.number, stool.number])
        response = client.get(f"{URL}?sok={text}")
        assertContains(response, "14540 Toaförhöjning har inget saldo här än")
        assertContains(response, f'href="{link}"')
        world.stock(world.store, stool, 1)
        assertNotContains(client.get(f"{URL}?sok={text}"), "inget saldo här")

    def test_has_to_be_named_in_full(self, client: Client, world: World, stool: Article) -> None:
        client.force_login(world.per)
        for text in ("1454", "toaf", "14541", "%00"):
            assertNotContains(client.get(f"{URL}?sok={text}"), "inget saldo här")

    def test_is_counted_by_who_may(self, client: Client, world: World, stool: Article) -> None:
        client.force_login(world.anna)
        assertNotContains(client.get(f"{URL}?sok=14540"), "inget saldo här")
        only_in_store = ArticleFactory.create(number="14541")
        world.stock(world.store, only_in_store, 1)
        client.force_login(world.per)
        assertNotContains(client.get(f"{URL}?sok=14541&lager=10"), "inget saldo här")
        client.force_login(world.hakan)
        assertContains(client.get(f"{URL}?sok=14541&lager=10"), "inget saldo här")


def test_asks_as_much_for_many_rows_as_for_one(client: Client, world: World) -> None:
    client.force_login(world.anna)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    client.get(URL)
    before = statements()
    for number in range(20):
        article = Article.objects.create(number=f"9{number:04}", name="Käpp", iso_code="120303")
        world.stock(world.store, article, 1)
    assert statements() == before


def test_sorts_by_a_head_and_turns_it(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert [number for number, _, _ in rows(client, "?ordning=i-lager")] == ["15121", "14710"]
    assert [number for number, _, _ in rows(client, "?ordning=-i-lager")] == ["14710", "15121"]
    assertContains(client.get(URL + "?ordning=i-lager"), 'aria-sort="ascending"')
    assertContains(client.get(URL + "?ordning=i-lager&lager=10"), "?lager=10&amp;ordning=-i-lager")


def test_goes_on_by_key_within_the_warehouse(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "LEVELS", replace(stock.LEVELS, page_size=1))
    client.force_login(world.anna)
    first = client.get(URL).context["page"]
    assert [level.article.number for level in client.get(URL + first.next_url).context["page"]] == ["15121"]
    elsewhere = StockLevel.objects.filter(warehouse=world.central).order_by("article__number")[0]
    assert rows(client, f"?efter={elsewhere.pk}") == rows(client)


def test_says_how_many_there_are(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertContains(client.get(URL), "2 artiklar")
    assertContains(client.get(URL + "?sok=roll"), "1 artikel<")


def test_is_saved_as_it_is_filtered_and_sorted(client: Client, world: World) -> None:
    world.order("direktbestallning", quantity=3)
    Article.objects.filter(pk=world.chair.pk).update(name="=Duschpall")
    client.force_login(world.anna)
    response = client.get(URL + "?ordning=-artikel&format=csv")
    today = timezone.localdate()
    assert response["Content-Disposition"] == f'attachment; filename="saldo-50101-{today}.csv"'
    head, *found = read_csv(response.getvalue())
    assert head[:8] == ["Artikel", "Benämning", "ISO-kod", "Enhet", "Hyllplats", "I lager", "Reserverat", "Disponibelt"]
    assert [row[0] for row in found] == ["15121", "14710"]
    assert found[1][:8] == ["14710", "'=Duschpall", "09 33 07", "st", "", "10", "3", "7"]
    excel = read_xlsx(client.get(URL + "?sok=dusch&format=xlsx").getvalue())
    assert [(row["A"], row["B"], row["F"]) for row in excel[1:]] == [("14710", "=Duschpall", 10)]


def test_no_file_of_another_municipalitys_store(client: Client, world: World) -> None:
    client.force_login(world.other_prescriber)
    response = client.get(URL + "?lager=50101&format=csv")
    assert "saldo-50301-" in response["Content-Disposition"]
    assert len(read_csv(response.getvalue())) == 1, "the head"


def test_a_file_needs_the_right_too(client: Client, world: World) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(URL + "?format=csv").status_code == 403


def test_reads_what_django_reads(client: Client, world: World) -> None:
    Device.objects.filter(pk=world.store_walkers()[0].pk).update(state=DeviceState.BLOCKED)
    levels = StockLevel.objects.with_blocked().order_by("-pk")
    read = LEVELS.in_order([level.pk for level in levels])
    assert [(level.pk, level.available, level.blocked) for level in read] == [
        (level.pk, level.available, level.blocked) for level in levels
    ]
    assert {level.blocked for level in read} == {0, 1}
    client.force_login(world.anna)
    assertContains(client.get(URL), "<small>varav 1 spärrade</small>")


def test_what_is_written_in_a_row_is_text_and_not_markup(client: Client, world: World) -> None:
    Article.objects.filter(pk=world.chair.pk).update(number="1/<i>", name="<i>2</i>", unit="<i>")
    client.force_login(world.per)
    page = client.get(URL).content.decode()
    assert "<i>" not in page
    assert all(text in page for text in ("1/&lt;i&gt;", "&lt;i&gt;2&lt;/i&gt;", "10\N{NO-BREAK SPACE}&lt;i&gt;"))
    assert '1%2F%3Ci%3E/">Inventera</a>' in page
