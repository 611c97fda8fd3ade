from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from inventory.models import Device, GoodsReceipt
from tests.fixtures import Town

URL = "/lager/inleverans/"


def form(town: Town, *rows: Mapping[str, object], **header: object) -> dict[str, object]:
    data: dict[str, object] = {"key": str(uuid4()), "warehouse": town.central.pk, "supplier": "", "reference": "FS 71"}
    data |= {"rad-TOTAL_FORMS": len(rows), "rad-INITIAL_FORMS": 0} | header
    for number, row in enumerate(rows):
        data |= {f"rad-{number}-{name}": value for name, value in row.items()}
    return data


def row(article: object, quantity: object = "", devices: str = "") -> dict[str, object]:
    return {"article": article, "quantity": quantity, "devices": devices}


def test_shows_an_empty_form(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assert reverse("goods_receipt") == URL
    assertContains(client.get(URL), "Ta emot")


def test_takes_goods_in_and_serves_who_waits(client: Client, town: Town) -> None:
    waiting = town.register("bestallning", {town.chair: 2})
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3), row(town.walker.number, "", "hv900001 HV900002"), row(""))
    response = client.post(URL, data)
    assert response.status_code == 302
    assert town.level(town.central, town.chair) == (3, 2, 0)
    assert town.level(town.central, town.walker) == (2, 0, 0)
    assert town.line(waiting).reserved == 2
    assert Device.objects.in_warehouse(town.central).filter(number__startswith="HV9").count() == 2


def test_pressed_twice_is_one_receipt(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3))
    assert [client.post(URL, data).status_code for _ in range(2)] == [302, 302]
    assert GoodsReceipt.objects.count() == 1
    assert town.level(town.central, town.chair) == (3, 0, 0)


@pytest.mark.parametrize(
    ("article", "quantity", "devices"),
    [
        ("finnsinte", 1, ""),
        ("chair", "", ""),
        ("chair", 0, ""),
        ("chair", -1, ""),
        ("chair", "1.5", ""),
        ("chair", 10**9, ""),
        ("chair", "många", ""),
        ("chair", 1, "HV900001"),
        ("walker", 2, ""),
        ("walker", 2, "HV900001"),
        ("walker", "", "HV900001 HV900001"),
        ("walker", "", "X" * 40),
        ("", 2, ""),
        ("\x00", 1, ""),
    ],
)
def test_refuses_what_cannot_have_come(
    client: Client, town: Town, article: str, quantity: object, devices: str
) -> None:
    client.force_login(town.hakan)
    number = getattr(town, article).number if article in ("chair", "walker") else article
    response = client.post(URL, form(town, row(number, quantity, devices)))
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assertContains(response, "FS 71", status_code=422)
    assert not GoodsReceipt.objects.exists()


def test_refuses_a_device_that_exists(client: Client, town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    client.force_login(town.hakan)
    response = client.post(URL, form(town, row(town.walker.number, "", device.number)))
    assertContains(response, f"Individ {device.number} finns redan.", status_code=422)
    assert not GoodsReceipt.objects.exists()


def test_store_staff_take_goods_into_their_own_store_only(client: Client, town: Town) -> None:
    client.force_login(town.per)
    assert client.post(URL, form(town, row(town.chair.number, 1), warehouse=town.store.pk)).status_code == 302
    for other in (town.central, town.other_store):
        refused = client.post(URL, form(town, row(town.chair.number, 1), warehouse=other.pk))
        assert refused.status_code == 422
    assert GoodsReceipt.objects.count() == 1


def test_nothing_came(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assertContains(client.post(URL, form(town, row(""))), "Ange minst en artikel.", status_code=422)
    assert client.post(URL, {"key": "x"}).status_code == 422


def test_needs_the_right(client: Client, town: Town) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(town.anna)
    assert client.get(URL).status_code == 403
    client.force_login(town.hakan)
    assert client.delete(URL).status_code == 405
