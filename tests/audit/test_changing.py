"""The history of master data, rights and users: what the triggers write, and who they say it was."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from audit.changing import TRACKED, ChangesBy
from audit.history import changes_of
from audit.models import ChangeEntry, ChangeKind
from inventory.models import Article, Device, StockLevel
from orders.operations.picking import Pick
from parties.models import CareRelation, Patient, PrescribingRight, Protection, User
from tests.factories import UserFactory
from tests.fixtures import Town
from tests.registered import World


def last() -> ChangeEntry:
    return ChangeEntry.objects.latest("id")


def words(obj: Patient | User | Article) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (change.what, [(field.label, field.before, field.after) for field in change.fields])
        for change in changes_of(obj)
    ]


@pytest.mark.django_db
def test_the_written_list_of_tables_is_the_database_s() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'change_history' AND NOT tgisinternal"
        )
        assert sorted(table for (table,) in cursor.fetchall()) == TRACKED


def test_keeps_what_changed_before_and_after(town: Town) -> None:
    Article.objects.filter(pk=town.chair.pk).update(price=250, name="Duschpall låg")
    entry = last()
    assert (entry.kind, entry.subject_table, entry.subject_id) == ("UPDATE", "inventory_article", town.chair.pk)
    assert entry.before == {"price": 0.0, "name": "Duschpall"}
    assert entry.after == {"price": 250.0, "name": "Duschpall låg"}
    assert entry.actor is None


def test_what_is_the_same_is_no_change(town: Town) -> None:
    before = ChangeEntry.objects.count()
    Article.objects.filter(pk=town.chair.pk).update(name="Duschpall")
    User.objects.filter(pk=town.anna.pk).update(last_login=town.now())
    assert ChangeEntry.objects.count() == before


def test_a_password_is_changed_and_never_written_down(town: Town) -> None:
    town.anna.set_password("nytt och hemligt")
    town.anna.save(update_fields=["password"])
    assert (last().before, last().after) == ({"password": "***"}, {"password": "***"})
    UserFactory.create(username="nynå01", password="hemligt från början")
    added = ChangeEntry.objects.filter(table_name="parties_user", kind=ChangeKind.ADDED).latest("id")
    assert added.after is not None
    assert added.after["username"] == "nynå01"
    assert added.after["password"] == "***"
    assert words(town.anna)[0] == ("Ändrad", [("Lösenord", "Dolt", "Dolt")])


def test_units_roles_and_rights_stand_with_their_user(town: Town) -> None:
    town.anna.groups.add(Group.objects.get(name="Tekniker"))
    right = PrescribingRight.objects.filter(user=town.anna).order_by("pk")[0]
    right.delete()
    town.anna.customer_links.update(is_default=False)
    link = town.anna.customer_links.get()
    link.roles.add(Group.objects.get(name="Beställare"))
    (here, here_fields), (unit, unit_fields), (removed, right_fields), (added, role_fields) = words(town.anna)[:4]
    where = ("Kund", str(town.rehab), str(town.rehab))
    assert (here, set(here_fields)) == ("Ändrad: användares kund", {where, ("Roller bara här", "", "Beställare")})
    assert (unit, set(unit_fields)) == ("Ändrad: användares kund", {where, ("Standardkund", "Ja", "Nej")})
    assert removed == "Borttagen: förskrivningsrätt"
    assert ("ISO-grupp", "09", "") in right_fields
    assert added.startswith("Tillagd: ")
    assert [(before, after) for _label, before, after in role_fields] == [("", "Tekniker")]


def test_an_ended_care_relation_stands_with_the_patient(town: Town) -> None:
    relation = CareRelation.objects.create(
        patient=town.patient, unit=town.rehab, since=date(2026, 1, 1), registered_by=town.anna
    )
    before = ChangeEntry.objects.count()
    CareRelation.objects.filter(pk=relation.pk).update(until=date(2026, 3, 1))
    assert ChangeEntry.objects.count() == before + 1
    (what, fields), *_rest = words(town.patient)
    assert what == "Ändrad: vårdrelation"
    assert ("Till och med", "", "2026-03-01") in fields
    assert ("Enhet", str(town.rehab), str(town.rehab)) in fields


def test_what_a_role_may_is_kept_too(town: Town) -> None:
    group = Group.objects.get(name="Tekniker")
    permission = group.permissions.order_by("pk")[0]
    group.permissions.remove(permission)
    entry = last()
    assert (entry.kind, entry.subject_table, entry.subject_id) == ("DELETE", "auth_group", group.pk)
    assert entry.before is not None
    assert entry.before["permission_id"] == permission.pk


def test_the_ledger_is_its_own_history(world: World) -> None:
    before = ChangeEntry.objects.count()
    world.deliver(world.order("forskrivning"))
    order = world.order("forskrivning", article=world.walker, quantity=1)
    device = Device.objects.in_warehouse(world.central)[0]
    world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=1, device_ids=(device.pk,))])
    assert ChangeEntry.objects.count() == before
    level = StockLevel.objects.get(warehouse=world.store, article=world.chair)
    level.reorder_point = 4
    level.max_level = 9
    level.save(update_fields=["reorder_point", "max_level"])
    assert last().after == {"reorder_point": 4, "max_level": 9}
    level.shelf = "A-03"
    level.save(update_fields=["shelf"])
    assert last().after == {"shelf": "A-03"}
    Device.objects.filter(article=world.walker).update(serial_number="")
    Device.objects.filter(pk=Device.objects.all()[:1]).update(serial_number="SN-1")
    assert last().after == {"serial_number": "SN-1"}


@pytest.mark.parametrize("statement", ["UPDATE audit_changeentry SET before = NULL", "DELETE FROM audit_changeentry"])
def test_no_change_is_changed_or_removed(town: Town, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_names_the_actor_also_where_nobody_began_a_transaction() -> None:
    """And lets go of the name afterwards: the next request has the same connection."""
    user = UserFactory.create()
    request = RequestFactory().post("/")
    request.user = user
    with connection.execute_wrapper(ChangesBy(request)):
        User.objects.filter(pk=user.pk).update(title="Chef")
    assert last().actor == user
    User.objects.filter(pk=user.pk).update(title="")
    assert last().actor is None


def test_only_writing_tracked_tables_costs_a_statement(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().post("/")
    request.user = town.anna
    with connection.execute_wrapper(ChangesBy(request)):
        with django_assert_num_queries(3):
            User.objects.filter(pk=town.anna.pk).update(last_login=town.now())
            StockLevel.objects.update(reserved=0)
            Article.objects.filter(number="14710").exists()
        with django_assert_num_queries(2):
            Article.objects.filter(number="14710").update(price=1)
    assert last().actor == town.anna


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory.create(username="adm01", name="Maj Ek", role="Systemförvaltare")
    user.is_staff = True
    user.save()
    client.force_login(user)
    return user


def test_the_administration_says_who_when_before_and_after(town: Town, client: Client, administrator: User) -> None:
    page = reverse("admin:parties_party_change", args=[town.unit.pk])
    form = client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    client.post(page, data | {"name": "Björkbacken äldreboende"})
    assert last().actor == administrator
    history = client.get(reverse("admin:parties_party_history", args=[town.unit.pk]))
    for text in ("adm01 Maj Ek", "Ändrad", "Namn", "Björkbacken", "Björkbacken äldreboende"):
        assertContains(history, text)
    changes = client.get(reverse("admin:audit_changeentry_changelist"))
    for text in ("adm01 Maj Ek", "Ändrad", f"part {town.unit.pk}", "Namn"):
        assertContains(changes, text)
    assertContains(changes, reverse("admin:parties_party_history", args=[town.unit.pk]))
    assertContains(client.get(reverse("admin:index")), "Ändringar")


def test_values_of_a_protected_patient_stay_hidden(town: Town, client: Client, administrator: User) -> None:
    Patient.objects.filter(pk=town.patient.pk).update(street="Gömda gatan 1")
    Patient.objects.filter(pk=town.patient.pk).update(protection=Protection.PROTECTED)
    history = client.get(reverse("admin:parties_patient_history", args=[town.patient.pk]))
    assertContains(history, "Gatuadress")
    assertContains(history, "Dolt")
    for text in ("Gömda", "Astrid", "Fröding"):
        assertNotContains(history, text)
    changes = client.get(reverse("admin:audit_changeentry_changelist"))
    assertNotContains(changes, "Gömda")
    assertNotContains(changes, "Astrid")


def test_one_change_has_no_page_and_nobody_else_sees_the_list(town: Town, client: Client, administrator: User) -> None:
    Patient.objects.filter(pk=town.patient.pk).update(street="Storgatan 1")
    assert client.get(reverse("admin:audit_changeentry_change", args=[last().pk])).status_code == 403
    client.force_login(town.anna)
    assert client.get(reverse("admin:audit_changeentry_changelist")).status_code in (302, 403)
