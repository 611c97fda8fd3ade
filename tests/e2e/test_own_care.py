"""Whose patients one may open: another municipality's user gets nothing; an emergency opening is asked and reviewed."""

from playwright.sync_api import Page, expect

from orders.models import Delivery
from parties.models import Party
from tests import factories
from tests.fixtures import Town

from .conftest import NewPage
from .steps import choose_in_menu, enter_as, field, functions

REASON = "Akut hembesök efter ett fall, behöver se vad patienten har."


def delivered(town: Town) -> Delivery:
    town.stock(town.central, town.chair, 3)
    return town.deliver(town.register("forskrivning", {town.chair: 1}))


def find_patient(page: Page, text: str) -> None:
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Patienter").click()
    field(page, "Sök patient").fill(text)
    page.get_by_role("button", name="Sök", exact=True).click()


def test_another_municipality_gets_nothing(new_page: NewPage, town: Town) -> None:
    delivery = delivered(town)
    stranger = new_page()
    enter_as(stranger, town.other_prescriber.username)
    for text in ("", "Astrid", "19311104-9809"):
        find_patient(stranger, text)
        expect(stranger.get_by_text("Fröding")).to_have_count(0)
        expect(stranger.get_by_role("region", name="Patienter").get_by_role("row")).to_have_count(0)
    choose_in_menu(stranger, "Orderöversikt")
    expect(stranger.get_by_text(str(delivery.order.number))).to_have_count(0)
    for path in (
        f"/patienter/{town.patient.pk}/",
        f"/patienter/{town.patient.pk}/oppna/",
        f"/kundorder/{delivery.order_id}/",
        f"/utleveranser/{delivery.pk}/foljesedel.pdf",
        f"/utleveranser/{delivery.pk}/godsmarkning.pdf",
    ):
        answer = stranger.goto(path)
        assert answer
        assert answer.status == 404, path
        expect(stranger.get_by_role("heading", level=1, name="Sidan finns inte")).to_be_visible()


def test_an_emergency_opening_is_asked_let_in_logged_and_reviewed(new_page: NewPage, town: Town) -> None:
    delivered(town)
    unit: Party = factories.CustomerFactory.create(number="50102", name="Arvika jourteam", parent=town.arvika)
    factories.UserFactory.create(username="evju01", name="Eva Jung", role="Förskrivare", customer=unit)
    factories.UserFactory.create(username="logg01", name="Lotta Gren", role="Loggranskare")

    emergency = new_page()
    enter_as(emergency, "evju01")
    find_patient(emergency, "fröding")
    emergency.get_by_role("link", name="Astrid Fröding").click()
    expect(emergency.get_by_role("heading", level=1, name="Nödöppning")).to_be_visible()
    expect(emergency.get_by_text("Duschpall")).to_have_count(0)
    functions(emergency).get_by_role("button", name="Öppna patienten").click()
    expect(field(emergency, "Skäl")).to_have_attribute("aria-invalid", "true")
    field(emergency, "Skäl").fill(REASON)
    functions(emergency).get_by_role("button", name="Öppna patienten").click()
    expect(emergency.get_by_role("heading", level=1, name="Astrid Fröding")).to_be_visible()
    expect(emergency.get_by_role("region", name="Innehav")).to_contain_text("Duschpall")

    reviewer = new_page()
    enter_as(reviewer, "logg01")
    row = reviewer.get_by_role("region", name="Granskas alltid").get_by_role("row").filter(has_text="Eva Jung")
    expect(row).to_contain_text("Nödöppning")
    expect(row).to_contain_text("Ingen vårdrelation")
    row.get_by_role("link", name="Granska").click()
    expect(reviewer.get_by_text(REASON)).to_be_visible()
    field(reviewer, "Utfall").select_option(label="Behörig åtkomst")
    functions(reviewer).get_by_role("button", name="Spara granskningen").click()
    expect(reviewer.get_by_text("Granskningen är sparad.")).to_be_visible()
    expect(reviewer.get_by_text("Allt är granskat")).to_be_visible()
    answer = reviewer.goto(f"/patienter/{town.patient.pk}/")
    assert answer
    assert answer.status == 403


def test_the_own_unit_opens_without_a_reason_and_prescribes(new_page: NewPage, town: Town) -> None:
    delivered(town)
    page = new_page()
    enter_as(page, "anbe01")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Patienter").click()
    page.get_by_role("link", name="Astrid Fröding").click()
    expect(page.get_by_role("heading", level=1, name="Astrid Fröding")).to_be_visible()
    functions(page).get_by_role("link", name="Ny förskrivning").click()
    page.get_by_role("radio", name="Förskrivning", exact=True).check()
    page.get_by_role("button", name="Nästa").click()
    expect(field(page, "Mottagare")).to_have_value("19311104-9809")
    expect(page.get_by_role("region", name="Leveransväg")).to_contain_text("Astrid Fröding")
