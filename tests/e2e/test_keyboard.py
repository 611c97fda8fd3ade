from playwright.sync_api import expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import change, choose_in_menu, enter_as, field, functions, line, start_order, to_lines


def test_lines_by_keyboard(new_page: NewPage, town: Town, raiser: Article) -> None:
    """`/` goes to the search box; Enter adds the very number and comes back there; again adds to the row."""
    town.stock(town.store, raiser, 7)
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Direktbeställning")
    to_lines(page)
    page.get_by_role("heading", level=1).click()
    expect(field(page, "Artikel")).not_to_be_focused()
    page.keyboard.press("/")
    expect(field(page, "Artikel")).to_be_focused()
    for quantity in (1, 2):
        page.keyboard.type("14540")
        page.keyboard.press("Enter")
        expect(line(page, "14540")).to_contain_text(f"{quantity}\N{NO-BREAK SPACE}st")
        expect(field(page, "Artikel")).to_be_focused()
        expect(field(page, "Artikel")).to_have_value("")
    change(page, "14540", quantity=4)
    line(page, "14540").get_by_role("button", name="Ta bort").focus()
    page.keyboard.press("Enter")
    expect(line(page, "14540")).to_have_count(0)


def test_escape_closes_the_menu_and_keeps_the_place(new_page: NewPage, town: Town) -> None:
    page = new_page()
    enter_as(page, "lini01")
    menu = page.get_by_role("navigation", name="Huvudmeny").get_by_role("button", name="Kundorder")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Orderöversikt", exact=True).first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("navigation").get_by_role("link", name="Beställning", exact=True)).to_be_hidden()
    choose_in_menu(page, "Orderöversikt")
    expect(page.get_by_role("heading", level=1, name="Orderöversikt")).to_be_visible()
    page.wait_for_load_state()  # the keys are there when the script is
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Sök order")).to_be_focused()


def test_focus_goes_to_the_first_field_that_is_wrong(new_page: NewPage, town: Town, raiser: Article) -> None:
    """A whole page and a part of one alike; what was typed stays."""
    page = new_page()
    enter_as(page, "anbe01")
    start_order(page, "Förskrivning", "Förskrivning")
    field(page, "Mottagare").fill("19311104-9808")
    functions(page).get_by_role("button", name="Registrera orderrader").click()
    expect(field(page, "Mottagare")).to_be_focused()
    expect(field(page, "Mottagare")).to_have_value("19311104-9808")
    expect(field(page, "Mottagare")).to_have_attribute("aria-invalid", "true")
    field(page, "Mottagare").fill("19311104-9809")
    to_lines(page)
    field(page, "Artikel").press_sequentially("14540")
    row = page.get_by_role("region", name="Träffar").get_by_role("row").filter(has_text="14540")
    for typed in ("0", "-1", "1000000000"):
        row.get_by_label("Antal", exact=True).fill(typed)
        row.get_by_role("button", name="Lägg till").click()
        expect(row.get_by_label("Antal", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(row.get_by_label("Antal", exact=True)).to_be_focused()
        expect(row.get_by_label("Antal", exact=True)).to_have_value(typed)
    expect(line(page, "14540")).to_have_count(0)
