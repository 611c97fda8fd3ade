"""The page of results and the hits under the box of the page head."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry
from parties.models import SearchCount
from tests.factories import PatientFactory, UserFactory
from tests.registered import World

URL = "/sok/"
IDENTITY = "19311104-9809"


def ask(client: Client, text: str, *, in_box: bool = False) -> Any:
    return client.post(URL, {"sokord": text}, headers={"HX-Request": "true"} if in_box else None)


def test_the_box_stands_on_every_page_and_says_what_it_finds(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertContains(client.get("/"), 'aria-label="Sök order, artikel, individ, patient"')
    client.force_login(world.per)
    assertContains(client.get("/"), 'aria-label="Sök order, artikel, individ"')
    client.force_login(UserFactory.create(role="Loggranskare"))
    assertNotContains(client.get("/loggranskning/"), f'action="{URL}"')


def test_a_page_of_results(client: Client, world: World) -> None:
    client.force_login(world.anna)
    response = ask(client, "björk")
    assertContains(response, "01-05")
    assertContains(response, "<html")
    assertContains(response, 'value="björk"')
    assertContains(client.get(URL), "Vad söker du?")


def test_a_part_of_options(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.lina)
    response = ask(client, str(order)[-4:], in_box=True)
    assertNotContains(response, "<html")
    assertContains(response, 'role="option"')
    assertContains(response, order.get_absolute_url())
    assert "HX-Request" in response.headers["Vary"]
    assert ask(client, "", in_box=True).content.strip() == b""


def test_each_hit_leads_to_a_page(client: Client, world: World) -> None:
    order, device = world.order("bestallning"), world.store_walkers()[0]
    client.force_login(world.anna)
    for text in (str(order)[-4:], "duschpall", device.number, "björk", "arvika", "astrid"):
        for group in ask(client, text).context["groups"]:
            for url in [hit.url for hit in group.hits] + [group.url] * bool(group.url):
                assert client.get(url, follow=True).status_code == 200, url


def test_all_patients_of_a_name_are_asked_for_by_post(client: Client, world: World) -> None:
    for _ in range(21):
        PatientFactory.create(name="Astrid Annan", municipality=world.arvika)
    client.force_login(world.anna)
    assertContains(ask(client, "astrid"), "Visa alla patienter")
    response = client.post(reverse("patient_list"), {"sok": "astrid"}, follow=True)
    assert response.status_code == 200
    assertContains(response, "Astrid Fröding")


def test_the_whole_number_of_an_order_goes_there(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.lina)
    assertRedirects(ask(client, f" {str(order).lower()} "), order.get_absolute_url())
    client.force_login(world.other_staff)
    assertContains(ask(client, str(order)), "Inget hittades")


def test_every_patient_shown_is_a_hit_in_the_access_log(client: Client, world: World) -> None:
    world.order("direktforskrivning")
    client.force_login(world.anna)
    ask(client, "björk")
    ask(client, "F-26", in_box=True)
    ask(client, "1", in_box=True)
    assert not AccessLogEntry.objects.exists()
    ask(client, "astrid")
    ask(client, IDENTITY, in_box=True)
    assert [(entry.get_act_display(), entry.patient) for entry in AccessLogEntry.objects.all()] == [
        ("Sökträff", world.patient)
    ] * 2


def test_the_text_is_in_no_address(client: Client, world: World) -> None:
    client.force_login(world.anna)
    response = ask(client, IDENTITY)
    assertNotContains(response, f"={IDENTITY}")
    assert not {"HX-Push-Url", "HX-Replace-Url"} & set(ask(client, IDENTITY, in_box=True).headers)
    assert client.get(URL, {"sokord": IDENTITY}).context["text"] == ""


@pytest.mark.parametrize("in_box", [True, False])
def test_too_many_searches(client: Client, world: World, settings: Any, in_box: bool) -> None:
    settings.PATIENT_SEARCHES_PER_MINUTE = 0
    client.force_login(world.anna)
    assert ask(client, "björk", in_box=in_box).status_code == (200 if in_box else 429)
    assertContains(ask(client, IDENTITY, in_box=in_box), "Vänta en minut", status_code=429)


@pytest.mark.parametrize(("text", "sentence"), [("a\0b", "Null"), ("x" * 500, "100")])
def test_says_what_is_wrong(client: Client, world: World, text: str, sentence: str) -> None:
    client.force_login(world.anna)
    for in_box in (True, False):
        assertContains(ask(client, text, in_box=in_box), sentence, status_code=422)
    assert not SearchCount.objects.exists()


def test_asks_who_you_are_and_what_you_may(client: Client, world: World) -> None:
    assertRedirects(ask(client, "björk"), f"{reverse('login')}?next=%2F")
    client.force_login(UserFactory.create(role="Loggranskare"))
    assert ask(client, "björk").status_code == 403
    client.force_login(world.anna)
    assert client.put(URL).status_code == 405
