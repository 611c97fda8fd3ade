from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests.fixtures import Town


def url(town: Town, article: str = "14710", warehouse: str = "50101") -> str:
    return reverse("stock_count", args=[warehouse, article])


def test_the_page_does_not_say_what_should_be_there(client: Client, town: Town) -> None:
    town.stock(town.store, town.chair, 7351)
    client.force_login(town.per)
    assert "7351" not in client.get(url(town)).content.decode()


def test_the_difference_is_said_afterwards(client: Client, town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    client.force_login(town.per)
    page = client.post(url(town), {"key": uuid4(), "counted": 3}, follow=True).content.decode()
    assert "Skillnaden mot saldot är -2 st." in page
    assert town.level(town.store, town.chair) == (3, 0, 0)


def test_devices_are_scanned(client: Client, town: Town) -> None:
    here, _gone = town.devices(town.store, town.walker, 2)
    client.force_login(town.per)
    client.post(url(town, "15121"), {"key": uuid4(), "devices": f" {here.number.lower()} "})
    assert town.level(town.store, town.walker) == (1, 0, 0)


def test_an_unknown_device_is_refused_at_the_field(client: Client, town: Town) -> None:
    town.devices(town.store, town.walker, 1)
    client.force_login(town.per)
    response = client.post(url(town, "15121"), {"key": uuid4(), "devices": "X99"})
    assert response.status_code == 422
    assert "har ingen individ X99" in response.content.decode()
    assert town.level(town.store, town.walker) == (1, 0, 0)


def test_nonsense_is_refused(client: Client, town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    client.force_login(town.per)
    for counted in ("", "-1", "många", "99999999999999"):
        assert client.post(url(town), {"key": uuid4(), "counted": counted}).status_code == 422
    assert town.level(town.store, town.chair) == (5, 0, 0)


def test_only_ones_own_warehouse(client: Client, town: Town) -> None:
    client.force_login(town.per)
    assert client.get(url(town, warehouse="10")).status_code == 404
    assert client.get(url(town, article="99999")).status_code == 404
    client.force_login(town.lina)
    assert client.get(url(town)).status_code == 403


def test_the_balance_leads_to_the_count_where_one_may(client: Client, town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    for person, shown in ((town.per, True), (town.lina, False)):
        client.force_login(person)
        assert (url(town) in client.get(reverse("stock_list"), {"lager": "50101"}).content.decode()) is shown
