"""The administration as a whole, on the demo data: every model, every kind of page."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Article, SearchWord, Warehouse
from parties.models import Party, Patient, SearchCount, User
from sesam.demo_data import load

NO_PAGES = {SearchCount, SearchWord}  # kept by the program itself: a counter of the last minute, words of articles
MODELS = [
    model
    for app in ("parties", "inventory", "orders")
    for model in apps.get_app_config(app).get_models()
    if model not in NO_PAGES
]
LEDGERS = {
    "Delivery",
    "DeliveryLine",
    "GoodsReceipt",
    "Location",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderNumberSeries",
    "DeliveryFailure",
    "ReceiptSettlement",
    "Holding",
    "GoodsReturn",
    "Notice",
    "Receipt",
    "ReceiptLine",
    "SecurityEvent",
    "StockMovement",
}
QUERIES = 16


def url(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_has_columns_search_and_filters(model: type[models.Model]) -> None:
    page = admin.site.get_model_admin(model)
    assert list(page.list_display) != ["__str__"]
    assert page.search_fields
    assert page.list_filter


@pytest.mark.django_db
def test_every_page_opens(client: Client) -> None:
    """Also the search; and a list asks as many questions for its hundredth row as for its first."""
    load(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    assert client.get(reverse("admin:index")).status_code == 200
    for model in MODELS:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url(model, "changelist"))
        assert response.status_code == 200, model
        assert len(queries) <= QUERIES, (model, len(queries))
        ask = client.post if model is Patient else client.get
        assert ask(url(model, "changelist"), {"q": "å%_'\\"}, follow=True).status_code == 200, model
        may_add = model.__name__ not in LEDGERS | {"Device"}
        assert client.get(url(model, "add")).status_code == (200 if may_add else 403), model
        if (row := model._default_manager.first()) is not None:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url(model, "change", row.pk))
            assert response.status_code == 200, model
            assert len(queries) <= 2 * QUERIES, (model, len(queries))
            may_change = model.__name__ not in LEDGERS
            assert (b'name="_save"' in response.content) == may_change, model
            may_delete = may_change and model.__name__ not in {"CareRelation", "Device", "OrderSubtype", "StockLevel"}
            assert client.get(url(model, "delete", row.pk)).status_code == (200 if may_delete else 403), model


@pytest.mark.django_db
def test_the_administrator_role_opens_every_list_and_makes_master_data(client: Client) -> None:
    """The role alone: an administrator is no superuser, orders nothing and changes no ledger."""
    load(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    administrator = User.objects.get(username="adm01")
    assert not administrator.is_superuser
    assert not administrator.has_perm("orders.create_prescription")
    client.force_login(administrator)
    for model in MODELS:
        assert client.get(url(model, "changelist")).status_code == 200, model
    for model in (Party, User, Patient, Warehouse, Article):
        assert client.get(url(model, "add")).status_code == 200, model


@pytest.mark.django_db
def test_is_closed_to_others(client: Client) -> None:
    person = User.objects.create_user("anbe01", name="Anna Bergqvist")
    for login in (None, person):
        if login:
            client.force_login(login)
        for model in MODELS:
            assert client.get(url(model, "changelist")).status_code == 302


@pytest.mark.django_db
def test_filter_that_the_database_cannot_read_is_dropped(client: Client) -> None:
    client.force_login(User.objects.create_superuser("adm01", name="Alva Dahl"))
    response = client.get(reverse("admin:orders_order_changelist"), {"type__exact": "\0"}, follow=True)
    assert response.redirect_chain == [(reverse("admin:orders_order_changelist"), 302)]
    assert "Databasen tog inte emot det" in response.text
