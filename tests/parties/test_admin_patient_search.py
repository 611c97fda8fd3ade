"""The administration's search of patients: posted, kept in the session, counted, and never in an address."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from audit.models import AccessLogEntry, Act
from parties.kept_searches import PARAMETER
from parties.models import Patient, Protection, SearchCount, User
from parties.units import KEPT_SEARCHES
from tests import factories
from tests.fixtures import Town

LIST = reverse("admin:parties_patient_changelist")
NAME, NUMBER = "Fröding", "19311104-9809"


@pytest.fixture
def administrator(client: Client, town: Town) -> User:
    user = factories.UserFactory.create(role="Systemförvaltare", customer=town.region, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def other(town: Town) -> Patient:
    return factories.PatientFactory.create(name="Bo Lund", municipality=town.patient.municipality)


def shown(client: Client, address: str) -> list[Patient]:
    return list(client.get(address).context["cl"].result_list)


@pytest.mark.usefixtures("administrator")
class TestSearch:
    @pytest.mark.parametrize("typed", [NAME, NUMBER, "193111049809", f"  {NAME} "])
    def test_the_address_does_not_say_what_was_typed(
        self, client: Client, town: Town, other: Patient, typed: str
    ) -> None:
        response = client.post(LIST, {"q": typed})
        address = urlsplit(response["Location"])
        assert (response.status_code, address.path) == (302, LIST)
        (key,) = parse_qs(address.query).pop(PARAMETER)
        assert client.session[KEPT_SEARCHES] == {key: typed.strip()}
        assert shown(client, response["Location"]) == [town.patient]

    def test_the_page_posts_its_search_and_keeps_its_text(self, client: Client, town: Town) -> None:
        page = client.post(LIST, {"q": NAME}, follow=True)
        assertContains(page, '<form id="changelist-search" method="post" action="?"')
        assertContains(page, "csrfmiddlewaretoken")
        assertContains(page, f'value="{NAME}"')
        for link in (line for line in page.text.split('"') if line.startswith("?")):
            assert NAME not in link

    def test_a_forged_post_is_refused(self, administrator: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator)
        assert client.post(LIST, {"q": NAME}).status_code == 403
        assert KEPT_SEARCHES not in client.session

    def test_filters_and_order_stay_and_the_page_starts_again(self, client: Client, town: Town, other: Patient) -> None:
        Patient.objects.filter(pk=other.pk).update(name="Per Fröding", deceased_on="2026-01-01")
        both = client.post(f"{LIST}?o=-1&p=2&identity_kind__exact=PNR", {"q": NAME})["Location"]
        query = parse_qs(urlsplit(both).query)
        assert query.pop(PARAMETER)
        assert query == {"o": ["-1"], "identity_kind__exact": ["PNR"]}
        assert shown(client, both) == [Patient.objects.get(pk=other.pk), town.patient]
        page = client.get(both)
        assertContains(page, 'method="post" action="?o=-1&amp;identity_kind__exact=PNR"')
        assertContains(page, f"{PARAMETER}=", msg_prefix="the filters' links keep the search")

    def test_an_empty_search_shows_all(self, client: Client, town: Town, other: Patient) -> None:
        searched = client.post(LIST, {"q": NAME})["Location"]
        assertRedirects(client.post(searched, {"q": " "}), LIST)
        assert set(shown(client, LIST)) == {town.patient, other}

    @pytest.mark.parametrize("query", [f"q={NAME}", f"q={NAME}&s=x", "q="])
    def test_a_text_in_the_address_is_not_searched_and_leaves_it(
        self, client: Client, town: Town, other: Patient, query: str
    ) -> None:
        assertRedirects(client.get(f"{LIST}?{query}&o=1"), f"{LIST}?o=1")
        assert not SearchCount.objects.exists()
        assert set(shown(client, f"{LIST}?o=1")) == {town.patient, other}

    def test_a_search_that_is_gone_is_said(self, client: Client, town: Town, other: Patient) -> None:
        assertContains(client.get(LIST, {PARAMETER: "someones"}), "Sökningen finns inte kvar. Sök igen.")
        assert not SearchCount.objects.exists()

    @pytest.mark.parametrize("lookup", ["name", "name__startswith", "identity_number__contains", "former_numbers__len"])
    def test_the_address_does_not_filter_by_a_name_or_number(self, client: Client, town: Town, lookup: str) -> None:
        Patient.objects.filter(pk=town.patient.pk).update(protection=Protection.CONFIDENTIAL)
        response = client.get(LIST, {lookup: "1"})
        assert response.status_code == 400
        assertNotContains(response, "Skyddade uppgifter", status_code=400)

    @pytest.mark.parametrize("order", ["", "0", "-0", "1", "-1"])
    def test_the_order_does_not_tell_what_is_hidden(
        self, client: Client, town: Town, other: Patient, order: str
    ) -> None:
        """Whatever the hidden name and number are, the patient stands at the same place."""
        places = set()
        for name, number in (("Aron", "190001019812"), ("Örjan", "202001019812")):
            Patient.objects.filter(pk=town.patient.pk).update(
                name=name, identity_number=number, protection=Protection.CONFIDENTIAL
            )
            places.add(tuple(patient.pk for patient in shown(client, f"{LIST}?o={order}")))
        assert len(places) == 1


class TestWhoSearched:
    def test_each_hit_is_logged(self, client: Client, town: Town, other: Patient, administrator: User) -> None:
        client.get(client.post(LIST, {"q": NAME})["Location"])
        entry = AccessLogEntry.objects.get(act=Act.ADMIN_LIST)
        assert (entry.user, entry.patient_id) == (administrator, town.patient.pk)

    @pytest.mark.usefixtures("administrator")
    def test_searches_are_counted_when_they_are_done(self, client: Client, town: Town, settings: Settings) -> None:
        settings.PATIENT_SEARCHES_PER_MINUTE = 5
        address = client.post(LIST, {"q": NAME})["Location"]
        answers = Counter(client.get(address).status_code for _ in range(20))
        assert answers[429] >= 10  # the minute may turn
        assert shown(client, LIST) == [town.patient], "what is no search goes on"

    @pytest.mark.parametrize("is_logged_in", [False, True])
    def test_nobody_else_searches(self, client: Client, town: Town, is_logged_in: bool) -> None:
        if is_logged_in:
            client.force_login(town.anna)
        response = client.post(LIST, {"q": NAME})
        assert response.status_code == 302
        assert PARAMETER not in parse_qs(urlsplit(response["Location"]).query)
        assert KEPT_SEARCHES not in client.session

    def test_somebody_with_other_rights_in_the_administration_gets_403(self, client: Client, town: Town) -> None:
        client.force_login(factories.UserFactory.create(role="HMS lager", customer=town.region, is_staff=True))
        assert client.post(LIST, {"q": NAME}).status_code == 403
        assert KEPT_SEARCHES not in client.session


def test_no_other_page_of_the_administration_looks_for_patients() -> None:
    """Neither a list's search nor a field that suggests while one types: both would say it in an address."""
    for model, page in admin.site._registry.items():
        if model is not Patient:
            assert [path for path in page.search_fields if Patient in models_on(model, path)] == []
        for fields in (page, *page.inlines):
            of = getattr(fields, "model", model)
            suggested = [of._meta.get_field(name).related_model for name in fields.autocomplete_fields]
            assert Patient not in suggested, fields


def models_on(model: type[Model], path: str) -> list[type[Model]]:
    found, at = [], model
    for name in path.split("__"):
        related = at._meta.get_field(name).related_model
        if related is None:
            break
        assert not isinstance(related, str)
        at = related
        found.append(at)
    return found
