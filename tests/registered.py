"""A small world for the tests of pages: two municipalities, HMS, their people, and orders made by the operations."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib.auth.models import Group
from django.utils import timezone

from inventory.models import Article, Warehouse, WarehouseKind
from inventory.operations.receiving import Arrival, receive_goods
from orders.models import Delivery, Order, OrderSubtype
from orders.operations.delivering import deliver_order
from orders.operations.registering import register_order
from parties.models import IdentityKind, Party, Patient, PrescribingRight, Protection, User, UserCustomer


@dataclass
class World:
    hms: Party
    central: Warehouse
    municipality: Party
    unit: Party
    store: Warehouse
    care_unit: Party
    patient: Patient
    chair: Article
    walker: Article
    anna: User
    per: User
    eva: User
    hakan: User
    stranger: User

    def order(
        self, subtype: str, *, quantity: int = 2, article: Article | None = None, by: User | None = None
    ) -> Order:
        """A registered order of the kind; from warehouse 10 or from the own store as its subtype says."""
        order = self.draft(subtype, quantity=quantity, article=article, by=by)
        return register_order(order_id=order.pk, by=order.registrar, at=timezone.now())

    def draft(
        self, subtype: str, *, quantity: int = 2, article: Article | None = None, by: User | None = None
    ) -> Order:
        row = OrderSubtype.objects.get(code=subtype)
        person = by or (self.per if row.type == "L" else self.anna)
        order = Order.objects.create(
            subtype=row,
            type=row.type,
            registrar=person,
            orderer=person,
            customer=self.unit,
            municipality=self.municipality,
            payer=self.unit,
            sender=self.store if row.is_direct else self.central,
            recipient_warehouse=self.store if row.type == "L" else None,
            recipient_unit=self.care_unit if row.type == "B" else None,
            recipient_patient=self.patient if row.type == "F" else None,
            created_at=timezone.now(),
        )
        order.lines.create(position=1, article=article or self.chair, quantity=quantity)
        return order

    def delivered_transfer(self, quantity: int = 2) -> Delivery:
        order = self.order("lagerflytt", quantity=quantity)
        return deliver_order(order_id=order.pk, key=uuid4(), by=self.hakan, at=timezone.now())

    def stock(self, warehouse: Warehouse, article: Article, quantity: int) -> None:
        goods = (
            Arrival(
                article=article,
                device_numbers=tuple(f"HV{warehouse.number}{article.number}{number}" for number in range(quantity)),
            )
            if article.is_numbered
            else Arrival(article=article, quantity=quantity)
        )
        receive_goods(warehouse=warehouse, arrivals=[goods], by=None, at=timezone.now(), key=str(uuid4()))


def person(username: str, name: str, role: str, unit: Party) -> User:
    user = User.objects.create_user(username, password="sesam-demo", name=name)
    user.groups.add(Group.objects.get(name=role))
    UserCustomer.objects.create(user=user, customer=unit, is_default=True)
    return user


def unit_with_store(town: str, number: str, central: Warehouse) -> tuple[Party, Party, Warehouse]:
    municipality = Party.objects.create(number=f"K{number}", name=f"{town} kommun", is_municipality=True)
    unit = Party.objects.create(
        number=number, name=f"{town} kommun Rehabenhet", is_customer=True, is_care_unit=True, parent=municipality
    )
    store = Warehouse.objects.create(
        number=number, name=f"{town} kommunlager", kind=WarehouseKind.MUNICIPAL, owner=unit, supplied_from=central
    )
    return municipality, unit, store


def build_world() -> World:
    """10 chairs and 3 walkers (individually numbered) in warehouse 10 and in the store of Arvika."""
    hms = Party.objects.create(number="10", name="Hjälpmedelsservice", is_region=True, is_customer=True)
    central = Warehouse.objects.create(number="10", name="Hjälpmedelsservice", kind=WarehouseKind.CENTRAL, owner=hms)
    municipality, unit, store = unit_with_store("Arvika", "50101", central)
    _, other, _ = unit_with_store("Filipstad", "50301", central)
    care_unit = Party.objects.create(number="01-05", name="Björkbacken", is_care_unit=True, parent=municipality)
    patient = Patient.objects.create(
        identity_kind=IdentityKind.PERSONAL,
        identity_number="193111049809",
        name="Astrid Fröding",
        municipality=municipality,
        protection=Protection.NONE,
    )
    chair = Article.objects.create(number="14710", name="Duschpall", iso_code="093307")
    walker = Article.objects.create(number="15121", name="Rollator ute", iso_code="120606", is_numbered=True)
    anna = person("anbe01", "Anna Bergqvist", "Förskrivare", unit)
    PrescribingRight.objects.create(user=anna, iso_prefix="09", valid_from="2020-01-01")
    PrescribingRight.objects.create(user=anna, iso_prefix="12", valid_from="2020-01-01")
    world = World(
        hms=hms,
        central=central,
        municipality=municipality,
        unit=unit,
        store=store,
        care_unit=care_unit,
        patient=patient,
        chair=chair,
        walker=walker,
        anna=anna,
        per=person("pene01", "Per Nero", "Förrådspersonal", unit),
        eva=person("evan01", "Eva Andersson", "Beställare", unit),
        hakan=person("hmla01", "Håkan Lantz", "HMS lager", hms),
        stranger=person("jolu01", "Johan Lund", "Förskrivare", other),
    )
    for warehouse in (central, store):
        world.stock(warehouse, chair, 10)
        world.stock(warehouse, walker, 3)
    return world
