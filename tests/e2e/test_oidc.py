"""In by the identity provider and out again, in a browser that enforces our content security policy."""

import re
from collections.abc import Iterator

import pytest
import requests
from django.utils.csp import CSP
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from parties.models import Party, User
from tests.fixtures import Town
from tests.parties.test_oidc import ANNA, REHAB, claims, provider_process, trust


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A browser of its own: the provider's pages do not owe what ours do. Our policy must not be violated, though."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert refused == []


def test_log_in_by_the_provider_and_out_of_both(page: Page, town: Town, settings: Settings) -> None:
    User.objects.filter(pk=town.anna.pk).update(hsa_id=ANNA)
    Party.objects.filter(pk=town.rehab.pk).update(hsa_id=REHAB)
    with provider_process() as provider:
        trust(settings, provider)
        settings.SECURE_CSP = settings.SECURE_CSP | {"form-action": [CSP.SELF, provider]}
        requests.put(f"{provider}/users/anna", json=claims(), timeout=10).raise_for_status()
        page.goto("/kundorder/")
        page.get_by_role("link", name="Logga in med e-legitimation").click()
        page.locator("input[name=sub]").fill("anna")
        page.locator("input[name=sub]").press("Enter")
        expect(page).to_have_url(re.compile("/kundorder/$"))
        expect(page.get_by_role("banner")).to_contain_text("50101 Arvika kommun Rehabenhet")
        page.get_by_role("button", name="Logga ut").click()
        expect(page).to_have_url(re.compile(f"^{provider}/oauth2/end_session"))
        page.goto("/kundorder/")
        expect(page.get_by_role("heading", level=1, name="Logga in")).to_be_visible()
