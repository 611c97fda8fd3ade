import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from parties.models import User
from sesam.views import server_error


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anbe01", password="sesam-demo", name="Anna Bergqvist")


def test_the_login_page_is_open_and_named_in_swedish(client: Client) -> None:
    response = client.get(reverse("login"))
    for words in ("Användarnamn", "Lösenord", "Logga in"):
        assertContains(response, words)


def test_everything_else_asks_for_login_first(client: Client) -> None:
    assertRedirects(client.get(reverse("home")), f"{reverse('login')}?next=/")


@pytest.mark.django_db
def test_the_right_password_leads_on(client: Client, anna: User) -> None:
    response = client.post(reverse("login"), {"username": "anbe01", "password": "sesam-demo", "next": "/kundorder/"})
    assert (response.status_code, response["Location"]) == (302, "/kundorder/")


@pytest.mark.django_db
def test_the_wrong_password_says_so_and_keeps_the_name(client: Client, anna: User) -> None:
    response = client.post(reverse("login"), {"username": "anbe01", "password": "fel"})
    assertContains(response, 'role="alert"', status_code=422)
    assertContains(response, 'value="anbe01"', status_code=422)


@pytest.mark.django_db
def test_logging_out_is_a_post(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert client.get(reverse("logout")).status_code == 405
    assertRedirects(client.post(reverse("logout")), reverse("login"))


def test_the_error_page_needs_no_database(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assertContains(response, "Något gick fel hos oss", status_code=500)
