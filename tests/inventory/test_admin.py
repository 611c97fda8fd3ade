from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.admin import StockLevelAdmin
from inventory.models import Article, Charging, Device, StockLevel, Warehouse, WarehouseKind
from inventory.operations.receiving import Arrival, receive_goods
from parties.models import Party, User

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def admin_client() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("adm01", name="Alva Dahl"))
    return client


@pytest.fixture
def store() -> Warehouse:
    region = Party.objects.create(number="10", name="Hjälpmedelsservice", is_region=True)
    return Warehouse.objects.create(number="10", name="HMS", kind=WarehouseKind.CENTRAL, owner=region)


@pytest.fixture
def rollator() -> Article:
    return Article.objects.create(
        number="15121", name="Rollator", iso_code="120606", is_numbered=True, charging=Charging.HIRE
    )


@pytest.fixture
def raiser() -> Article:
    return Article.objects.create(number="14540", name="Toaförhöjning", iso_code="091218")


@pytest.fixture
def level(store: Warehouse, raiser: Article) -> StockLevel:
    receive_goods(warehouse=store, arrivals=[Arrival(article=raiser, quantity=5)], by=None, at=AT, key="a")
    return StockLevel.objects.get()


@pytest.fixture
def device(store: Warehouse, rollator: Article) -> Device:
    arrival = Arrival(article=rollator, device_numbers=("HV000001", "HV000002"))
    receive_goods(warehouse=store, arrivals=[arrival], by=None, at=AT, key="b")
    return Device.objects.get(number="HV000001")


def errors(response: Any) -> str:
    assert response.status_code == 200
    return str(response.context["adminform"].form.errors)


def article_data(article: Article, **changes: Any) -> dict[str, Any]:
    fields = ("number", "name", "unit", "iso_code", "iso_edition", "kind", "charging", "price")
    data = {field: getattr(article, field) for field in fields} | {"is_orderable": "on", "in_assortment": "on"}
    return data | ({"is_numbered": "on"} if article.is_numbered else {}) | changes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"iso_code": "0912"}, "sex siffror"),
        ({"price": "-1"}, "negativt"),
        ({"price": "1e12"}, "siffror"),
        ({"charging": "HIRE"}, "alltid individmärkt"),
        ({"number": "15121"}, "finns redan"),
        ({"gtin": "2000001512104"}, "GTIN används redan"),
        ({"name": "x" * 10_000}, "som mest 160 tecken"),
    ],
)
def test_article_that_the_database_refuses_gets_a_sentence(
    admin_client: Client, raiser: Article, rollator: Article, changes: dict[str, str], sentence: str
) -> None:
    Article.objects.filter(pk=rollator.pk).update(gtin="2000001512104")
    url = reverse("admin:inventory_article_change", args=[raiser.pk])
    assert sentence in errors(admin_client.post(url, article_data(raiser, **changes)))


def test_article_that_has_moved_keeps_its_numbering(admin_client: Client, level: StockLevel, raiser: Article) -> None:
    """Hire needs numbers, and numbers can no longer be switched on: that too is a sentence, not an error page."""
    url = reverse("admin:inventory_article_change", args=[raiser.pk])
    response = admin_client.post(url, article_data(raiser, is_numbered="on", charging="HIRE"))
    assert "alltid individmärkt" in errors(response)
    assert admin_client.post(url, article_data(raiser, is_numbered="on", name="Ny")).status_code == 302
    raiser.refresh_from_db()
    assert (raiser.name, raiser.is_numbered) == ("Ny", False)


def test_warehouse_that_the_database_refuses_gets_a_sentence(admin_client: Client, store: Warehouse) -> None:
    data = {"number": "10", "name": "Arvika", "kind": "MUNICIPAL", "is_active": "on", "owner": store.owner_id}
    response = admin_client.post(reverse("admin:inventory_warehouse_add"), data)
    assert "finns redan" in errors(response)
    assert "har redan ett aktivt lager" in errors(response)
    url = reverse("admin:inventory_warehouse_change", args=[store.pk])
    response = admin_client.post(url, data | {"owner": store.owner_id, "supplied_from": store.pk})
    assert "inte försörja sig självt" in errors(response)


