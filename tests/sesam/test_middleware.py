import pytest
from django.test import Client
from django.urls import reverse

from parties.models import User

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/kundorder/?sida=2"}


def test_login_redirect_of_a_page(client: Client) -> None:
    response = client.get(reverse("order_list"))
    assert (response.status_code, response["Location"]) == (302, "/logga-in/?next=/kundorder/")
    assert "HX-Redirect" not in response


def test_login_redirect_of_a_part_moves_the_whole_page_back_to_where_it_was(client: Client) -> None:
    response = client.get(reverse("order_list"), headers=HTMX)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/logga-in/?next=%2Fkundorder%2F%3Fsida%3D2"
    assert response.content == b""


def test_login_redirect_of_a_part_never_leads_to_another_site(client: Client) -> None:
    response = client.get(reverse("order_list"), headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert response["HX-Redirect"] == "/logga-in/?next=%2F"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_caches_keep_page_and_part_apart(client: Client, headers: dict[str, str]) -> None:
    assert "HX-Request" in client.get(reverse("login"), headers=headers)["Vary"]


@pytest.mark.django_db
def test_a_value_that_the_database_cannot_read_is_a_bad_request(client: Client) -> None:
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    field = {"app_label": "parties", "model_name": "party", "field_name": "parent"}
    assert client.get(reverse("admin:autocomplete"), field | {"term": "\0"}).status_code == 400
