"""The stock machine with what can go wrong on the way: counts that differ, settlements, deliveries that come back."""

from collections.abc import Iterable
from uuid import uuid4

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from inventory.models import Device, LocationKind
from orders.differences import open_differences, outcomes_of
from orders.models import Delivery, DeliveryLine, FailureReason, OrderLine, ReceiptLine
from orders.operations.failing import DeliveryCannotFail, fail_delivery
from orders.operations.receiving import Counted, DeliveryCannotBeReceived, Unsent, receive_delivery
from orders.operations.settling import DifferenceCannotBeSettled, settle_difference
from tests.factories import ArticleFactory
from tests.fixtures import Town

from .stock_machine import StockMachine, amounts, numbers

parts = st.integers(min_value=0, max_value=2)


class ReceiptMachine(StockMachine):
    @precondition(lambda self: Delivery.objects.awaiting_receipt().exists())
    @rule(delivery=numbers, missing=parts, damaged=parts, extra=parts, other=numbers, unsent=parts)
    def receive_otherwise(self, delivery: int, missing: int, damaged: int, extra: int, other: int, unsent: int) -> None:
        chosen = pick(Delivery.objects.awaiting_receipt().order_by("pk"), delivery)
        line = chosen.lines.order_by("pk")[0]
        others = Device.objects.exclude(pk=line.device_id or 0).filter(article=line.order_line.article).order_by("pk")
        devices = tuple(device.pk for device in others[:extra]) if line.device_id else ()
        missing = min(missing, line.quantity)
        damaged = min(damaged, line.quantity - missing)
        counted = Counted(
            received=line.quantity - missing - damaged,
            missing=missing,
            damaged=damaged,
            extra=len(devices) if line.device_id else extra,
            extra_device_ids=devices,
            reason="Räknat",
        )
        try:
            receive_delivery(
                delivery_id=chosen.pk,
                by=self.town.per,
                at=self.town.now(),
                counted={line.pk: counted},
                unsent=self.unsent(other, unsent),
            )
        except DeliveryCannotBeReceived:
            assert Delivery.objects.awaiting_receipt().filter(pk=chosen.pk).exists()

    def unsent(self, other: int, quantity: int) -> list[Unsent]:
        """So many of an article, or as many of its devices as there are; it may be one that was sent."""
        article = pick(self.articles, other)
        devices = Device.objects.filter(article=article).order_by("pk")[:quantity] if article.is_numbered else ()
        came = len(devices) if article.is_numbered else quantity
        pks = tuple(device.pk for device in devices)
        return [Unsent(article=article, quantity=came, device_ids=pks, reason="Räknat")] if came else []

    @precondition(lambda self: ReceiptLine.objects.unsettled().exists())
    @rule(line=numbers, which=numbers, way=numbers, quantity=amounts)
    def settle(self, line: int, which: int, way: int, quantity: int) -> None:
        chosen = pick(ReceiptLine.objects.unsettled().for_differences().order_by("pk"), line)
        open_ = pick(open_differences(chosen), which)
        sender = chosen.receipt.delivery.order.sender
        assert sender
        try:
            settle_difference(
                key=uuid4(),
                receipt_line_id=chosen.pk,
                kind=open_.kind,
                outcome=pick(outcomes_of(open_, sender), way),
                quantity=min(quantity, open_.quantity),
                device_id=open_.device.pk if open_.device and open_.kind == "EXTRA" else None,
                by=self.town.hakan,
                at=self.town.now(),
            )
        except DifferenceCannotBeSettled:
            assert ReceiptLine.objects.get(pk=chosen.pk).unsettled == chosen.unsettled

    @precondition(lambda self: Delivery.objects.exists())
    @rule(delivery=numbers)
    def fail(self, delivery: int) -> None:
        chosen = pick(Delivery.objects.order_by("pk"), delivery)
        lines = OrderLine.objects.filter(order=chosen.order_id).order_by("pk")
        before = list(lines.values())
        try:
            fail_delivery(
                delivery_id=chosen.pk, reason=FailureReason.OTHER, note="", by=self.town.hakan, at=self.town.now()
            )
        except DeliveryCannotFail:
            assert list(lines.values()) == before

    @invariant()
    def what_is_on_its_way_can_still_arrive(self) -> None:
        """Every device in transit is on a delivery that has not ended, or on a line that is not settled."""
        for device in Device.objects.filter(location__kind=LocationKind.TRANSIT):
            line = DeliveryLine.objects.filter(device=device).latest("pk")
            assert not hasattr(line.delivery, "failure")
            assert not hasattr(line.delivery, "receipt") or line.receipt_line.unsettled


def pick[T](rows: Iterable[T], number: int) -> T:
    found = list(rows)
    return found[number % len(found)]


def test_whatever_goes_wrong_on_the_way_the_books_are_kept(town: Town) -> None:
    ReceiptMachine.town = town
    ReceiptMachine.articles = [town.chair, ArticleFactory.create(), town.walker]
    run_state_machine_as_test(
        ReceiptMachine,
        settings=settings(
            max_examples=6, stateful_step_count=25, deadline=None, database=None, phases=[Phase.generate]
        ),
    )
