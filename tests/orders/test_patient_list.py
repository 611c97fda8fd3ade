import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from parties.models import CareRelation, IdentityKind, Patient, Protection
from parties.operations.relating import register_relation
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


def test_lists_the_own_patients(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert names(client) == ["Astrid Fröding"]
    assertContains(client.get(URL), "19311104-9809")
    assertContains(client.get(URL), "Egen vård")
    CareRelation.objects.update(since="2020-01-01", until="2020-01-31")
    assert names(client) == []


def test_a_search_finds_in_the_own_municipality(client: Client, world: World) -> None:
    CareRelation.objects.all().delete()
    client.force_login(world.anna)
    assert names(client, "?sok=astrid") == ["Astrid Fröding"]
    assertContains(client.get(URL + "?sok=astrid"), "Utanför egen vård")
    client.force_login(world.other_prescriber)
    for text in ("astrid", "19311104-9809"):
        assert names(client, f"?sok={text}") == []


def test_a_protected_person_is_masked_and_last(client: Client, world: World, hidden: Patient) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(name="Östen Öberg")
    client.force_login(world.anna)
    assert names(client) == ["Östen Öberg", "Yusuf Glafsfjord"]
    response = client.get(URL)
    assertContains(response, "Skyddade uppgifter")
    for secret in ("Yusuf", "Glafsfjord", "19600512", "Hemliga"):
        assertNotContains(response, secret)
    assert names(client, "?sok=Yusuf") == []
    assert names(client, "?sok=600512-9850") == ["Yusuf Glafsfjord"]


@pytest.mark.parametrize(
    "text", ["19311104-9809", "193111049809", "311104-9809", "311104 9809", "astrid", "fröding astrid", "Fröd"]
)
def test_finds_in_any_writing(client: Client, world: World, text: str) -> None:
    client.force_login(world.anna)
    assert names(client, f"?sok={text}") == ["Astrid Fröding"]


def test_finds_by_a_former_number(client: Client, world: World) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(former_numbers=["19311104SF1A"])
    client.force_login(world.anna)
    assert names(client, "?sok=19311104sf1a") == ["Astrid Fröding"]


@pytest.mark.parametrize("query", ["?page=x", "?page=99999999999999999999", "?page=-1"])
def test_a_page_that_makes_no_sense_is_the_nearest(client: Client, world: World, query: str) -> None:
    client.force_login(world.anna)
    assert names(client, query) == ["Astrid Fröding"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("19311104-9800", "Kontrollsiffran eller datumet i identitetsnumret stämmer inte."),
        ("1931-11-04", "Skriv identitetsnumret som"),
        ("%00", "Null"),
        ("x" * 10_000, "100"),
    ],
)
def test_says_what_is_wrong_with_the_search(client: Client, world: World, text: str, sentence: str) -> None:
    client.force_login(world.anna)
    response = client.get(f"{URL}?sok={text}")
    assertContains(response, sentence, status_code=422)
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assert not response.context["page"].object_list


def test_says_so_when_nobody_is_found(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertContains(client.get(URL + "?sok=<b>nobody"), "Ingen patient hittades")


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_only_those_who_prescribe_see_patients(client: Client, world: World) -> None:
    client.force_login(world.per)
    assert client.get(URL).status_code == 403


def test_is_only_read(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.post(URL).status_code == 405
