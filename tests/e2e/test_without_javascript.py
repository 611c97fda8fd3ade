"""Plain forms: every step loads a page of its own."""

from playwright.sync_api import Page, expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import change, enter_as, field, functions, hit, line, open_from_overview, press, save, start_order, to_lines


def add_by_enter(page: Page, text: str, article: str, quantity: int) -> None:
    """Without scripts Enter in the search box asks for the hits, unless it is the very number of an article."""
    field(page, "Artikel").fill(text)
    field(page, "Artikel").press("Enter")
    hit(page, article).get_by_label("Antal", exact=True).fill(str(quantity))
    hit(page, article).get_by_role("button", name="Lägg till").click()
    expect(line(page, article)).to_be_visible()


def test_direktbestallning_without_javascript(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 7)
    page = new_page(java_script_enabled=False)
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Direktbeställning")
    field(page, "Mottagare").fill("01-05")
    to_lines(page)
    add_by_enter(page, "toa förhöj", "14540", 2)
    change(page, "14540", quantity=3)
    save(page, "Spara och lämna ut")
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    assert town.level(town.store, raiser) == (4, 0, 0)


def test_lagerflytt_without_javascript(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 20)
    store = new_page(java_script_enabled=False)
    enter_as(store, "pene01")
    start_order(store, "Lagerflyttsorder", "Lagerflytt")
    field(store, "Beställare").fill("pene01")
    store.get_by_role("button", name="Verifiera", exact=True).click()
    expect(field(store, "Mottagare")).to_have_value("50101")
    to_lines(store)
    add_by_enter(store, "förhöjning", "14540", 3)
    number = save(store)

    central = new_page(java_script_enabled=False)
    enter_as(central, "hmla01")
    open_from_overview(central, number)
    press(central, "Skapa utleverans")
    assert town.level(town.store, raiser) == (0, 0, 3)
    open_from_overview(store, number)
    functions(store).get_by_role("link", name="Kvittera mottagning").click()
    store.get_by_role("button", name="Allt stämmer").click()
    expect(store.get_by_text("Mottagen", exact=True).first).to_be_visible()
    assert town.level(town.store, raiser) == (3, 0, 0)
