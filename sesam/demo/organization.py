"""The region, its municipalities with units and stores, the people who work there, and some patients."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from inventory.models import Warehouse, WarehouseKind
from parties.identity import parse_identity_number
from parties.models import Party, Patient, PrescribingRight, Profession, User, UserCustomer

from .tables import rows

CENTRAL = "10"
HSA_ID = "SE0000000000-{}"
"""A made-up HSA-id: no organisation has such a number. People by their user names, units by their numbers."""
PASSWORD = "sesam-demo"  # noqa: S105  # printed by the demo command on purpose
ADMINISTRATOR = "Systemförvaltare"
SUPPLIERS = {
    "900001": "Hygienia Demo AB",
    "900002": "Rörlighet Demo AB",
    "900003": "Lyft och vila Demo AB",
}


def add_organization() -> None:
    """Hjälpmedelsservice with lager 10, each municipality with its customer, care unit and store, the suppliers."""
    region = Party.objects.create(
        number=CENTRAL, name="Hjälpmedelsservice", is_region=True, is_customer=True, hsa_id=HSA_ID.format(CENTRAL)
    )
    central = Warehouse.objects.create(
        number=CENTRAL, name="Hjälpmedelsservice", kind=WarehouseKind.CENTRAL, owner=region
    )
    for number, name in SUPPLIERS.items():
        Party.objects.create(number=number, name=name, is_supplier=True)
    for row in rows("units"):
        _add_municipality(row, central)


def _add_municipality(row: dict[str, str], central: Warehouse) -> None:
    municipality = Party.objects.create(
        number=row["municipality_code"], name=f"{row['municipality']} kommun", is_municipality=True
    )
    customer = Party.objects.create(
        number=row["customer_number"],
        name=row["customer_name"],
        is_customer=True,
        is_care_unit=True,
        parent=municipality,
        gln=row["gln"],
        hsa_id=HSA_ID.format(row["customer_number"]),
        city=row["municipality"],
    )
    Party.objects.create(
        number=row["care_unit_number"],
        name=row["care_unit_name"],
        is_care_unit=True,
        parent=municipality,
        payer=customer,
        hsa_id=HSA_ID.format(row["care_unit_number"]),
        city=row["municipality"],
    )
    Warehouse.objects.create(
        number=row["customer_number"],
        name=f"{row['municipality']} kommunlager",
        kind=WarehouseKind.MUNICIPAL,
        owner=customer,
        supplied_from=central,
    )


def add_users(today: date) -> None:
    """The accounts of `users.csv`, each with its role, its customers (the first is the default) and its rights."""
    password = make_password(PASSWORD)  # slow on purpose, so once for all
    customers = {party.number: party for party in Party.objects.customers()}
    roles = {group.name: group for group in Group.objects.all()}
    professions = {profession.label: profession for profession in Profession}
    for row in rows("users"):
        user = User.objects.create(
            username=row["username"],
            name=row["name"],
            title=row["title"],
            hsa_id=HSA_ID.format(row["username"].upper()),
            profession=professions.get(row["title"], ""),
            password=password,
            is_staff=row["role"] == ADMINISTRATOR,
        )
        user.groups.add(roles[row["role"]])
        UserCustomer.objects.bulk_create(
            UserCustomer(user=user, customer=customers[number], is_default=position == 0)
            for position, number in enumerate(row["customers"].split())
        )
        PrescribingRight.objects.bulk_create(
            PrescribingRight(user=user, iso_prefix=prefix, valid_from=today - timedelta(days=400))
            for prefix in row["prescribes"].split()
        )


def add_patients() -> None:
    municipalities = {party.number: party for party in Party.objects.filter(is_municipality=True)}
    for row in rows("patients"):
        kind, number = parse_identity_number(row["identity_number"])
        Patient.objects.create(
            identity_kind=kind,
            identity_number=number,
            name=row["name"],
            municipality=municipalities[row["municipality_code"]],
            street=row["street"],
            postal_code=row["postal_code"],
            city=row["city"],
            phone=row["phone"],
            protection=row["protection"],
            deceased_on=date.fromisoformat(row["deceased_on"]) if row["deceased_on"] else None,
        )
