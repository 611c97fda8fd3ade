from collections.abc import Sequence
from datetime import date

import pytest
from django.contrib.auth.models import Group
from pytest_django.asserts import assertNumQueries

from orders.models import OrderLine, OrderSubtype
from orders.operations.verifying import UserCannotOrder, Verified, find_user, verify_orderer
from parties.models import User, UserCustomer
from tests.factories import CustomerFactory, PrescribingRightFactory, UserFactory
from tests.fixtures import Town

TODAY = date(2026, 3, 2)


def verify(username: str, code: str, by: User, lines: Sequence[OrderLine] = ()) -> Verified:
    subtype = OrderSubtype.objects.get(code=code)
    return verify_orderer(username=username, subtype=subtype, by=by, on=TODAY, lines=lines)


def refusal(username: str, code: str, by: User, lines: Sequence[OrderLine] = ()) -> str:
    with pytest.raises(UserCannotOrder) as caught:
        verify(username, code, by, lines)
    return str(caught.value)


def test_fills_in_what_follows(town: Town) -> None:
    found = verify("LINI01", "direktbestallning", by=town.anna)
    assert (found.user, found.customer, found.payer) == (town.lina, town.rehab, town.rehab)
    assert (found.recipient, found.sender) == (town.rehab, town.store)
    transfer = verify("pene01", "lagerflytt", by=town.per)
    assert (transfer.recipient, transfer.sender) == (town.store, town.central)
    assert verify("anbe01", "forskrivning", by=town.anna).recipient is None


def test_who_names_themselves_is_not_looked_up(town: Town) -> None:
    with assertNumQueries(0):
        assert find_user("anbe01", by=town.anna) is town.anna
    assert find_user("ANBE01", by=town.anna) is town.anna


def test_the_customers_payer_pays(town: Town) -> None:
    payer = CustomerFactory.create(parent=town.arvika)
    town.rehab.payer = payer
    town.rehab.save(update_fields=["payer"])
    assert verify("lini01", "bestallning", by=town.lina).payer == payer


@pytest.mark.parametrize("username", ["finns-inte", "", "jolu01", "hmla01"])
def test_unknown_or_of_another_municipality(town: Town, username: str) -> None:
    assert "finns ingen användare" in refusal(username, "bestallning", by=town.lina)


def test_inactive(town: Town) -> None:
    User.objects.filter(pk=town.lina.pk).update(is_active=False)
    assert "inaktiv" in refusal("lini01", "bestallning", by=town.anna)


@pytest.mark.parametrize(
    ("username", "code", "words"),
    [
        ("pene01", "bestallning", "får inte göra beställningar"),
        ("lini01", "forskrivning", "är inte förskrivare"),
        ("anbe01", "lagerflytt", "får inte göra lagerflyttsorder"),
    ],
)
def test_without_the_role(town: Town, username: str, code: str, words: str) -> None:
    assert words in refusal(username, code, by=town.anna)


def test_without_any_right_that_is_valid(town: Town) -> None:
    ended = UserFactory.create(username="slut01", role="Förskrivare", customer=town.rehab)
    PrescribingRightFactory.create(user=ended, iso_prefix="09", valid_until=date(2026, 3, 1))
    assert "ingen förskrivningsrätt" in refusal("slut01", "forskrivning", by=town.anna)


def test_without_the_right_for_what_is_on_the_lines(town: Town) -> None:
    UserFactory.create(username="dusc01", role="Förskrivare", customer=town.rehab, prescribes=["09"])
    order = town.draft("forskrivning", {town.chair: 1, town.walker: 1})
    sentence = refusal("dusc01", "forskrivning", by=town.anna, lines=list(order.lines.for_order_page()))
    assert "15121" in sentence
    assert "14710" not in sentence


def test_a_second_unit_elsewhere_is_not_the_customer(town: Town) -> None:
    visitor = UserFactory.create(username="gast01", role="Beställare", customer=town.other_store.owner)
    UserCustomer.objects.create(user=visitor, customer=town.rehab)
    assert verify("gast01", "bestallning", by=town.lina).customer == town.rehab


def test_a_customer_without_a_store(town: Town) -> None:
    unit = CustomerFactory.create(parent=town.arvika)
    UserFactory.create(username="utan01", role="Beställare", customer=unit)
    assert verify("utan01", "direktbestallning", by=town.lina).sender is None
    assert verify("utan01", "bestallning", by=town.lina).sender == town.central


def test_a_role_held_at_one_unit_only(town: Town) -> None:
    second = CustomerFactory.create(parent=town.arvika)
    two_units = UserFactory.create(username="tven01", role="Beställare", customer=town.rehab, prescribes=["09"])
    there = UserCustomer.objects.create(user=two_units, customer=second)
    assert "är inte förskrivare" in refusal("tven01", "forskrivning", by=town.anna)
    there.roles.add(Group.objects.get(name="Förskrivare"))
    assert verify("tven01", "forskrivning", by=town.anna).customer == second
    assert verify("tven01", "bestallning", by=town.anna).customer == town.rehab


def test_who_names_themselves_orders_for_the_unit_that_they_act_for(town: Town) -> None:
    second = CustomerFactory.create(parent=town.arvika)
    UserCustomer.objects.create(user=town.lina, customer=second)
    town.lina.act_for(town.lina.memberships[1])
    assert verify("lini01", "bestallning", by=town.lina).customer == second
    assert verify("lini01", "bestallning", by=town.anna).customer == town.rehab
