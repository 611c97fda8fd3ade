"""What nobody should have to type, and the forms of a page to type it into."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urljoin

MARKUP = "\"'><script>alert(1)</script>"
WORST = (MARKUP, "1" + "0" * 30)
VALUES = (
    *WORST,
    "a\0b",
    "Å" * 10_000,
    "🦽👩🏽\N{ZERO WIDTH JOINER}⚕️",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "%_\\' OR 1=1 --",
    "1000000000",
    "-1",
    "1.5",
    "１２",  # full-width digits: a number to Python, not to a pattern
    "",
)

type Request = tuple[str, str, dict[str, str]]


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it: where, how, and its fields with the values they have."""

    method: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)

    def requests(self) -> Iterator[Request]:
        """As it stands with one field spoiled at a time (the first of rows that are alike), then with all."""
        kinds = {re.sub(r"\d+", "0", name): name for name in reversed(self.fields)}
        for value in WORST if len(self.fields) > 1 else ():
            for name in kinds.values():
                yield self.method, self.url, self.fields | {name: value}
        for value in VALUES if self.fields else ():
            yield self.method, self.url, dict.fromkeys(self.fields, value)
        yield self.method, self.url, {}


class _Reader(HTMLParser):
    """Collects forms, their fields (the ones elsewhere that name the form too) and the addresses of their buttons."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.open: list[str] = []
        self.forms: dict[str, Form] = {}
        self.owned: list[tuple[str, str, str]] = []
        self.buttons: list[tuple[str, str, str, str]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            key = given.get("id") or f"form-{len(self.forms)}"
            self.forms[key] = Form(given.get("method", "get").upper(), urljoin(self.base, given.get("action", "")))
            self.open.append(key)
            return
        owner = given.get("form") or (self.open[-1] if self.open else "")
        name = given.get("name", "")
        is_off = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if tag in ("input", "textarea", "select") and name:
            known = any(key == owner and seen == name for key, seen, _ in self.owned)
            if not (is_off and known):
                self.owned.append((owner, name, "" if is_off else given.get("value", "")))
            self.select = name if tag == "select" else ""
        elif tag == "option" and self.select and "selected" in given:
            self.owned.append((owner, self.select, given.get("value", "")))
        elif tag == "button" and (name or given.get("formaction")):
            url = urljoin(self.base, given["formaction"]) if given.get("formaction") else ""
            self.buttons.append((owner, name, given.get("value", ""), url))
        for attribute, method in (("hx-get", "GET"), ("hx-post", "POST")):
            if attribute in given:
                key = f"{attribute}-{len(self.forms)}"
                self.forms[key] = Form(method, urljoin(self.base, given[attribute]))
                fields = [(key, seen, value) for seen_owner, seen, value in self.owned if seen_owner == owner]
                self.owned += [*fields, (key, name, given.get("value", ""))] if name else fields

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.open:
            self.open.pop()
        elif tag == "select":
            self.select = ""


def forms_of(html: str, url: str) -> list[Form]:
    """Every form of the page, and each once more for every button that sends something of its own."""
    reader = _Reader(url)
    reader.feed(html)
    filled: dict[str, Form] = {}
    more: list[Form] = []
    for key, form in reader.forms.items():
        own = {name: value for owner, name, value in reader.owned if owner == key}
        filled[key] = replace(form, fields={name: own[name] for name in own if name != "csrfmiddlewaretoken"})
    for owner, name, value, target in reader.buttons:
        if owner in filled:
            base = filled[owner]
            more.append(replace(base, url=target or base.url, fields=base.fields | ({name: value} if name else {})))
    return [*filled.values(), *more]
