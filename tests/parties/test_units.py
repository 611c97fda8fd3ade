"""A person of several units acts for one at a time, and sees what that unit sees."""

from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders import roles
from orders.access import creatable_types
from orders.models import Order, OrderType
from parties.models import Patient, User, UserCustomer
from parties.units import SESSION_KEY
from tests.factories import PatientFactory, UserFactory
from tests.fixtures import Town

URL = reverse("unit_choice")


@pytest.fixture
def maria(town: Town) -> User:
    """Works in Arvika (standardkund) and in Filipstad, as a prescriber in both."""
    user = UserFactory.create(username="masv01", role="Förskrivare", customer=town.rehab, prescribes=["09", "12"])
    UserCustomer.objects.create(user=user, customer=town.other_store.owner)
    return user


@pytest.fixture
def other_patient(town: Town) -> Patient:
    return PatientFactory.create(name="Filip Stad", municipality=town.other_store.owner.parent)


def log_in(client: Client, user: User, **data: str) -> str:
    response = client.post(reverse("login"), {"username": user.username, "password": "sesam-demo"} | data)
    assert response.status_code == 302
    return str(response["Location"])


def choose(client: Client, unit: object, **data: str) -> str:
    response = client.post(URL, {"unit": unit, **data})
    assert response.status_code == 302
    return str(response["Location"])


def test_who_has_several_units_chooses_after_logging_in(client: Client, maria: User, town: Town) -> None:
    target = log_in(client, maria, next="/kundorder/")
    assert target == f"{URL}?next=%2Fkundorder%2F"
    response = client.get(target)
    assertContains(response, "50101, standardkund")
    assertContains(response, "50301")
    assert choose(client, town.other_store.owner.pk, next="/kundorder/") == "/kundorder/"


def test_who_has_one_unit_goes_straight_on(client: Client, town: Town) -> None:
    assert log_in(client, town.anna, next="/kundorder/") == "/kundorder/"
    assertRedirects(client.get(URL), reverse("home"))


def test_the_unit_stands_in_the_head_and_leads_to_the_others(client: Client, maria: User, town: Town) -> None:
    client.force_login(maria)
    link = f'<a href="{URL}" title="Byt enhet">50101 Arvika kommun Rehabenhet</a>'
    assertContains(client.get("/"), link, html=True)
    choose(client, town.other_store.owner.pk)
    assertContains(client.get("/"), "50301 Filipstad kommun Rehabenhet")
    client.force_login(town.anna)
    assertNotContains(client.get("/"), URL)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example", "1000"]
)
def test_never_leads_to_another_site(client: Client, maria: User, town: Town, target: str) -> None:
    client.force_login(maria)
    assert choose(client, town.rehab.pk, next=target) == "/"


@pytest.mark.parametrize("unit", ["", "0", "x", "-1", "1" * 30])
def test_another_unit_is_refused(client: Client, maria: User, town: Town, unit: str) -> None:
    client.force_login(maria)
    response = client.post(URL, {"unit": unit})
    assertContains(response, "Välj en", status_code=422)
    assert SESSION_KEY not in client.session


def test_a_unit_that_is_not_ones_own_is_refused(client: Client, maria: User, town: Town) -> None:
    client.force_login(maria)
    assertContains(client.post(URL, {"unit": town.region.pk}), "Välj en av dina enheter.", status_code=422)
    assert SESSION_KEY not in client.session


def test_asks_for_login_first(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_other_methods_are_refused(client: Client, maria: User) -> None:
    client.force_login(maria)
    assert client.put(URL).status_code == 405


def test_patients_are_those_of_the_unit(client: Client, maria: User, town: Town, other_patient: Patient) -> None:
    client.force_login(maria)

    def finds(patient: Patient) -> bool:
        page = client.post(reverse("patient_list"), {"sok": patient.identity_number}, follow=True)
        return patient.name in page.content.decode()

    assert (finds(town.patient), finds(other_patient)) == (True, False)
    choose(client, town.other_store.owner.pk)
    assert (finds(town.patient), finds(other_patient)) == (False, True)


def test_orders_and_drafts_are_those_of_the_unit(client: Client, maria: User, town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    draft = town.draft("bestallning", {town.chair: 1}, orderer=maria)
    order = town.register("bestallning", {town.chair: 1}, orderer=maria)
    client.force_login(maria)
    pages = [reverse("order_review", args=[draft.pk]), reverse("order_detail", args=[order.pk])]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    choose(client, town.other_store.owner.pk)
    assert [client.get(page).status_code for page in pages] == [404, 404]


def test_an_order_is_made_for_the_unit(client: Client, maria: User, town: Town) -> None:
    client.force_login(maria)
    choose(client, town.other_store.owner.pk)
    page = reverse("order_new", args=["bestallning"])
    key = client.get(page, follow=True).context["form"]["key"].value()
    client.post(f"{page}?nyckel={key}", {"key": key, "subtype": "direktbestallning"})
    order = Order.objects.get()
    assert (order.orderer, order.customer, order.sender) == (maria, town.other_store.owner, town.other_store)


def test_a_unit_that_the_person_left_is_forgotten(client: Client, maria: User, town: Town) -> None:
    client.force_login(maria)
    choose(client, town.other_store.owner.pk)
    maria.customer_links.filter(customer=town.other_store.owner).delete()
    assertContains(client.get("/"), "50101 Arvika kommun Rehabenhet")


def test_logging_out_forgets_the_choice(client: Client, maria: User, town: Town) -> None:
    log_in(client, maria)
    choose(client, town.other_store.owner.pk)
    client.post(reverse("logout"))
    log_in(client, maria)
    assert SESSION_KEY not in client.session


class TestRolesOfAUnit:
    @pytest.fixture
    def nils(self, town: Town) -> User:
        """Orders everywhere, prescribes only in Filipstad."""
        user = UserFactory.create(username="nini01", role="Beställare", customer=town.rehab, prescribes=["09"])
        there = UserCustomer.objects.create(user=user, customer=town.other_store.owner)
        there.roles.add(Group.objects.get(name="Förskrivare"))
        return user

    def test_hold_only_there(self, nils: User) -> None:
        at_home, there = nils.memberships
        for link, may in ((at_home, False), (there, True), (at_home, False), (None, False)):
            nils.act_for(link)
            assert nils.has_perm(roles.CREATE_PRESCRIPTION) is may
            assert nils.has_perm(roles.CREATE_REQUISITION)
            assert (OrderType.PRESCRIPTION in creatable_types(nils)) is may

    def test_open_the_pages_of_the_role(self, client: Client, nils: User, town: Town) -> None:
        client.force_login(nils)
        assert client.get(reverse("patient_list")).status_code == 403
        choose(client, town.other_store.owner.pk)
        assert client.get(reverse("patient_list")).status_code == 200

    def test_an_inactive_person_has_none(self, nils: User) -> None:
        nils.is_active = False
        nils.act_for(nils.memberships[1])
        assert not nils.has_perm(roles.CREATE_PRESCRIPTION)


@pytest.mark.parametrize("ask", [User.has_perm, async_to_sync(User.ahas_perm)])
def test_nobody_gets_a_right_by_name(maria: User, ask: Callable[[User, str], bool]) -> None:
    app_label, _, codename = roles.CREATE_TRANSFER.partition(".")
    maria.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
    assert not ask(maria, roles.CREATE_TRANSFER)
    assert ask(maria, roles.VIEW_ORDERS)
