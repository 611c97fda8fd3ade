"""The overview's search: what is typed is posted, and no address says who a patient is."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from audit.models import AccessLogEntry, Act
from orders.models import Order
from parties.models import Party, Patient, Protection
from tests.factories import PatientFactory
from tests.registered import World

URL = reverse("order_list")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def order(world: World) -> Order:
    return world.order("forskrivning")


@pytest.fixture(autouse=True)
def anna(client: Client, world: World) -> None:
    client.force_login(world.anna)


def search(client: Client, text: str, **filters: str) -> Any:
    return client.post(URL, {"sok": text, **filters}, follow=True)


def orders_of(response: Any) -> list[Order]:
    return [row.order for row in response.context["rows"]]


@pytest.mark.parametrize("text", ["19311104-9809", "193111049809", "311104-9809", "3111049809", " 311104 9809"])
def test_an_identity_number_becomes_a_reference(client: Client, world: World, order: Order, text: str) -> None:
    response = client.post(URL, {"sok": text, "typ": "F"})
    assertRedirects(response, f"{URL}?typ=F&patient={world.patient.pk}")
    page = client.get(response["Location"])
    assert orders_of(page) == [order]
    assertContains(page, "Patient: Astrid F., 1931")
    assertContains(page, 'href="?typ=F" aria-current="true">Patient')
    assertNotContains(page, "9809")


@pytest.mark.parametrize("text", ["Astrid", "fröding astrid", "19311104", "19311104-9800", "1931 11 04 98"])
def test_words_of_those_who_see_patients_are_kept(client: Client, order: Order, text: str) -> None:
    response = search(client, text, typ="F")
    addresses = [url for url, _status in response.redirect_chain]
    addresses += re.findall(r'(?:href|action)="([^"]*)"', response.content.decode())
    assert re.search(r"\?typ=F&s=\w{8}$", addresses[0])
    for part in ("strid", "1931", "9800", "ding"):
        assert not [address for address in addresses if part in unquote(address)]
    assert f'value="{text}"' in response.content.decode(), "stays in its field"


def test_a_name_finds(client: Client, order: Order, world: World) -> None:
    assert orders_of(search(client, "Astrid")) == [order]
    assert orders_of(search(client, "Astrid", typ="B")) == []
    assert orders_of(search(client, "Bertil")) == []


@pytest.mark.parametrize("text", ["F-26-000001", "f26", "000001", "14710", "1"])
def test_numbers_of_orders_and_articles_stand_in_the_address(client: Client, text: str) -> None:
    assertRedirects(client.post(URL, {"sok": text}), f"{URL}?sok={text}" if text != "f26" else kept(client))


def kept(client: Client) -> str:
    (key,) = client.session["patient_searches"]
    return f"{URL}?s={key}"


def test_words_of_others_find_no_patients_and_stay(client: Client, world: World, order: Order) -> None:
    client.force_login(world.lina)
    response = search(client, "Astrid")
    assert response.redirect_chain == [(f"{URL}?sok=Astrid", 302)]
    assert orders_of(response) == []
    response = search(client, "19311104-9809")
    assert response.redirect_chain == [(f"{URL}?patient=0", 302)]
    assertContains(response, "Ingen patient hittades")
    assert orders_of(client.get(URL, {"patient": str(world.patient.pk)})) == []
    assert "?s=" in client.post(URL, {"sok": "19311104-9800"})["Location"]


@pytest.mark.parametrize("number", ["19600512-9850", "19471224-9863"])
def test_says_so_when_nobody_is_found(client: Client, world: World, order: Order, number: str) -> None:
    """Whether there is somebody elsewhere or nobody at all."""
    stranger = PatientFactory.create(
        identity_number="196005129850", name="Greta Dahl", municipality=Party.objects.get(number="1782")
    )
    response = search(client, number)
    assert response.redirect_chain == [(f"{URL}?patient=0", 302)]
    assertContains(response, "Ingen patient hittades")
    assert orders_of(response) == []
    by_reference = client.get(URL, {"patient": str(stranger.pk)})
    assertContains(by_reference, "Ingen patient hittades")
    assertNotContains(by_reference, "Greta")


def test_the_central_service_finds_whom_it_delivers_to(client: Client, world: World, order: Order) -> None:
    client.force_login(world.hakan)
    assert orders_of(search(client, "19311104-9809")) == [order]
    PatientFactory.create(identity_number="196005129850", municipality=world.arvika)  # without an order
    assertContains(search(client, "19600512-9850"), "Ingen patient hittades")


def test_a_protected_identity_is_not_said(client: Client, world: World, order: Order) -> None:
    Patient.objects.update(protection=Protection.PROTECTED)
    response = search(client, "19311104-9809")
    assert orders_of(response) == [order]
    assertContains(response, "Patient: Skyddade uppgifter")
    for hidden in ("Astrid", "1931"):
        assertNotContains(response, hidden)
    assert orders_of(search(client, "Astrid")) == []


@pytest.mark.parametrize("text", ["Astrid", "19311104-9809"])
def test_an_address_that_says_it_is_left_at_once(client: Client, order: Order, text: str) -> None:
    """An old bookmark, or typed by hand."""
    response = client.get(URL, {"sok": text}, follow=True)
    assert orders_of(response) == [order]
    assert [status for _url, status in response.redirect_chain] == [302]
    assert "sok" not in response.redirect_chain[0][0]


def test_htmx_is_led_to_the_address(client: Client, order: Order) -> None:
    response = client.post(URL, {"sok": "Astrid"}, headers=HTMX)
    assert response.status_code == 302
    part = client.get(response["Location"], headers=HTMX)
    assert orders_of(part) == [order]
    assertNotContains(part, "<html")


def test_typing_leaves_the_chosen_patient(client: Client, world: World, order: Order) -> None:
    patient = str(world.patient.pk)
    assert client.post(URL, {"patient": patient, "sok": "14710"})["Location"] == f"{URL}?sok=14710"
    assert client.post(URL, {"patient": patient, "sok": "", "typ": "F"})["Location"] == f"{URL}?patient={patient}&typ=F"


@pytest.mark.parametrize("text", ["\0", "x" * 101])
def test_says_what_is_wrong(client: Client, order: Order, text: str) -> None:
    response = client.post(URL, {"sok": text})
    assert response.status_code == 422
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assert "patient_searches" not in client.session


def test_a_search_that_is_gone_says_so(client: Client, order: Order) -> None:
    response = client.get(URL, {"s": "abcdefgh"})
    assertContains(response, "Sökningen finns inte kvar.")
    assert orders_of(response) == [order]


def test_the_log_knows_whom_it_was_about(client: Client, world: World, order: Order) -> None:
    search(client, "19311104-9809", typ="B")  # nothing is listed, but who it is stands above
    entry = AccessLogEntry.objects.get()
    assert (entry.patient, entry.act, entry.about) == (world.patient, Act.SEARCH_HIT, "")
    client.post(URL, {"sok": "19311104-9809"})
    assert AccessLogEntry.objects.count() == 1, "an address shows nobody"


def test_asking_who_is_there_counts(client: Client, order: Order, settings: Settings) -> None:
    settings.PATIENT_SEARCHES_PER_MINUTE = 5
    answers = [client.post(URL, {"sok": "19311104-9809"}).status_code for _ in range(15)]
    assert answers.count(429) >= 5, "the minute may have turned once"
    answers = [client.get(URL, {"patient": "1"}).status_code for _ in range(15)]
    assert answers.count(429) >= 5


@pytest.mark.parametrize("text", ["a", "%", "Ö"])
def test_one_letter_is_too_little(client: Client, order: Order, text: str) -> None:
    response = search(client, text)
    assert response.status_code == 422
    assertContains(response, "Skriv minst två bokstäver.", status_code=422)


def test_one_digit_is_the_end_of_a_number(client: Client, order: Order) -> None:
    assert orders_of(search(client, order.number[-1:] if order.number else "")) == [order]
