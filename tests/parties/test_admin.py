from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from inventory.models import Warehouse, WarehouseKind
from orders.access import may_create
from orders.models import OrderType
from parties.admin_base import ConstraintForm
from parties.models import IdentityKind, Party, Patient, PrescribingRight, Profession, Protection, User, UserCustomer

pytestmark = pytest.mark.django_db

PASSWORD = "Bergslagen-27-tallar"


@pytest.fixture
def administrator() -> User:
    user = User.objects.create_superuser("adm01", password=PASSWORD, name="Alva Dahl")
    user.groups.add(Group.objects.get(name="Systemförvaltare"))
    return user


@pytest.fixture
def admin_client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def municipality() -> Party:
    return Party.objects.create(number="1784", name="Arvika kommun", is_municipality=True)


@pytest.fixture
def customers(municipality: Party) -> list[Party]:
    return [
        Party.objects.create(number=number, name=number, is_customer=True, parent=municipality)
        for number in ("50101", "50102", "50103")
    ]


def inline(prefix: str, *rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{i}-{field}": value for i, row in enumerate(rows) for field, value in row.items()}


def errors(response: Any) -> str:
    """All that the page of a form says is wrong."""
    assert response.status_code == 200
    forms = [response.context["adminform"].form, *response.context["inline_admin_formsets"]]
    found = [str(forms[0].errors)]
    for wrapper in forms[1:]:
        found += [str(wrapper.formset.non_form_errors()), *(str(form.errors) for form in wrapper.formset.forms)]
    return " ".join(found)


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
    add(
        "parties_user",
        username="nyan01",
        name="Nya Andersson",
        title="Arbetsterapeut, rehab",
        profession=Profession.OCCUPATIONAL_THERAPIST,
        password1=PASSWORD,
        password2=PASSWORD,
        groups=[Group.objects.get(name="Förskrivare").pk],
        **inline("customer_links", {"customer": customer.pk, "is_default": "on"}),
        **inline("prescribing_rights", {"iso_prefix": "1206", "valid_from": "2026-01-01"}),
    )

    person = Client()
    response = person.post(reverse("login"), {"username": "nyan01", "password": PASSWORD})
    assert response.status_code == 302
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


class TestUser:
    def data(self, user: User, *links: dict[str, Any], **fields: Any) -> dict[str, Any]:
        form = {"username": user.username, "name": user.name, "is_active": "on"} | fields
        initial = sum(1 for link in links if "id" in link)
        rows = [{"user": user.pk} | link for link in links]
        return form | inline("customer_links", *rows, initial=initial) | inline("prescribing_rights")

    def links(self, user: User, *defaults: int) -> list[dict[str, Any]]:
        """The rows of the user's customers as the page posts them, those at `defaults` marked."""
        return [
            {"id": link.pk, "customer": link.customer_id} | ({"is_default": "on"} if index in defaults else {})
            for index, link in enumerate(user.customer_links.order_by("pk"))
        ]

    @pytest.fixture
    def person(self, customers: list[Party]) -> User:
        user = User.objects.create_user("anbe01", password=PASSWORD, name="Anna Bergqvist")
        UserCustomer.objects.create(user=user, customer=customers[0], is_default=True)
        UserCustomer.objects.create(user=user, customer=customers[1])
        return user

    def url(self, user: User) -> str:
        return reverse("admin:parties_user_change", args=[user.pk])

    def test_first_customer_of_a_new_user_is_marked(self, admin_client: Client, customers: list[Party]) -> None:
        url = reverse("admin:parties_user_add")
        row = admin_client.get(url).context["inline_admin_formsets"][0].formset.forms[0]
        assert row["is_default"].value() is True
        data = {"username": "logg01", "name": "Lotta Gren", "password1": PASSWORD, "password2": PASSWORD}
        empty = inline("customer_links", {"is_default": "on"}) | inline("prescribing_rights")
        response = admin_client.post(url, data | empty)  # a log reviewer belongs to no customer
        assert response.status_code == 302, errors(response)
        assert User.objects.get(username="logg01").unit is None

    def test_default_customer_is_changed_in_one_save(
        self, admin_client: Client, person: User, customers: list[Party]
    ) -> None:
        response = admin_client.post(self.url(person), self.data(person, *self.links(person, 1)))
        assert response.status_code == 302, errors(response)
        assert person.customer_links.get(is_default=True).customer == customers[1]

    def test_new_row_takes_over_as_default(self, admin_client: Client, person: User, customers: list[Party]) -> None:
        old, other = self.links(person, 0)
        new = {"customer": customers[2].pk, "is_default": "on"}
        response = admin_client.post(self.url(person), self.data(person, old | {"DELETE": "on"}, other, new))
        assert response.status_code == 302, errors(response)
        assert person.customer_links.get(is_default=True).customer == customers[2]
        assert person.customer_links.count() == 2

    @pytest.mark.parametrize("marks", [(), (0, 1)], ids=["none", "two"])
    def test_has_just_one_default(self, admin_client: Client, person: User, marks: tuple[int, ...]) -> None:
        response = admin_client.post(self.url(person), self.data(person, *self.links(person, *marks)))
        assert "Markera en av kunderna som standardkund" in errors(response)

    def test_same_customer_twice_gets_a_sentence(
        self, admin_client: Client, person: User, customers: list[Party]
    ) -> None:
        again = {"customer": customers[0].pk}
        response = admin_client.post(self.url(person), self.data(person, *self.links(person, 0), again))
        assert "kund" in errors(response)
        assert person.customer_links.count() == 2

    def test_prescribing_right_outside_the_rules_gets_a_sentence(self, admin_client: Client, person: User) -> None:
        wrong = {"user": person.pk, "iso_prefix": "123", "valid_from": "2026-02-01", "valid_until": "2026-01-01"}
        data = self.data(person, *self.links(person, 0)) | inline("prescribing_rights", wrong)
        response = admin_client.post(self.url(person), data)
        assert "2, 4 eller 6 siffror" in errors(response)
        assert "Slutdatum" in errors(response)
        assert not PrescribingRight.objects.exists()

    def test_only_licensed_staff_is_given_a_right(self, admin_client: Client, person: User) -> None:
        right = {"user": person.pk, "iso_prefix": "12", "valid_from": "2026-02-01"}
        rows = self.links(person, 0)
        response = admin_client.post(
            self.url(person), self.data(person, *rows, profession="OTHER") | inline("prescribing_rights", right)
        )
        assert "bara ges till legitimerad personal" in errors(response)
        response = admin_client.post(
            self.url(person), self.data(person, *rows, profession="PT") | inline("prescribing_rights", right)
        )
        assert response.status_code == 302, errors(response)
        given = {"id": person.prescribing_rights.get().pk} | right
        response = admin_client.post(
            self.url(person), self.data(person, *rows, profession="") | inline("prescribing_rights", given, initial=1)
        )
        assert "bara ges till legitimerad personal" in errors(response)
        person.refresh_from_db()
        assert person.profession == Profession.PHYSIOTHERAPIST

    def test_a_right_given_by_its_own_page_asks_the_same(self, admin_client: Client, person: User) -> None:
        data = {"user": person.pk, "iso_prefix": "12", "valid_from": "2026-02-01"}
        url = reverse("admin:parties_prescribingright_add")
        assert "bara ges till legitimerad personal" in errors(admin_client.post(url, data))
        User.objects.filter(pk=person.pk).update(profession=Profession.NURSE)
        assert "behöver ett slutdatum" in errors(admin_client.post(url, data | {"is_temporary": "on"}))
        assert admin_client.post(url, data).status_code == 302

    def test_password_is_never_shown_and_can_be_changed(self, admin_client: Client, person: User) -> None:
        page = admin_client.get(self.url(person)).text
        assert person.password not in page
        assert person.password.rpartition("$")[2][:6] not in page
        address = reverse("admin:auth_user_password_change", args=[person.pk])
        assert address in page
        new = PASSWORD + "-ny"
        response = admin_client.post(address, {"password1": new, "password2": new, "usable_password": "true"})
        assert response.status_code == 302
        person.refresh_from_db()
        assert person.check_password(new)

    def test_saving_keeps_the_password(self, admin_client: Client, person: User) -> None:
        data = self.data(person, *self.links(person, 0), name="Anna Berg")
        response = admin_client.post(self.url(person), data)
        assert response.status_code == 302, errors(response)
        person.refresh_from_db()
        assert person.name == "Anna Berg"
        assert person.check_password(PASSWORD)

    def test_only_who_has_all_rights_gives_them(self, person: User, administrator: User) -> None:
        person.is_staff = True
        person.save()
        role = Group.objects.create(name="Registervård")
        role.permissions.set(Permission.objects.filter(content_type__app_label="parties"))
        person.groups.add(role)
        client = Client()
        client.force_login(person)
        data = self.data(person, *self.links(person, 0), is_superuser="on", is_staff="on", groups=[role.pk])
        assert client.post(self.url(person), data).status_code == 302
        person.refresh_from_db()
        assert not person.is_superuser
        assert client.post(self.url(administrator), self.data(administrator, name="Ny")).status_code == 403
        password = reverse("admin:auth_user_password_change", args=[administrator.pk])
        assert client.post(password, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403