def test_only_shelf_reorder_point_and_max_level_are_set_by_hand(admin_client: Client, level: StockLevel) -> None:
    url = reverse("admin:inventory_stocklevel_change", args=[level.pk])
    by_hand = {"shelf": "A-01", "reorder_point": 3, "max_level": 9}
    data = by_hand | {"on_hand": 99, "reserved": 99, "incoming": 99, "article": 0}
    assert admin_client.post(url, data).status_code == 302
    level.refresh_from_db()
    assert (level.shelf, level.reorder_point, level.max_level) == ("A-01", 3, 9)
    assert (level.on_hand, level.reserved, level.incoming) == (5, 0, 0)
    assert "lägre än beställningspunkten" in errors(admin_client.post(url, data | {"max_level": 1}))
    assert "större än eller lika med 0" in errors(admin_client.post(url, data | {"reorder_point": -1}))


def test_balance_that_changes_meanwhile_is_left_alone(
    admin_client: Client, level: StockLevel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has read the balance; before it saves, goods arrive."""
    save = StockLevelAdmin.save_model

    def arrive_and_save(*args: Any, **kwargs: Any) -> None:
        StockLevel.objects.filter(pk=level.pk).update(on_hand=50)
        save(*args, **kwargs)

    monkeypatch.setattr(StockLevelAdmin, "save_model", arrive_and_save)
    url = reverse("admin:inventory_stocklevel_change", args=[level.pk])
    assert admin_client.post(url, {"reorder_point": 3, "max_level": 9}).status_code == 302
    level.refresh_from_db()
    assert (level.on_hand, level.reorder_point) == (50, 3)


def test_reorder_point_is_set_for_an_article_that_the_store_never_had(
    admin_client: Client, store: Warehouse, raiser: Article
) -> None:
    data = {"warehouse": store.pk, "article": raiser.pk, "reorder_point": 2, "max_level": 4, "on_hand": 7}
    assert admin_client.post(reverse("admin:inventory_stocklevel_add"), data).status_code == 302
    assert (StockLevel.objects.get().on_hand, StockLevel.objects.get().reorder_point) == (0, 2)
    assert "finns redan" in errors(admin_client.post(reverse("admin:inventory_stocklevel_add"), data))


def test_levels_are_set_in_the_list(admin_client: Client, level: StockLevel) -> None:
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": level.pk, "_save": "Spara"}
    url = reverse("admin:inventory_stocklevel_changelist")
    wrong = {"form-0-reorder_point": 9, "form-0-max_level": 3}
    assert "lägre än beställningspunkten" in admin_client.post(url, form | wrong).text
    assert admin_client.post(url, form | {"form-0-reorder_point": 3, "form-0-max_level": 9}).status_code == 302
    level.refresh_from_db()
    assert (level.reorder_point, level.max_level, level.on_hand) == (3, 9, 5)


def test_device_is_described_but_never_moved(admin_client: Client, device: Device) -> None:
    place = device.location_id
    url = reverse("admin:inventory_device_change", args=[device.pk])
    data = {"number": "HV000009", "serial_number": "A-1", "state": "BLOCKED", "location": 0, "article": 0}
    assert admin_client.post(url, data).status_code == 302
    device.refresh_from_db()
    assert (device.number, device.serial_number, device.state) == ("HV000009", "A-1", "BLOCKED")
    assert device.location_id == place
    other = reverse("admin:inventory_device_change", args=[Device.objects.get(number="HV000002").pk])
    assert "redan på en annan individ" in errors(admin_client.post(other, data | {"number": "HV000002"}))
