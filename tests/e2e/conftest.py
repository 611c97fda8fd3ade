"""A real browser: the system's Chromium, driven by Playwright, against the live server of the test."""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from inventory.models import Article
    from tests.fixtures import Town

PICTURES = Path(__file__).resolve().parent.parent.parent / "test-results"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
MILLISECONDS = 10_000
FAILED = pytest.StashKey[bool]()
RESTORED_ROWS = "_test_serialized_contents"

type NewPage = Callable[..., Page]

# What every page owes its reader, looked at when it has loaded and after each part that htmx has put in.
OWED = """
(() => {
  if (window !== window.top) return;
  const say = (text) => console.error(`${location.pathname}: ${text}`);
  const named = (el) => [...(el.labels ?? [])].some((label) => label.textContent.trim())
    || el.getAttribute("aria-label") || el.getAttribute("aria-labelledby") || el.textContent.trim();
  const look = () => {
    if (document.documentElement.lang !== "sv") say("lang is not sv");
    if (document.querySelectorAll("h1").length !== 1) say("not one h1");
    for (const el of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]"))
      if (!(el.matches("select") ? el.labels.length || el.ariaLabel : named(el))) say(`no name: ${el.outerHTML}`);
    const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    if (twice.length) say(`two elements have the id ${twice}`);
    if (document.documentElement.scrollWidth > innerWidth) say("scrolls sideways");
  };
  addEventListener("load", look);
  addEventListener("htmx:afterSettle", () => setTimeout(look));
})();
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for all tests of this process. Without one: skipped, or failed if SESAM_REQUIRE_BROWSER=1."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium)"
        if os.environ.get("SESAM_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread, and Django then takes every query here for one from async code,
    # over a connection of its own: one that does not know which rows to bring back after a test (see tests/conftest).
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    rows = getattr(connection, RESTORED_ROWS)
    with sync_playwright() as playwright:
        setattr(connection, RESTORED_ROWS, rows)
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Make pages for several people in one test: `new_page()`, `new_page(java_script_enabled=False)`.

    Fails the test on a script error, a violation of the content security policy, a file that is missing, or a page
    that lacks what `OWED` asks for. A test that has failed leaves pictures in `test-results/`.
    """
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        is_answer = re.search(r"status of 4\d\d", message.text) and "/static/" not in message.location["url"]
        if "Content Security Policy" in message.text or (message.type == "error" and not is_answer):
            broken.append(message.text)

    def make(**options: object) -> Page:
        settings = {
            "base_url": live_server.url,
            "locale": "sv-SE",
            "viewport": {"width": 1320, "height": 900},
        } | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(MILLISECONDS)
        context.add_init_script(OWED)
        contexts.append(context)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: broken.append(str(error)))
        return page

    yield make
    for number, context in enumerate(contexts, start=1):
        for page in context.pages if request.node.stash[FAILED] else ():
            name = re.sub(r"[^\w-]+", "-", request.node.name)
            page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
        context.close()
    assert broken == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a fresh browser profile, 1320 pixels wide."""
    return new_page()


@pytest.fixture
def raiser(town: "Town") -> "Article":
    """14540, the article of the instruction; no store has it yet."""
    from tests.factories import ArticleFactory

    return ArticleFactory.create(
        number="14540", name="Toaförhöjning StaplaLätt", iso_code="091218", synonyms="toalettförhöjning, toasits"
    )
