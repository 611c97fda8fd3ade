"""The administration's page of a user: customers, rights to prescribe, password."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from parties.models import Party, PrescribingRight, Profession, User, UserCustomer
from tests.parties.administering import PASSWORD, errors, inline

pytestmark = pytest.mark.django_db


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
        data = {"username": "logg01", "name": "Lotta Gren"}
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

    def test_password_is_never_shown(self, admin_client: Client, person: User) -> None:
        page = admin_client.get(self.url(person)).text
        assert person.password not in page
        assert person.password.rpartition("$")[2][:6] not in page
        assert reverse("admin:auth_user_password_change", args=[person.pk]) in page

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
