"""Every URL of the project, as every role, as nobody and from another municipality: what `access_table.txt` says."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse

from .access_world import POSTED, VISITORS, AccessWorld
from .knocking import answer, urls

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("access_table.txt")
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Row:
    name: str
    things: str
    method: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        anonymous, *others = self.cells
        parts = [others[:8], others[8:16], others[16:]] if len(set(others)) > 1 else [others[:1]]
        columns = [" ".join(f"{cell:<3}" for cell in part) for part in parts]
        return " | ".join([f"{self.name:<26} {self.things:<30} {self.method:<4}", f"{anonymous:<5}", *columns]).rstrip()

    @property
    def arguments(self) -> list[list[str]]:
        return [pair.split("=") for pair in self.things.split(",")] if self.things != "-" else []


def table() -> list[Row]:
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, things, method, *cells = line.replace("|", " ").split()
            if len(cells) == 2:
                cells += cells[1:] * (len(VISITORS) - 2)
            rows.append(Row(name, things, method, tuple(cells)))
    return rows


ROWS = table()
URLS = dict(urls(get_resolver().url_patterns))


def answers(access: AccessWorld, name: str, things: str, method: str) -> Row:
    """The row as the program makes it: a cell of two words where page and part are not answered alike."""
    cells = []
    row = Row(name, things, method, ())
    for visitor in VISITORS:
        found = {key: access.find(thing, visitor) for key, thing in row.arguments}
        url = reverse(name, kwargs=found)
        data = POSTED.get(name, {})
        both = [answer(access.client(visitor), method, url, data, htmx=htmx) for htmx in (False, True)]
        cells.append("/".join(dict.fromkeys(both)))
    return Row(name, things, method, tuple(cells))


def test_every_url_has_its_rows(access: AccessWorld) -> None:
    """A new URL: look at each cell of what is printed, and add the rows when they say what each role should get."""
    known = {(row.name, row.method) for row in ROWS}
    wanted = [(name, method) for name in URLS if not name.startswith("admin:") for method in METHODS]
    missing = [proposal(access, *pair) for pair in wanted if pair not in known]
    assert not missing, "\n".join([f"Add to {TABLE.name}, if it is right what the program answers now:", *missing])
    assert known <= set(wanted), f"Rows without a URL: {sorted(known - set(wanted))}"


def proposal(access: AccessWorld, name: str, method: str) -> str:
    """The row to add. For a URL with parameters somebody has to say which things it shall name."""
    if URLS[name]:
        things = ",".join(f"{parameter}=…" for parameter in URLS[name])
        return f"{name} {things} {method} …  (write `-` in every cell, run again; the things are in access_world.py)"
    return str(answers(access, name, "-", method))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.things}-{row.method}")
def test_url(access: AccessWorld, row: Row) -> None:
    assert len(row.cells) == len(VISITORS), f"{len(VISITORS)} cells: {' '.join(VISITORS)}"
    found = answers(access, row.name, row.things, row.method)
    wrong = [
        f"{who}: {is_}, not {said}"
        for who, is_, said in zip(VISITORS, found.cells, row.cells, strict=True)
        if is_ != said
    ]
    assert not wrong, f"{row.method} {row.name} ({row.things}): {'; '.join(wrong)}\n{found}"
