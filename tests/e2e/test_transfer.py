from playwright.sync_api import expect

from inventory.models import Article
from tests.fixtures import Town

from .conftest import NewPage
from .steps import (
    add,
    change,
    field,
    functions,
    log_in,
    open_from_overview,
    open_other_parties,
    press,
    save,
    start_order,
    to_lines,
)


def test_lagerflytt(new_page: NewPage, town: Town, raiser: Article) -> None:
    """The store orders, HMS delivers, the store confirms; only then has its balance grown."""
    town.stock(town.central, raiser, 20)
    town.stock(town.store, raiser, 7)
    store = new_page()
    log_in(store, "pene01")
    start_order(store, "Lagerflyttsorder", "Lagerflytt")
    expect(field(store, "Beställare")).to_have_value("pene01")
    expect(field(store, "Kund")).to_have_value("50101")
    expect(field(store, "Mottagare")).to_have_value("50101")
    open_other_parties(store)
    expect(field(store, "Handläggare")).to_have_value("")
    expect(field(store, "Betalare")).to_have_value("50101")
    expect(field(store, "Avsändare / lager")).to_have_value("10")
    to_lines(store)
    add(store, "14540", text="toa förhöj", quantity=2)
    change(store, "14540", quantity=3)
    number = save(store)
    assert number.startswith("L-")
    assert town.level(town.central, raiser) == (20, 3, 0)

    central = new_page()
    log_in(central, "hmla01")
    open_from_overview(central, number)
    press(central, "Skapa utleverans")
    expect(central.get_by_text("På väg").first).to_be_visible()
    assert town.level(town.central, raiser) == (17, 0, 0)
    assert town.level(town.store, raiser) == (7, 0, 3)

    open_from_overview(store, number)
    functions(store).get_by_role("link", name="Kvittera mottagning").click()
    store.get_by_role("button", name="Allt stämmer").click()
    expect(functions(store).get_by_text("Klar.")).to_be_visible()
    assert town.level(town.store, raiser) == (10, 0, 0)
