"""The search box of the order lines: what each hit says, and what is said when nothing is found."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from inventory.models import Article, Device, StockLevel
from orders.draft_rows import hits_of
from orders.forms.lines import LineForm, form_id_of
from orders.models import Order
from sesam.templatetags.hits import _fields
from tests.factories import ArticleFactory
from tests.fixtures import Town
from tests.inventory.test_search_plans import add_many, rows_scanned

from .wizard import HTMX, post, url

CHOSEN = re.compile(r'<option value="(?P<number>\w*)" selected>.*?</select>(<small>(?P<why_not>.*?)</small>)?')


@pytest.fixture
def order(client: Client, town: Town) -> Order:
    """Lina's empty direct requisition; 7 chairs and 2 walkers in the store, 9 chairs in lager 10."""
    town.stock(town.store, town.chair, 7)
    town.stock(town.central, town.chair, 9)
    town.devices(town.store, town.walker, 2)
    client.force_login(town.lina)
    return town.draft("direktbestallning", {})


def found(client: Client, order: Order, **query: str) -> list[str]:
    return [row["hit"].article.number for row in client.get(url("lines", order), query).context["hits"]]


def test_a_hit_says_what_is_on_its_way(client: Client, town: Town, order: Order) -> None:
    town.deliver(town.register("lagerflytt", {town.chair: 4}))
    level = StockLevel.objects.filter(warehouse=town.central, article=town.chair)
    level.update(expected_on=date(2026, 12, 3))
    page = client.get(url("lines", order), {"sok": "duschpall"})
    (hit,) = page.context["hits"]
    assert [(each.warehouse, each.available, each.incoming) for each in hit["hit"].balances] == [
        (town.store, 7, 4),
        (town.central, 5, 0),
    ]
    assertContains(page, "4 väntas in")
    assertContains(page, "väntas 3\N{NO-BREAK SPACE}dec\N{NO-BREAK SPACE}2026")


def test_outside_the_assortment_only_when_asked_for(client: Client, town: Town, order: Order) -> None:
    outside = ArticleFactory.create(name="Duschpall hög", in_assortment=False)
    assert found(client, order, sok="duschpall") == [town.chair.number]
    assert found(client, order, sok="duschpall", sortiment="on") == [town.chair.number, outside.number]
    assert found(client, order, sok=outside.number) == [outside.number], "who knows the number is shown it"
    assertContains(client.get(url("lines", order), {"sok": outside.number}), "utanför sortimentet")


def test_what_cannot_be_ordered_says_so_instead_of_a_button(client: Client, town: Town, order: Order) -> None:
    old = ArticleFactory.create(name="Utgången pall", is_orderable=False, substitution_group="pall")
    Article.objects.filter(pk=town.chair.pk).update(substitution_group="pall")
    page = client.get(url("lines", order), {"sok": "utgången"}, headers=HTMX)
    assertContains(page, "Går inte att beställa")
    assertContains(page, f"?sok={town.chair.number}")
    assertNotContains(page, "Lägg till</button>")
    assert post(client, "lines", order, article=old.number, quantity="1").status_code == 422
    assert order.lines.count() == 0


def test_words_of_a_hit_are_text_and_not_markup(client: Client, town: Town, order: Order) -> None:
    """The rows are put together without a template, which would escape by itself."""
    ArticleFactory.create(name="Utgången pall", is_orderable=False, substitution_group="pall")
    Article.objects.filter(pk=town.chair.pk).update(substitution_group="pall")
    Article.objects.update(name=Concat("name", Value(" <i>")), unit="<i>")
    page = client.get(url("lines", order), {"sok": "pall"}, headers=HTMX)
    for words in (
        "Utgången pall &lt;i&gt;<small>",
        f'Ersätts av <a href="{url("lines", order)}?sok={town.chair.number}">{town.chair.number} Duschpall',
        "&lt;i&gt;</a>",
        "&lt;i&gt;</span>",
    ):
        assertContains(page, words)
    assertNotContains(page, "<i>")
    refused = post(client, "lines", order, htmx=True, article=town.chair.number, quantity="0")
    assertContains(refused, "Antalet är minst 1.", status_code=422)
    assertNotContains(refused, "<i>", status_code=422)


