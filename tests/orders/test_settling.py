from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Device, DeviceState, LocationKind, MovementReason, StockMovement
from orders.models import (
    DifferenceKind,
    EventKind,
    Notice,
    ReceiptLine,
    ReceiptSettlement,
    SettlementOutcome,
)
from orders.operations.delivering import Pick
from orders.operations.receiving import Counted, Unsent, receive_delivery
from orders.operations.settling import DifferenceCannotBeSettled, DifferenceIsSettled, settle_difference
from orders.reconciling import differences
from tests.factories import ArticleFactory
from tests.fixtures import Town

MISSING, DAMAGED, EXTRA = DifferenceKind.MISSING, DifferenceKind.DAMAGED, DifferenceKind.EXTRA
ARRIVED, WITH_SENDER, LOST = SettlementOutcome.ARRIVED, SettlementOutcome.WITH_SENDER, SettlementOutcome.LOST
FROM_SENDER, FOUND = SettlementOutcome.FROM_SENDER, SettlementOutcome.FOUND


def received(town: Town, counted: Counted, *, stock: int = 10) -> ReceiptLine:
    """5 of the chairs in warehouse 10 were sent to the store, which counted otherwise."""
    town.stock(town.central, town.chair, stock)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 5}))
    of_line = {delivery.lines.get().pk: counted}
    return receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=of_line).lines.get()


def settle(
    town: Town, line: ReceiptLine, kind: DifferenceKind, outcome: SettlementOutcome, quantity: int = 1, **values: object
) -> ReceiptSettlement:
    values = {"key": uuid4(), "by": town.hakan, "at": town.now()} | values
    act = partial(settle_difference, receipt_line_id=line.pk, kind=kind, outcome=outcome, quantity=quantity)
    return act(**values)  # type: ignore[arg-type]


SHORT = Counted(received=2, missing=2, damaged=1, reason="Kartongen var öppen")
MORE = Counted(received=5, extra=2, reason="Två för mycket")


@pytest.mark.parametrize(
    ("kind", "outcome", "central", "store", "got", "end"),
    [
        (MISSING, ARRIVED, (5, 0, 0), (3, 0, 2), 3, LocationKind.WAREHOUSE),
        (MISSING, WITH_SENDER, (6, 0, 0), (2, 0, 2), 2, LocationKind.WAREHOUSE),
        (MISSING, LOST, (5, 0, 0), (2, 0, 2), 2, LocationKind.LOSS),
        (DAMAGED, ARRIVED, (5, 0, 0), (3, 0, 2), 3, LocationKind.WAREHOUSE),
        (DAMAGED, WITH_SENDER, (6, 0, 0), (2, 0, 2), 2, LocationKind.WAREHOUSE),
        (DAMAGED, LOST, (5, 0, 0), (2, 0, 2), 2, LocationKind.LOSS),
    ],
)
def test_what_did_not_come_leaves_the_transit(
    town: Town,
    kind: DifferenceKind,
    outcome: SettlementOutcome,
    central: tuple[int, int, int],
    store: tuple[int, int, int],
    got: int,
    end: LocationKind,
) -> None:
    line = received(town, SHORT)
    settlement = settle(town, line, kind, outcome)
    assert (town.level(town.central, town.chair), town.level(town.store, town.chair)) == (central, store)
    movement = StockMovement.objects.get(key=f"settlement:{settlement.pk}")
    assert (movement.reason, movement.from_location.kind, movement.to_location.kind) == (
        MovementReason.CORRECTION,
        LocationKind.TRANSIT,
        end,
    )
    order_line = town.line(line.receipt.delivery.order)
    assert (order_line.delivered, order_line.received) == (5, got)
    line.refresh_from_db()
    assert line.unsettled == 2
    assert differences() == []


