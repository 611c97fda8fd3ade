"""Somebody who works in two municipalities: an order is the business of its customer's, and of no other."""

from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from orders.models import Order
from parties.models import UserCustomer
from tests import factories
from tests.fixtures import Town


def parties(order: Order, **more: str) -> dict[str, str]:
    assert order.orderer
    assert order.customer
    return {
        "version": str(order.version),
        "orderer": order.orderer.username,
        "customer": order.customer.number,
        "recipient": "",
        "handler": "",
        "payer": "",
        "sender": "",
    } | more


def test_a_patient_of_the_other_municipality_is_not_the_customer_s(client: Client, town: Town) -> None:
    filipstad = town.other_store.owner
    UserCustomer.objects.create(user=town.anna, customer=filipstad)
    patient = factories.PatientFactory.create(identity_number="195001012383", municipality=filipstad.parent)
    order = town.draft("forskrivning", {})
    client.force_login(town.anna)
    url = reverse("order_parties", args=[order.pk])
    for customer in ("50101", filipstad.number):
        response = client.post(url, parties(order, recipient="19500101-2383", customer=customer))
        assert response.status_code == 422
    assertContains(response, "50301 är inte en av Anna Bergqvists kunder.", status_code=422)
    client.post(reverse("unit_choice"), {"unit": filipstad.pk})
    there = town.draft("forskrivning", {}, orderer=town.anna, customer=filipstad, recipient_patient=None)
    url = reverse("order_parties", args=[there.pk])
    response = client.post(url, parties(there, recipient="19500101-2383"))
    assert response.status_code == 302
    assert Order.objects.get(pk=there.pk).recipient_patient == patient


def test_a_store_does_not_send_to_itself(client: Client, town: Town) -> None:
    unit = factories.CustomerFactory.create(number="50102", name="Arvika kommun Korttid", parent=town.arvika)
    store = factories.WarehouseFactory.create(owner=unit, name="Korttids lager", supplied_from=town.central)
    order = town.draft("lagerflytt-kommun", {}, orderer=town.per, sender=town.other_store)
    client.force_login(town.per)
    url = reverse("order_parties", args=[order.pk])
    response = client.post(url, parties(order, recipient=store.number, sender=store.number))
    assertContains(response, "kan inte skicka till sig självt", status_code=422)
