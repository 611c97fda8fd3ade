import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry, Act
from orders.models import Holding, Order
from orders.models.order import OPEN_STATES
from orders.own_care import own_patients, own_patients_by_name
from orders.views.patient_list import PATIENTS
from parties.kept_searches import MOST_KEPT
from parties.models import CareRelation, IdentityKind, Patient, Protection, UserCustomer
from parties.operations.relating import register_relation
from parties.sorting import listed_name
from parties.units import KEPT_SEARCHES
from tests.factories import CareUnitFactory, PatientFactory
from tests.listing.reading import read_csv, read_xlsx
from tests.registered import World

URL = reverse("patient_list")


@pytest.fixture
def hidden(world: World) -> Patient:
    patient = Patient.objects.create(
        identity_kind=IdentityKind.PERSONAL,
        identity_number="196005129850",
        name="Yusuf Glafsfjord",
        street="Hemliga gatan 1",
        municipality=world.arvika,
        protection=Protection.CONFIDENTIAL,
    )
    register_relation(patient=patient, unit=world.rehab, by=world.anna, on=timezone.localdate())
    return patient


@pytest.fixture(autouse=True)
def own(world: World) -> None:
    register_relation(patient=world.patient, unit=world.rehab, by=world.anna, on=timezone.localdate())


def names(client: Client, query: str = "") -> list[str]:
    return [patient.name for patient in client.get(URL + query).context["page"]]


def search(client: Client, text: str) -> Any:
    return client.post(URL, {"sok": text}, follow=True)


def found(client: Client, text: str) -> list[str]:
    return [patient.name for patient in search(client, text).context["page"]]


def test_lists_the_own_patients(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert names(client) == ["Astrid Fröding"]
    assertContains(client.get(URL), "19311104-9809")
    assertContains(client.get(URL), "Egen vård")
    CareRelation.objects.update(since="2020-01-01", until="2020-01-31")
    assert names(client) == []


def test_markup_in_a_name_is_text(client: Client, world: World) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(name="<b>&", deceased_on=timezone.localdate())
    client.force_login(world.anna)
    response = client.get(URL)
    assertContains(response, '">&lt;b&gt;&amp;</a> <span class="tag plain">Avliden</span>')
    assertNotContains(response, "<b>&")


def test_own_care_is_what_django_says_too(world: World, hidden: Patient) -> None:
    """In plain SQL, of patients who are the unit's for one reason each, who were once, and who are another unit's."""
    today = timezone.localdate()
    names = ("Östen Ek", "Ärla Ek", "Åsa Ek", "Örjan Ek", "adam Ek", "Bo Ek", "Cia Ek")
    here = [PatientFactory.create(name=name, municipality=world.arvika) for name in names]
    ordered, has_several, has_one, had, ended, of_others, _never = here
    away = PatientFactory.create(name="Dag Ek", municipality=world.other_store.owner.parent)
    for patient in (ordered, has_several, has_several, has_one, had, of_others):
        order = world.register("forskrivning", {world.chair: 1}, orderer=world.anna, recipient_patient=patient)
        if patient != ordered:
            world.deliver(order)
    Holding.objects.filter(location__patient=had).update(closed_at=timezone.now(), returned=F("quantity"))
    Holding.objects.filter(location__patient=of_others).update(customer=world.unit)
    CareRelation.objects.exclude(patient=hidden).delete()
    for patient, until in ((ended, today - timedelta(days=1)), (world.patient, today), (away, None)):
        since = today - timedelta(days=9)
        CareRelation.objects.create(
            patient=patient, unit=world.rehab, since=since, until=until, registered_by=world.anna
        )

    orders = Order.objects.filter(state__in=OPEN_STATES, customer=world.rehab)
    holdings = Holding.objects.open().filter(customer=world.rehab)
    relations = CareRelation.objects.valid_on(today).filter(unit=world.rehab)
    own = Patient.objects.filter(
        Q(pk__in=orders.values("recipient_patient"))
        | Q(pk__in=holdings.values("location__patient"))
        | Q(pk__in=relations.values("patient"))
    )
    assert own_patients(world.rehab, on=today, among=[*here, away, hidden, world.patient]) == {
        patient.pk for patient in own
    }
    listed = own_patients_by_name(world.anna, world.rehab, on=today)
    assert listed == [patient.pk for patient in own.exclude(pk=away.pk).order_by(listed_name(), "pk")]
    assert listed == [patient.pk for patient in (world.patient, has_one, has_several, ordered, hidden)]
    assert own_patients_by_name(world.anna, None, on=today) == []
    assert own_patients(None, on=today, among=here) == own_patients(world.rehab, on=today, among=[]) == frozenset()


def test_a_search_finds_in_the_own_municipality(client: Client, world: World) -> None:
    CareRelation.objects.all().delete()
    client.force_login(world.anna)
    assert found(client, "astrid") == ["Astrid Fröding"]
    assertContains(search(client, "astrid"), "Utanför egen vård")
    client.force_login(world.other_prescriber)
    for text in ("astrid", "19311104-9809"):
        assert found(client, text) == []


def test_a_protected_person_is_masked_and_last(client: Client, world: World, hidden: Patient) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(name="Östen Öberg")
    client.force_login(world.anna)
    assert names(client) == ["Östen Öberg", "Yusuf Glafsfjord"]
    response = client.get(URL)
    assertContains(response, "Skyddade uppgifter")
    for secret in ("Yusuf", "Glafsfjord", "19600512", "Hemliga"):
        assertNotContains(response, secret)
    assert found(client, "Yusuf") == []
    assert found(client, "600512-9850") == ["Yusuf Glafsfjord"]


@pytest.mark.parametrize(
    "text", ["19311104-9809", "193111049809", "311104-9809", "311104 9809", "astrid", "fröding astrid", "Fröd"]
)
def test_finds_in_any_writing(client: Client, world: World, text: str) -> None:
    client.force_login(world.anna)
    assert found(client, text) == ["Astrid Fröding"]


def test_finds_by_a_former_number(client: Client, world: World) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(former_numbers=["19311104SF1A"])
    client.force_login(world.anna)
    assert found(client, "19311104sf1a") == ["Astrid Fröding"]


@pytest.mark.parametrize(
    "query", ["?efter=x", "?efter=99999999999999999999", "?fore=-1", "?ordning=x", "?format=x", "?sok=Yusuf"]
)
def test_what_means_nothing_changes_nothing(client: Client, world: World, query: str) -> None:
    client.force_login(world.anna)
    assert names(client, query) == ["Astrid Fröding"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("19311104-9800", "Kontrollsiffran eller datumet i identitetsnumret stämmer inte."),
        ("1931-11-04", "Skriv identitetsnumret som"),
        ("\0", "Null"),
        ("x" * 10_000, "100"),
    ],
)
def test_says_what_is_wrong_with_the_search(client: Client, world: World, text: str, sentence: str) -> None:
    client.force_login(world.anna)
    response = client.post(URL, {"sok": text})
    assertContains(response, sentence, status_code=422)
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assert not response.context["page"].rows


