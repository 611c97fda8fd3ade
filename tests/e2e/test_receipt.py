"""After the goods have left: received short with a telephone and settled, and a delivery that came back."""

from playwright.sync_api import Page, expect

from inventory.models import Article
from orders.reconciling import differences
from tests.fixtures import Town

from .conftest import NewPage
from .steps import enter_as, field, functions, open_from_overview, press
from .test_narrow import HEIGHT, WIDTH, fits


def choose_in_stock_menu(page: Page, link: str) -> None:
    """Lager – `link`."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_role("button", name="Lager").click()
    menu.get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=link)).to_be_visible()


def test_a_transfer_short_by_one_is_settled(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 5)
    delivery = town.deliver(town.register("lagerflytt", {raiser: 3}))

    store = new_page(viewport={"width": WIDTH, "height": HEIGHT})
    enter_as(store, "pene01")
    choose_in_stock_menu(store, "Mottagning")
    fits(store, has_functions=False)
    scan = field(store, "Utleveransnummer")
    scan.fill("5901234123457")
    scan.press("Enter")
    expect(store.get_by_text("5901234123457 är ingen utleverans till ditt lager.")).to_be_visible()
    scan.fill(delivery.number)
    scan.press("Enter")  # as a scanner does
    expect(store.get_by_role("heading", level=1)).to_contain_text(delivery.number)
    fits(store)
    field(store, "Mottaget 14540 Toaförhöjning StaplaLätt").fill("2")
    press(store, "Kvittera mottagning")
    expect(store.get_by_text("3 skickades. Skriv varför det skiljer sig: 1 saknas.")).to_be_visible()
    fits(store)
    field(store, "Orsak 14540 Toaförhöjning StaplaLätt").fill("Tom kartong")
    press(store, "Kvittera mottagning")
    expect(store.get_by_text("Avvikelserna syns för avsändaren.")).to_be_visible()
    fits(store)
    store.get_by_role("link", name="Kvittens").click()
    expect(store.get_by_text("Inte reglerad")).to_be_visible()
    fits(store)
    assert town.level(town.store, raiser) == (2, 0, 1)

    central = new_page()
    enter_as(central, "hmla01")
    choose_in_stock_menu(central, "Avvikelser")
    row = central.get_by_role("row").filter(has_text=delivery.number)
    expect(row).to_contain_text("1 saknas")
    row.get_by_role("link", name="Reglera").click()
    field(central, "Utfall").select_option(label="Finns hos avsändaren")
    field(central, "Anteckning").fill("Stod kvar på pallen")
    press(central, "Reglera")
    expect(central.get_by_text("Inga öppna avvikelser")).to_be_visible()
    assert town.level(town.central, raiser) == (3, 0, 0)
    assert town.level(town.store, raiser) == (2, 0, 0)

    store.reload()
    expect(store.get_by_text("Stod kvar på pallen")).to_be_visible()
    choose_in_stock_menu(store, "Avvikelser")
    fits(store, has_functions=False)
    expect(store.get_by_text("Inga öppna avvikelser")).to_be_visible()
    assert differences() == []


def test_a_failed_delivery_is_booked_again(new_page: NewPage, town: Town) -> None:
    town.devices(town.central, town.walker, 3)
    order = town.register("bestallning", {town.walker: 1})
    page = new_page()
    enter_as(page, "hmla01")
    open_from_overview(page, str(order))
    functions(page).get_by_role("link", name="Skapa utleverans").click()
    field(page, "Individnummer 15121 Rollator").fill("HV000003")
    press(page, "Skapa utleverans")
    page.get_by_role("link", name="Leverans misslyckad").click()
    field(page, "Orsak").select_option(label="Ingen på plats")
    field(page, "Anteckning").fill("Ring före")
    press(page, "Leverans misslyckad")
    row = page.get_by_role("row").filter(has_text=f"{order}-1")
    expect(row).to_contain_text("Misslyckad")
    expect(row).to_contain_text("Ingen på plats. Ring före")
    assert town.level(town.central, town.walker) == (3, 1, 0)

    functions(page).get_by_role("link", name="Boka ny leverans").click()
    expect(page.get_by_role("checkbox", name="HV000003")).to_be_checked()
    expect(page.get_by_role("checkbox", name="HV000001")).not_to_be_checked()
    press(page, "Skapa utleverans")
    expect(page.get_by_role("row").filter(has_text=f"{order}-2")).to_contain_text("HV000003")
    expect(row).to_contain_text("Misslyckad")
    assert town.level(town.central, town.walker) == (2, 0, 0)
    assert differences() == []
