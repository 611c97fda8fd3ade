"""Who and where: municipalities, units with their stores, users with roles, patients, and every place goods can be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from inventory.models import LocationKind
from parties.models.user import Profession

from .copying import Copier
from .sizes import Size
from .words import FIRST_NAMES, LAST_NAMES, SUPPLIERS, TOWNS, TRADES, UNITS

REGION_PARTY = 1
CENTRAL = 1
"""The first party is the region's Hjälpmedelsservice, and the first warehouse its lager 10."""
STORES_PER_MUNICIPALITY = 5
UNITS_PER_STORE = 4
PROTECTED_EVERY = 500
PATIENTS_PER_DAY = 20
FIRST_BIRTHDAY = date(1930, 1, 1)
PRESCRIBER = "Förskrivare"
ROLES = ["Beställare", "Beställare", PRESCRIBER, PRESCRIBER, "Förrådspersonal", "Tekniker"]
PRESCRIBERS_ARE = ("Arbetsterapeut", Profession.OCCUPATIONAL_THERAPIST.value)
CENTRAL_ROLES = ["HMS lager", "HMS handläggare"]
RIGHTS = ["04", "09", "12", "18", "22", "24"]


@dataclass
class Store:
    """A unit with its municipal store, and who and what belongs to it; everything by primary key."""

    warehouse: int
    customer: int
    municipality: int
    units: list[int] = field(default_factory=list)
    patients: list[int] = field(default_factory=list)
    orderers: list[int] = field(default_factory=list)
    prescribers: list[int] = field(default_factory=list)
    staff: list[int] = field(default_factory=list)


@dataclass
class People:
    stores: list[Store]
    central_staff: list[int]
    shelf: dict[int, int]
    """The location of each warehouse's goods, by warehouse; likewise below."""
    transit: dict[int, int]
    of_unit: dict[int, int]
    of_patient: dict[int, int]
    supplier: int
    found: int
    suppliers: list[int]


def make_people(copier: Copier, size: Size, chance: Random) -> People:
    stores, suppliers = _make_parties(copier, size)
    central_staff = _make_users(copier, size, stores)
    _make_patients(copier, size, stores, chance)
    shelf, transit, of_unit, of_patient, outside = _make_locations(copier, stores)
    return People(
        stores=stores,
        central_staff=central_staff,
        shelf=shelf,
        transit=transit,
        of_unit=of_unit,
        of_patient=of_patient,
        supplier=outside[0],
        found=outside[1],
        suppliers=suppliers,
    )


def _make_parties(copier: Copier, size: Size) -> tuple[list[Store], list[int]]:
    parties = copier.into(
        "parties_party",
        "id, number, name, is_region, is_municipality, is_customer, is_care_unit, is_supplier, parent_id, payer_id,"
        " city",
    )
    warehouses = copier.into("inventory_warehouse", "id, number, name, kind, owner_id, supplied_from_id")
    parties.add(REGION_PARTY, "10", "Hjälpmedelsservice", "t", "f", "t", "f", "f", None, None, "")
    warehouses.add(CENTRAL, "10", "Hjälpmedelsservice", "CENTRAL", REGION_PARTY, None)
    key = REGION_PARTY
    stores: list[Store] = []
    municipality = town = 0
    for n in range(size.warehouses - 1):
        if n % STORES_PER_MUNICIPALITY == 0:
            key += 1
            municipality, town = key, n // STORES_PER_MUNICIPALITY
            name = f"{TOWNS[town % len(TOWNS)]}{town // len(TOWNS) or ''} kommun"
            parties.add(key, f"K{town + 1:03}", name, "f", "t", "f", "f", "f", None, None, "")
        key += 1
        place = f"{TOWNS[town % len(TOWNS)]}{town // len(TOWNS) or ''}"
        store = Store(warehouse=CENTRAL + 1 + n, customer=key, municipality=municipality)
        number = f"5{town + 1:02}{n % STORES_PER_MUNICIPALITY + 1:02}"
        parties.add(
            key, number, f"{place} kommun Rehabenhet {n % 5 + 1}", "f", "f", "t", "t", "f", municipality, None, place
        )
        warehouses.add(store.warehouse, number, f"{place} kommunlager {n % 5 + 1}", "MUNICIPAL", key, CENTRAL)
        for unit in range(UNITS_PER_STORE):
            key += 1
            name = f"{UNITS[(n * UNITS_PER_STORE + unit) % len(UNITS)]} {place}"
            parties.add(
                key, f"{n + 1:03}-{unit + 1:02}", name, "f", "f", "f", "t", "f", municipality, store.customer, place
            )
            store.units.append(key)
        stores.append(store)
    suppliers = []
    for n in range(size.suppliers):
        key += 1
        name = f"{SUPPLIERS[n % len(SUPPLIERS)]} {TRADES[n // len(SUPPLIERS) % len(TRADES)]} {n + 1}"
        parties.add(key, f"L{n + 1:04}", name, "f", "f", "f", "f", "t", None, None, "")
        suppliers.append(key)
    return stores, suppliers


