"""Choosing the unit, being warned before the log-in ends, and coming back after it."""

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from parties.models import UserCustomer
from tests.e2e.steps import enter_as, press, start_order
from tests.fixtures import Town


def test_choose_a_unit_and_change_it_in_the_head(page: Page, town: Town) -> None:
    UserCustomer.objects.create(user=town.anna, customer=town.other_store.owner)
    page.goto("/kundorder/")
    page.get_by_label("Användarnamn").fill(town.anna.username)
    page.get_by_label("Lösenord").fill("sesam-demo")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1, name="Välj enhet")).to_be_visible()
    page.get_by_role("radio", name="Filipstad kommun Rehabenhet").check()
    page.get_by_role("button", name="Fortsätt").click()
    expect(page).to_have_url(re.compile("/kundorder/$"))
    head = page.get_by_role("banner")
    head.get_by_role("link", name="50301 Filipstad kommun Rehabenhet").click()
    page.get_by_role("radio", name="Arvika kommun Rehabenhet").check()
    page.get_by_role("button", name="Fortsätt").click()
    expect(head).to_contain_text("50101 Arvika kommun Rehabenhet")


def test_is_warned_goes_on_and_comes_back_to_the_draft(page: Page, town: Town, settings: Settings) -> None:
    settings.SESSION_WARNING_SECONDS = settings.SESSION_IDLE_SECONDS - 2  # almost at once
    enter_as(page, "anbe01")
    start_order(page, "Beställning", "Beställning")
    draft = page.url
    warning = page.get_by_role("alert").filter(has_text="Du loggas ut kl.")
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Fortsätt").click()
    expect(warning).to_be_hidden()
    Session.objects.all().delete()
    page.get_by_role("alert").filter(has_text="Du har loggats ut.").get_by_role("link", name="Logga in igen").click()
    page.get_by_label("Användarnamn").fill("anbe01")
    page.get_by_label("Lösenord").fill("sesam-demo")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(draft)
    expect(page.get_by_role("heading", level=1, name="Beställning")).to_be_visible()


def test_a_button_pressed_too_late_leads_back_to_the_same_page(page: Page, town: Town) -> None:
    enter_as(page, "anbe01")
    start_order(page, "Beställning", "Beställning")
    draft = page.url
    Session.objects.all().delete()
    press(page, "Registrera orderrader")
    page.get_by_label("Användarnamn").fill("anbe01")
    page.get_by_label("Lösenord").fill("sesam-demo")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(draft)
