"""Promises of the look that nobody sees broken on the screen: weight, no inline code, settings of htmx."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator

from sesam.templatetags.sesam import page_numbers

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|hx-boost|https?://", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_code_and_no_foreign_address(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


def test_stylesheets_and_scripts_are_under_40_kb() -> None:
    static = settings.BASE_DIR / "static"
    assert sum(path.stat().st_size for path in [*static.rglob("*.css"), *static.rglob("*.js")]) < 40_000


def test_every_stylesheet_is_part_of_the_one() -> None:
    folder = settings.BASE_DIR / "static" / "css"
    parts = re.findall(r'@import url\("(.+?)"\)', (folder / "sesam.css").read_text(encoding="utf-8"))
    assert sorted(parts) == sorted(
        path.name for path in folder.glob("*.css") if path.name not in {"sesam.css", "admin.css"}
    )


def test_htmx_shows_what_the_server_says_about_bad_input_and_runs_no_code() -> None:
    page = (settings.BASE_DIR / "templates" / "base.html").read_text(encoding="utf-8")
    found = re.search(r"""name="htmx-config" content='(.+?)'""", page)
    assert found
    config = json.loads(found[1])

    def handling(status: str) -> dict[str, object]:
        return next(rule for rule in config["responseHandling"] if re.fullmatch(rule["code"], status))

    assert [handling(status)["swap"] for status in ("200", "409", "422")] == [True, True, True]
    assert [handling(status)["swap"] for status in ("204", "404", "500")] == [False, False, False]
    off = ("allowEval", "historyRestoreAsHxRequest", "includeIndicatorStyles")
    assert [config[name] for name in off] == [False, False, False]


def test_page_numbers_keep_the_ends_and_the_neighbors() -> None:
    assert list(page_numbers(Paginator(range(400), 20).page(6))) == [1, "…", 5, 6, 7, "…", 20]
