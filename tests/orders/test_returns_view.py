from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import GoodsReturn, Holding
from orders.operations.returning import receive_return
from tests.fixtures import Town


@pytest.fixture
def holding(town: Town) -> Holding:
    """The unit has 3 chairs from the store."""
    town.stock(town.store, town.chair, 3)
    town.deliver(town.register("direktbestallning", {town.chair: 3}))
    return Holding.objects.get()


def posted(town: Town, **values: object) -> dict[str, object]:
    return {"key": uuid4(), "quantity": 2, "warehouse": town.store.pk, "note": "Ett ben är löst"} | values


def test_the_box_finds_who_has_what(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.per)
    for text in ("B-26-000001", "b-26-000001", "01-05"):
        page = client.get(reverse("return_list"), {"sok": text}).content.decode()
        assert "hos 01-05 Björkbacken" in page
    assert "Inget innehav passar" in client.get(reverse("return_list"), {"sok": "B-26-000009"}).content.decode()


def test_a_device_number_finds_the_patient_without_the_whole_name(client: Client, town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    town.deliver(town.register("forskrivning", [(town.walker, 1, device)]))
    client.force_login(town.per)
    page = client.get(reverse("return_list"), {"sok": device.number}).content.decode()
    assert "Astrid F., 1931" in page
    assert "Fröding" not in page


def test_the_other_municipality_finds_nothing(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.other_staff)
    assert "Inget innehav passar" in client.get(reverse("return_list"), {"sok": "01-05"}).content.decode()
    assert client.post(reverse("return_receive", args=[holding.pk]), posted(town)).status_code == 404
    assert not GoodsReturn.objects.exists()


def test_a_return_is_received_and_checked(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.per)
    page = client.post(reverse("return_receive", args=[holding.pk]), posted(town), follow=True)
    assert "Ett ben är löst" in page.content.decode()
    goods = GoodsReturn.objects.get()
    page = client.post(reverse("return_check", args=[goods.pk]), {"outcome": "RESTOCKED"}, follow=True)
    assert "14710 Duschpall: till lager." in page.content.decode()
    assert town.level(town.store, town.chair) == (2, 0, 0)


def test_more_than_was_handed_out_is_refused_at_the_field(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.per)
    response = client.post(reverse("return_receive", args=[holding.pk]), posted(town, quantity=4))
    assert response.status_code == 422
    assert "3 kan återlämnas" in response.content.decode()
    assert not GoodsReturn.objects.exists()


def test_a_warehouse_that_is_not_ones_own_is_refused(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.per)
    response = client.post(reverse("return_receive", args=[holding.pk]), posted(town, warehouse=town.central.pk))
    assert response.status_code == 422
    assert not GoodsReturn.objects.exists()


def test_who_came_later_is_told(client: Client, town: Town, holding: Holding) -> None:
    goods = receive_return(
        key=uuid4(), holding_id=holding.pk, warehouse=town.store, quantity=1, by=town.per, at=town.now()
    )
    client.force_login(town.per)
    url = reverse("return_check", args=[goods.pk])
    assert client.post(url, {"outcome": "RESTOCKED"}).status_code == 302
    response = client.post(url, {"outcome": "SCRAPPED"})
    assert response.status_code == 409
    assert "redan kontrollerad" in response.content.decode()
    assert client.post(url, {"outcome": "SOLD"}).status_code == 422


def test_no_right(client: Client, town: Town, holding: Holding) -> None:
    client.force_login(town.lina)
    assert client.get(reverse("return_list")).status_code == 403
    assert client.post(reverse("return_receive", args=[holding.pk]), posted(town)).status_code == 403
