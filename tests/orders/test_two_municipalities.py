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
    factories.PatientFactory.create(identity_number="195001012383", municipality=filipstad.parent)
    order = town.draft("forskrivning", {})
    client.force_login(town.anna)
    url = reverse("order_parties", args=[order.pk])
    response = client.post(url, parties(order, recipient="19500101-2383"))
    assertContains(response, "Ingen patient i din kommun stämmer.", status_code=422)
    response = client.post(url, parties(order, recipient="19500101-2383", customer=filipstad.number))
    assert response.status_code == 302
    response = client.post(url, parties(Order.objects.get(pk=order.pk), recipient="19500101-2383", customer="50101"))
    assert response.status_code == 422
    assert Order.objects.get(pk=order.pk).customer == filipstad


def test_a_store_does_not_send_to_itself(client: Client, town: Town) -> None:
    unit = factories.CustomerFactory.create(number="50102", name="Arvika kommun Korttid", parent=town.arvika)
    store = factories.WarehouseFactory.create(owner=unit, name="Korttids lager", supplied_from=town.central)
    order = town.draft("lagerflytt-kommun", {}, orderer=town.per, sender=town.other_store)
    client.force_login(town.per)
    url = reverse("order_parties", args=[order.pk])
    response = client.post(url, parties(order, recipient=store.number, sender=store.number))
    assertContains(response, "kan inte skicka till sig självt", status_code=422)
