"""What the database refuses, asked past every operation with the raw rows."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from inventory.models import Device
from orders.models import (
    Delivery,
    DeliveryFailure,
    DeliveryLine,
    FailureReason,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    OrderSubtype,
    Receipt,
    ReceiptLine,
)
from orders.operations.failing import fail_delivery
from orders.operations.receiving import receive_delivery
from parties.models import Party
from tests.factories import ArticleFactory
from tests.fixtures import Town


def refused(rule: str, rows: models.QuerySet[Any], **values: Any) -> None:
    """The database refuses the change of the rows, or deleting them where no values are given."""

    def change() -> None:
        with transaction.atomic():
            if values:
                rows.update(**values)
            else:
                rows._raw_delete(rows.db)  # past Django's own look at what points here
            connection.check_constraints()

    before = list(rows.order_by("pk").values())
    with pytest.raises(DatabaseError) as refusal:
        change()
    assert rule in f"{refusal.value} {refusal.value.__cause__.diag.constraint_name}"  # type: ignore[union-attr]
    assert list(rows.order_by("pk").values()) == before


def row(order: Order) -> models.QuerySet[Order]:
    return Order.objects.filter(pk=order.pk)


@pytest.mark.parametrize("field", ["number", "registered_at", "orderer", "customer", "municipality", "payer", "sender"])
def test_a_registered_order_is_complete(town: Town, field: str) -> None:
    refused("order_registered_is_complete", row(town.register("bestallning", {town.chair: 1})), **{field: None})


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("lagerflytt", "recipient_warehouse"),
        ("bestallning", "recipient_unit"),
        ("forskrivning", "recipient_patient"),
    ],
)
def test_a_registered_order_has_a_recipient(town: Town, code: str, field: str) -> None:
    refused("order_registered_has_recipient", row(town.register(code, {town.chair: 1})), **{field: None})


@pytest.mark.parametrize("code", ["lagerflytt", "bestallning", "direktbestallning", "forskrivning"])
@pytest.mark.parametrize("field", ["recipient_warehouse", "recipient_unit", "recipient_patient"])
def test_the_recipient_is_of_the_types_kind(town: Town, code: str, field: str) -> None:
    order = town.draft(code, {town.chair: 1})
    if getattr(order, field) is None:
        kinds = {"warehouse": town.other_store, "unit": town.unit, "patient": town.patient}
        refused("order_recipient_fits_type", row(order), **{field: kinds[field.removeprefix("recipient_")]})


def test_the_type_is_the_subtypes(town: Town) -> None:
    draft = town.draft("bestallning", {town.chair: 1}, recipient_unit=None)
    refused("order_type_is_subtypes", row(draft), type="F")
    refused("order_type_is_subtypes", row(draft), subtype=OrderSubtype.objects.get(code="forskrivning"))


def test_a_registered_order_has_lines(town: Town) -> None:
    empty = town.draft("bestallning", {})
    refused(
        "order_registered_has_lines",
        row(empty),
        state=OrderState.REGISTERED,
        number="B-26-000001",
        registered_at=town.clock,
    )


def test_a_registered_order_is_never_a_draft_again(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    refused("order_registered_stays_registered", row(order), state=OrderState.DRAFT, number=None, registered_at=None)


def test_a_registered_order_and_its_lines_are_kept(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    refused("order_line_is_kept", OrderLine.objects.filter(order=order))
    refused("order_registered_is_kept", row(order))


def test_a_draft_can_be_deleted_with_its_lines(town: Town) -> None:
    town.draft("bestallning", {town.chair: 1}).delete()
    assert not Order.objects.exists()


def test_a_transfer_goes_between_two_stores(town: Town) -> None:
    order = town.draft("lagerflytt", {town.chair: 1})
    refused("order_transfer_between_two_stores", row(order), sender=order.recipient_warehouse)


def test_a_canceled_order_has_a_reason_and_a_time(town: Town) -> None:
    order = row(town.register("bestallning", {town.chair: 1}))
    refused("order_canceled_has_reason", order, state=OrderState.CANCELED, canceled_at=town.clock)
    refused("order_canceled_has_reason", order, state=OrderState.CANCELED, cancel_reason="DUPLICATE")


def test_a_number_is_given_once(town: Town) -> None:
    first, second = (town.register("bestallning", {town.chair: 1}) for _ in range(2))
    refused("number", row(second), number=first.number)


class TestLines:
    def lines(self, order: Order) -> models.QuerySet[OrderLine]:
        return OrderLine.objects.filter(order=order)

    def test_at_least_one(self, town: Town) -> None:
        lines = self.lines(town.draft("bestallning", {town.chair: 1}))
        refused("order_line_quantity_positive", lines, quantity=0)
        refused("check constraint", lines, quantity=-1)

    @pytest.mark.parametrize("field", ["reserved", "delivered", "canceled"])
    def test_quantities_add_up(self, town: Town, field: str) -> None:
        lines = self.lines(town.register("bestallning", {town.chair: 2}))
        refused("order_line_quantities_add_up", lines, **{field: 3})
        refused(field, lines, **{field: -1})

    def test_no_more_is_received_than_delivered(self, town: Town) -> None:
        lines = self.lines(town.register("bestallning", {town.chair: 2}))
        refused("order_line_received_within_delivered", lines, received=1)

    def test_an_article_stands_once_in_an_order(self, town: Town) -> None:
        order = town.draft("bestallning", {town.chair: 2, ArticleFactory.create(): 1})
        refused("order_line_article_once", self.lines(order), article=town.chair)

    def test_a_device_is_one_and_stands_once(self, town: Town) -> None:
        one, other = town.devices(town.store, town.walker, 2)
        order = town.draft("direktforskrivning", [(town.walker, 1, one), (town.walker, 1, other)])
        refused("order_line_device_is_one", self.lines(order), quantity=2)
        refused("order_line_device_once_in_order", self.lines(order), device=one)

    def test_a_device_is_held_by_one_line(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        town.register("direktforskrivning", [(town.walker, 1, device)])
        second = town.draft("direktforskrivning", [(town.walker, 1, device)])
        refused("order_line_device_one_open_reservation", self.lines(second), reserved=1)


class TestDocuments:
    def delivered(self, town: Town) -> tuple[Delivery, Device]:
        town.stock(town.central, town.chair, 2)
        (device,) = town.devices(town.central, town.walker, 1)
        order = town.register("lagerflytt", [(town.chair, 2), (town.walker, 1, device)])
        return town.deliver(order), device

    def test_a_delivery_line_is_positive_and_a_device_is_one(self, town: Town) -> None:
        delivery, device = self.delivered(town)
        refused("delivery_line_quantity_positive", delivery.lines.filter(device=None), quantity=0)
        refused("delivery_line_device_is_one", delivery.lines.filter(device=device), quantity=2)

    def test_a_line_and_a_device_stand_once_in_a_delivery(self, town: Town) -> None:
        delivery, device = self.delivered(town)
        for line, rule in (
            (delivery.lines.get(device=None), "delivery_line_once"),
            (delivery.lines.get(device=device), "delivery_line_device_once"),
        ):
            again = DeliveryLine(delivery=delivery, order_line=line.order_line, device=line.device, quantity=1)
            with pytest.raises(DatabaseError, match=rule), transaction.atomic():
                again.save()

    def test_a_shortage_has_a_reason(self, town: Town) -> None:
        delivery, _ = self.delivered(town)
        receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
        refused("receipt_line_difference_has_reason", ReceiptLine.objects.all(), missing=1)

    def test_a_delivery_is_received_or_has_failed(self, town: Town) -> None:
        received, _ = self.delivered(town)
        receive_delivery(delivery_id=received.pk, by=town.per, at=town.now())
        failed, _ = self.delivered(town)
        reason = FailureReason.OTHER
        fail_delivery(delivery_id=failed.pk, reason=reason, note="", by=town.hakan, at=town.now())
        for row in (
            DeliveryFailure(delivery=received, reason=reason, actor=town.hakan, at=town.now()),
            Receipt(delivery=failed, actor=town.per, at=town.now()),
        ):
            with pytest.raises(DatabaseError, match="has been received or has failed"), transaction.atomic():
                row.save()

    def test_a_key_is_used_once(self, town: Town) -> None:
        delivery, _ = self.delivered(town)
        with pytest.raises(DatabaseError, match="key"), transaction.atomic():
            Delivery.objects.create(key=delivery.key, number="X", order=delivery.order, at=town.clock, actor=town.hakan)


def test_events_are_only_added(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    events = OrderEvent.objects.filter(order=order)
    refused("append-only", events, detail="något annat")
    refused("append-only", events)


@pytest.mark.django_db
def test_a_subtype_is_direct_only_from_the_own_store() -> None:
    subtypes = OrderSubtype.objects.filter(code="bestallning")
    refused("order_subtype_direct_only_from_own_store", subtypes, is_direct=True)


def test_a_party_with_orders_is_kept(town: Town) -> None:
    town.register("bestallning", {town.chair: 1})
    refused("foreign key", Party.objects.filter(pk=town.unit.pk))
