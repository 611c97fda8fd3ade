"""Noting looks on a request, and the middleware that writes them before the answer leaves."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit import accessing
from audit.accessing import log_access, note_access, write_noted
from audit.models import AccessLogEntry, Act
from parties.models import Patient, Protection, User
from sesam.middleware import AccessLogMiddleware
from tests.factories import PatientFactory
from tests.fixtures import Town


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/patienter/")
    request.user = user
    request.session = SessionStore()
    assert user.unit  # what a view has asked for already
    return request


def answering(view: Callable[[HttpRequest], Any]) -> AccessLogMiddleware:
    def get_response(request: HttpRequest) -> HttpResponse:
        view(request)
        return HttpResponse("Astrid Fröding")

    return AccessLogMiddleware(get_response)


def test_a_page_of_many_patients_costs_one_statement(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    patients = [town.patient, *PatientFactory.create_batch(49, municipality=town.arvika)]
    middleware = answering(lambda request: note_access(request, patients, Act.SEARCH_HIT))
    request = request_of(town.anna)
    with django_assert_num_queries(1):
        middleware(request)
    assert AccessLogEntry.objects.count() == 50
    entry = AccessLogEntry.objects.get(patient=town.patient)
    assert (entry.user, entry.unit, entry.act) == (town.anna, town.rehab, Act.SEARCH_HIT)


def test_a_page_without_patients_costs_nothing(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    middleware = answering(lambda request: note_access(request, [None, None], Act.LIST))
    request = request_of(town.anna)
    with django_assert_num_queries(0):
        middleware(request)
    assert not AccessLogEntry.objects.exists()


def test_the_same_look_is_written_once(town: Town) -> None:
    def view(request: HttpRequest) -> None:
        for about in ("F-26-000001", "F-26-000001", "F-26-000002"):
            note_access(request, town.patient, Act.LIST, about=about)

    answering(view)(request_of(town.anna))
    assert sorted(entry.about for entry in AccessLogEntry.objects.all()) == ["F-26-000001", "F-26-000002"]


def test_keeps_reason_emergency_and_protection_as_they_were(town: Town) -> None:
    Patient.objects.filter(pk=town.patient.pk).update(protection=Protection.CONFIDENTIAL)
    town.patient.refresh_from_db()
    request = request_of(town.anna)
    note_access(request, town.patient, Act.EMERGENCY, reason="Akut utskrivning", is_emergency=True)
    write_noted(request, at=town.now())
    Patient.objects.update(protection=Protection.NONE)
    entry = AccessLogEntry.objects.get()
    assert (entry.reason, entry.is_emergency, entry.is_protected) == ("Akut utskrivning", True, True)


def test_an_answer_that_cannot_be_logged_does_not_leave(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("no room")

    monkeypatch.setattr(accessing, "_write", refuse)
    middleware = answering(lambda request: note_access(request, town.patient, Act.ORDER))
    with caplog.at_level(logging.CRITICAL):
        response = middleware(request_of(town.anna))
    assert response.status_code == 503
    assert "Astrid" not in response.text
    assert "Åtkomst till patientuppgifter måste loggas" in response.text


def test_nobody_is_shown_a_patient(town: Town) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    note_access(request, town.patient, Act.ORDER)
    with pytest.raises(TypeError):
        write_noted(request, at=timezone.now())


def test_what_is_logged_in_a_transaction_goes_with_it(town: Town) -> None:
    with transaction.atomic():
        log_access(town.patient, Act.EXPORT, by=town.anna, unit=None, at=town.now())
        assert AccessLogEntry.objects.exists()
        transaction.set_rollback(True)
    assert not AccessLogEntry.objects.exists()


def test_logging_nobody_asks_nothing(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        log_access(None, Act.EXPORT, by=town.anna, unit=None, at=town.now())
