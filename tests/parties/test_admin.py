from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from inventory.models import Warehouse, WarehouseKind
from orders.access import may_create
from orders.models import OrderType
from parties.admin_base import ConstraintForm
from parties.models import IdentityKind, Party, Patient, Profession, Protection, User
from tests.parties.administering import PASSWORD, errors, inline

pytestmark = pytest.mark.django_db


def test_adds_a_municipality_with_customer_unit_store_and_user_who_then_logs_in(admin_client: Client) -> None:
    region = Party.objects.create(number="10", name="Hjälpmedelsservice", is_region=True, is_customer=True)
    central = Warehouse.objects.create(number="10", name="HMS", kind=WarehouseKind.CENTRAL, owner=region)

    def add(model: str, **data: Any) -> None:
        response = admin_client.post(reverse(f"admin:{model}_add"), data)
        assert response.status_code == 302, errors(response)

    add("parties_party", number="1499", name="Nyköpet kommun", is_municipality="on", is_active="on")
    municipality = Party.objects.get(number="1499")
    add(
        "parties_party",
        number="51701",
        name="Nyköpet Rehabenhet",
        is_customer="on",
        is_care_unit="on",
        is_active="on",
        parent=municipality.pk,
    )
    customer = Party.objects.get(number="51701")
    add(
        "parties_party",
        number="17-05",
        name="Ängsgården",
        is_care_unit="on",
        is_active="on",
        parent=municipality.pk,
        payer=customer.pk,
    )
    add(
        "inventory_warehouse",
        number="51701",
        name="Nyköpet kommunlager",
        kind=WarehouseKind.MUNICIPAL,
        owner=customer.pk,
        supplied_from=central.pk,
        is_active="on",
    )
    person_data = {
        "username": "nyan01",
        "name": "Nya Andersson",
        "title": "Arbetsterapeut, rehab",
        "profession": Profession.OCCUPATIONAL_THERAPIST,
        "gets_password": "on",
        "groups": [Group.objects.get(name="Förskrivare").pk],
        **inline("customer_links", {"customer": customer.pk, "is_default": "on"}),
        **inline("prescribing_rights", {"iso_prefix": "1206", "valid_from": "2026-01-01"}),
    }
    first = admin_client.post(reverse("admin:parties_user_add"), person_data).context["password"]

    person = Client()
    assert person.post(reverse("login"), {"username": "nyan01", "password": first}).status_code == 302
    new = {"old_password": first, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assertRedirects(person.post(reverse("password"), new), reverse("home"))
    user = User.objects.get(pk=person.session["_auth_user_id"])
    assert user.unit == customer
    assert may_create(user, OrderType.PRESCRIPTION)
    assert not user.is_staff
    assert set(Warehouse.objects.visible_to(user)) == {central, customer.warehouses.get()}
    assert person.get(reverse("admin:index")).status_code == 302  # no way into the administration


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "9"}, "Ange vad parten är"),
        ({"number": "9", "is_customer": "on"}, "hör till en kommun"),
        ({"number": "1784", "is_municipality": "on"}, "finns redan"),
    ],
)
def test_party_that_the_database_refuses_gets_a_sentence(
    admin_client: Client, municipality: Party, fields: dict[str, str], sentence: str
) -> None:
    response = admin_client.post(reverse("admin:parties_party_add"), {"name": "Ny"} | fields)
    assert sentence in errors(response)
    assert Party.objects.count() == 1


def test_rule_that_only_the_database_saw_is_said_too(
    admin_client: Client, municipality: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConstraintForm, "validate_constraints", lambda form: None)
    response = admin_client.post(reverse("admin:parties_party_add"), {"number": "9", "name": "Ny"}, follow=True)
    assert "Ange vad parten är" in response.text
    assert Party.objects.count() == 1


@pytest.mark.parametrize("number", ["19311104-9809", "311104-9809", "193111049809", " 19311104 9809 "])
def test_patient_is_known_by_any_usual_writing(admin_client: Client, municipality: Party, number: str) -> None:
    data = {"identity_number": number, "name": "Astrid Fröding", "municipality": municipality.pk, "protection": "NONE"}
    response = admin_client.post(reverse("admin:parties_patient_add"), data)
    assert response.status_code == 302, errors(response)
    patient = Patient.objects.get()
    assert (patient.identity_kind, patient.identity_number) == (IdentityKind.PERSONAL, "193111049809")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("19311104-9808", "Kontrollsiffran"),
        ("abc", "Skriv identitetsnumret"),
        ("", "måste fyllas i"),
        ("19380219-9814", "Det finns redan en patient"),
    ],
)
def test_wrong_identity_number_gets_a_sentence(
    admin_client: Client, municipality: Party, number: str, sentence: str
) -> None:
    Patient.objects.create(
        identity_kind=IdentityKind.PERSONAL, identity_number="193802199814", name="G", municipality=municipality
    )
    data = {"identity_number": number, "name": "A", "municipality": municipality.pk, "protection": "NONE"}
    response = admin_client.post(reverse("admin:parties_patient_add"), data)
    assert sentence in errors(response)
    assert Patient.objects.count() == 1


def test_reserve_number_that_becomes_a_personal_number_stays_searchable(
    admin_client: Client, municipality: Party
) -> None:
    patient = Patient.objects.create(
        identity_kind=IdentityKind.RESERVE, identity_number="19450829SF21", name="Reserv", municipality=municipality
    )
    data = {"identity_number": "19311104-9809", "former_numbers": "", "name": "Reserv", "protection": "NONE"}
    url = reverse("admin:parties_patient_change", args=[patient.pk])
    assert admin_client.post(url, data | {"municipality": municipality.pk}).status_code == 302
    patient.refresh_from_db()
    assert (patient.identity_kind, patient.identity_number) == (IdentityKind.PERSONAL, "193111049809")
    assert patient.former_numbers == ["19450829SF21"]
    found = admin_client.post(reverse("admin:parties_patient_changelist"), {"q": "19450829sf21"}, follow=True)
    assert list(found.context["cl"].result_list) == [patient]


def test_list_hides_the_name_of_a_protected_patient(admin_client: Client, municipality: Party) -> None:
    Patient.objects.create(
        identity_kind=IdentityKind.PERSONAL,
        identity_number="193111049809",
        name="Karin Hemlig",
        municipality=municipality,
        protection=Protection.PROTECTED,
    )
    response = admin_client.get(reverse("admin:parties_patient_changelist"))
    assert "Skyddade uppgifter" in response.text
    assert "Hemlig" not in response.text
