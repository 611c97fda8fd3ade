import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article, Charging, Device, IsoGroup, SearchWord
from inventory.models.article import ArticleKind
from inventory.queries import available_in, central_warehouse, own_store
from inventory.search import ArticleFilter, exact_article, search_articles
from inventory.search_words import words_of
from parties.models import Party
from tests.factories import ArticleFactory
from tests.fixtures import Town


@pytest.fixture
def shelf(town: Town) -> dict[str, Article]:
    make = ArticleFactory.create
    return {
        "raiser": make(
            number="14540",
            name="Toaförhöjning StaplaLätt",
            iso_code="091218",
            synonyms="toalettförhöjning, toasits",
            gtin="2000001454008",
            supplier_number="HD-04541",
        ),
        "frame": make(number="14541", name="Toaförhöjning fristående h/s m armstöd", iso_code="091212"),
        "armrest": make(number="14552", name="Toalettarmstöd", iso_code="091224"),
        "tray": make(number="15123", name="Bricka t rollator", iso_code="120606", kind=ArticleKind.ACCESSORY),
        "walker": town.walker,
        "chair": town.chair,
    }


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("14540", "raiser"),
        ("  14541 ", "frame"),
        ("toa förhöj", "raiser"),
        ("FÖRHÖJ toa", "raiser"),
        ("armstöd fristående", "frame"),
        ("toaforhojning", "raiser"),
        ("toasits", "raiser"),
        ("09 12 24", "armrest"),
        ("091224", "armrest"),
        ("09 12 12 toa", "frame"),
        ("2000001454008", "raiser"),
        ("hd-04541", "raiser"),
        ("rolator", "walker"),
        ("toaförhjning", "raiser"),
        ("höjning", "raiser"),
        ("toalettförhöjningen", "raiser"),
        ("rollatorernas", "walker"),
        ("toalettbesök", "raiser"),
        ("010200000145400810AB12", "raiser"),
        ("]d2010200000145400810AB12", "raiser"),
        ("(01)02000001454008(10)AB12", "raiser"),
    ],
)
def test_finds_first(shelf: dict[str, Article], text: str, first: str) -> None:
    assert search_articles(text)[0] == shelf[first]


def test_finds_a_device_by_its_number(town: Town, shelf: dict[str, Article]) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    assert search_articles(device.number.lower()) == [town.walker]
    assert exact_article(device.number.lower()) == town.walker


def test_every_word_must_fit(shelf: dict[str, Article]) -> None:
    assert search_articles("toa fristående") == [shelf["frame"]]
    assert search_articles("zzzzqqqq") == []


def test_wildcards_are_only_characters(shelf: dict[str, Article]) -> None:
    for text in ("%", "_", "%%%", "\\", "' OR 1=1 --", "<qq>", "Å" * 100):
        assert search_articles(text) == []


def test_the_same_name_comes_in_the_order_of_the_numbers(shelf: dict[str, Article]) -> None:
    assert [article.number for article in search_articles("09 12")] == ["14540", "14541", "14552"]


def test_what_cannot_be_ordered_comes_last(shelf: dict[str, Article]) -> None:
    Article.objects.filter(number="14540").update(is_orderable=False)
    assert [article.number for article in search_articles("toaförhöjning")] == ["14541", "14540"]


def test_filters(town: Town, shelf: dict[str, Article]) -> None:
    town.stock(town.store, shelf["frame"], 1)

    def only(**filters: object) -> set[str]:
        return {article.number for article in search_articles("", only=ArticleFilter(**filters))}  # type: ignore[arg-type]

    assert only(kind=ArticleKind.ACCESSORY) == {"15123"}
    assert only(is_numbered=True) == {"15121"}
    assert only(iso_prefix="1206") == {"15121", "15123"}
    assert only(charging=Charging.HIRE) == set()
    assert only(in_stock_in=town.store.pk) == {"14541"}
    assert only(in_stock_in=town.central.pk) == set()


def test_no_more_than_asked_for(shelf: dict[str, Article]) -> None:
    assert len(search_articles("", limit=2)) == 2


@pytest.mark.parametrize(
    ("text", "number"), [("14540", "14540"), ("2000001454008", "14540"), ("1454", None), ("", None)]
)
def test_the_one_article_that_a_text_names(shelf: dict[str, Article], text: str, number: str | None) -> None:
    found = exact_article(text)
    assert (found.number if found else None) == number


def test_words() -> None:
    assert words_of("09 12 18") == ["091218"]
    assert words_of("rollator 12 06") == ["rollator", "1206"]
    assert words_of("0912  18 b62") == ["0912", "18", "b62"]
    assert len(words_of("a " * 50)) == 8


def test_stores(town: Town) -> None:
    store = own_store(town.rehab)
    assert store == town.store
    assert central_warehouse(store) == town.central
    assert central_warehouse() == town.central
    assert own_store(town.region) is None, "lager 10 is nobody's own store"


def test_what_is_available_where_is_one_question(town: Town, shelf: dict[str, Article]) -> None:
    town.stock(town.store, town.chair, 3)
    town.stock(town.central, town.chair, 9)
    town.register("direktbestallning", {town.chair: 2})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = available_in([town.store, town.central], list(shelf.values()))
    assert len(queries) == 1
    assert found == {(town.store.pk, town.chair.pk): 1, (town.central.pk, town.chair.pk): 9}


def test_what_the_sender_has_comes_before_the_better_match(town: Town, shelf: dict[str, Article]) -> None:
    town.stock(town.store, shelf["tray"], 1)
    assert search_articles("rollator")[0] == town.walker
    assert search_articles("rollator", sender=town.store)[0] == shelf["tray"]
    assert search_articles("15121", sender=town.store)[0] == town.walker


def test_a_serial_number_leads_to_its_article(town: Town, shelf: dict[str, Article]) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    Device.objects.filter(pk=device.pk).update(serial_number="SN-77X")
    assert search_articles("sn-77x") == [town.walker]
    assert exact_article("SN-77X") == town.walker


def test_the_text_follows_the_supplier_and_the_heading(town: Town, shelf: dict[str, Article]) -> None:
    supplier = Party.objects.create(number="900077", name="Hjälpteknik Väst", is_supplier=True)
    Article.objects.filter(number="14552").update(supplier=supplier)
    assert search_articles("hjälpteknik") == [shelf["armrest"]]
    assert search_articles("900077") == [shelf["armrest"]]
    Party.objects.filter(pk=supplier.pk).update(name="Vardaglig")
    assert search_articles("vardaglig") == [shelf["armrest"]]
    IsoGroup.objects.update_or_create(code="091224", defaults={"title": "Handfasta stöd"})
    assert search_articles("handfasta") == [shelf["armrest"]]


def test_fills_what_was_copied_without_triggers(shelf: dict[str, Article]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_article DISABLE TRIGGER article_search_text")
        Article.objects.update(search_text="")
        SearchWord.objects.all().delete()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_article ENABLE TRIGGER article_search_text")
        assert search_articles("rollator") == []
        cursor.execute("SELECT refresh_search_text()")
        assert cursor.fetchone() == (Article.objects.count(),)
    assert search_articles("rolator")
