"""*Enhet*: what a unit is, its stores, its orders, who orders for it and what it has, as far as one may know."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry
from orders.models import Order
from orders.operations.delivering import Pick
from parties.models import Party, UserCustomer
from tests.factories import CareUnitFactory, UserFactory
from tests.registered import World

LIST = reverse("order_list")


def url(unit: Party) -> str:
    return reverse("unit_detail", args=[unit.pk])


@pytest.fixture
def looked(client: Client, world: World) -> World:
    client.force_login(world.anna)
    return world


def test_says_what_it_is(client: Client, looked: World) -> None:
    Party.objects.filter(pk=looked.rehab.pk).update(payer=looked.arvika, street="Storgatan 1", city="Arvika", gln="73")
    page = client.get(url(looked.rehab))
    for words in ("50101", "Arvika kommun Rehabenhet", "Kund, vårdenhet", "1784 Arvika kommun", "Storgatan 1", "73"):
        assertContains(page, words)
    assertContains(page, f'href="{reverse("stock_list")}?lager=50101"')
    assertContains(page, f'href="{url(looked.arvika)}"')
    assertNotContains(page, "Inaktiv")
    Party.objects.filter(pk=looked.unit.pk).update(is_active=False)
    assertContains(client.get(url(looked.unit)), "Inaktiv")


def test_a_supplier_has_no_orders(client: Client, world: World) -> None:
    client.force_login(world.hakan)
    page = client.get(url(Party.objects.create(number="900001", name="Norra AB", is_supplier=True)))
    assertContains(page, "Leverantör</h2>")
    assertNotContains(page, "Pågående ordrar")
    assertNotContains(page, "Alla ordrar")


def test_counts_its_orders_and_leads_to_them(client: Client, looked: World) -> None:
    other = CareUnitFactory.create(number="01-07", parent=looked.arvika)
    done, *open_ones = (looked.order("bestallning", quantity=1) for _ in range(3))
    looked.deliver(done)
    elsewhere = looked.register("bestallning", {looked.chair: 1}, recipient_unit=other)
    page = client.get(url(looked.unit))
    assert page.context["open_orders"] == "2"
    assertContains(page, f'href="{LIST}?visa=pagaende&amp;enhet=01-05"')
    assert shown(client, "?visa=pagaende&enhet=01-05") == {order.number for order in open_ones}
    assert shown(client, "?enhet=01-05") == {order.number for order in (done, *open_ones)}
    assert shown(client, "?enhet=01-07") == {elsewhere.number}
    everything = {order.number for order in (done, elsewhere, *open_ones)}
    assert shown(client, "?enhet=50101") == shown(client, "?enhet=1784") == everything
    assertContains(client.get(f"{LIST}?enhet=01-05"), "Enhet: 01-05 Björkbacken")


def shown(client: Client, query: str) -> set[str]:
    return {str(row.order) for row in client.get(LIST + query).context["rows"]}


@pytest.mark.parametrize("unit", ["50301", "x", "%00", "9" * 30])
def test_no_other_unit_filters(client: Client, looked: World, unit: str) -> None:
    order = looked.order("bestallning")
    assert shown(client, f"?enhet={unit}") == {order.number}


def test_names_who_orders_for_it(client: Client, looked: World) -> None:
    here = UserFactory.create(username="bara01", name="Åsa Här", customer=looked.rehab)
    UserCustomer.objects.get(user=here).roles.add(Group.objects.get(name="Beställare"))
    for left_out in ({"username": "utan01"}, {"username": "slut01", "role": "Beställare", "is_active": False}):
        UserFactory.create(customer=looked.rehab, **left_out)
    names = [person.username for person in client.get(url(looked.rehab)).context["orderers"]]
    assert {"anbe01", "lini01", "pene01", "bara01"} <= set(names)
    assert not {"utan01", "slut01", "jolu01", "hmla01"} & set(names)
    looked.anna.groups.set([Group.objects.get(name="Systemförvaltare")])
    assertNotContains(client.get(url(looked.rehab)), "lini01")


def test_counts_what_it_has_and_leads_to_returns(client: Client, looked: World) -> None:
    order = looked.order("direktbestallning", quantity=2)
    looked.deliver(order, [Pick(line_id=looked.line(order).pk, quantity=2)])
    returns = f'href="{reverse("return_list")}?sok=01-05"'
    page = client.get(url(looked.unit))
    assert page.context["holdings"] == "1"
    assertNotContains(page, returns)
    client.force_login(looked.per)
    assertContains(client.get(url(looked.unit)), returns)
    assert not AccessLogEntry.objects.exists()


def test_a_municipality_leads_to_its_units(client: Client, looked: World) -> None:
    page = client.get(url(looked.arvika))
    assertContains(page, f'href="{url(looked.unit)}"')
    assertContains(page, "50101 Arvika kommunlager")
    assertNotContains(page, "50301")


def test_an_order_leads_to_its_units_where_one_may_see_them(client: Client, looked: World) -> None:
    order = looked.order("bestallning")
    for unit in (looked.unit, looked.rehab):
        assertContains(client.get(order.get_absolute_url()), f'href="{url(unit)}"')
    Order.objects.filter(pk=order.pk).update(payer=looked.region)
    assertNotContains(client.get(order.get_absolute_url()), f'href="{url(looked.region)}"')


def test_is_for_the_own_municipality_and_the_central_service(client: Client, looked: World) -> None:
    other = looked.other_store.owner
    for unit in (other, looked.region):
        assert client.get(url(unit)).status_code == 404
        assert not unit.is_visible_to(looked.anna)
    assert looked.unit.is_visible_to(looked.anna)
    assert client.get(reverse("unit_detail", args=[2**31])).status_code == 404
    client.force_login(looked.hakan)
    for unit in (other, looked.region, looked.unit):
        assert client.get(url(unit)).status_code == 200
        assert unit.is_visible_to(looked.hakan)
    assert client.post(url(other)).status_code == 405
    client.force_login(UserFactory.create(customer=looked.rehab))
    assert client.get(url(looked.unit)).status_code == 403
    client.logout()
    assertRedirects(client.get(url(looked.unit)), f"{reverse('login')}?next={url(looked.unit)}")


def test_asks_as_much_for_many_people_and_units_as_for_one(client: Client, looked: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(looked.rehab))
            client.get(url(looked.arvika))
        return len(queries)

    client.get(url(looked.rehab))
    few = statements()
    for number in range(60):
        CareUnitFactory.create(number=f"02-{number:02}", parent=looked.arvika)
        UserFactory.create(role="Beställare", customer=looked.rehab)
    assert statements() == few
