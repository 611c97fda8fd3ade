"""The search of the page head, with the keyboard alone and without scripts."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.fixtures import Town

from .conftest import NewPage
from .steps import enter_as, field, start_order, to_lines


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Sök order")


def test_find_an_order_and_a_patient_by_keyboard(new_page: NewPage, town: Town) -> None:
    """`/`, the end of the number, arrows, Enter; Esc closes, and again gives the focus back."""
    town.stock(town.central, town.chair, 5)
    orders = [town.register("bestallning", {town.chair: 1}) for _ in range(3)]
    town.register("forskrivning", {town.chair: 1})
    page = new_page()
    enter_as(page, "anbe01")
    page.wait_for_load_state()
    options = page.get_by_role("option")
    link = page.get_by_role("link", name="Orderöversikt", exact=True).first
    link.focus()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type(f"B-26-{str(orders[0])[-6:-1]}"[:-1])
    expect(options).to_have_count(3)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()

    page.keyboard.press("/")
    page.keyboard.type(str(orders[1])[-6:])
    expect(options.filter(has_text=str(orders[1]))).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    options.filter(has_text=str(orders[1])).hover()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"[BF]-26-"))

    page.keyboard.press("/")
    page.keyboard.type("311104-9809")
    expect(options).to_have_text(re.compile("Astrid Fröding"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Astrid Fröding")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type(str(orders[2]).lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=str(orders[2]))).to_be_visible()


def test_slash_goes_to_the_articles_first_where_they_are_added(new_page: NewPage, town: Town) -> None:
    draft = town.draft("bestallning", {town.chair: 1})
    page = new_page()
    enter_as(page, "lini01")
    page.goto(f"/kundorder/{draft.pk}/orderrader/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    expect(field(page, "Artikel")).to_be_focused()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.press("/")
    expect(box(page)).to_have_value("/")


def test_find_without_javascript(new_page: NewPage, town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("forskrivning", {town.chair: 1})
    page = new_page(java_script_enabled=False)
    enter_as(page, "anbe01")
    box(page).fill("astrid")
    box(page).press("Enter")
    expect(page.get_by_role("heading", level=1, name="Sökresultat")).to_be_visible()
    assert "astrid" not in page.url
    page.get_by_role("region", name="Patienter").get_by_role("link", name="19311104-9809").click()
    expect(page.get_by_role("heading", level=1, name="Astrid Fröding")).to_be_visible()
    box(page).fill(str(order))
    box(page).press("Enter")
    expect(page.get_by_role("heading", level=1, name=str(order))).to_be_visible()


def test_choose_parties_as_one_types(new_page: NewPage, town: Town) -> None:
    """A name leads to its code by the keyboard; the magnifier shows what there is; a choice is looked up."""
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Beställning")
    options = page.get_by_role("option")
    field(page, "Beställare").fill("")
    field(page, "Beställare").press_sequentially("bergq")
    expect(options).to_have_text(re.compile("anbe01 Anna Bergqvist"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field(page, "Beställare")).to_have_value("anbe01")
    expect(page.get_by_text("Anna Bergqvist").first).to_be_visible()

    page.get_by_role("button", name="Välj mottagare").click()
    expect(options).to_have_count(2)
    options.filter(has_text="Björkbacken").click()
    expect(field(page, "Mottagare")).to_have_value("01-05")
    expect(page.get_by_text("Björkbacken").first).to_be_visible()

    field(page, "Mottagare").press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field(page, "Mottagare")).to_have_value("01-05")
    to_lines(page)
