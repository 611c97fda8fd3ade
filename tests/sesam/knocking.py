"""Asking a URL as somebody, and the answer in a word."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

HTMX = {"HX-Request": "true"}


def urls(entries: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name and parameters of every URL; one without a name goes by its route."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from urls(entry.url_patterns, prefix + (f"{entry.namespace}:" if entry.namespace else ""))
        else:
            yield prefix + (entry.name or str(entry.pattern)), list(entry.pattern.regex.groupindex)


def answer(client: Client, method: str, url: str, data: dict[str, str] | None = None, *, htmx: bool = False) -> str:
    """What comes back, in a word; the database is afterwards as before."""
    send = client.post if method == "POST" else client.get
    with transaction.atomic():
        response = send(url, data if method == "POST" else {}, headers=HTMX if htmx else {})
        transaction.set_rollback(True)
    return word(response)


def word(response: HttpResponseBase) -> str:
    target = str(response.headers.get("HX-Redirect", response.headers.get("Location", "")))
    if target.partition("?")[0] in (resolve_url(settings.LOGIN_URL), reverse("admin:login")) and "next=" in target:
        return "login"
    if response.status_code == 302 or "HX-Redirect" in response.headers:
        return "→"
    return "ok" if response.status_code == 200 else str(response.status_code)
