"""Following links from the start page, as a person would who opens everything: which pages and forms there are."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import transaction
from django.test import Client

from tests.hostile import Form, forms_of

LINK = re.compile(r'<a\s[^>]*href="([^"]*)"')
OUTSIDE = ("/admin/", "/static/")  # Django's own pages, and files
ALIKE = 2  # pages of one shape that are opened: an order's page with and without something to do


def shape(url: str) -> str:
    """The address without what differs from row to row: its numbers, and the values of its query."""
    parts = urlsplit(url)
    return re.sub(r"\d+", "0", parts.path) + "?".join(["", *sorted(re.findall(r"(\w+)=", parts.query))])


@dataclass
class Crawl:
    """`pages` by their address, as they came; `forms` one of each shape."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, ...], Form] = field(default_factory=dict)


def crawl(client: Client, *, start: Iterable[str] = ("/",)) -> Crawl:
    found, seen, queue = Crawl(), Counter[str](), deque(start)
    while queue:
        url = queue.popleft()
        if url in found.pages or seen[shape(url)] >= ALIKE:
            continue
        seen[shape(url)] += 1
        text = found.pages[url] = page(client, url)
        queue.extend(links_of(text, url))
        for form in forms_of(text, url):
            found.forms.setdefault(kind(form), form)
    return found


def kind(form: Form) -> tuple[str, ...]:
    """What tells forms apart: address, fields, and words that a button or a choice sends (`verify=recipient`)."""
    is_act = form.method == "POST"
    words = {name: value for name, value in form.fields.items() if is_act and re.fullmatch("[a-z_-]{3,}", value)}
    names = {re.sub(r"\d+", "0", f"{name}={words.get(name, '')}") for name in form.fields}
    return (form.method, shape(form.url).partition("?")[0], *sorted(names))


def page(client: Client, url: str) -> str:
    """The page, or the one that it leads to; nothing for a document. The database is afterwards as before."""
    with transaction.atomic():
        response = client.get(url, follow=True)
        transaction.set_rollback(True)
    assert response.status_code < 500, f"{response.status_code} from {url}"
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_page else ""


def links_of(html: str, url: str) -> Iterator[str]:
    for target in LINK.findall(html):
        link = urldefrag(urljoin(url, target.replace("&amp;", "&"))).url
        if link.startswith("/") and not link.startswith(OUTSIDE):
            yield link
