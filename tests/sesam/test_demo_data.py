from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F, Q, Sum
from django.utils import timezone

from inventory.models import Article, Device, LocationKind, StockLevel, StockMovement, Warehouse
from orders.differences import unsettled_for
from orders.models import Order, OrderState, OrderType
from orders.prescribing import endings, prescribers_of
from orders.receipts import overdue_receipts
from orders.reconciling import differences
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
        assert user.hsa_id == f"SE0000000000-{username.upper()}", "as the identity provider would say it"
        assert all(link.customer.hsa_id == f"SE0000000000-{link.customer.number}" for link in user.memberships)


@pytest.mark.usefixtures("loaded")
def test_has_an_order_in_every_state_numbered_in_order_of_time() -> None:
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values)
    assert Order.objects.filter(
        state=OrderState.REGISTERED, subtype__is_direct=True, registered_at=AT - timedelta(hours=26)
    ).exists()
    assert not Order.objects.filter(registered_at__gt=AT).exists()
    registered = Order.objects.filter(registered_at__isnull=False).order_by("registered_at")
    for type_ in OrderType:
        numbers = [str(order) for order in registered.filter(type=type_)]
        assert numbers == sorted(numbers)
    for user in User.objects.filter(groups__permissions__codename="view_order"):
        assert Order.objects.visible_to(user).exists(), user.username


SITUATIONS = {
    "a draft of everybody who orders": Q(state="DRAFT", registrar__username="anbe01"),
    "a draft of the store": Q(state="DRAFT", registrar__username="pene01"),
    "without its delivery, longer than a day": Q(
        subtype__is_direct=True, state="REGISTERED", registrar__name="Eva Holm"
    ),
    "without its delivery, for an hour": Q(
        subtype__is_direct=True, state="REGISTERED", registrar__name="Anna Bergqvist"
    ),
    "partly delivered": Q(state="PARTLY", lines__delivered__gt=0, lines__backordered__gt=0),
    "a back order with an expected date": Q(events__kind="EXPECTED", lines__backordered__gt=0),
    "moved forward in the queue": Q(events__kind="MOVED_FORWARD"),
    "claimed by a picker": Q(lines__claimed_by__username="hmla01", events__kind="CLAIMED"),
    "waits to be complete": Q(only_complete=True, lines__reserved__gt=0, state="REGISTERED"),
    "changed": Q(events__kind="CHANGED", is_urgent=True),
    "a line canceled by the central service, unread": Q(
        events__kind="LINE_CANCELED", events__notices__read_at=None, events__notices__user__username="lini01"
    ),
    "canceled by the central service, unread": Q(
        state="CANCELED", events__notices__read_at=None, events__notices__user__username="anbe01"
    ),
    "canceled by who ordered": Q(state="CANCELED", events__kind="CANCELED", events__actor__username="lini01"),
    "on its way to a store": Q(state="IN_TRANSIT"),
    "received by a store": Q(state="RECEIVED", deliveries__receipt__isnull=False),
    "delivered to a patient": Q(state="DELIVERED", recipient_patient__isnull=False),
    "to a patient with protected identity": ~Q(recipient_patient__protection="NONE")
    & Q(recipient_patient__isnull=False),
}


@pytest.mark.usefixtures("loaded")
def test_has_an_order_in_every_situation() -> None:
    missing = [name for name, condition in SITUATIONS.items() if not Order.objects.filter(condition).exists()]
    assert missing == []


@pytest.mark.usefixtures("loaded")
def test_has_deliveries_that_did_not_end_as_they_should() -> None:
    hms, karlstad, arvika = (User.objects.get(username=name) for name in ("hmla01", "likr03", "pene01"))
    today = timezone.localdate(AT)
    assert overdue_receipts(hms, on=today).get() == overdue_receipts(karlstad, on=today).get()
    assert unsettled_for(hms).count() == unsettled_for(arvika).count() == 2
    failed = Order.objects.get(deliveries__failure__isnull=False)
    assert (failed.state, failed.lines.get().reserved) == (OrderState.REGISTERED, 2)
    assert differences() == []


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


@pytest.mark.usefixtures("loaded")
def test_the_right_to_prescribe_has_something_to_show() -> None:
    """A lift that Anna may prescribe and nobody in Filipstad; rights and trainings that end soon."""
    today = timezone.localdate(AT)
    lift = Article.objects.get(number="15420")
    anna, johan, sara = (User.objects.get(username=name) for name in ("anbe01", "jolu01", "saek01"))
    assert prescribers_of(lift, anna.municipality_ids, on=today) == [anna]
    assert prescribers_of(lift, johan.municipality_ids, on=today) == []
    assert endings(anna, on=today) == []
    assert [text.partition(" ")[0] for text in (*endings(johan, on=today), *endings(sara, on=today))] == [
        "Tillfällig",
        "Utbildningen",
    ]
