"""Asking a URL as somebody, and the answer in a word."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pypdf import PdfReader

from audit.models import AccessLogEntry
from parties.models import Patient

HTMX = {"HX-Request": "true"}


def urls(entries: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name and parameters of every URL; one without a name goes by its route."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from urls(entry.url_patterns, prefix + (f"{entry.namespace}:" if entry.namespace else ""))
        else:
            yield prefix + (entry.name or str(entry.pattern)), list(entry.pattern.regex.groupindex)


def answer(client: Client, method: str, url: str, data: dict[str, str] | None = None, *, htmx: bool = False) -> str:
    """What comes back, in a word; the database is afterwards as before. Whom it shows has to be in the access log."""
    send = client.post if method == "POST" else client.get
    with transaction.atomic():
        response = send(url, data if method == "POST" else {}, headers=HTMX if htmx else {})
        unlogged = patients_shown(response) - set(AccessLogEntry.objects.values_list("patient_id", flat=True))
        assert not unlogged, f"{method} {url} shows a patient and does not log it (see parties/looks.py)"
        transaction.set_rollback(True)
    return word(response)


def patients_shown(response: HttpResponseBase) -> set[int]:
    """Those whose name or number stands in the answer's text, however briefly."""
    text = text_of(response)
    patients = list(Patient.objects.all())
    brief = Counter(patient.short_label for patient in patients)
    return {
        patient.pk
        for patient in patients
        if re.search(rf"{re.escape(patient.name)}\b", text)
        or patient.identity_number in text
        or patient.formatted_number in text
        or (brief[patient.short_label] == 1 and patient.short_label in text)
    }


def text_of(response: HttpResponseBase) -> str:
    """The body in words, whatever its kind: page, PDF, table."""
    body = b"".join(response) if response.streaming else getattr(response, "content", b"")
    if response.headers.get("Content-Type") == "application/pdf":
        reader = PdfReader(BytesIO(body))
        return " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return body.decode(errors="replace")


def word(response: HttpResponseBase) -> str:
    target = str(response.headers.get("HX-Redirect", response.headers.get("Location", "")))
    if target.partition("?")[0] in (resolve_url(settings.LOGIN_URL), reverse("admin:login")) and "next=" in target:
        return "login"
    if response.status_code == 302 or "HX-Redirect" in response.headers:
        return "→"
    return "ok" if response.status_code == 200 else str(response.status_code)
