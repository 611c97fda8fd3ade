"""Who looks, and at what: one person a role of the filled database, and rows that the person may see."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import Group
from django.test import Client

from inventory.models import Article, StockLevel, Warehouse
from orders.models import Delivery, Order
from parties.models import Patient, User, UserCustomer

REVIEWER = "matning-logg"


@dataclass
class Person:
    user: User

    @cached_property
    def client(self) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.user)
        return client


class Cast:
    """Found once, before anything is measured."""

    def __init__(self) -> None:
        self.newest_prescription = Order.objects.filter(type="F", state="DELIVERED").latest("pk")
        self.prescriber = self._orderer(self.newest_prescription)
        self.requisition = Order.objects.filter(
            type="B", state="REGISTERED", subtype__is_direct=False, lines__reserved__gt=0
        ).latest("pk")
        self.orderer = self._orderer(self.requisition)
        self.in_transit = Delivery.objects.filter(order__state="IN_TRANSIT", order__type="L").latest("pk")
        self.store_staff = self._orderer(self.in_transit.order)
        self.hms = Person(User.objects.filter(groups__name="HMS lager").order_by("pk")[0])
        self.reviewer = Person(_reviewer(self.hms.user))
        assert self.in_transit.order.recipient_warehouse
        self.store: Warehouse = self.in_transit.order.recipient_warehouse
        self.own_order = Order.objects.filter(orderer=self.prescriber.user, number__isnull=False).latest("pk")
        self.patient: Patient = self.newest_prescription.recipient_patient  # type: ignore[assignment]  # type F
        self.article: Article = self.newest_prescription.lines.select_related("article")[0].article
        self.waiting = StockLevel.objects.filter(
            warehouse__kind="CENTRAL", article__order_lines__backordered__gt=0
        ).first()

    def _orderer(self, order: Order) -> Person:
        assert order.orderer
        return Person(order.orderer)


def _reviewer(colleague: User) -> User:
    """Nobody of the generated people reviews the log: one is made, at the unit of a colleague."""
    user, is_new = User.objects.get_or_create(username=REVIEWER, defaults={"name": "Mätningens loggranskare"})
    if is_new:
        user.groups.add(Group.objects.get(name="Loggranskare"))
        unit = colleague.memberships[0].customer
        UserCustomer.objects.create(user=user, customer=unit, is_default=True)
    return user
