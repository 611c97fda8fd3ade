import re

from playwright.sync_api import expect

from inventory.models import Article, StockMovement
from tests.factories import UserFactory
from tests.fixtures import Town

from .conftest import NewPage
from .steps import (
    add,
    enter_as,
    field,
    open_from_overview,
    open_other_parties,
    press,
    save,
    start_order,
    to_lines,
    verify,
)


def test_forskrivning(new_page: NewPage, town: Town, raiser: Article) -> None:
    """From lager 10 to a patient, found by identity number in another writing; HMS delivers."""
    town.stock(town.central, raiser, 20)
    prescriber = new_page()
    enter_as(prescriber, "anbe01")
    start_order(prescriber, "Förskrivning", "Förskrivning")
    expect(field(prescriber, "Förskrivare")).to_have_value("anbe01")
    expect(field(prescriber, "Kund")).to_have_value("50101")
    expect(field(prescriber, "Mottagare")).to_have_value("")
    field(prescriber, "Mottagare").fill("311104-9809")
    open_other_parties(prescriber)
    expect(field(prescriber, "Handläggare")).to_have_value("")
    expect(field(prescriber, "Avsändare / lager")).to_have_value("10")
    to_lines(prescriber)
    expect(prescriber.get_by_role("region", name="Leveransväg")).to_contain_text("Astrid Fröding")
    add(prescriber, "14540")
    number = save(prescriber)
    assert number.startswith("F-")

    central = new_page()
    enter_as(central, "hmla01")
    open_from_overview(central, number)
    press(central, "Skapa utleverans")
    expect(central.get_by_text("Levererad", exact=True).first).to_be_visible()
    assert StockMovement.objects.latest("pk").to_location.patient == town.patient


def test_verify_says_why_not(new_page: NewPage, town: Town, raiser: Article) -> None:
    """Unknown, inactive, no prescriber, no right: a sentence at the field, focus there, and nothing filled in."""
    UserFactory.create(username="avsl01", role="Förskrivare", customer=town.rehab, prescribes=["09"], is_active=False)
    UserFactory.create(username="utan01", role="Förskrivare", customer=town.rehab)
    page = new_page()
    enter_as(page, "anbe01")
    start_order(page, "Förskrivning", "Förskrivning")
    reasons = {"finns-inte": "finns", "avsl01": "inaktiv", "lini01": "förskriv", "utan01": "förskrivningsrätt"}
    for username, reason in reasons.items():
        verify(page, "Förskrivare", username)
        orderer = field(page, "Förskrivare")
        expect(orderer).to_have_attribute("aria-invalid", "true")
        expect(orderer).to_have_value(username)
        expect(orderer).to_be_focused()
        expect(orderer).to_have_accessible_description(re.compile(reason))
    verify(page, "Förskrivare", "anbe01")
    expect(field(page, "Förskrivare")).not_to_have_attribute("aria-invalid", "true")
    expect(field(page, "Kund")).to_have_value("50101")
