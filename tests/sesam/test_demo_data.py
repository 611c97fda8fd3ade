from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F, Sum

from inventory.models import Device, LocationKind, StockLevel, StockMovement, Warehouse
from orders.models import Order, OrderState, OrderType
from parties.models import Party, Patient, User
from sesam.demo_data import accounts, load

AT = datetime(2026, 1, 3, 9, 30, tzinfo=UTC)  # just after New Year: the history crosses it


@pytest.fixture
def loaded(db: None) -> None:
    assert load(AT)


@pytest.mark.django_db
def test_is_loaded_once() -> None:
    assert load(AT) is True
    rows = {model: model.objects.count() for model in (Party, User, Patient, Order, StockMovement)}
    assert load(AT + timedelta(days=1)) is False
    assert {model: model.objects.count() for model in rows} == rows


@pytest.mark.usefixtures("loaded")
def test_has_the_sixteen_municipalities_each_with_unit_customer_and_store() -> None:
    municipalities = Party.objects.filter(is_municipality=True)
    assert municipalities.count() == 16
    for municipality in municipalities:
        customer = municipality.children.get(is_customer=True)
        assert customer.warehouses.get().supplied_from == Warehouse.objects.central().get()
        assert municipality.children.get(is_customer=False, is_care_unit=True).payer == customer


@pytest.mark.usefixtures("loaded")
def test_accounts_log_in_and_have_their_roles() -> None:
    for username, name, role, unit in accounts():
        user = User.objects.get(username=username)
        assert user.check_password("sesam-demo"), username
        assert (user.name, user.groups.get().name, user.is_staff) == (name, role, username == "adm01")
        assert " + ".join(str(link.customer) for link in user.memberships) == unit


@pytest.mark.usefixtures("loaded")
def test_has_an_order_in_every_state_numbered_in_order_of_time() -> None:
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values)
    assert Order.objects.missing_delivery().filter(registered_at=AT - timedelta(hours=26)).exists()
    assert not Order.objects.filter(registered_at__gt=AT).exists()
    registered = Order.objects.filter(registered_at__isnull=False).order_by("registered_at")
    for type_ in OrderType:
        numbers = [str(order) for order in registered.filter(type=type_)]
        assert numbers == sorted(numbers)
    for user in User.objects.filter(groups__permissions__codename="view_order"):
        assert Order.objects.visible_to(user).exists(), user.username


@pytest.mark.usefixtures("loaded")
def test_balances_equal_the_ledger() -> None:
    balances = Counter[tuple[int, str, int]]()
    for end, sign in (("to", 1), ("from", -1)):
        place = (f"{end}_location__warehouse", f"{end}_location__kind", "article")
        for *key, quantity in StockMovement.objects.values_list(*place).annotate(Sum("quantity")):
            balances[tuple(key)] += sign * quantity
    for level in StockLevel.objects.all():
        assert level.on_hand == balances[level.warehouse_id, LocationKind.WAREHOUSE, level.article_id]
        assert level.incoming == balances[level.warehouse_id, LocationKind.TRANSIT, level.article_id]


@pytest.mark.usefixtures("loaded")
def test_stock_is_as_the_guide_says() -> None:
    def level(warehouse: str, article: str) -> StockLevel:
        return StockLevel.objects.get(warehouse__number=warehouse, article__number=article)

    assert level("50101", "14540").on_hand == 7
    assert level("50101", "15121").on_hand == 3
    assert Device.objects.filter(location__warehouse__number="50101", article__number="15121").count() == 3 + 4
    assert (level("10", "14540").available, level("10", "14541").available) == (212, 38)
    assert level("10", "15510").on_hand == 0
    assert StockLevel.objects.filter(on_hand__lt=F("reorder_point")).exists()