@pytest.mark.parametrize(("outcome", "central"), [(FROM_SENDER, (3, 0, 0)), (FOUND, (5, 0, 0))])
def test_what_was_extra_comes_to_the_store(
    town: Town, outcome: SettlementOutcome, central: tuple[int, int, int]
) -> None:
    line = received(town, MORE)
    settle(town, line, EXTRA, outcome, 2)
    assert (town.level(town.central, town.chair), town.level(town.store, town.chair)) == (central, (7, 0, 0))
    line.refresh_from_db()
    assert line.unsettled == 0
    assert town.line(line.receipt.delivery.order).received == 5
    assert differences() == []


def test_the_history_says_so_and_the_receiver_is_told(town: Town) -> None:
    line = received(town, SHORT)
    settle(town, line, MISSING, LOST, 2, note=" Anmält till transportören ")
    order = line.receipt.delivery.order
    event = order.events.latest("at")
    assert (event.kind, event.actor) == (EventKind.SETTLED, town.hakan)
    assert event.detail == f"{order.number}-1, 14710 Duschpall. 2 saknas: Förlust eller kassation"
    assert {notice.user for notice in Notice.objects.filter(event=event)} == {town.per}
    assert ReceiptSettlement.objects.get().note == "Anmält till transportören"


@pytest.mark.parametrize("outcome", [ARRIVED, WITH_SENDER])
def test_what_arrives_goes_to_the_lines_that_wait(town: Town, outcome: SettlementOutcome) -> None:
    line = received(town, Counted(received=0, missing=5, reason="Kom aldrig"), stock=5)
    waiting = town.register("direktbestallning" if outcome == ARRIVED else "bestallning", {town.chair: 3})
    settle(town, line, MISSING, outcome, 5)
    assert town.line(waiting).reserved == 3
    assert differences() == []


@pytest.mark.parametrize(
    ("kind", "outcome", "quantity", "words", "field"),
    [
        (MISSING, LOST, 3, "2 är kvar att reglera", "quantity"),
        (MISSING, LOST, 0, "2 är kvar att reglera", "quantity"),
        (DAMAGED, LOST, 2, "1 är kvar att reglera", "quantity"),
        (MISSING, FOUND, 1, "kan inte regleras så", "outcome"),
        (EXTRA, FOUND, 1, "redan reglerad", "outcome"),
    ],
)
def test_refuses_what_cannot_be(
    town: Town, kind: DifferenceKind, outcome: SettlementOutcome, quantity: int, words: str, field: str
) -> None:
    line = received(town, SHORT)
    with pytest.raises(DifferenceCannotBeSettled, match=words) as refusal:
        settle(town, line, kind, outcome, quantity)
    assert refusal.value.field == field
    assert not ReceiptSettlement.objects.exists()
    assert town.level(town.store, town.chair) == (2, 0, 3)


def test_what_is_settled_is_not_settled_again(town: Town) -> None:
    line = received(town, SHORT)
    settle(town, line, MISSING, LOST, 2)
    with pytest.raises(DifferenceIsSettled, match="redan reglerad av Håkan Lantz"):
        settle(town, line, MISSING, LOST)
    assert town.level(town.store, town.chair) == (2, 0, 1)


def test_the_same_key_is_the_same_settlement(town: Town) -> None:
    line, key = received(town, SHORT), uuid4()
    assert settle(town, line, MISSING, LOST, key=key) == settle(town, line, MISSING, LOST, key=key)
    assert town.level(town.store, town.chair) == (2, 0, 2)
    other = received(town, MORE)
    with pytest.raises(DifferenceCannotBeSettled, match="en annan avvikelse"):
        settle(town, other, EXTRA, FOUND, key=key)


def test_the_sender_gives_only_what_it_has_not_promised(town: Town) -> None:
    line = received(town, MORE, stock=6)
    town.register("bestallning", {town.chair: 1})
    with pytest.raises(DifferenceCannotBeSettled, match="Bara 0 st av 14710 Duschpall är disponibla i 10"):
        settle(town, line, EXTRA, FROM_SENDER)
    assert town.level(town.central, town.chair) == (1, 1, 0)
    assert differences() == []


