"""Keys of another municipality's rows in every field of every form, as every role: nothing there changes.

Both municipalities are tried against each other, and the central service against what is none of its business. The
forms are found by opening every page that a role can reach; a test compares them with the URLconf, so that a new form
is tried as well.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse

from inventory.models import Device, StockLevel, Warehouse
from orders.models import Delivery, DeliveryFailure, Holding, Order, OrderLine, Receipt, ReceiptSettlement
from parties.models import CareRelation, Party, Patient, User
from tests import factories
from tests.hostile import Form
from tests.sesam.access_world import VISITORS, AccessWorld
from tests.sesam.crawling import Crawl, crawl
from tests.sesam.filipstad import settle_filipstad
from tests.sesam.test_access_table import ROWS, Row

pytestmark = pytest.mark.django_db

ROLES_OF = {
    "Arvika": ("bes", "för", "frd", "tek", "log"),
    "Filipstad": ("bes2", "för2", "frd2", "tek2", "han2", "hml2", "log2"),
    "HMS": ("han", "hml", "sys"),
}
COUNTED = re.compile(r"quantity|antal|received|damaged|counted|version|priority|minutes|days", re.IGNORECASE)
UNFILLED = {"login", "logout", "admin_login", "admin_logout", "oidc_start", "oidc_callback", "session_state"}
"""URLs that take a POST and ask for no row: the way in and out."""
MORE = (
    "registrar",
    "orderer_id",
    "municipality",
    "order",
    "order_id",
    "user",
    "patient_id",
    "sender_id",
    "customer_id",
)


@dataclass
class Side:
    """Whose people knock, and what is not theirs."""

    name: str
    orders: list[int]
    keys: list[str]
    parties: set[int]
    patients: set[int]
    warehouses: set[int]
    crawled: dict[str, Crawl] = field(default_factory=dict)

    def forms(self) -> Iterator[tuple[str, Form]]:
        """Each kind of form that posts, once, with somebody who has it."""
        seen: dict[tuple[str, ...], tuple[str, Form]] = {}
        for visitor, found in self.crawled.items():
            for key, form in found.forms.items():
                if form.method == "POST":
                    seen.setdefault(key, (visitor, form))
        return iter(seen.values())


@pytest.fixture(scope="module")
def sides(access: AccessWorld) -> list[Side]:
    settle_filipstad(access)
    arvika = access.world.arvika
    filipstad = access.world.other_store.owner.parent
    assert filipstad
    found = [foreign_to("Filipstad", arvika), foreign_to("Arvika", filipstad), foreign_to_hms(access)]
    for side in found:
        for visitor in ROLES_OF[side.name]:
            side.crawled[visitor] = crawl(access.client(visitor), start=starts(access, visitor))
    return found


def starts(access: AccessWorld, visitor: str) -> list[str]:
    """Every page of the URLconf that the access table lets the visitor open, with what it names there."""
    column = VISITORS.index(visitor)
    return [
        reverse(row.name, kwargs={key: access.find(thing, visitor) for key, thing in row.arguments})
        for row in ROWS
        if row.method == "GET" and row.cells[column].startswith("ok")
    ]


def foreign_to(name: str, other: Party) -> Side:
    orders = list(Order.objects.filter(municipality=other).order_by("pk"))
    units = set(Party.objects.filter(Q(parent=other) | Q(pk=other.pk)).values_list("pk", flat=True))
    stores = Warehouse.objects.filter(owner__in=units)
    users = User.objects.filter(customer_links__customer__in=units).exclude(customer_links__customer__is_region=True)
    patients = set(Patient.objects.filter(municipality=other).values_list("pk", flat=True))
    keys = [
        *units,
        *(store.pk for store in stores),
        *list(users.values_list("pk", flat=True))[:2],
        *rows_of(orders),
        *list(patients)[:1],
        *Device.objects.filter(location__warehouse__in=stores).values_list("pk", flat=True)[:1],
        *StockLevel.objects.filter(warehouse__in=stores).values_list("pk", flat=True)[:1],
    ]
    return Side(name, pks(orders), [str(key) for key in dict.fromkeys(keys)], units, patients, set(pks(stores)))


def foreign_to_hms(access: AccessWorld) -> Side:
    """What Arvika does with its own store, for a patient whom the central service has never delivered to."""
    world = access.world
    patient = factories.PatientFactory.create(name="Majsa Ingmarsson-Test", municipality=world.arvika)
    order = world.register("direktforskrivning", {world.chair: 1}, recipient_patient=patient)
    delivered = world.register("direktforskrivning", {world.chair: 1}, recipient_patient=patient)
    world.deliver(delivered)
    draft = world.draft("direktforskrivning", {world.chair: 1}, recipient_patient=patient)
    orders = [order, delivered, draft]
    keys = [*rows_of(orders), patient.pk]
    return Side("HMS", pks(orders), [str(key) for key in dict.fromkeys(keys)], set(), {patient.pk}, set())


def pks(rows: Iterable[Order | Warehouse]) -> list[int]:
    return [row.pk for row in rows]


def rows_of(orders: list[Order]) -> list[int]:
    """One row of each table that an order has."""
    return [
        *pks(orders[:1]),
        *OrderLine.objects.filter(order__in=orders).values_list("pk", flat=True)[:1],
        *Delivery.objects.filter(order__in=orders).values_list("pk", flat=True)[:1],
        *Holding.objects.filter(delivery_line__delivery__order__in=orders).values_list("pk", flat=True)[:1],
    ]


def requests(form: Form, keys: list[str]) -> Iterator[dict[str, str]]:
    """Each field alone: with every key where it names a row, else with two. Then the model's own fields beside them."""
    fields = {re.sub(r"\d+", "0", name): name for name in reversed(form.fields)}  # of rows that are alike, the first
    for name in fields.values():
        names_row = form.fields[name].isdigit() and not COUNTED.search(name)
        for key in keys if names_row else keys[:2]:
            yield form.fields | {name: key}
    for key in keys[:2]:
        yield form.fields | dict.fromkeys(MORE, key)


