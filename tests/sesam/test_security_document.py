"""docs/security.md answers every item of OWASP ASVS 5.0 at levels 1 and 2, and names only what there is."""

import re
from pathlib import Path

from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

# Of each section, how many items there are, and which of them are of level 3 only.
SECTIONS = {
    "1.1": (2, ()), "1.2": (10, (10,)), "1.3": (12, (12,)), "1.4": (3, ()), "1.5": (3, (3,)),
    "2.1": (3, ()), "2.2": (3, ()), "2.3": (5, (5,)), "2.4": (2, (2,)),
    "3.1": (1, (1,)), "3.2": (3, (3,)), "3.3": (5, (5,)), "3.4": (8, (7, 8)), "3.5": (8, (6, 7, 8)), "3.6": (1, (1,)),
    "3.7": (5, (3, 4, 5)),
    "4.1": (5, (4, 5)), "4.2": (5, (2, 3, 4, 5)), "4.3": (2, ()), "4.4": (4, ()),
    "5.1": (1, ()), "5.2": (6, (4, 5, 6)), "5.3": (3, (3,)), "5.4": (3, ()),
    "6.1": (3, ()), "6.2": (12, ()), "6.3": (8, (5, 6, 7, 8)), "6.4": (6, (5, 6)), "6.5": (8, (6, 7, 8)),
    "6.6": (4, (4,)), "6.7": (2, (1, 2)), "6.8": (4, ()),
    "7.1": (3, ()), "7.2": (4, ()), "7.3": (2, ()), "7.4": (5, ()), "7.5": (3, (3,)), "7.6": (2, ()),
    "8.1": (4, (3, 4)), "8.2": (4, (4,)), "8.3": (3, (2, 3)), "8.4": (2, (2,)),
    "9.1": (3, ()), "9.2": (4, ()),
    "10.1": (2, ()), "10.2": (3, (3,)), "10.3": (5, (5,)), "10.4": (16, (12, 13, 14, 15, 16)), "10.5": (5, ()),
    "10.6": (2, ()), "10.7": (3, ()),
    "11.1": (4, (3, 4)), "11.2": (5, (4, 5)), "11.3": (5, (4, 5)), "11.4": (4, ()), "11.5": (2, (2,)),
    "11.6": (2, (2,)), "11.7": (2, (1, 2)),
    "12.1": (5, (4, 5)), "12.2": (2, ()), "12.3": (5, (5,)),
    "13.1": (4, (2, 3, 4)), "13.2": (6, (6,)), "13.3": (4, (3, 4)), "13.4": (7, (6, 7)),
    "14.1": (2, ()), "14.2": (8, (5, 6, 7, 8)), "14.3": (3, ()),
    "15.1": (5, (4, 5)), "15.2": (5, (4, 5)), "15.3": (7, ()), "15.4": (4, (1, 2, 3, 4)),
    "16.1": (1, ()), "16.2": (5, ()), "16.3": (4, ()), "16.4": (3, ()), "16.5": (4, (4,)),
    "17.1": (2, (2,)), "17.2": (8, (5, 6, 7, 8)), "17.3": (2, ()),
}  # fmt: skip


def items() -> list[str]:
    return [
        f"{section}.{number}"
        for section, (count, highest) in SECTIONS.items()
        for number in range(1, count + 1)
        if number not in highest
    ]


def test_every_item_is_answered_once() -> None:
    rows = re.findall(r"^\| ([0-9., ]+) \|", TEXT, flags=re.MULTILINE)
    answered = [number for row in rows for number in row.split(", ")]
    assert sorted(answered) == sorted(items())
    assert len(answered) == 70 + 183, "as many as the standard counts at levels 1 and 2"


def test_names_only_files_that_are_there() -> None:
    named = set(re.findall(r"`((?:tests|orders|parties|inventory|audit|sesam|docs)/[\w./]*)`", TEXT))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_no_copy_of_a_page_is_left_in_the_browser(client: Client, db: None) -> None:
    """Without this htmx would keep what a page showed in the browser's storage, past the log-out."""
    assert '"historyCacheSize": 0' in client.get(reverse("login")).text