class TestWhatWasNotSent:
    """Beside one chair that was sent."""

    def received(self, town: Town, unsent: Unsent) -> ReceiptLine:
        town.stock(town.central, town.chair, 1)
        delivery = town.deliver(town.register("lagerflytt", {town.chair: 1}))
        receipt = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), unsent=[unsent])
        return receipt.lines.for_differences().get(delivery_line=None)

    def test_is_with_the_sender_again(self, town: Town) -> None:
        stool, (device, other) = ArticleFactory.create(), town.devices(town.central, town.walker, 2)
        town.stock(town.central, stool, 2)
        town.register("bestallning", {stool: 2})  # promised, and there all the time
        line = self.received(town, Unsent(article=stool, quantity=2, reason="Fel kartong"))
        settlement = settle(town, line, EXTRA, WITH_SENDER, 2)
        assert not StockMovement.objects.filter(key=f"settlement:{settlement.pk}").exists()
        assert (town.level(town.central, stool), town.level(town.store, stool)) == ((2, 2, 0), (0, 0, 0))
        line.refresh_from_db()
        assert line.unsettled == 0
        both = (device.pk, other.pk)
        line = self.received(town, Unsent(article=town.walker, quantity=2, device_ids=both, reason="Fel låda"))
        settle(town, line, EXTRA, WITH_SENDER, device_id=device.pk)
        town.deliver(town.register("bestallning", [(town.walker, 1, other)]))
        with pytest.raises(DifferenceCannotBeSettled, match="hos en vårdenhet"):
            settle(town, line, EXTRA, WITH_SENDER, device_id=other.pk)
        assert differences() == []

    @pytest.mark.parametrize(("outcome", "central"), [(FROM_SENDER, (3, 0, 0)), (FOUND, (5, 0, 0))])
    def test_comes_to_the_store(self, town: Town, outcome: SettlementOutcome, central: tuple[int, int, int]) -> None:
        stool = ArticleFactory.create(number="14540", name="Toaförhöjning")
        town.stock(town.central, stool, 5)
        waiting = town.register("direktbestallning", {stool: 1})
        line = self.received(town, Unsent(article=stool, quantity=2, reason="Fel kartong"))
        settle(town, line, EXTRA, outcome, 2)
        assert (town.level(town.central, stool), town.level(town.store, stool)) == (central, (2, 1, 0))
        assert town.line(waiting).reserved == 1
        line.refresh_from_db()
        assert line.unsettled == 0
        order = line.receipt.delivery.order
        assert town.line(order).received == 1
        assert "14540 Toaförhöjning. 2 för mycket" in order.events.latest("at").detail
        assert differences() == []

    def test_a_device_comes_from_where_it_was(self, town: Town) -> None:
        device, other = town.devices(town.central, town.walker, 2)
        both = (device.pk, other.pk)
        line = self.received(town, Unsent(article=town.walker, quantity=2, device_ids=both, reason="Fel låda"))
        settle(town, line, EXTRA, FROM_SENDER, device_id=device.pk)
        assert (town.level(town.central, town.walker), town.level(town.store, town.walker)) == ((1, 0, 0), (1, 0, 0))
        line.refresh_from_db()
        assert line.unsettled == 1
        assert differences() == []

    @pytest.mark.parametrize("kind", [MISSING, DAMAGED])
    def test_it_is_only_too_much(self, town: Town, kind: DifferenceKind) -> None:
        line = self.received(town, Unsent(article=ArticleFactory.create(), quantity=2, reason="Fel kartong"))
        with pytest.raises(DifferenceIsSettled):
            settle(town, line, kind, ARRIVED)


