"""A back order, from both sides: what comes late, what is told meanwhile, and what can be done instead."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import add, enter_as, field, functions, open_from_overview, press, save, start_order, to_lines


def choose_in_stock_menu(page: Page, link: str) -> None:
    """Lager – `link`."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_role("button", name="Lager").click()
    menu.get_by_role("link", name=link, exact=True).click()


def order(page: Page, username: str, quantity: int) -> str:
    enter_as(page, username)
    start_order(page, "Beställning", "Beställning")
    to_lines(page)
    add(page, "14540", quantity=quantity)
    return save(page)


def test_a_part_now_and_the_rest_when_goods_have_come(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 1)
    orderer, central = new_page(), new_page()
    number = order(orderer, "lini01", 3)
    expect(orderer.get_by_text("Först i kön")).to_be_visible()

    enter_as(central, "hmla01")
    open_from_overview(central, number)
    functions(central).get_by_role("link", name="Skapa utleverans").click()
    press(central, "Skapa utleverans")
    expect(central.get_by_text("Delvis levererad 1 av 3")).to_be_visible()

    choose_in_stock_menu(central, "Restorder")
    central.get_by_role("link", name="14540 Toaförhöjning StaplaLätt", exact=True).click()
    expect(central.get_by_role("heading", name="1 order väntar på 2")).to_be_visible()
    field(central, "Väntas in").fill((timezone.localdate() + timedelta(days=14)).isoformat())
    central.get_by_role("button", name="Spara datum").click()
    expect(central.get_by_text("Väntat datum är sparat.")).to_be_visible()
    open_from_overview(orderer, number)
    expect(orderer.get_by_text("Först i kön, väntas")).to_be_visible()

    choose_in_stock_menu(central, "Inleverans")
    field(central, "Artikel, rad 1").fill("14540")
    field(central, "Antal, rad 1").fill("5")
    central.get_by_role("button", name="Ta emot").click()
    expect(central.get_by_role("row").filter(has_text=number)).to_contain_text("2 st 14540")
    assert town.level(town.central, raiser) == (5, 2, 0)

    orderer.goto("/")  # what is news stands first on the start page
    news = orderer.get_by_role("row").filter(has_text=number).filter(has_text="fick varor reserverade")
    expect(news).to_contain_text("2 st 14540 Toaförhöjning StaplaLätt")
    news.get_by_role("link", name=number).click()
    expect(orderer.get_by_role("heading", level=1, name=number)).to_be_visible()
    expect(orderer.get_by_text("i kön")).to_have_count(0)
    open_from_overview(central, number)
    press(central, "Skapa utleverans")
    open_from_overview(orderer, number)
    expect(functions(orderer).get_by_text("Klar.")).to_be_visible()
    assert town.level(town.central, raiser) == (3, 0, 0)


def test_the_one_who_is_moved_forward_gets_it_first(new_page: NewPage, town: Town, raiser: Article) -> None:
    first, second, central = new_page(), new_page(), new_page()
    early, late = order(first, "lini01", 1), order(second, "lini01", 1)
    enter_as(central, "hmla01")
    choose_in_stock_menu(central, "Restorder")
    central.get_by_role("link", name="Visa kön").click()
    central.get_by_role("link", name=f"Flytta {late} först").click()
    central.get_by_role("button", name="Flytta först").click()  # without a reason
    expect(central.get_by_text("Skriv varför ordern ska gå före de andra.")).to_be_visible()
    field(central, "Varför").fill("Utskrivning i morgon")
    central.get_by_role("button", name="Flytta först").click()
    expect(central.get_by_role("row").filter(has_text=late)).to_contain_text("Flyttad fram")
    open_from_overview(second, late)
    expect(second.get_by_text("Utskrivning i morgon")).to_be_visible()
    expect(second.get_by_text("Först i kön")).to_be_visible()
    open_from_overview(first, early)
    expect(first.get_by_text("Nummer 2 i kön")).to_be_visible()


def test_taken_from_the_own_store_instead(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 5)
    page = new_page(java_script_enabled=False)
    number = order_without_scripts(page, town, raiser)
    page.get_by_role("link", name="Vad vill du göra med resten av 14540").click()
    page.get_by_role("button", name="Ta från eget lager").click()
    expect(page.get_by_role("heading", level=1, name="Direktbeställning")).to_be_visible()
    press(page, "Skapa utleverans")
    expect(page.get_by_text(f"i stället för {number}")).to_be_visible()
    assert town.level(town.store, raiser) == (3, 0, 0)


def test_an_equivalent_is_taken_instead(new_page: NewPage, town: Town, raiser: Article) -> None:
    other = town.chair
    Article.objects.filter(pk__in=[raiser.pk, other.pk]).update(substitution_group="toaförhöjning")
    town.stock(town.central, other, 5)
    page = new_page(java_script_enabled=False)
    order_without_scripts(page, town, raiser)
    page.get_by_role("link", name="Vad vill du göra med resten av 14540").click()
    page.get_by_role("button", name="Ta den i stället").click()
    expect(page.get_by_text("14710 Duschpall är reserverad i stället.")).to_be_visible()
    assert town.level(town.central, other) == (5, 2, 0)


def order_without_scripts(page: Page, town: Town, raiser: Article) -> str:
    """An order for two that waits, on its page."""
    saved = town.register("bestallning", {raiser: 2})
    enter_as(page, "lini01")
    page.goto(saved.get_absolute_url())
    return str(saved)
