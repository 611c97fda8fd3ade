"""Every act on goods and registered orders, thousands of times in an order chosen by chance."""

from collections.abc import Callable
from uuid import uuid4

from django.db import transaction
from django.db.models import Model, QuerySet
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from inventory.models import Device, DeviceState, StockLevel
from orders.changes import Change
from orders.models import (
    CancelReason,
    Delivery,
    DifferenceKind,
    FailureReason,
    GoodsReturn,
    Holding,
    Order,
    OrderLine,
    ReceiptLine,
    ReturnOutcome,
    SettlementOutcome,
)
from orders.models.order import OPEN_STATES
from orders.operations.canceling import OrderCannotBeCanceled, cancel_rest_of_line
from orders.operations.changing import OrderCannotBeChanged, change_order
from orders.operations.claiming import ClaimNotPossible, claim_orders, give_back
from orders.operations.counting import CountNotPossible, count_stock
from orders.operations.editing import LineRefused
from orders.operations.failing import DeliveryCannotFail, fail_delivery
from orders.operations.own_store import take_from_own_store
from orders.operations.queueing import QueueHasChanged, move_forward
from orders.operations.receiving import Counted, DeliveryCannotBeReceived, receive_delivery
from orders.operations.returning import GoodsCannotBeReturned, check_return, receive_return
from orders.operations.settleable import DifferenceCannotBeSettled
from orders.operations.settling import settle_difference
from orders.operations.substituting import substitute_rest
from orders.operations.waiting import LineDoesNotWait, WayOutRefused
from tests.factories import ArticleFactory
from tests.fixtures import Town
from tests.stock_machine import StockMachine, amounts, numbers

REFUSALS = (
    ClaimNotPossible,
    CountNotPossible,
    DeliveryCannotBeReceived,
    DeliveryCannotFail,
    DifferenceCannotBeSettled,
    GoodsCannotBeReturned,
    LineDoesNotWait,
    LineRefused,
    OrderCannotBeCanceled,
    OrderCannotBeChanged,
    QueueHasChanged,
    WayOutRefused,
)