class TestDevices:
    def received(self, town: Town, **counted: object) -> tuple[ReceiptLine, list[Device]]:
        """Two of three walkers were sent; the first of them differs."""
        devices = town.devices(town.central, town.walker, 3)
        order = town.register("lagerflytt", {town.walker: 2})
        pick = Pick(line_id=town.line(order).pk, quantity=2, device_ids=(devices[0].pk, devices[1].pk))
        delivery = town.deliver(order, [pick])
        first = delivery.lines.get(device=devices[0])
        if "extra" in counted:
            counted["extra_device_ids"] = (devices[2].pk,)
        of_line = {first.pk: Counted(**{"received": 1, "reason": "Fel i lådan"} | counted)}  # type: ignore[arg-type]
        receipt = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=of_line)
        return receipt.lines.get(delivery_line=first), devices

    def test_the_device_goes_along(self, town: Town) -> None:
        line, (device, *_) = self.received(town, received=0, damaged=1)
        assert settle(town, line, DAMAGED, LOST).device == device
        device.refresh_from_db()
        assert (device.location.kind, device.state) == (LocationKind.LOSS, DeviceState.SCRAPPED)
        assert differences() == []

    def test_a_missing_device_arrives(self, town: Town) -> None:
        line, (device, *_) = self.received(town, received=0, missing=1)
        settle(town, line, MISSING, ARRIVED)
        device.refresh_from_db()
        assert (device.location.warehouse, device.state) == (town.store, DeviceState.OK)
        assert differences() == []

    def test_an_extra_device_comes_from_where_it_was(self, town: Town) -> None:
        line, (_, _, extra) = self.received(town, extra=1)
        with pytest.raises(DifferenceCannotBeSettled, match="finns i avsändarens lager"):
            settle(town, line, EXTRA, FOUND, device_id=extra.pk)
        settle(town, line, EXTRA, FROM_SENDER, device_id=extra.pk)
        extra.refresh_from_db()
        assert extra.location.warehouse == town.store
        assert town.level(town.central, town.walker) == (0, 0, 0)
        assert town.level(town.store, town.walker) == (3, 0, 0)
        assert differences() == []
        with pytest.raises(DifferenceIsSettled):
            settle(town, line, EXTRA, FROM_SENDER, device_id=extra.pk)

    def test_an_extra_device_has_to_be_named(self, town: Town) -> None:
        line, (_, second, _) = self.received(town, extra=1)
        for device_id in (None, second.pk):
            with pytest.raises(DifferenceIsSettled):
                settle(town, line, EXTRA, FROM_SENDER, device_id=device_id)

    def test_an_extra_device_that_other_papers_account_for_stays(self, town: Town) -> None:
        line, (_, _, extra) = self.received(town, extra=1)
        unit = town.register("bestallning", [(town.walker, 1, extra)])
        with pytest.raises(DifferenceCannotBeSettled, match="reserverad för en annan order"):
            settle(town, line, EXTRA, FROM_SENDER, device_id=extra.pk)
        town.deliver(unit)
        for outcome in (FROM_SENDER, FOUND):
            with pytest.raises(DifferenceCannotBeSettled, match="hos en vårdenhet"):
                settle(town, line, EXTRA, outcome, device_id=extra.pk)
        assert differences() == []


def statements(town: Town) -> int:
    line = received(town, SHORT)
    with CaptureQueriesContext(connection) as queries:
        settle(town, line, MISSING, ARRIVED)
    return len(queries)


def test_the_number_of_statements_is_bounded(town: Town) -> None:
    statements(town)  # makes the places
    assert statements(town) == statements(town) <= 28


def test_a_damaged_device_that_is_back_is_blocked_and_goes_to_nobody(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    order = town.register("lagerflytt", {town.walker: 1})
    delivery = town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))])
    counted = {delivery.lines.get().pk: Counted(received=0, damaged=1, reason="Böjd gaffel")}
    line = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=counted).lines.get()
    waiting = town.register("bestallning", {town.walker: 1})
    settle(town, line, DAMAGED, WITH_SENDER)
    device.refresh_from_db()
    assert (device.state, device.location.warehouse) == (DeviceState.BLOCKED, town.central)
    assert town.line(waiting).reserved == 0
    assert town.level(town.central, town.walker) == (1, 0, 0)
    assert differences() == []