def test_says_so_when_nobody_is_found(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertContains(search(client, "<b>nobody"), "Ingen patient hittades")


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_only_those_who_prescribe_see_patients(client: Client, world: World) -> None:
    client.force_login(world.per)
    assert client.get(URL).status_code == 403


def test_is_read_and_searched(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.put(URL).status_code == 405
    client.force_login(world.per)
    assert client.post(URL, {"sok": "Astrid"}).status_code == 403


class TestWhatWasTyped:
    """It stands in the session, never in an address."""

    TYPED = ("19311104-9809", "Astrid Fröding")

    @pytest.fixture(autouse=True)
    def anna(self, client: Client, world: World) -> None:
        client.force_login(world.anna)

    @pytest.mark.parametrize("text", TYPED)
    def test_no_address_has_it(self, client: Client, world: World, text: str) -> None:
        response = search(client, text)
        addresses = [url for url, _status in response.redirect_chain]
        addresses += re.findall(r'(?:href|action)="([^"]*)"', response.content.decode())
        assert any("?s=" in address for address in addresses)
        assert any("ordning=nummer" in address for address in addresses)
        for part in ("1931", "9809", "strid", "ding"):
            assert not [address for address in addresses if part in unquote(address)]

    def test_two_searches_do_not_mix(self, client: Client, world: World) -> None:
        PatientFactory.create(name="Sven Ek", municipality=world.arvika)
        first = client.post(URL, {"sok": "Astrid"})["Location"]
        second = client.post(URL, {"sok": "Sven"})["Location"]
        assert names(client, first.removeprefix(URL)) == ["Astrid Fröding"]
        assert names(client, second.removeprefix(URL)) == ["Sven Ek"]
        assert client.post(URL, {"sok": "Astrid"})["Location"] == first, "the same search has the same address"

    def test_nothing_typed_is_no_search(self, client: Client) -> None:
        assertRedirects(client.post(URL, {"sok": " "}), URL)

    def test_only_the_last_are_kept(self, client: Client) -> None:
        addresses = [client.post(URL, {"sok": f"Astrid {n}"})["Location"] for n in range(MOST_KEPT + 1)]
        assert len(client.session[KEPT_SEARCHES]) == MOST_KEPT
        assertContains(client.get(addresses[0]), "Sökningen finns inte kvar.")
        assertNotContains(client.get(addresses[1]), "Sökningen finns inte kvar.")

    def test_is_gone_after_logging_out(self, client: Client, world: World) -> None:
        address = client.post(URL, {"sok": "Astrid"})["Location"]
        client.post(reverse("logout"))
        client.force_login(world.anna)
        assertContains(client.get(address), "Sökningen finns inte kvar.")

    def test_is_gone_when_another_unit_is_chosen(self, client: Client, world: World) -> None:
        other = CareUnitFactory.create(is_customer=True, parent=world.arvika)
        UserCustomer.objects.create(user=world.anna, customer=other)
        address = client.post(URL, {"sok": "Astrid"})["Location"]
        assertNotContains(client.get(address), "Sökningen finns inte kvar.")
        assert client.post(reverse("unit_choice"), {"unit": other.pk}).status_code == 302
        assert KEPT_SEARCHES not in client.session

    def test_is_nobody_elses(self, client: Client, world: World) -> None:
        address = client.post(URL, {"sok": "Astrid"})["Location"]
        other = Client()
        other.force_login(world.other_prescriber)
        assertContains(other.get(address), "Sökningen finns inte kvar.")


class TestAtLength:
    @pytest.fixture(autouse=True)
    def many(self, client: Client, world: World) -> None:
        for n in range(PATIENTS.page_size + 5):
            PatientFactory.create(name=f"Sven Ek {n:03}", municipality=world.arvika)
        client.force_login(world.anna)

    def test_pages_by_key_in_the_search(self, client: Client) -> None:
        page = search(client, "Ek").context["page"]
        assert page.total.number == PATIENTS.page_size + 5
        assert "Ek" not in unquote(page.next_url)
        rest = client.get(URL + page.next_url).context["page"]
        assert [patient.name for patient in rest] == [f"Sven Ek {n:03}" for n in range(50, 55)]
        back = client.get(URL + rest.previous_url).context["page"]
        assert [patient.pk for patient in back] == [patient.pk for patient in page]

    def test_sorts_by_its_heads(self, client: Client) -> None:
        page = search(client, "Ek").context["page"]
        names_up = [patient.name for patient in client.get(URL + page.heads[0].url).context["page"]]
        assert names_up[0] == "Sven Ek 054"
        numbers = [patient.identity_number for patient in client.get(URL + page.heads[1].url).context["page"]]
        assert numbers == sorted(numbers)

    def test_asks_as_much_for_many_as_for_one(self, client: Client) -> None:
        def statements(text: str) -> int:
            address = client.post(URL, {"sok": text})["Location"]
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        assert statements("Ek 003") + 1 == statements("Ek"), "one more, that counts them"


class TestSaving:
    @pytest.mark.parametrize("format", ["csv", "xlsx"])
    def test_saves_what_is_shown(self, client: Client, world: World, hidden: Patient, format: str) -> None:
        client.force_login(world.anna)
        content = client.get(URL, {"format": format}).getvalue()
        rows = read_csv(content) if format == "csv" else [list(row.values()) for row in read_xlsx(content)]
        assert [row[:2] for row in rows] == [
            ["Namn", "Identitetsnummer"],
            ["Astrid Fröding", "19311104-9809"],
            ["Skyddade uppgifter", "Dolt"],
        ]
        entries = AccessLogEntry.objects.filter(act=Act.EXPORT).order_by("pk")
        assert [(entry.patient, entry.user, entry.unit) for entry in entries] == [
            (patient, world.anna, world.rehab) for patient in (world.patient, hidden)
        ]

    def test_is_in_the_log_before_its_row_leaves(self, client: Client, world: World) -> None:
        client.force_login(world.anna)
        response = client.get(URL, {"format": "csv"})
        assert AccessLogEntry.objects.filter(act=Act.EXPORT).count() == 1, "nothing has been sent yet"
        response.close()

    def test_another_municipality_saves_none_of_them(self, client: Client, world: World) -> None:
        client.force_login(world.other_prescriber)
        address = client.post(URL, {"sok": "Astrid"})["Location"]
        assert "Astrid" not in client.get(f"{address}&format=csv").getvalue().decode()
        assert not AccessLogEntry.objects.exists()
