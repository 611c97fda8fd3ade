"""The town that tests of operations play in: Arvika with its store and people, lager 10, another municipality."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from inventory.models import Article, Device, StockLevel, Warehouse
from orders.models import Delivery, Order, OrderLine
from orders.operations.delivering import Pick, deliver_order
from orders.operations.registering import register_order
from parties.models import Party, Patient, User

from . import factories

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class Town:
    """Every act takes the clock a minute on, so that what came first is always known."""

    region: Party
    central: Warehouse
    arvika: Party
    rehab: Party
    store: Warehouse
    unit: Party
    patient: Patient
    chair: Article  # a quantity article
    walker: Article  # individually numbered
    anna: User  # anbe01, förskrivare
    per: User  # pene01, förrådspersonal
    lina: User  # lini01, beställare
    hakan: User  # hmla01, HMS lager
    other_store: Warehouse
    other_prescriber: User
    other_staff: User
    clock: datetime = field(default=START)

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def draft(self, code: str, lines: Mapping[Article, int] | list[factories.Row], **parties: Any) -> Order:
        """A complete draft by the person whose task it is, or by `orderer`; to 01-05 or to the patient."""
        rows = list(lines.items()) if isinstance(lines, Mapping) else lines
        person = {"lagerflytt": self.per, "forskrivning": self.anna, "direktforskrivning": self.anna}
        parties.setdefault("orderer", person.get(code, self.lina))
        if code.endswith("bestallning"):
            parties.setdefault("recipient_unit", self.unit)
        if code.endswith("forskrivning"):
            parties.setdefault("recipient_patient", self.patient)
        return factories.OrderFactory.create(code=code, lines=rows, created_at=self.now(), **parties)

    def register(self, code: str, lines: Mapping[Article, int] | list[factories.Row], **parties: Any) -> Order:
        order = self.draft(code, lines, **parties)
        return register_order(order_id=order.pk, by=order.registrar, at=self.now())

    def deliver(self, order: Order, picks: list[Pick] | None = None) -> Delivery:
        return deliver_order(order_id=order.pk, key=uuid4(), by=self.hakan, at=self.now(), picks=picks)

    def stock(self, warehouse: Warehouse, article: Article, quantity: int) -> None:
        factories.stock(warehouse, article, quantity, at=self.now())

    def devices(self, warehouse: Warehouse, article: Article, quantity: int) -> list[Device]:
        return factories.devices(warehouse, article, quantity, at=self.now())

    def level(self, warehouse: Warehouse, article: Article) -> tuple[int, int, int]:
        """(on hand, reserved, incoming)"""
        levels = StockLevel.objects.filter(warehouse=warehouse, article=article)
        return levels.values_list("on_hand", "reserved", "incoming").first() or (0, 0, 0)

    def line(self, order: Order, article: Article | None = None) -> OrderLine:
        """The order's only line, or its first of the article, as it is in the database."""
        lines = order.lines.for_order_page()
        return lines.filter(article=article)[0] if article else lines.get()


def build_town() -> Town:
    central = factories.CentralWarehouseFactory.create()
    arvika = factories.MunicipalityFactory.create(number="1784", name="Arvika kommun")
    rehab = factories.CustomerFactory.create(number="50101", name="Arvika kommun Rehabenhet", parent=arvika)
    filipstad = factories.MunicipalityFactory.create(number="1782", name="Filipstad kommun")
    other = factories.CustomerFactory.create(number="50301", name="Filipstad kommun Rehabenhet", parent=filipstad)
    person = factories.UserFactory.create
    return Town(
        region=central.owner,
        central=central,
        arvika=arvika,
        rehab=rehab,
        store=factories.WarehouseFactory.create(owner=rehab, name="Arvika kommunlager", supplied_from=central),
        unit=factories.CareUnitFactory.create(number="01-05", name="Björkbacken", parent=arvika, payer=rehab),
        patient=factories.PatientFactory.create(
            identity_number="193111049809", name="Astrid Fröding", municipality=arvika
        ),
        chair=factories.ArticleFactory.create(number="14710", name="Duschpall", iso_code="093307"),
        walker=factories.ArticleFactory.create(number="15121", name="Rollator", iso_code="120606", numbered=True),
        anna=person(
            username="anbe01", name="Anna Bergqvist", role="Förskrivare", customer=rehab, prescribes=["09", "12"]
        ),
        per=person(username="pene01", name="Per Nero", role="Förrådspersonal", customer=rehab),
        lina=person(username="lini01", name="Lina Nilsson", role="Beställare", customer=rehab),
        hakan=person(username="hmla01", name="Håkan Lantz", role="HMS lager", customer=central.owner),
        other_store=factories.WarehouseFactory.create(owner=other, name="Filipstad kommunlager", supplied_from=central),
        other_prescriber=person(
            username="jolu01", name="Johan Lund", role="Förskrivare", customer=other, prescribes=["09", "12"]
        ),
        other_staff=person(username="fist01", name="Fia Stål", role="Förrådspersonal", customer=other),
    )
