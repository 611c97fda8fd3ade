"""What a browser without scripts can choose from at the fields of the step Parter."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from orders.recipients import handlers, payers_for
from orders.suggesting import suggestions
from parties.models import Party, User
from tests.factories import CareUnitFactory, CustomerFactory, UserFactory
from tests.registered import World


def test_payers_and_handlers_are_as_the_fields_take_them(world: World) -> None:
    """In plain SQL, and as the form looks them up: for a municipality, the central service, and who has no unit."""
    CustomerFactory.create(number="01-98", parent=world.arvika, is_active=False)
    CareUnitFactory.create(number="01-99", parent=world.arvika)  # is no customer
    UserFactory.create(username="gone", is_active=False, customer=world.region)
    order = world.draft("forskrivning", {})
    for user in (world.anna, world.hakan, world.other_prescriber, UserFactory.create()):
        found = suggestions(order, user=user)
        assert found["payer"] == list(payers_for(user).order_by("number").values_list("number", "name")), user
        assert found["handler"] == list(handlers().order_by("username").values_list("username", "name")), user


@pytest.mark.parametrize("kind", ["lagerflytt", "bestallning", "forskrivning"])
def test_only_the_first(world: World, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    for number in ("01-98", "01-99"):
        CareUnitFactory.create(number=number, parent=world.arvika, is_customer=True)
    order = world.draft(kind, {})
    everything = suggestions(order, user=world.lina)
    monkeypatch.setattr("orders.suggesting.MOST", 1)
    assert suggestions(order, user=world.lina) == {field: codes[:1] for field, codes in everything.items()}


def test_names_are_text_and_not_markup(client: Client, world: World) -> None:
    Party.objects.update(name="<i>")
    User.objects.update(name="<i>", title="")
    order = world.draft("forskrivning", {})
    client.force_login(world.anna)
    page = client.get(reverse("order_parties", args=[order.pk]))
    assertContains(page, '<option value="50101">&lt;i&gt;</option>')
    assertNotContains(page, "<i>")
