"""What the demo's orders are made of: a draft filled as the wizard fills it, registered and delivered."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from inventory.models import Article, Device, Warehouse
from orders.models import Delivery, Order, OrderSubtype
from orders.operations.delivering import deliver_order
from orders.operations.drafting import Recipient, create_draft, set_parties
from orders.operations.editing import add_line
from orders.operations.picking import Pick
from orders.operations.registering import register_order
from orders.operations.verifying import defaults_for
from parties.models import Party, Patient, User


def register(
    subtype: str,
    *,
    by: User,
    recipient: Recipient,
    articles: Mapping[str, int],
    at: datetime,
    customer: str | None = None,
) -> Order:
    order = draft(subtype, by=by, recipient=recipient, articles=articles, at=at, customer=customer)
    return register_order(order_id=order.pk, by=by, at=at)


def draft(
    subtype: str,
    *,
    by: User,
    recipient: Recipient,
    articles: Mapping[str, int],
    at: datetime,
    customer: str | None = None,
) -> Order:
    """A draft as the wizard leaves it: `articles` is number → quantity; the customer is the orderer's default one.

    From the own store a numbered article goes by its first device.
    """
    kind = OrderSubtype.objects.get(code=subtype)
    order = create_draft(key=uuid.uuid4(), subtype=kind, by=by, at=at)
    ordered_for = party(customer) if customer else order.customer
    assert ordered_for is not None
    parties = defaults_for(ordered_for, kind)
    assert parties.sender is not None
    set_parties(
        order_id=order.pk,
        version=order.version,
        orderer=by,
        customer=ordered_for,
        payer=parties.payer,
        sender=parties.sender,
        recipient=recipient,
        handler=None,
    )
    for number, quantity in articles.items():
        article = Article.objects.get(number=number)
        device = _devices(parties.sender, article).first() if kind.is_direct and article.is_numbered else None
        add_line(order_id=order.pk, article=article, quantity=quantity, device=device, on=timezone.localdate(at))
    return order


def deliver(order: Order, *, by: User, at: datetime, only: set[str] | None = None) -> Delivery:
    """Everything that remains, or the lines of the articles in `only`; numbered articles by their first devices."""
    assert order.sender is not None
    picks = []
    for line in order.lines.for_order_page():
        if only is not None and line.article.number not in only:
            continue
        devices = [line.device] if line.device else _devices(order.sender, line.article)[: line.remaining]
        chosen = tuple(device.pk for device in devices)
        picks.append(Pick(line_id=line.pk, quantity=line.remaining, device_ids=chosen))
    return deliver_order(order_id=order.pk, key=uuid.uuid4(), by=by, at=at, picks=picks)


def _devices(warehouse: Warehouse, article: Article) -> QuerySet[Device]:
    return Device.objects.in_warehouse(warehouse).usable().filter(article=article).order_by("number")


def user(username: str) -> User:
    return User.objects.get(username=username)


def store(number: str) -> Warehouse:
    return Warehouse.objects.get(number=number)


def party(number: str) -> Party:
    return Party.objects.get(number=number)


def patient(identity_number: str) -> Patient:
    return Patient.objects.get(identity_number=identity_number)
