"""Who looks, and at what: one person a role of the filled database, and rows that the person may see."""

from dataclasses import dataclass
from functools import cached_property

from django.test import Client

from inventory.models import Warehouse
from orders.models import Delivery, Order
from parties.models import Patient, User


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
        self.hms = self._of("HMS lager")
        assert self.in_transit.order.recipient_warehouse
        self.store: Warehouse = self.in_transit.order.recipient_warehouse
        self.own_order = Order.objects.filter(orderer=self.prescriber.user).latest("pk")
        self.patient: Patient = self.newest_prescription.recipient_patient  # type: ignore[assignment]  # type F

    def _orderer(self, order: Order) -> Person:
        assert order.orderer
        return Person(order.orderer)

    def _of(self, role: str) -> Person:
        return Person(User.objects.filter(groups__name=role).order_by("pk")[0])
