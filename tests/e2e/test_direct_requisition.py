from playwright.sync_api import expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import (
    add,
    choose_in_menu,
    enter_as,
    field,
    functions,
    open_from_overview,
    open_other_parties,
    press,
    save,
    start_order,
    to_lines,
)

MISSING = "Utleverans saknas"


def test_direktbestallning_in_one_go(new_page: NewPage, town: Town, raiser: Article) -> None:
    """*Spara och lämna ut*: order and delivery at once, from the own store."""
    town.stock(town.store, raiser, 7)
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Direktbeställning")
    field(page, "Mottagare").fill("01-05")
    open_other_parties(page)
    expect(field(page, "Avsändare / lager")).to_have_value("50101")
    to_lines(page)
    add(page, "14540", quantity=2)
    save(page, "Spara och lämna ut")
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    expect(page.get_by_text(MISSING)).to_have_count(0)
    assert town.level(town.store, raiser) == (5, 0, 0)


def test_direktbestallning_saved_and_handed_out_later(new_page: NewPage, town: Town, raiser: Article) -> None:
    """*Spara*, and until *Skapa utleverans* it says *Utleverans saknas* wherever the order is listed."""
    town.stock(town.store, raiser, 7)
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Direktbeställning")
    to_lines(page)
    add(page, "14540", quantity=2)
    number = save(page)
    expect(page.get_by_text(MISSING).first).to_be_visible()
    assert town.level(town.store, raiser) == (7, 2, 0)
    page.get_by_role("link", name="Start", exact=True).click()
    expect(page.get_by_role("row").filter(has_text=number).filter(has_text=MISSING).first).to_be_visible()
    choose_in_menu(page, "Orderöversikt")
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text(MISSING)
    page.get_by_role("link", name=number, exact=True).click()
    press(page, "Skapa utleverans")
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    assert town.level(town.store, raiser) == (5, 0, 0)
    open_from_overview(page, number)
    expect(page.get_by_text(MISSING)).to_have_count(0)
    page.get_by_role("link", name="Start", exact=True).click()
    expect(page.get_by_text(MISSING)).to_have_count(0)


def test_another_sender_asks_for_the_other_subtype(new_page: NewPage, town: Town, raiser: Article) -> None:
    """10 ↔ 50101 under Övriga parter: one press switches, and what was filled in stays."""
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Beställning")
    for sender, subtype in (("50101", "Direktbeställning"), ("10", "Beställning")):
        open_other_parties(page)
        field(page, "Avsändare / lager").fill(sender)
        functions(page).get_by_role("button", name="Registrera orderrader").click()
        page.get_by_role("button", name=f"Byt till {subtype}").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(subtype)
        expect(field(page, "Avsändare / lager")).to_have_value(sender)
        expect(page.get_by_role("region", name="Leveransväg")).to_contain_text(sender)
