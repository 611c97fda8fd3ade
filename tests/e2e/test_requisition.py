import re

from playwright.sync_api import expect

from inventory.models import Article, StockMovement
from tests.fixtures import Town

from .conftest import NewPage
from .steps import add, enter_as, field, open_from_overview, open_other_parties, press, save, start_order, to_lines


def test_bestallning(new_page: NewPage, town: Town, raiser: Article) -> None:
    """From lager 10 to a care unit; HMS delivers."""
    town.stock(town.central, raiser, 20)
    orderer = new_page()
    enter_as(orderer, "lini01")
    start_order(orderer, "Beställning", "Beställning")
    expect(field(orderer, "Beställare")).to_have_value("lini01")
    expect(field(orderer, "Kund")).to_have_value("50101")
    expect(field(orderer, "Mottagare")).to_have_value("50101")
    field(orderer, "Mottagare").fill("01-05")
    open_other_parties(orderer)
    expect(field(orderer, "Avsändare / lager")).to_have_value("10")
    to_lines(orderer)
    expect(orderer.get_by_role("region", name="Leveransväg")).to_contain_text("01-05 Björkbacken")
    add(orderer, "14540", quantity=4)
    number = save(orderer)
    assert number.startswith("B-")

    central = new_page()
    enter_as(central, "hmla01")
    open_from_overview(central, number)
    press(central, "Skapa utleverans")
    expect(central.get_by_text("Levererad", exact=True).first).to_be_visible()
    assert town.level(town.central, raiser) == (16, 0, 0)
    moved = StockMovement.objects.latest("pk")
    assert (moved.to_location.party, moved.quantity) == (town.unit, 4)


def test_the_recipient_is_always_a_care_unit(new_page: NewPage, town: Town, raiser: Article) -> None:
    page = new_page()
    enter_as(page, "lini01")
    start_order(page, "Beställning", "Beställning")
    for typed in ("10", "03-05", "finns inte"):
        field(page, "Mottagare").fill(typed)
        press(page, "Registrera orderrader")
        expect(field(page, "Mottagare")).to_have_accessible_description(re.compile("vårdenhet"))
        expect(field(page, "Mottagare")).to_be_focused()
        expect(field(page, "Mottagare")).to_have_value(typed)