def _make_users(copier: Copier, size: Size, stores: Sequence[Store]) -> list[int]:
    users = copier.into(
        "parties_user",
        "id, password, is_superuser, username, email, is_staff, is_active, date_joined, name, title, profession",
    )
    links = copier.into("parties_usercustomer", "user_id, customer_id, is_default")
    groups = copier.into("parties_user_groups", "user_id, group_id")
    rights = copier.into("parties_prescribingright", "user_id, iso_prefix, valid_from")
    group_of = dict(Group.objects.values_list("name", "pk"))
    password = make_password(None)
    central: list[int] = []
    for n in range(size.users):
        key = n + 1
        first, last = FIRST_NAMES[n % len(FIRST_NAMES)], LAST_NAMES[n // len(FIRST_NAMES) % len(LAST_NAMES)]
        name = f"{first[:2]}{last[:2]}".lower().translate(str.maketrans("åäö", "aao"))
        is_central = n % 100 < len(CENTRAL_ROLES)
        store, role = stores[n % len(stores)], ROLES[n // len(stores) % len(ROLES)]
        is_prescriber = role == PRESCRIBER and not is_central
        title, training = PRESCRIBERS_ARE if is_prescriber else ("", "")
        users.add(
            key, password, "f", f"{name}{key:05}", "", "f", "t", "2021-01-01", f"{first} {last}", title, training
        )  # fmt: skip
        if is_central:
            groups.add(key, group_of[CENTRAL_ROLES[n % 100]])
            links.add(key, REGION_PARTY, "t")
            central.append(key)
            continue
        groups.add(key, group_of[role])
        links.add(key, store.customer, "t")
        if is_prescriber:
            store.prescribers.append(key)
            for prefix in RIGHTS:
                rights.add(key, prefix, "2020-01-01")
        (store.orderers if role in ("Beställare", PRESCRIBER) else store.staff).append(key)
    return central


def _make_patients(copier: Copier, size: Size, stores: Sequence[Store], chance: Random) -> None:
    """With numbers that are kept for tests: 980 to 999 before the check digit, twenty a day."""
    patients = copier.into(
        "parties_patient",
        "id, identity_kind, identity_number, former_numbers, name, street, postal_code, city, protection,"
        " municipality_id",
    )
    for n in range(size.patients):
        store = stores[n % len(stores)]
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        protection = "CONF" if (n + 1) % PROTECTED_EVERY == 0 else "NONE"
        city = TOWNS[store.municipality % len(TOWNS)]
        number = identity_number(n)
        patients.add(
            n + 1, "PNR", number, "{}", f"{first} {last}", f"Storgatan {n % 90 + 1}", "650 00", city, protection,
            store.municipality,
        )  # fmt: skip
        store.patients.append(n + 1)


def identity_number(n: int) -> str:
    """The n:th number that is kept for tests, with its check digit."""
    born = FIRST_BIRTHDAY + timedelta(days=n // PATIENTS_PER_DAY)
    digits = f"{born:%Y%m%d}{980 + n % PATIENTS_PER_DAY}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:])]
    return f"{digits}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


type Places = dict[int, int]


def _make_locations(copier: Copier, stores: Sequence[Store]) -> tuple[Places, Places, Places, Places, list[int]]:
    locations = copier.into("inventory_location", "id, kind, warehouse_id, party_id, patient_id, municipality_id")
    key = 0

    def make(
        kind: LocationKind,
        municipality: int | None = None,
        *,
        warehouse: int | None = None,
        party: int | None = None,
        patient: int | None = None,
    ) -> int:
        nonlocal key
        key += 1
        locations.add(key, kind.value, warehouse, party, patient, municipality)
        return key

    outside = [make(kind) for kind in (LocationKind.SUPPLIER, LocationKind.FOUND, LocationKind.LOSS)]
    shelf = {CENTRAL: make(LocationKind.WAREHOUSE, REGION_PARTY, warehouse=CENTRAL)}
    for store in stores:
        shelf[store.warehouse] = make(LocationKind.WAREHOUSE, store.municipality, warehouse=store.warehouse)
    transit = {
        store.warehouse: make(LocationKind.TRANSIT, store.municipality, warehouse=store.warehouse) for store in stores
    }
    of_unit = {
        pk: make(LocationKind.CARE_UNIT, store.municipality, party=pk)
        for store in stores
        for pk in (store.customer, *store.units)
    }
    of_patient = {
        pk: make(LocationKind.PATIENT, store.municipality, patient=pk) for store in stores for pk in store.patients
    }
    return shelf, transit, of_unit, of_patient, outside
