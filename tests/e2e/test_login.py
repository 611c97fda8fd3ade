import re

from playwright.sync_api import Page, expect

from tests.fixtures import Town


def test_log_in_and_come_back_to_the_page(page: Page, town: Town) -> None:
    page.goto("/kundorder/")
    page.get_by_label("Användarnamn").fill(town.anna.username)
    page.get_by_label("Lösenord").fill("sesam-demo")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(re.compile("/kundorder/$"))
