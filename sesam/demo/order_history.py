"""Some orders in every state, made by the same operations that the pages use, at times before the demo starts."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from inventory.models import Article, Device, Warehouse
from orders.models import CancelReason, Delivery, Order, OrderLine, OrderSubtype, OrderType
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick, deliver_order
from orders.operations.receiving import receive_delivery
from orders.operations.registering import register_order
from parties.models import Party, Patient, User

type Recipient = Warehouse | Party | Patient
RECIPIENT_FIELD: dict[type[Recipient], str] = {
    Warehouse: "recipient_warehouse",
    Party: "recipient_unit",
    Patient: "recipient_patient",
}


def add_orders(at: datetime) -> None:
    """Oldest first, so that the running numbers follow the time; `at` is now."""
    _received_transfer(at - timedelta(days=9))
    _canceled_requisition(at - timedelta(days=6))
    _handed_out_prescription(at - timedelta(days=5))
    _backordered_prescription(at - timedelta(days=4))
    _transfer_in_transit(at - timedelta(days=3))
    _prescription_to_protected_patient(at - timedelta(days=2))
    _requisition_without_delivery(at - timedelta(hours=26))
    _registered_transfer(at - timedelta(hours=20))
    _registered_requisition(at - timedelta(hours=5))
    _prescription_without_delivery(at - timedelta(minutes=40))
    _draft(
        "forskrivning",
        by=_user("anbe01"),
        recipient=_patient("201404082388"),
        articles={"15140": 1},
        at=at - timedelta(minutes=25),
    )


def _received_transfer(at: datetime) -> None:
    by = _user("pene01")
    order = _register("lagerflytt", by=by, recipient=_store("50101"), articles={"14540": 6, "15020": 10}, at=at)
    delivery = _deliver(order, by=_user("hmla01"), at=at + timedelta(days=1))
    receive_delivery(delivery_id=delivery.pk, by=by, at=at + timedelta(days=2))


def _canceled_requisition(at: datetime) -> None:
    by = _user("lini01")
    order = _register("bestallning", by=by, recipient=_unit("01-05"), articles={"15423": 2}, at=at)
    cancel_order(order_id=order.pk, reason=CancelReason.WRONG_ARTICLE, by=by, at=at + timedelta(hours=2))


def _handed_out_prescription(at: datetime) -> None:
    by = _user("anbe01")
    order = _register(
        "direktforskrivning", by=by, recipient=_patient("193111049809"), articles={"15121": 1, "15123": 1}, at=at
    )
    _deliver(order, by=by, at=at + timedelta(minutes=1))


def _backordered_prescription(at: datetime) -> None:
    order = _register(
        "forskrivning",
        by=_user("masv01"),
        customer="51501",
        recipient=_patient("195208179837"),
        articles={"15510": 1, "15511": 1, "15321": 1},
        at=at,
    )
    _deliver(order, by=_user("hmla01"), at=at + timedelta(days=1), only={"15511", "15321"})


def _transfer_in_transit(at: datetime) -> None:
    order = _register(
        "lagerflytt", by=_user("pene01"), recipient=_store("50101"), articles={"14541": 4, "15121": 4}, at=at
    )
    _deliver(order, by=_user("hmla01"), at=at + timedelta(days=2))


def _prescription_to_protected_patient(at: datetime) -> None:
    _register("forskrivning", by=_user("saek01"), recipient=_patient("194712249863"), articles={"14711": 1}, at=at)


def _requisition_without_delivery(at: datetime) -> None:
    articles = {"14540": 2, "14710": 1}
    _register("direktbestallning", by=_user("evho02"), recipient=_unit("03-05"), articles=articles, at=at)


def _registered_transfer(at: datetime) -> None:
    articles = {"14540": 10, "15020": 20}
    _register("lagerflytt", by=_user("likr03"), recipient=_store("50801"), articles=articles, at=at)


def _registered_requisition(at: datetime) -> None:
    articles = {"15410": 4, "15424": 2}
    _register("bestallning", by=_user("evho02"), recipient=_unit("03-05"), articles=articles, at=at)


def _prescription_without_delivery(at: datetime) -> None:
    _register(
        "direktforskrivning", by=_user("anbe01"), recipient=_patient("196005129850"), articles={"14710": 1}, at=at
    )


def _register(
    subtype: str,
    *,
    by: User,
    recipient: Recipient,
    articles: Mapping[str, int],
    at: datetime,
    customer: str | None = None,
) -> Order:
    draft = _draft(subtype, by=by, recipient=recipient, articles=articles, at=at, customer=customer)
    return register_order(order_id=draft.pk, by=by, at=at)


def _draft(
    subtype: str,
    *,
    by: User,
    recipient: Recipient,
    articles: Mapping[str, int],
    at: datetime,
    customer: str | None = None,
) -> Order:
    """A draft as the wizard leaves it: `articles` is number → quantity; the customer is the orderer's default one."""
    kind = OrderSubtype.objects.get(code=subtype)
    unit = Party.objects.get(number=customer) if customer else by.unit
    assert unit is not None
    store = Warehouse.objects.select_related("supplied_from").get(owner=unit, is_active=True)
    order = Order.objects.create(
        subtype=kind,
        type=OrderType(kind.type),
        registrar=by,
        orderer=by,
        customer=unit,
        municipality_id=unit.municipality_id,
        payer_id=unit.paying_party_id,
        sender=store if kind.is_direct else store.supplied_from,
        created_at=at,
        **{RECIPIENT_FIELD[type(recipient)]: recipient},
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=position, article=Article.objects.get(number=number), quantity=quantity)
        for position, (number, quantity) in enumerate(articles.items(), start=1)
    )
    return order


def _deliver(order: Order, *, by: User, at: datetime, only: set[str] | None = None) -> Delivery:
    """Everything that remains, or the lines of the articles in `only`; numbered articles by their first devices."""
    assert order.sender is not None
    picks = []
    for line in order.lines.for_order_page():
        if only is not None and line.article.number not in only:
            continue
        devices = Device.objects.in_warehouse(order.sender).usable().filter(article=line.article).order_by("number")
        chosen = devices.values_list("pk", flat=True)[: line.remaining]
        picks.append(Pick(line_id=line.pk, quantity=line.remaining, device_ids=tuple(chosen)))
    return deliver_order(order_id=order.pk, key=uuid.uuid4(), by=by, at=at, picks=picks)


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _store(number: str) -> Warehouse:
    return Warehouse.objects.get(number=number)


def _unit(number: str) -> Party:
    return Party.objects.get(number=number)


def _patient(identity_number: str) -> Patient:
    return Patient.objects.get(identity_number=identity_number)
