"""Both sides of an order that changes: who cancels or changes it, who gets what was freed, who reads it on Start."""

from playwright.sync_api import Locator, Page, expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import enter_as, field, functions, open_from_overview, press


def cancel(page: Page, number: str, reason: str) -> None:
    open_from_overview(page, number)
    functions(page).get_by_role("link", name="Makulera").click()
    field(page, "Orsak").select_option(label=reason)
    press(page, "Makulera")
    expect(page.get_by_text("Makulerad", exact=True).first).to_be_visible()


def news(page: Page, number: str) -> Locator:
    """The row on the start page."""
    page.goto("/")
    return page.get_by_role("region", name="Nytt om dina ordrar").get_by_role("row").filter(has_text=number)


def test_a_freed_piece_goes_to_the_next_who_reads_it_on_start(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 2)
    first = str(town.register("lagerflytt", {raiser: 2}))
    waiting = town.register("bestallning", {raiser: 2})
    orderer = new_page()
    enter_as(orderer, "lini01")
    open_from_overview(orderer, str(waiting))
    expect(orderer.get_by_text("Först i kön")).to_be_visible()

    store = new_page()
    enter_as(store, "pene01")
    cancel(store, first, "Behovet finns inte längre")
    assert town.level(town.central, raiser) == (2, 2, 0)

    row = news(orderer, str(waiting))
    expect(row).to_contain_text("Restordern fick varor reserverade.")
    expect(row).to_contain_text("2 st 14540")
    row.get_by_role("button", name="Läst").click()
    expect(row).to_have_count(0)
    orderer.reload()
    expect(orderer.get_by_role("region", name="Nytt om dina ordrar")).to_have_count(0)
    open_from_overview(orderer, str(waiting))
    expect(orderer.get_by_text("Först i kön")).to_have_count(0)


def test_the_central_service_cancels_and_the_orderer_is_told(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 2)
    order = town.register("bestallning", {raiser: 2})
    orderer = new_page(java_script_enabled=False)
    enter_as(orderer, "lini01")
    orderer.goto(f"{order.get_absolute_url()}makulera/")  # a page that stays open meanwhile

    central = new_page()
    enter_as(central, "hmla01")
    cancel(central, str(order), "Går inte att leverera")

    field(orderer, "Orsak").select_option(label="Dubblett")
    press(orderer, "Makulera")
    expect(orderer.get_by_role("alert")).to_contain_text("Ordern är redan makulerad: Går inte att leverera.")
    row = news(orderer, str(order))
    expect(row).to_contain_text("Håkan Lantz, Hjälpmedelsservice, makulerade")
    expect(row).to_contain_text("Går inte att leverera")
    row.get_by_role("button", name="Läst").click()
    expect(orderer.get_by_role("region", name="Nytt om dina ordrar")).to_have_count(0)


def test_an_order_is_changed_until_somebody_picks_it(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.central, raiser, 9)
    town.stock(town.central, town.chair, 9)
    order = town.register("bestallning", {raiser: 2})
    orderer = new_page()
    enter_as(orderer, "lini01")
    open_from_overview(orderer, str(order))
    functions(orderer).get_by_role("link", name="Ändra order").click()
    field(orderer, "Antal 14540 Toaförhöjning StaplaLätt").fill("5")
    press(orderer, "Spara ändringen")
    expect(orderer.get_by_text("14540: 2 → 5 st")).to_be_visible()
    functions(orderer).get_by_role("link", name="Ändra order").click()
    orderer.get_by_role("link", name="Lägg till artikel").click()
    field(orderer, "Artikel").press_sequentially("duschpall")
    hit = orderer.get_by_role("region", name="Träffar").get_by_role("row").filter(has_text="14710")
    hit.get_by_role("button", name="Lägg till").click()
    expect(orderer.get_by_text("14710 Duschpall är tillagd.")).to_be_visible()
    assert town.line(order, raiser).reserved == 5

    central = new_page()
    enter_as(central, "hmla01")
    central.goto("/lager/att-plocka/")
    central.get_by_role("checkbox", name=str(order)).check()
    press(central, "Ta plock")
    expect(central.get_by_text("Du plockar").first).to_be_visible()

    orderer.get_by_label("Brådskande").check()  # on the page from before
    press(orderer, "Spara ändringen")
    expect(orderer.get_by_role("alert")).to_contain_text("Plocket har börjat.")
    field(orderer, "Antal 14540 Toaförhöjning StaplaLätt").fill("4")
    field(orderer, "Orsak").select_option(label="Behovet finns inte längre")
    press(orderer, "Spara ändringen")
    expect(orderer.get_by_text("1 st 14540 Toaförhöjning StaplaLätt: Behovet finns inte längre")).to_be_visible()
    expect(news(central, str(order))).to_contain_text("Lina Nilsson makulerade resten av en rad.")
    assert town.level(town.central, raiser) == (9, 4, 0)
