from playwright.sync_api import expect

from tests.fixtures import Town

from .conftest import NewPage
from .steps import add, enter_as, field, save, start_order, to_lines


def test_direktforskrivning_of_a_numbered_device(new_page: NewPage, town: Town) -> None:
    """The device that was chosen is with the patient afterwards."""
    first, second, *_ = town.devices(town.store, town.walker, 3)
    page = new_page()
    enter_as(page, "anbe01")
    start_order(page, "Förskrivning", "Direktförskrivning")
    field(page, "Mottagare").fill("19311104-9809")
    to_lines(page)
    add(page, "15121", device=second.number)
    save(page, "Spara och lämna ut")
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    expect(page.get_by_text(second.number).first).to_be_visible()
    second.refresh_from_db()
    assert second.location.patient == town.patient
    first.refresh_from_db()
    assert first.location.warehouse == town.store
    assert town.level(town.store, town.walker) == (2, 0, 0)
