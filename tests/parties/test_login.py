import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.registered import World

URL = reverse("login")


def test_has_the_words_of_the_interface(client: Client, db: None) -> None:
    response = client.get(URL)
    for words in ("Användarnamn", "Lösenord", "Logga in"):
        assertContains(response, words)


def test_leads_to_the_start_page(client: Client, world: World) -> None:
    response = client.post(URL, {"username": "anbe01", "password": "sesam-demo"})
    assertRedirects(response, reverse("home"))
    assertRedirects(client.get(URL), reverse("home"))


def test_never_leads_to_another_site(client: Client, world: World) -> None:
    response = client.post(f"{URL}?next=https://example.com/", {"username": "anbe01", "password": "sesam-demo"})
    assertRedirects(response, reverse("home"))


@pytest.mark.parametrize(
    ("username", "password"),
    [("anbe01", "fel"), ("ingen", "sesam-demo"), ("", ""), ("\x00", "\x00"), ("x" * 10_000, "x" * 10_000)],
)
def test_refuses_and_says_so(client: Client, world: World, username: str, password: str) -> None:
    response = client.post(URL, {"username": username, "password": password})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_an_inactive_user_is_refused(client: Client, world: World) -> None:
    world.anna.is_active = False
    world.anna.save(update_fields=["is_active"])
    response = client.post(URL, {"username": "anbe01", "password": "sesam-demo"})
    assertContains(response, "hör inte ihop", status_code=422)


def test_logs_out(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertRedirects(client.post(reverse("logout")), URL)
    assertRedirects(client.get(reverse("home")), f"{URL}?next=/")
