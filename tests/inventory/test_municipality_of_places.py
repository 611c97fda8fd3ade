"""The database keeps each place's municipality, and who sees a device by it is who saw it by what it comes from."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Q

from inventory.models import Device, DeviceState, DeviceStatus, Location, LocationKind, Warehouse, WarehouseKind
from inventory.models.device import HAS_STATUS
from inventory.operations.locating import locations, outside_location, returns_location, transit_location
from inventory.reconciling import differences
from parties.models import Party, Patient, User, UserCustomer
from tests.factories import CareUnitFactory, CustomerFactory, PatientFactory, UserFactory, WarehouseFactory
from tests.fixtures import Town
from tests.racing import race, wait_until_somebody_waits


def told(user: User) -> Q:
    """What the user may know of, asked of each row that a place belongs by, and not of the place's municipality."""
    ids = user.municipality_ids
    if user.is_central:
        return Q()
    if not ids:
        return Q(pk__in=[])
    return (
        Q(location__warehouse__kind=WarehouseKind.CENTRAL)
        | Q(location__warehouse__owner__in=ids)
        | Q(location__warehouse__owner__parent__in=ids)
        | Q(location__party__in=ids)
        | Q(location__party__parent__in=ids)
        | Q(location__patient__municipality__in=ids)
    )


@pytest.fixture
def people(town: Town) -> dict[str, int]:
    """By name the users' keys: of each municipality, of both, of one as such, of the region, and of none."""
    filipstad = town.other_store.owner.parent
    own_unit = CustomerFactory.create(parent=None, is_municipality=True)
    WarehouseFactory.create(owner=own_unit)
    both = UserFactory.create(customer=town.rehab)
    UserCustomer.objects.create(user=both, customer=town.other_store.owner)
    near_region = CustomerFactory.create(parent=town.region)
    assert filipstad
    return {
        "arvika": town.per.pk,
        "filipstad": town.other_staff.pk,
        "both": both.pk,
        "municipality": UserFactory.create(customer=own_unit).pk,
        "under the region": UserFactory.create(customer=near_region).pk,
        "central": town.hakan.pk,
        "nobody": UserFactory.create().pk,
    }


@pytest.fixture
def everywhere(town: Town, people: dict[str, int]) -> int:
    """A device at each place there can be, usable, blocked and scrapped; how many there are."""
    for unit in (
        town.unit,
        town.rehab,
        town.arvika,
        CareUnitFactory.create(number="77-01", parent=town.other_store.owner.parent),
    ):
        locations((LocationKind.CARE_UNIT, {"party_id": unit.pk}))
    for town_of in Party.objects.filter(is_municipality=True):
        patient = town.patient if town_of == town.arvika else PatientFactory.create(municipality=town_of)
        locations((LocationKind.PATIENT, {"patient_id": patient.pk}))
    for warehouse in Warehouse.objects.all():
        locations((LocationKind.WAREHOUSE, {"warehouse_id": warehouse.pk}))
        transit_location(warehouse)
        returns_location(warehouse)
    for kind in (LocationKind.SUPPLIER, LocationKind.LOSS, LocationKind.FOUND):
        outside_location(kind)
    made = Device.objects.bulk_create(
        Device(number=f"{place.pk}-{state}", article=town.walker, location=place, state=state)
        for place in Location.objects.all()
        for state in DeviceState
    )
    return len(made)


def assert_seen_as_told(people: dict[str, int]) -> dict[str, int]:
    """Whoever asks, with each status and without; how many devices each sees."""
    seen = {}
    for name, pk in people.items():
        user = User.objects.get(pk=pk)
        known = set(Device.objects.filter(told(user)).values_list("pk", flat=True))
        assert set(Device.objects.visible_to(user).values_list("pk", flat=True)) == known, name
        for status in DeviceStatus:
            found = Device.objects.having(status, user).values_list("pk", flat=True)
            expected = Device.objects.filter(HAS_STATUS[status], pk__in=known).values_list("pk", flat=True)
            assert sorted(found) == sorted(expected), (name, status)
        seen[name] = len(known)
    return seen


