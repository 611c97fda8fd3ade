"""The database itself refuses what is not true; asked past every form, with the raw rows."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from parties.models import (
    PRESCRIBING_PROFESSIONS,
    Party,
    Patient,
    PrescribingRight,
    Profession,
    User,
    UserCustomer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality() -> Party:
    return Party.objects.create(number="1784", name="Arvika kommun", is_municipality=True)


@pytest.fixture
def customer(municipality: Party) -> Party:
    return Party.objects.create(number="50101", name="Rehab", is_customer=True, parent=municipality)


@pytest.fixture
def user() -> User:
    return User.objects.create_user("anbe01", name="Anna Bergqvist", profession=Profession.OCCUPATIONAL_THERAPIST)


def refuses(constraint: str, model: type[models.Model], **fields: Any) -> None:
    before = model._default_manager.count()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.create(**fields)
    assert model._default_manager.count() == before


def test_party_is_something() -> None:
    refuses("party_is_something", Party, number="1", name="Ingenting")


@pytest.mark.parametrize("role", ["is_customer", "is_care_unit"])
def test_customer_and_care_unit_belong_to_a_municipality(role: str) -> None:
    refuses("party_unit_belongs_to_municipality", Party, number="1", name="Ensam", **{role: True})


def test_region_is_a_customer_of_its_own() -> None:
    region = Party.objects.create(number="10", name="HMS", is_region=True, is_customer=True)
    assert region.municipality_id == region.pk


def test_party_is_not_its_own_parent(municipality: Party) -> None:
    with pytest.raises(IntegrityError, match="party_is_not_its_own_parent"):
        Party.objects.filter(pk=municipality.pk).update(parent=municipality)


def test_party_number_is_unique(municipality: Party) -> None:
    refuses("number", Party, number="1784", name="En till", is_municipality=True)


def test_a_unit_belongs_to_its_municipality(municipality: Party, customer: Party) -> None:
    unit = Party.objects.create(number="01-05", name="B", is_care_unit=True, parent=municipality, payer=customer)
    assert (unit.municipality_id, customer.municipality_id) == (municipality.pk, municipality.pk)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("PNR", "311104-9809"),
        ("PNR", "19311104-980"),
        ("PNR", "171104019809"),
        ("PNR", "19450829SF21"),
        ("SAM", "193111049809"),
        ("RES", "193111049809"),
        ("RES", "19450829sf21"),
        ("RES", "19450829SF2V"),
        ("XXX", "193111049809"),
    ],
)
def test_identity_number_has_the_form_of_its_kind(municipality: Party, kind: str, number: str) -> None:
    refuses(
        "patient_identity_format",
        Patient,
        identity_kind=kind,
        identity_number=number,
        name="A",
        municipality=municipality,
    )


def test_identity_number_is_unique(municipality: Party) -> None:
    fields = {"identity_kind": "PNR", "identity_number": "193111049809", "name": "A", "municipality": municipality}
    Patient.objects.create(**fields)
    refuses("patient_identity_unique", Patient, **fields)


def test_patient_belongs_to_a_municipality() -> None:
    refuses("municipality_id", Patient, identity_kind="PNR", identity_number="193111049809", name="A")


def test_user_has_one_default_customer(user: User, customer: Party, municipality: Party) -> None:
    second = Party.objects.create(number="50102", name="B", is_customer=True, parent=municipality)
    UserCustomer.objects.create(user=user, customer=customer, is_default=True)
    refuses("user_customer_one_default", UserCustomer, user=user, customer=second, is_default=True)
    UserCustomer.objects.create(user=user, customer=second)
    assert User.objects.get(pk=user.pk).unit == customer


def test_user_belongs_to_a_customer_once(user: User, customer: Party) -> None:
    UserCustomer.objects.create(user=user, customer=customer)
    refuses("user_customer_once", UserCustomer, user=user, customer=customer)


def test_hsa_id_is_unique_where_given(user: User) -> None:
    User.objects.create_user("pene01", name="Per Nero", hsa_id="SE1-A")
    refuses("user_hsa_id_unique", User, username="evho02", name="Eva Holm", hsa_id="SE1-A")


@pytest.mark.parametrize("prefix", ["", "1", "123", "12345", "12 06", "ab"])
def test_right_names_an_iso_group(user: User, prefix: str) -> None:
    fields = {"user": user, "iso_prefix": prefix, "valid_from": date(2026, 1, 1)}
    refuses("prescribing_right_iso_prefix", PrescribingRight, **fields)


def test_right_ends_after_it_starts(user: User) -> None:
    period = {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)}
    refuses("prescribing_right_period", PrescribingRight, user=user, iso_prefix="12", **period)


def test_right_holds_in_its_period(user: User) -> None:
    PrescribingRight.objects.create(
        user=user, iso_prefix="1206", valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30)
    )
    PrescribingRight.objects.create(user=user, iso_prefix="09", valid_from=date(2026, 1, 1))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [sorted(user.prescribable_prefixes(day)) for day in days] == [[], ["09", "1206"], ["09", "1206"], ["09"]]


def test_a_temporary_right_has_an_end(user: User) -> None:
    right = {"iso_prefix": "12", "valid_from": date(2026, 2, 1), "is_temporary": True}
    refuses("prescribing_right_temporary_ends", PrescribingRight, user=user, **right)
    PrescribingRight.objects.create(user=user, valid_until=date(2026, 2, 28), **right)


@pytest.mark.parametrize("profession", Profession)
def test_only_licensed_staff_can_hold_a_right(user: User, profession: Profession) -> None:
    """The database's list and the program's are the same."""
    User.objects.filter(pk=user.pk).update(profession=profession)
    right = {"user": user, "iso_prefix": "12", "valid_from": date(2026, 2, 1)}
    if profession in PRESCRIBING_PROFESSIONS:
        PrescribingRight.objects.create(**right)
    else:
        refuses("licensed staff", PrescribingRight, **right)


def test_who_holds_a_right_stays_licensed(user: User) -> None:
    right = PrescribingRight.objects.create(user=user, iso_prefix="12", valid_from=date(2026, 2, 1))
    users = User.objects.filter(pk=user.pk)
    users.update(profession=Profession.OTHER)
    with pytest.raises(IntegrityError, match="licensed"), transaction.atomic():
        connection.check_constraints()
    users.update(profession=Profession.NURSE)
    PrescribingRight.objects.filter(pk=right.pk).update(valid_until=date(2026, 2, 28))
    users.update(profession=Profession.OTHER)
    connection.check_constraints()
