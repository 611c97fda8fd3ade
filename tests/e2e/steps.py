"""What people do on the pages, found by role and name only, as they and their screen readers find it."""

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from parties.models import User

PASSWORD = "sesam-demo"
NUMBER = re.compile(r"[LBF]-\d\d-\d{6}")


def log_in(page: Page, username: str) -> None:
    page.goto("/logga-in/")
    page.get_by_label("Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("navigation", name="Huvudmeny")).to_be_visible()


def enter_as(page: Page, username: str) -> None:
    """Come in with a session that is open already: logging in has its own test."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}]
    )
    page.goto("/")


def choose_in_menu(page: Page, link: str) -> None:
    """Kundorder – `link`."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_role("button", name="Kundorder").click()
    menu.get_by_role("link", name=link, exact=True).click()


def start_order(page: Page, menu: str, subtype: str) -> None:
    """Menu, kundordertyp, Nästa: to the parties."""
    choose_in_menu(page, menu)
    page.get_by_role("radio", name=subtype, exact=True).check()
    page.get_by_role("button", name="Nästa").click()
    expect(page.get_by_role("heading", level=1, name=subtype)).to_be_visible()


def field(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def open_other_parties(page: Page) -> None:
    page.get_by_role("button", name="Övriga parter").click()
    expect(field(page, "Avsändare / lager")).to_be_visible()


def verify(page: Page, label: str, username: str) -> None:
    field(page, label).fill(username)
    page.get_by_role("button", name="Verifiera", exact=True).click()


def functions(page: Page) -> Locator:
    """The blue function menu."""
    return page.get_by_role("complementary", name="Funktionsmeny")


def to_lines(page: Page) -> None:
    functions(page).get_by_role("button", name="Registrera orderrader").click()
    expect(field(page, "Artikel")).to_be_visible()
    page.wait_for_load_state()


def search(page: Page, text: str, article: str) -> Locator:
    """The row of the hit."""
    box = field(page, "Artikel")
    box.click()
    box.press_sequentially(text)
    return hit(page, article)


def hit(page: Page, article: str) -> Locator:
    return page.get_by_role("region", name="Träffar").get_by_role("row").filter(has_text=article)


def line(page: Page, article: str) -> Locator:
    return page.get_by_role("region", name="Orderrader").get_by_role("row").filter(has_text=article)


def add(page: Page, article: str, *, quantity: int = 1, text: str = "", device: str = "") -> None:
    """Find the article by `text` (its number, if empty), choose, and Lägg till."""
    row = search(page, text or article, article)
    row.get_by_label("Antal", exact=True).fill(str(quantity))
    if device:
        row.get_by_label("Individ", exact=True).select_option(label=device)
    row.get_by_role("button", name="Lägg till").click()
    expect(line(page, article)).to_be_visible()


def change(page: Page, article: str, *, quantity: int) -> None:
    """The pencil, a new quantity, Uppdatera."""
    row = line(page, article)
    row.get_by_role("link", name="Ändra").click()
    row.get_by_label("Antal", exact=True).fill(str(quantity))
    row.get_by_role("button", name="Uppdatera").click()
    expect(row).to_contain_text(f"{quantity}\N{NO-BREAK SPACE}st")


def press(page: Page, name: str) -> None:
    """An entry of the function menu."""
    functions(page).get_by_role("button", name=name, exact=True).click()


def save(page: Page, name: str = "Spara") -> str:
    """The number that the order got."""
    press(page, name)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(NUMBER)
    return found_number(heading)


def found_number(heading: Locator) -> str:
    found = NUMBER.search(heading.inner_text())
    assert found, "the page has no order number in its heading"
    return found[0]


def open_from_overview(page: Page, number: str) -> None:
    choose_in_menu(page, "Orderöversikt")
    page.get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=number)).to_be_visible()
