import re

import pytest
from playwright.sync_api import Page, expect

from parties.models import User


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anbe01", password="sesam-demo", name="Anna Bergqvist")


def test_log_in_and_come_back_to_the_page(page: Page, anna: User) -> None:
    page.goto("/kundorder/")
    page.get_by_label("Användarnamn").fill("anbe01")
    page.get_by_label("Lösenord").fill("sesam-demo")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(re.compile("/kundorder/$"))