class WholeStockMachine(StockMachine):
    """What follows a registered order: picks, changes, back orders, receipts, failures, returns and counts."""

    done: list[str]
    refused: list[str]

    @initialize()
    def begin(self) -> None:
        """Something that can come back and something that was short, so that chance meets them often."""
        chair = self.articles[0]
        for warehouse in range(2):
            self.goods_arrive(warehouse, 0, 4)
        self.town.deliver(self.town.register("direktbestallning", {chair: 3}))
        delivery = self.town.deliver(self.town.register("lagerflytt", {chair: 3}))
        counted = Counted(received=1, missing=1, damaged=1, reason="Repad")
        receive_delivery(
            delivery_id=delivery.pk, counted={delivery.lines.get().pk: counted}, by=self.town.per, at=self.town.now()
        )

    def attempt(self, name: str, act: Callable[[], object]) -> None:
        """Do it, or see it refused with nothing changed."""
        before = self.everything()
        try:
            with transaction.atomic():
                act()
        except REFUSALS:
            assert self.everything() == before
            self.refused.append(name)
        else:
            self.done.append(name)

    def everything(self) -> list[object]:
        models = (Order, OrderLine, StockLevel, Device, ReceiptLine, Holding, GoodsReturn)
        return [list(model.objects.order_by("pk").values()) for model in models]

    @rule(order=numbers, hms=st.booleans())
    def claim(self, order: int, hms: bool) -> None:
        if picked := self.any(Order.objects.filter(state__in=OPEN_STATES), order):
            person = self.town.hakan if hms else self.town.per
            self.attempt("claim", lambda: claim_orders(order_ids=[picked.pk], by=person, at=self.town.now()))

    @rule(line=numbers)
    def give_a_pick_back(self, line: int) -> None:
        if picked := self.any(OrderLine.objects.filter(claimed_by__isnull=False).select_related("claimed_by"), line):
            person = picked.claimed_by
            assert person
            self.attempt("give back", lambda: give_back(line_ids=[picked.pk], by=person, at=self.town.now()))

    @rule(device=numbers, state=st.sampled_from([DeviceState.OK, DeviceState.BLOCKED]))
    def block_or_not(self, device: int, state: DeviceState) -> None:
        if picked := self.any(Device.objects.exclude(state=DeviceState.SCRAPPED), device):
            Device.objects.filter(pk=picked.pk).update(state=state)

    @rule(line=numbers, quantity=st.integers(min_value=0, max_value=6))
    def change(self, line: int, quantity: int) -> None:
        if picked := self.any(self.open_lines().select_related("order"), line):
            change = Change(quantities={picked.pk: quantity}, reason=CancelReason.NOT_NEEDED)
            order = picked.order
            self.attempt(
                "change",
                lambda: change_order(
                    order_id=order.pk, version=order.version, change=change, by=self.town.lina, at=self.town.now()
                ),
            )

    @rule(line=numbers)
    def cancel_a_line(self, line: int) -> None:
        if picked := self.any(self.open_lines(), line):
            self.attempt(
                "cancel line",
                lambda: cancel_rest_of_line(
                    order_id=picked.order_id,
                    line_id=picked.pk,
                    reason=CancelReason.WRONG_ARTICLE,
                    by=self.town.lina,
                    at=self.town.now(),
                ),
            )

    @rule(line=numbers)
    def move_forward(self, line: int) -> None:
        if picked := self.any(OrderLine.objects.waiting(), line):
            self.attempt(
                "move forward",
                lambda: move_forward(line_id=picked.pk, reason="Akut", by=self.town.hakan, at=self.town.now()),
            )

    @rule(line=numbers, quantity=amounts)
    def take_from_own_store(self, line: int, quantity: int) -> None:
        if picked := self.any(OrderLine.objects.waiting(), line):
            self.attempt(
                "own store",
                lambda: take_from_own_store(
                    order_id=picked.order_id,
                    line_id=picked.pk,
                    quantity=quantity,
                    key=uuid4(),
                    by=self.town.anna,
                    at=self.town.now(),
                ),
            )

    @rule(line=numbers, quantity=amounts)
    def take_an_equivalent(self, line: int, quantity: int) -> None:
        if picked := self.any(OrderLine.objects.waiting().select_related("order"), line):
            other = next(article for article in self.articles if article.pk != picked.article_id)
            self.attempt(
                "equivalent",
                lambda: substitute_rest(
                    order_id=picked.order_id,
                    line_id=picked.pk,
                    version=picked.order.version,
                    article=other,
                    quantity=quantity,
                    by=self.town.anna,
                    at=self.town.now(),
                ),
            )

    @rule(delivery=numbers)
    def fail(self, delivery: int) -> None:
        if picked := self.any(Delivery.objects.all(), delivery):
            self.attempt(
                "fail",
                lambda: fail_delivery(
                    delivery_id=picked.pk,
                    reason=FailureReason.NOBODY_HOME,
                    note="",
                    by=self.town.hakan,
                    at=self.town.now(),
                ),
            )

    @rule(delivery=numbers, damaged=st.integers(min_value=0, max_value=2), extra=st.integers(min_value=0, max_value=2))
    def receive_what_differs(self, delivery: int, damaged: int, extra: int) -> None:
        waiting = Delivery.objects.filter(order__type="L", receipt=None, failure=None)
        if picked := self.any(waiting, delivery):
            line = picked.lines.select_related("order_line__article").order_by("pk")[0]
            broken = min(damaged, line.quantity)
            more = 0 if line.order_line.article.is_numbered else extra
            counted = Counted(received=line.quantity - broken, damaged=broken, extra=more, reason="Repad")
            self.attempt(
                "receive",
                lambda: receive_delivery(
                    delivery_id=picked.pk, counted={line.pk: counted}, by=self.town.per, at=self.town.now()
                ),
            )

    @rule(
        line=numbers,
        kind=st.sampled_from(DifferenceKind),
        outcome=st.sampled_from(SettlementOutcome),
        quantity=amounts,
    )
    def settle(self, line: int, kind: DifferenceKind, outcome: SettlementOutcome, quantity: int) -> None:
        differing = ReceiptLine.objects.filter(unsettled__gt=0)
        if picked := self.any(differing, line):
            self.attempt(
                "settle",
                lambda: settle_difference(
                    key=uuid4(),
                    receipt_line_id=picked.pk,
                    kind=kind,
                    outcome=outcome,
                    quantity=min(quantity, picked.unsettled),
                    by=self.town.hakan,
                    at=self.town.now(),
                ),
            )

    @rule(holding=numbers, quantity=amounts, warehouse=numbers)
    def come_back(self, holding: int, quantity: int, warehouse: int) -> None:
        if picked := self.any(Holding.objects.all(), holding):
            self.attempt(
                "return",
                lambda: receive_return(
                    key=uuid4(),
                    holding_id=picked.pk,
                    warehouse=self.warehouses[warehouse % 2],
                    quantity=quantity,
                    by=self.town.per,
                    at=self.town.now(),
                ),
            )

    @rule(goods=numbers, outcome=st.sampled_from(ReturnOutcome))
    def look_at_what_came_back(self, goods: int, outcome: ReturnOutcome) -> None:
        if picked := self.any(GoodsReturn.objects.all(), goods):
            self.attempt(
                "check return",
                lambda: check_return(return_id=picked.pk, outcome=outcome, by=self.town.per, at=self.town.now()),
            )

    @rule(warehouse=numbers, article=numbers, counted=st.integers(min_value=0, max_value=8))
    def count(self, warehouse: int, article: int, counted: int) -> None:
        store, goods = self.warehouses[warehouse % 2], self.articles[article % len(self.articles)]
        here = list(Device.objects.in_warehouse(store).filter(article=goods).order_by("pk"))
        self.attempt(
            "count",
            lambda: count_stock(
                key=uuid4(),
                warehouse=store,
                article=goods,
                counted=counted,
                devices=here[:counted],
                by=self.town.per,
                at=self.town.now(),
            ),
        )

    def open_lines(self) -> QuerySet[OrderLine]:
        return OrderLine.objects.filter(order__state__in=OPEN_STATES)

    def any[T: Model](self, rows: QuerySet[T], number: int) -> T | None:
        """One of the rows, the same for the same number; None where there are none."""
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None


def test_any_order_of_acts_keeps_the_books(town: Town) -> None:
    chair, other = town.chair, ArticleFactory.create(iso_code="093307")
    for article in (chair, other):
        article.substitution_group = "Duschpallar"
        article.save(update_fields=["substitution_group"])
    WholeStockMachine.town = town
    WholeStockMachine.articles = [chair, other, town.walker]
    WholeStockMachine.done, WholeStockMachine.refused = [], []
    run_state_machine_as_test(
        WholeStockMachine,
        settings=settings(
            max_examples=40, stateful_step_count=55, deadline=None, database=None, phases=[Phase.generate]
        ),
    )
    kinds = set(WholeStockMachine.done)
    assert len(kinds) >= 8, f"chance did only {sorted(kinds)}: the machine tests less than it says"
