"""The people who knock at every URL, and the things of Arvika that the URLs name. Built once for the whole table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone

from audit.accessing import log_access
from audit.models import Act
from inventory.models import GoodsReceipt, StockLevel, Training, UserTraining
from inventory.operations.receiving import Arrival
from orders.models import CancelReason, GoodsReturn, Holding, Notice, Order, ReceiptLine
from orders.operations.canceling import cancel_order
from orders.operations.receiving import Counted, receive_delivery
from orders.operations.replenishing import replenish
from orders.operations.returning import receive_return
from parties.models import Patient, User
from tests import factories
from tests.registered import World, build_world

ROLES = {
    "Beställare": "bes",
    "Förskrivare": "för",
    "Förrådspersonal": "frd",
    "Tekniker": "tek",
    "HMS handläggare": "han",
    "HMS lager": "hml",
    "Loggranskare": "log",
    "Systemförvaltare": "sys",
}
HMS = ("HMS handläggare", "HMS lager", "Systemförvaltare")
VISITORS = ["anonym", *ROLES.values(), *(f"{code}2" for code in ROLES.values()), "utan"]
"""Nobody, each role as it is meant, each role at a unit in Filipstad, and a person in Arvika without any role."""

POSTED: dict[str, dict[str, str]] = {
    "backorder_move": {"reason": "Utskrivning i morgon"},
    "order_cancel": {"reason": "NOT_NEEDED"},
    "order_line_cancel": {"reason": "NOT_NEEDED"},
    "order_discard": {"confirmed": "1"},
    "patient_open": {"reason": "Akut hembesök efter ett fall"},
}
"""What is posted to a URL, by its name; otherwise nothing. Enough for the act to be done makes a row say more."""


@dataclass
class AccessWorld:
    """`things` are what a row may name: a value for a URL's parameter, or how to find it for one visitor."""

    world: World
    people: Mapping[str, User]
    clients: Mapping[str, Client]
    things: Mapping[str, object | Callable[[str], object]]
    sessions: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    def find(self, name: str, visitor: str) -> object:
        """The thing of that name; a name that is no thing means itself (`type=bestallning`)."""
        thing = self.things.get(name, name)
        return thing(visitor) if callable(thing) else thing

    def client(self, visitor: str) -> Client:
        """The visitor's browser, logged in as before whatever the last request did."""
        client = self.clients[visitor]
        client.cookies.clear()
        if visitor in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[visitor]
        return client


def build_access_world() -> AccessWorld:
    world = build_world()
    for warehouse in (world.central, world.store):
        world.stock(warehouse, world.chair, 100)
    people = _people(world)
    clients = {visitor: Client(raise_request_exception=False) for visitor in VISITORS}
    access = AccessWorld(world, people, clients, _things(world, people))
    for visitor, person in people.items():
        access.clients[visitor].force_login(person)
        access.sessions[visitor] = access.clients[visitor].cookies[settings.SESSION_COOKIE_NAME].value
    return access


def _people(world: World) -> dict[str, User]:
    people = {}
    for role, code in ROLES.items():
        homes = {code: world.region if role in HMS else world.rehab, f"{code}2": world.other_store.owner}
        for visitor, home in homes.items():
            people[visitor] = factories.UserFactory.create(
                role=role,
                customer=home,
                prescribes=["09", "12"] if role == "Förskrivare" else None,
                is_staff=role == "Systemförvaltare",
            )
    people["utan"] = factories.UserFactory.create(customer=world.rehab)
    return people


def _things(world: World, people: Mapping[str, User]) -> dict[str, object | Callable[[str], object]]:
    """Orders are named by type and sender: `direct_…` from Arvika's own store, the others from lager 10.

    The `patient` is in the care of Arvika's unit 50101, the `stranger` in nobody's.
    """
    own = {visitor: _own_draft(world, person) for visitor, person in people.items()}
    draft = world.begun("bestallning", by=people["bes"])
    requisition = world.order("bestallning", by=people["bes"])
    delivery = world.deliver(world.order("forskrivning"))
    training = Training.objects.create(name="Personlyft")
    UserTraining.objects.create(user=world.anna, training=training, completed_on=date(2026, 1, 1))
    _receive(world)
    rare = factories.ArticleFactory.create()
    waiting = world.line(world.order("bestallning", article=rare, by=people["bes"]))
    return {
        "requisition": requisition.pk,
        "requisition_line": requisition.lines.get().pk,
        "prescription": world.order("forskrivning", by=people["för"]).pk,
        "direct_requisition": world.order("direktbestallning", by=people["bes"]).pk,
        "direct_prescription": world.order("direktforskrivning", by=people["för"]).pk,
        "transfer": world.order("lagerflytt", by=people["frd"]).pk,
        "delivery": delivery.pk,
        "holding": Holding.objects.get(delivery_line__delivery=delivery).pk,
        "return": _returned(world).pk,
        "store": world.store.number,
        "central": world.central.number,
        "chair": world.chair.number,
        "difference": ReceiptLine.objects.unsettled().get().pk,
        "delivered_transfer": world.delivered_transfer().pk,
        "unit": world.unit.pk,
        "patient": world.patient.pk,
        "looker": people["för"].pk,
        "today": _look(world.patient, people["för"]),
        "stranger": factories.PatientFactory.create(municipality=world.arvika).pk,
        "goods_receipt": GoodsReceipt.objects.get().pk,
        "waiting": waiting.order_id,
        "waiting_line": waiting.pk,
        "queue": StockLevel.objects.get(article=rare).pk,
        "notice": _notice(world, people["bes"]).pk,
        "draft": draft.pk,
        "draft_line": draft.lines.get().pk,
        "own_draft": lambda visitor: own.get(visitor, draft).pk,
        "own_line": lambda visitor: own.get(visitor, draft).lines.get().pk,
    }


def _notice(world: World, person: User) -> Notice:
    """News to the person: the central service canceled their order."""
    order = world.order("bestallning", by=person)
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=world.now())
    return Notice.objects.get(event__order=order)


def _receive(world: World) -> None:
    """A goods receipt, and a transfer that came short: rows for the administration to show."""
    arrivals = [Arrival(article=world.chair, quantity=1)]
    replenish(
        key=uuid4(),
        warehouse=world.store,
        supplier=None,
        reference="",
        arrivals=arrivals,
        by=world.per,
        at=world.now(),
    )
    delivery = world.delivered_transfer()
    short = {delivery.lines.get().pk: Counted(received=1, missing=1, reason="Saknades i pallen")}
    receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now(), counted=short)


def _returned(world: World) -> GoodsReturn:
    """Something that the unit has given back to Arvika's store."""
    delivery = world.deliver(world.order("direktbestallning"))
    holding = Holding.objects.get(delivery_line__delivery=delivery)
    return receive_return(
        key=uuid4(), holding_id=holding.pk, warehouse=world.store, quantity=1, by=world.per, at=world.now()
    )


def _look(patient: Patient, person: User) -> date:
    """A visit for the log review, and its day."""
    now = timezone.now()
    log_access(patient, Act.EMERGENCY, by=person, unit=person.unit, at=now, reason="Akut hembesök", is_emergency=True)
    return timezone.localdate(now)


def _own_draft(world: World, person: User) -> Order:
    """A requisition that the person has begun, whatever the role allows by now."""
    assert person.unit
    return factories.OrderFactory.create(
        code="bestallning",
        orderer=person,
        recipient_unit=person.unit if person.unit == world.other_store.owner else world.unit,
        lines=[(world.chair, 1)],
    )
