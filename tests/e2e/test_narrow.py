from django.urls import reverse
from playwright.sync_api import Page, expect

from inventory.models import Article
from parties.models import User
from tests.factories import UserFactory
from tests.fixtures import Town

from .conftest import NewPage
from .steps import add, choose_in_menu, enter_as, field, functions, press, save, start_order, to_lines

WIDTH, HEIGHT = 390, 844


def fits(page: Page, *, has_functions: bool = True) -> None:
    """No scrolling sideways, and the function menu stands at the bottom of the window."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    if has_functions:
        box = functions(page).bounding_box()
        assert box, page.url
        assert abs(box["y"] + box["height"] - HEIGHT) < 2, page.url
        expect(functions(page).get_by_role("button").first).to_be_in_viewport()


def test_every_page_of_an_order_on_a_telephone(new_page: NewPage, town: Town, raiser: Article) -> None:
    town.stock(town.store, raiser, 7)
    town.devices(town.store, town.walker, 3)
    page = new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto("/")
    fits(page, has_functions=False)
    enter_as(page, "anbe01")
    fits(page, has_functions=False)
    choose_in_menu(page, "Beställning")
    fits(page, has_functions=False)
    start_order(page, "Beställning", "Direktbeställning")
    fits(page)
    page.get_by_role("button", name="Övriga parter").click()
    expect(field(page, "Avsändare / lager")).to_be_visible()
    fits(page)
    to_lines(page)
    fits(page)
    add(page, "14540", quantity=2)
    add(page, "15121", device="HV000001")
    fits(page)
    functions(page).get_by_role("button", name="Mer").click()
    functions(page).get_by_role("link", name="Granska och spara").click()
    fits(page)
    page.go_back()
    functions(page).get_by_role("button", name="Mer").click()
    save(page, "Spara")
    fits(page)
    press(page, "Skapa utleverans")
    expect(page.get_by_text("Levererad", exact=True).first).to_be_visible()
    fits(page)
    choose_in_menu(page, "Orderöversikt")
    fits(page, has_functions=False)


def test_the_history_of_a_person_on_a_telephone(new_page: NewPage, town: Town) -> None:
    adm = UserFactory.create(username="adm01", role="Systemförvaltare", customer=town.region, is_staff=True)
    User.objects.filter(pk=adm.pk).update(title="Systemförvaltare vid Hjälpmedelsservice i Region Värmland", name="Ada")
    page = new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto("/")
    enter_as(page, "adm01")
    page.goto(reverse("admin:parties_user_history", args=[adm.pk]))
    expect(page.get_by_role("cell", name="Efter: Ada", exact=True)).to_be_visible()
    fits(page, has_functions=False)
