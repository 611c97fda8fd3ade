"""Double click, the back button and two tabs: never two orders, never two deliveries."""

from playwright.sync_api import Page, expect

from inventory.models import Article
from orders.models import Delivery, Order
from tests.fixtures import Town

from .conftest import NewPage
from .steps import add, choose_in_menu, enter_as, field, functions, press, start_order, to_lines

HAND_OUT = "Spara och lämna ut"


def draft_with_a_line(page: Page) -> None:
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Direktbeställning")
    to_lines(page)
    add(page, "14540", quantity=2)


def is_made_once(page: Page, town: Town, raiser: Article) -> None:
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    assert (Order.objects.count(), Delivery.objects.count()) == (1, 1)
    assert town.level(town.store, raiser) == (5, 0, 0)


def test_double_click(new_page: NewPage, town: Town, raiser: Article) -> None:
    """With scripts the second click is not sent; without, the server answers it with what the first one made."""
    town.stock(town.store, raiser, 7)
    page = new_page()
    draft_with_a_line(page)
    functions(page).get_by_role("button", name=HAND_OUT).dblclick()
    is_made_once(page, town, raiser)


def test_double_click_without_javascript(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 7)
    page = new_page()
    draft_with_a_line(page)
    plain = new_page(java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(page.url)
    functions(plain).get_by_role("button", name=HAND_OUT).dblclick()
    is_made_once(plain, town, raiser)


def test_back_and_press_again(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 7)
    page = new_page()
    draft_with_a_line(page)
    press(page, HAND_OUT)
    is_made_once(page, town, raiser)
    page.go_back()
    again = functions(page).get_by_role("button", name=HAND_OUT)
    if again.is_visible():  # the browser may show the page from its memory, or ask for it and be led to the order
        again.click()
    is_made_once(page, town, raiser)


def test_nasta_pressed_twice_is_one_draft(new_page: NewPage, town: Town) -> None:
    page = new_page(java_script_enabled=False)
    enter_as(page, "lini01")
    choose_in_menu(page, "Beställning")
    page.get_by_role("radio", name="Beställning", exact=True).check()
    page.get_by_role("button", name="Nästa").dblclick()
    expect(field(page, "Mottagare")).to_be_visible()
    assert Order.objects.count() == 1


def test_two_tabs(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 7)
    page = new_page()
    draft_with_a_line(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(functions(other).get_by_role("button", name=HAND_OUT)).to_be_visible()
    press(page, HAND_OUT)
    is_made_once(page, town, raiser)
    press(other, HAND_OUT)
    is_made_once(other, town, raiser)
    other.go_back()
    other.close()