def state_of(side: Side) -> list[object]:
    """What must stay as it is. What lines have reserved is not: goods that others let go are shared out to all."""
    orders = Order.objects.filter(pk__in=side.orders).order_by("pk")
    lines = OrderLine.objects.filter(order__in=side.orders).order_by("pk")
    of_orders = Q(delivery__order__in=side.orders)
    return [
        list(orders.values_list("pk", "state", "registrar", "orderer", "municipality", "customer", "is_urgent")),
        list(lines.values_list("pk", "article", "quantity", "delivered", "canceled", "device", "priority")),
        Delivery.objects.filter(order__in=side.orders).count(),
        Receipt.objects.filter(of_orders).count(),
        DeliveryFailure.objects.filter(of_orders).count(),
        ReceiptSettlement.objects.filter(receipt_line__receipt__delivery__order__in=side.orders).count(),
        list(Holding.objects.filter(location__patient__in=side.patients).values_list("pk", "quantity", "returned")),
        list(StockLevel.objects.filter(warehouse__in=side.warehouses).values_list("pk", "on_hand").order_by("pk")),
        CareRelation.objects.filter(patient__in=side.patients).count(),
    ]


def led_to(side: Side) -> list[Order]:
    """Orders of the knocking side that name a party, patient or store of the other."""
    names = Q(recipient_unit__in=side.parties) | Q(recipient_patient__in=side.patients) | Q(customer__in=side.parties)
    names |= Q(sender__in=side.warehouses) | Q(recipient_warehouse__in=side.warehouses) | Q(payer__in=side.parties)
    return list(Order.objects.exclude(pk__in=side.orders).filter(names).filter(PEOPLES_OWN[side.name]))


PEOPLES_OWN = {
    "Arvika": Q(municipality__name="Arvika kommun"),
    "Filipstad": Q(municipality__name="Filipstad kommun"),
    "HMS": Q(pk__in=[]),
}


def without_a_form(sides: list[Side]) -> list[Row]:
    """The table's rows of URLs that take a POST and whose form no page of this world shows."""
    shown = {name_of(form.url) for side in sides for _, form in side.forms()}
    return [row for row in ROWS if row.method == "POST" and row.name not in shown | UNFILLED and takes_it(row)]


def takes_it(row: Row) -> bool:
    return set(row.cells[1:]) != {"405"}


def test_most_urls_show_their_form(sides: list[Side]) -> None:
    """The others get each key in every field that any form has, which is less."""
    posting = {row.name for row in ROWS if row.method == "POST" and takes_it(row)}
    hidden = {row.name for row in without_a_form(sides)}
    assert len(hidden) < len(posting) / 4, sorted(hidden)


def name_of(url: str) -> str:
    try:
        return resolve(url.partition("?")[0]).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("name", ROLES_OF)
def test_no_form_reaches_others(access: AccessWorld, sides: list[Side], name: str) -> None:
    side = next(side for side in sides if side.name == name)
    asked = [
        (visitor, form.url, data)
        for visitor, form in side.forms()
        if name_of(form.url) not in UNFILLED
        for data in requests(form, side.keys)
    ]
    assert len(asked) > 200, "as many fields and keys there are, at least"
    nothing_is_changed(access, side, asked)


@pytest.mark.parametrize("name", ROLES_OF)
def test_no_url_without_a_form_reaches_others(access: AccessWorld, sides: list[Side], name: str) -> None:
    side = next(side for side in sides if side.name == name)
    every = {re.sub(r"\d+", "0", one) for each in sides for _, form in each.forms() for one in form.fields} | {*MORE}
    asked = [
        (visitor, reverse(row.name, kwargs=arguments), dict.fromkeys(every, key))
        for row in without_a_form(sides)
        for visitor in ROLES_OF[name]
        for arguments in [{part: access.find(thing, visitor) for part, thing in row.arguments}]
        for key in side.keys[:: 1 + len(side.keys) // 4]
    ]
    nothing_is_changed(access, side, asked)


def nothing_is_changed(access: AccessWorld, side: Side, asked: list[tuple[str, str, dict[str, str]]]) -> None:
    before = state_of(side)
    assert not led_to(side)
    for visitor, url, data in asked:
        with transaction.atomic():
            response = access.client(visitor).post(url, data)
            said = f"{visitor}: {url} {data}"
            assert response.status_code < 500, said
            if response.status_code == 302:  # otherwise nothing was saved
                assert state_of(side) == before, said
                assert not led_to(side), said
            transaction.set_rollback(True)