def wrong() -> list[str]:
    return [sentence for sentence in differences() if sentence.startswith("Plats ")]


def test_each_sees_the_devices_of_its_places(people: dict[str, int], everywhere: int) -> None:
    seen = assert_seen_as_told(people)
    # Three devices at a place: around lager 10, and around the store, at the units and with the patient.
    assert seen == {
        "arvika": 9 + 9 + 9 + 3,
        "filipstad": 9 + 9 + 3 + 3,
        "both": 9 + 18 + 12 + 6,
        "municipality": 9 + 9 + 3,
        "under the region": 9,
        "central": everywhere,
        "nobody": 0,
    }
    assert wrong() == []


def change[Row: (Party, Patient, Warehouse)](row: Row, **values: object) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


CHANGES: dict[str, Callable[[Town], None]] = {
    "the patient moves": lambda town: change(town.patient, municipality=town.other_store.owner.parent),
    "the unit changes municipality": lambda town: change(town.unit, parent=town.other_store.owner.parent),
    "the store's owner changes municipality": lambda town: change(town.rehab, parent=town.other_store.owner.parent),
    "the store changes owner": lambda town: change(
        town.store, owner=CustomerFactory.create(parent=town.other_store.owner.parent)
    ),
    "the unit becomes a municipality": lambda town: change(town.unit, is_municipality=True, parent=None),
    "the unit becomes the region's": lambda town: change(town.unit, is_region=True, parent=None),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_follows_what_it_comes_from(town: Town, people: dict[str, int], everywhere: int, what: str) -> None:
    before = assert_seen_as_told(people)
    CHANGES[what](town)
    after = assert_seen_as_told(people)
    assert after != before
    assert wrong() == []


def test_nobody_else_writes_it(town: Town) -> None:
    place = transit_location(town.store)
    Location.objects.filter(pk=place.pk).update(municipality=town.region)
    place.refresh_from_db()
    assert place.municipality == town.arvika
    made = Location.objects.create(kind=LocationKind.PATIENT, patient=town.patient, municipality=town.region)
    made.refresh_from_db()
    assert made.municipality == town.arvika


def test_where_stock_begins_and_ends_belongs_to_nobody(town: Town) -> None:
    for kind in (LocationKind.SUPPLIER, LocationKind.LOSS, LocationKind.FOUND):
        place = outside_location(kind)
        place.refresh_from_db()
        assert place.municipality is None


def test_a_place_that_is_wrong_is_told(town: Town) -> None:
    place = transit_location(town.store)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_location DISABLE TRIGGER USER")
        Location.objects.filter(pk=place.pk).update(municipality=None)
        cursor.execute("ALTER TABLE inventory_location ENABLE TRIGGER USER")
    assert wrong() == [f"Plats {place.pk}: kommunen är ingen, men den hör till 1784."]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("kind", [LocationKind.PATIENT, LocationKind.CARE_UNIT, LocationKind.TRANSIT])
def test_a_place_is_made_while_what_it_comes_from_changes(town: Town, kind: LocationKind) -> None:
    """Who makes it waits until it is known where it belongs."""
    filipstad = town.other_store.owner.parent
    assert filipstad
    moves, owner = {
        LocationKind.PATIENT: (partial(change, town.patient, municipality=filipstad), {"patient_id": town.patient.pk}),
        LocationKind.CARE_UNIT: (partial(change, town.unit, parent=filipstad), {"party_id": town.unit.pk}),
        LocationKind.TRANSIT: (
            partial(change, town.store, owner=CustomerFactory.create(parent=filipstad)),
            {"warehouse_id": town.store.pk},
        ),
    }[kind]
    has_moved = threading.Event()

    def move() -> None:
        with transaction.atomic():
            moves()
            has_moved.set()
            wait_until_somebody_waits()

    def make() -> None:
        assert has_moved.wait(20)
        locations((kind, owner))

    assert race([move, make]) == [None, None]
    assert Location.objects.get(kind=kind).municipality == filipstad
