"""Lager 10: a pick is taken, printed, and delivered in part by scanning; a colleague sees whose it is."""

from io import BytesIO

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from orders.models import Order
from tests.factories import UserFactory
from tests.fixtures import Town

from .conftest import NewPage
from .steps import enter_as, functions, open_from_overview


def open_work_list(page: Page) -> None:
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_role("button", name="Lager").click()
    menu.get_by_role("link", name="Att plocka").click()
    expect(page.get_by_role("heading", level=1, name="Att plocka")).to_be_visible()


def row(page: Page, order: Order) -> Locator:
    return page.get_by_role("region", name="Att plocka").get_by_role("row").filter(has_text=str(order))


def scan(page: Page, number: str) -> None:
    """As a scanner does: the number where the focus is, and Enter."""
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=number)).to_be_checked()


def test_plock(new_page: NewPage, town: Town) -> None:
    devices = town.devices(town.central, town.walker, 4)
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.walker: 3, town.chair: 2})
    UserFactory.create(username="hela01", name="Helena Ask", role="HMS lager", customer=town.central.owner)

    picker = new_page()
    enter_as(picker, "hmla01")
    open_work_list(picker)
    row(picker, order).get_by_role("checkbox", name=str(order)).check()
    functions(picker).get_by_role("button", name="Ta plock", exact=True).click()
    expect(picker.get_by_text("Du har tagit 2 rader.")).to_be_visible()
    expect(row(picker, order)).to_contain_text("Du plockar")

    colleague = new_page()
    enter_as(colleague, "hela01")
    open_work_list(colleague)
    expect(row(colleague, order)).to_contain_text("Plockas av Håkan Lantz sedan")
    expect(row(colleague, order).get_by_role("checkbox")).to_have_count(0)
    row(colleague, order).get_by_role("link", name=f"Leverera {order}").click()
    functions(colleague).get_by_role("button", name="Skapa utleverans").click()
    expect(colleague.get_by_text("Ange antal på minst en rad.")).to_be_visible()

    printed = picker.context.request.get(f"/lager/att-plocka/plocklista.pdf?order={order.pk}")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed.body())).pages)
    assert str(order) in text
    assert "Rollator" in text

    row(picker, order).get_by_role("link", name=f"Leverera {order}").click()
    expect(picker.get_by_text("Förslag: de äldsta är ikryssade.")).to_be_visible()
    scan(picker, devices[3].number)
    expect(picker.get_by_role("checkbox", name=devices[0].number)).not_to_be_checked()
    scan(picker, devices[1].number)
    picker.keyboard.type("HV999999")
    picker.keyboard.press("Enter")
    expect(picker.get_by_text("Ingen individ har numret HV999999.")).to_be_visible()
    picker.get_by_label("Individnummer 15121 Rollator").fill("")
    picker.get_by_label("Antal 14710 Duschpall").fill("1")
    functions(picker).get_by_role("button", name="Skapa utleverans").click()
    expect(picker.get_by_text(f"Utleverans {order}-1 är skapad.")).to_be_visible()
    gone = {line.device for line in order.deliveries.get().lines.select_related("device") if line.device}
    assert gone == {devices[1], devices[3]}
    assert (town.line(order, town.walker).delivered, town.line(order, town.chair).delivered) == (2, 1)

    open_from_overview(colleague, str(order))
    expect(colleague.get_by_text("började plocka")).to_be_visible()
    assert not order.lines.filter(claimed_by__isnull=False).exists()


def test_scanning_without_javascript(new_page: NewPage, town: Town) -> None:
    """Enter adds the number, and delivers nothing, by plain forms too."""
    devices = town.devices(town.central, town.walker, 3)
    order = town.register("bestallning", {town.walker: 1})
    page = new_page(java_script_enabled=False)
    enter_as(page, "hmla01")
    page.goto(f"/kundorder/{order.pk}/utleverans/")
    page.get_by_label("Individnummer 15121 Rollator").fill(devices[2].number)
    page.get_by_label("Individnummer 15121 Rollator").press("Enter")
    expect(page.get_by_role("checkbox", name=devices[2].number)).to_be_checked()
    expect(page.get_by_role("checkbox", name=devices[0].number)).not_to_be_checked()
    assert not order.deliveries.exists()
    functions(page).get_by_role("button", name="Skapa utleverans").click()
    expect(page.get_by_text(f"Utleverans {order}-1 är skapad.")).to_be_visible()
    assert order.deliveries.get().lines.get().device == devices[2]