@pytest.mark.parametrize("kind", ["direktbestallning", "bestallning"])
@pytest.mark.parametrize("devices", [0, 1, 2])
def test_the_fields_of_a_hit_are_those_of_its_form(town: Town, kind: str, devices: int) -> None:
    """Written without a form where nothing has been filled in yet, and by the form."""
    order = town.draft(kind, {})
    assert order.sender
    town.devices(order.sender, town.walker, devices)
    for hit in hits_of(order, [town.chair, town.walker], warehouses=[order.sender]):
        form = LineForm(
            article=hit.article, devices=[*hit.devices], must_choose=hit.must_choose, form_id=form_id_of(hit.article)
        )
        assert _fields(hit, None, has_devices=True) == _fields(hit, form, has_devices=True)


def chosen(client: Client, order: Order, text: str) -> tuple[str, str]:
    """The device that stands chosen at the only hit, and why another is not."""
    page = client.get(url("lines", order), {"sok": text}, headers=HTMX)
    found = CHOSEN.search(page.content.decode())
    assert found
    return found["number"], html.unescape(found["why_not"] or "")


def test_the_number_of_a_device_chooses_it(client: Client, town: Town, order: Order) -> None:
    first, second = Device.objects.in_warehouse(town.store).order_by("pk")
    Device.objects.filter(pk=first.pk).update(serial_number="SN-77x")
    assert chosen(client, order, second.number.lower()) == (second.number, "")
    assert chosen(client, order, "SN-77x") == (first.number, "")
    assert chosen(client, order, town.walker.number) == ("", "")
    post(client, "lines", order, htmx=True, sok=second.number)
    assert town.line(order).device == second, "Enter adds the very device"
    assert chosen(client, order, second.number) == ("", f"{second} är redan vald, här eller på en annan order.")


def test_a_device_that_is_elsewhere_is_not_chosen(client: Client, town: Town, order: Order) -> None:
    (elsewhere,) = town.devices(town.central, town.walker, 1)
    assert chosen(client, order, elsewhere.number) == ("", f"{elsewhere} finns i {town.central}, inte i {town.store}.")
    blocked = Device.objects.in_warehouse(town.store)[0]
    Device.objects.filter(pk=blocked.pk).update(state="BLOCKED")
    assert chosen(client, order, blocked.number) == ("", f"{blocked} är spärrad.")


def test_says_which_word_was_taken_for_another(client: Client, town: Town, order: Order) -> None:
    page = client.get(url("lines", order), {"sok": "Rolator"}, headers=HTMX)
    (row,) = page.context["hits"]
    assert row["hit"].article == town.walker
    assertContains(page, "Ingen artikel har ordet <q>rolator</q>. Visar träffar på <em>rollator</em>.")
    assertNotContains(client.get(url("lines", order), {"sok": "rollator"}, headers=HTMX), "Ingen artikel har")


def test_asks_for_the_nearest_spelling(client: Client, town: Town, order: Order) -> None:
    page = client.get(url("lines", order), {"sok": "duchpl", "slag": "MAIN"}, headers=HTMX)
    assert page.context["hits"] == []
    assertContains(page, "Menade du")
    assertContains(page, "?sok=duschpall&amp;slag=MAIN")
    assertContains(page, "<em>duschpall</em>")
    elsewhere = client.get(url("lines", order), {"sok": "duchpl", "iso": "12"}, headers=HTMX)
    assertContains(elsewhere, '?sok=duschpall"><em>duschpall</em>')
    assertNotContains(client.get(url("lines", order), {"sok": "zqzqzq"}, headers=HTMX), "Menade du")


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"iso": "12"}, "om du tar bort ISO-gruppen"),
        ({"i_lager": "10", "individ": "nej", "slag": "SPARE"}, "om du tar bort artikeltypen"),
        ({"debitering": "HIRE"}, "om du tar bort hyra eller köp"),
        ({"individ": "ja"}, "om du tar bort individmärkningen"),
        ({"iso": "12", "individ": "ja"}, "utan filtren"),
    ],
)
def test_says_which_filter_hides_hits(
    client: Client, town: Town, order: Order, filters: dict[str, str], says: str
) -> None:
    page = client.get(url("lines", order), {"sok": "duschpall", **filters})
    assertContains(page, f"1 träff {says}")
    (way,) = page.context["search"].hidden
    assert [row["hit"].article for row in client.get(url("lines", order) + way.query).context["hits"]] == [town.chair]


