import pytest
from django.test import Client
from django.urls import reverse

from orders.models import OrderSubtype, OrderType
from parties.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("adm01", name="Alva Dahl"))
    return client


def test_subtype_is_renamed_and_hidden_but_keeps_its_rules(admin_client: Client) -> None:
    subtype = OrderSubtype.objects.get(code="direktbestallning")
    data = {"name": "Ur eget förråd", "description": "", "is_hidden": "on", "position": 5}
    rules = {"code": "x", "type": OrderType.TRANSFER, "sender_rule": "CENTRAL"}
    url = reverse("admin:orders_ordersubtype_change", args=[subtype.pk])
    assert admin_client.post(url, data | rules).status_code == 302
    subtype.refresh_from_db()
    assert (subtype.name, subtype.is_hidden, subtype.position) == ("Ur eget förråd", True, 5)
    assert (subtype.code, subtype.type, subtype.sender_rule) == ("direktbestallning", OrderType.REQUISITION, "OWN")
    assert subtype.is_direct


def test_subtypes_are_put_in_order_in_the_list(admin_client: Client) -> None:
    rows = list(OrderSubtype.objects.order_by("position", "name"))
    data: dict[str, object] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "Spara"}
    for index, row in enumerate(rows):
        data |= {f"form-{index}-id": row.pk, f"form-{index}-position": 100 - index}
    assert admin_client.post(reverse("admin:orders_ordersubtype_changelist"), data).status_code == 302
    assert list(OrderSubtype.objects.offered()) == rows[::-1]


def test_new_subtype_keeps_the_rules_of_the_database(admin_client: Client) -> None:
    data = {"name": "Ny", "code": "ny", "type": "B", "sender_rule": "CENTRAL", "is_direct": "on", "position": 1}
    response = admin_client.post(reverse("admin:orders_ordersubtype_add"), data)
    assert "Bara en order från eget kommunlager" in str(response.context["adminform"].form.errors)
    assert admin_client.post(reverse("admin:orders_ordersubtype_add"), data | {"sender_rule": "OWN"}).status_code == 302
    assert OrderSubtype.objects.get(code="ny").is_direct
