"""The administration by URL: whoever is no systemförvaltare is sent to log in; for them, `access_table_admin.txt`."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import get_resolver, reverse

from .access_world import AccessWorld
from .knocking import answer, urls

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("access_table_admin.txt")
PAGES = ("changelist", "add", "change", "history", "delete")
OPEN = ("admin:login", "admin:logout", "admin:password_change")  # lead out of it: rows of `access_table.txt`
OTHERS = {"admin:app_list": {"app_label": "parties"}, "admin:view_on_site": {"content_type_id": "1", "object_id": "1"}}
STRANGERS = ("anonym", "bes", "för", "log", "hml2", "utan")


def table() -> dict[str, list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {words[0]: words[1:] for line in lines if line and not line.startswith("#") and (words := line.split())}


TOLD = table()
MODELS = {f"{model._meta.app_label}.{model._meta.model_name}": model for model in admin.site._registry}


def pages(model: type[Model]) -> dict[str, str]:
    """Addresses of the model's pages; those of one row with the newest row, if the world has one."""
    row = model._default_manager.order_by("pk").last()
    named = {page: f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}" for page in PAGES}
    found = {page: reverse(named[page]) for page in PAGES[:2]}
    return found | ({page: reverse(named[page], args=[row.pk]) for page in PAGES[2:]} if row else {})


def both(access: AccessWorld, visitor: str, url: str) -> str:
    """What GET and POST get."""
    return "/".join(answer(access.client(visitor), method, url) for method in ("GET", "POST"))


def test_every_model_has_its_row(access: AccessWorld) -> None:
    """A new model: look at each cell of what is printed, and add the row when it says what an administrator may."""
    missing = []
    for name in set(MODELS) - set(TOLD):
        found = {page: both(access, "sys", url) for page, url in pages(MODELS[name]).items()}
        missing.append(" ".join([f"{name:<26}", *(f"{found.get(page, '?'):<9}" for page in PAGES)]))
    assert not missing, "\n".join([f"Add to {TABLE.name}, if it is right what the program answers now:", *missing])
    assert set(MODELS) == set(TOLD)


@pytest.mark.parametrize("name", MODELS)
def test_an_administrator_gets_what_the_table_says(access: AccessWorld, name: str) -> None:
    told = dict(zip(PAGES, TOLD[name], strict=True))
    for page, url in pages(MODELS[name]).items():
        assert both(access, "sys", url) == told[page], f"{page} of {name}"


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_closed_to_others(access: AccessWorld, name: str) -> None:
    for url in pages(MODELS[name]).values():
        assert {both(access, visitor, url) for visitor in STRANGERS} == {"login/login"}, url


def test_the_rest_is_closed_to_others(access: AccessWorld) -> None:
    """Every other URL below the administration, those without a name included."""
    closed = [(name, keys) for name, keys in urls(get_resolver().url_patterns) if name.startswith("admin:")]
    models = {f"{name.replace('.', '_')}_{page}" for name in MODELS for page in PAGES}
    for name, keys in closed:
        if name in OPEN or name.removeprefix("admin:") in models or "<" in name:
            continue
        url = reverse(name, kwargs=OTHERS.get(name, dict.fromkeys(keys, "1")))
        assert {both(access, visitor, url) for visitor in STRANGERS} == {"login/login"}, url
    for url in ("/admin/nowhere/", "/admin/parties/user/1/"):
        assert {both(access, visitor, url) for visitor in STRANGERS} == {"login/login"}, url


@pytest.mark.parametrize("visitor", ["anonym", "för", "log"])
def test_a_part_is_closed_too(access: AccessWorld, visitor: str) -> None:
    url = reverse("admin:parties_patient_changelist")
    assert answer(access.client(visitor), "GET", url, htmx=True) == "login"