def test_says_what_is_outside_the_assortment_or_in_another_store(client: Client, town: Town, order: Order) -> None:
    Article.objects.filter(pk=town.walker.pk).update(in_assortment=False)
    assertContains(client.get(url("lines", order), {"sok": "rollator"}), "1 träff utanför sortimentet")
    page = client.get(url("lines", order), {"sok": "duschpall", "i_lager": "50101", "iso": "0933"})
    assert len(page.context["hits"]) == 1
    StockLevel.objects.filter(warehouse=town.store, article=town.chair).update(on_hand=0)
    assertContains(client.get(url("lines", order), {"sok": "duschpall", "i_lager": "50101"}), "om du tar bort lagret")
    assertNotContains(client.get(url("lines", order), {"sok": "qqqqqq", "iso": "12"}), "1 träff ")


def test_a_supplier_narrows(client: Client, town: Town, order: Order) -> None:
    ArticleFactory.create(name="Duschpall hög")
    page = client.get(url("lines", order), {"sok": "duschpall", "leverantor": "finns inte"})
    assertContains(page, "Ingen leverantör har det numret eller namnet.")
    assert page.context["hits"] == []


def test_another_municipalitys_store_cannot_be_asked_about(client: Client, town: Town, order: Order) -> None:
    page = client.get(url("lines", order), {"sok": "duschpall", "i_lager": town.other_store.number})
    assertNotContains(page, "Filipstad")
    assert page.context["hits"] == []


def test_iso_groups_with_counts(client: Client, town: Town, order: Order) -> None:
    ArticleFactory.create(name="Duschstol", iso_code="093307")
    tree = client.get(url("lines", order), {"grupper": "on"}).context["search"].tree
    assert [(branch.code, branch.count, list(branch.below)) for branch in tree] == [("09", 2, []), ("12", 1, [])]
    page = client.get(url("lines", order), {"grupper": "on", "iso": "0933", "sok": "dusch"})
    (nine,) = page.context["search"].tree
    assert (nine.below[0].code, nine.below[0].is_chosen, nine.below[0].below[0].count) == ("0933", True, 2)
    assertContains(page, f'href="{url("lines", order)}?grupper=on&amp;iso=093307&amp;sok=dusch"')
    assertContains(page, "Bad och dusch")


def test_the_number_of_groups_costs_no_statements(client: Client, town: Town, order: Order) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url("lines", order), {"sok": "hjälpmedel", "grupper": "on"}, headers=HTMX)
        return len(queries)

    ArticleFactory.create(numbered=True)
    statements()
    before = statements()
    for code in ["093307", "120606", "222703"] * 5:
        ArticleFactory.create(numbered=True, iso_code=code)
    assert statements() == before


def test_the_page_never_scans_all_articles(client: Client, town: Town, order: Order) -> None:
    add_many()
    for text in (
        "rollator",
        "a",
        "b3",
        "b 3",
        "rollator b31",
        "%",
        "_",
        "'",
        "\0",
        "שלום",
        "🦽",
        "x" * 90,
        "ord " * 20,
    ):
        for filters in ({}, {"slag": "SPARE", "individ": "nej"}):
            before = rows_scanned()
            assert client.get(url("lines", order), {"sok": text, **filters}, headers=HTMX).status_code == 200
            assert rows_scanned() == before, (text, filters)
