"""Rows for the tests. Stock comes in through the operations, so the ledger is true in every test."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from inventory.models import Article, Device, Warehouse, WarehouseKind
from inventory.operations.receiving import Arrival, receive_goods
from orders.models import Order, OrderLine, OrderSubtype, OrderType, SenderRule
from parties.models import IdentityKind, Party, Patient, PrescribingRight, Profession, User, UserCustomer

type Row = tuple[Article, int] | tuple[Article, int, Device]


class MunicipalityFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party

    number = factory.Sequence(lambda n: f"{2000 + n}")
    name = factory.Sequence(lambda n: f"Kommun {n} kommun")
    is_municipality = True


class CustomerFactory(DjangoModelFactory[Party]):
    """A unit that orders and pays; like 50101 a care unit too."""

    class Meta:
        model = Party

    number = factory.Sequence(lambda n: f"6{n:04d}")
    name = factory.Sequence(lambda n: f"Rehabenhet {n}")
    is_customer = True
    is_care_unit = True
    parent = factory.SubFactory(MunicipalityFactory)


class CareUnitFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party

    number = factory.Sequence(lambda n: f"{n:02d}-05")
    name = factory.Sequence(lambda n: f"Boende {n}")
    is_care_unit = True
    parent = factory.SubFactory(MunicipalityFactory)


class RegionFactory(DjangoModelFactory[Party]):
    """Hjälpmedelsservice (HMS); there is one."""

    class Meta:
        model = Party
        django_get_or_create = ("number",)

    number = "10"
    name = "Hjälpmedelsservice"
    is_region = True
    is_customer = True


class WarehouseFactory(DjangoModelFactory[Warehouse]):
    """A municipal store, supplied from lager 10."""

    class Meta:
        model = Warehouse

    owner = factory.SubFactory(CustomerFactory)
    number = factory.SelfAttribute("owner.number")
    name = factory.LazyAttribute(lambda store: f"{store.owner.name} lager")
    kind = WarehouseKind.MUNICIPAL
    supplied_from = factory.SubFactory("tests.factories.CentralWarehouseFactory")


class CentralWarehouseFactory(DjangoModelFactory[Warehouse]):
    """Lager 10; there is one."""

    class Meta:
        model = Warehouse
        django_get_or_create = ("number",)

    owner = factory.SubFactory(RegionFactory)
    number = "10"
    name = "Hjälpmedelsservice"
    kind = WarehouseKind.CENTRAL


class UserFactory(DjangoModelFactory[User]):
    """`role` is a group's name, `customer` the unit (standardkund), `prescribes` ISO groups from 2020 on."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"pers{n:02d}")
    name = factory.Sequence(lambda n: f"Person {n}")
    profession = Profession.OCCUPATIONAL_THERAPIST
    password = Password("sesam-demo")

    @factory.post_generation
    def role(self: User, create: bool, name: str | None) -> None:
        if name:
            self.groups.add(Group.objects.get(name=name))

    @factory.post_generation
    def customer(self: User, create: bool, unit: Party | None) -> None:
        if unit:
            UserCustomer.objects.create(user=self, customer=unit, is_default=True)

    @factory.post_generation
    def prescribes(self: User, create: bool, prefixes: Sequence[str] | None) -> None:
        for prefix in prefixes or ():
            PrescribingRightFactory.create(user=self, iso_prefix=prefix)


class PrescribingRightFactory(DjangoModelFactory[PrescribingRight]):
    class Meta:
        model = PrescribingRight

    user = factory.SubFactory(UserFactory)
    iso_prefix = "09"
    valid_from = date(2020, 1, 1)


class PatientFactory(DjangoModelFactory[Patient]):
    class Meta:
        model = Patient

    identity_kind = IdentityKind.PERSONAL
    identity_number = factory.Sequence(lambda n: identity_number_for_tests(n))
    name = factory.Sequence(lambda n: f"Patient Nummer{n}")
    municipality = factory.SubFactory(MunicipalityFactory)


def identity_number_for_tests(n: int) -> str:
    """The n:th of an endless row of valid numbers kept for tests (980–999 before the check digit)."""
    day = date(1930, 1, 1) + timedelta(days=n)
    digits = f"{day:%Y%m%d}{980 + n % 20}"
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(digits[2:])]
    return f"{digits}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


class ArticleFactory(DjangoModelFactory[Article]):
    class Meta:
        model = Article

    class Params:
        numbered = factory.Trait(is_numbered=True)

    number = factory.Sequence(lambda n: f"{20000 + n}")
    name = factory.Sequence(lambda n: f"Hjälpmedel {n}")
    iso_code = "093307"


class OrderFactory(DjangoModelFactory[Order]):
    """A complete draft of the subtype `code`: the orderer's own unit, store and municipality.

    `lines` are (article, quantity) or (article, 1, device). A patient of the municipality is made for a prescription.
    """

    class Meta:
        model = Order
        skip_postgeneration_save = True

    class Params:
        code = "bestallning"

    subtype = factory.LazyAttribute(lambda order: OrderSubtype.objects.get(code=order.code))
    type = factory.LazyAttribute(lambda order: order.subtype.type)
    orderer = factory.SubFactory(UserFactory)
    registrar = factory.SelfAttribute("orderer")
    customer = factory.LazyAttribute(lambda order: order.orderer.unit)
    municipality = factory.LazyAttribute(lambda order: order.customer.parent)
    payer = factory.SelfAttribute("customer")
    sender = factory.LazyAttribute(lambda order: _sender(order.subtype, order.customer))
    recipient_warehouse = factory.LazyAttribute(
        lambda order: Warehouse.objects.get(owner=order.customer) if order.type == OrderType.TRANSFER else None
    )
    recipient_unit = factory.LazyAttribute(
        lambda order: order.customer if order.type == OrderType.REQUISITION else None
    )
    recipient_patient = factory.LazyAttribute(
        lambda order: (
            PatientFactory.create(municipality=order.municipality) if order.type == OrderType.PRESCRIPTION else None
        )
    )
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def lines(self: Order, create: bool, rows: Sequence[Row] | None) -> None:
        for position, (article, quantity, *device) in enumerate(rows or (), start=1):
            OrderLine.objects.create(
                order=self,
                position=position,
                article=article,
                quantity=quantity,
                device=device[0] if device else None,
            )


def _sender(subtype: OrderSubtype, customer: Party) -> Warehouse:
    if subtype.sender_rule == SenderRule.OWN:
        return Warehouse.objects.get(owner=customer)
    return CentralWarehouseFactory.create()


def stock(warehouse: Warehouse, article: Article, quantity: int, *, at: datetime | None = None) -> None:
    """Goods from a supplier arrive at the warehouse."""
    _receive(warehouse, Arrival(article=article, quantity=quantity), at=at)


def devices(warehouse: Warehouse, article: Article, quantity: int, *, at: datetime | None = None) -> list[Device]:
    """New devices of a numbered article arrive at the warehouse; oldest first."""
    first = Device.objects.count() + 1
    numbers = tuple(f"HV{number:06d}" for number in range(first, first + quantity))
    _receive(warehouse, Arrival(article=article, device_numbers=numbers), at=at)
    return list(Device.objects.filter(number__in=numbers).order_by("pk"))


def _receive(warehouse: Warehouse, arrival: Arrival, *, at: datetime | None) -> None:
    receive_goods(warehouse=warehouse, arrivals=[arrival], by=None, at=at or timezone.now(), key=f"test:{uuid4()}")
