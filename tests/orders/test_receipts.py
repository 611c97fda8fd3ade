from datetime import UTC, date, datetime

import pytest

from orders.models import Delivery, FailureReason
from orders.operations.failing import fail_delivery
from orders.operations.receiving import receive_delivery
from orders.receipts import deliveries_to_receive, overdue_receipts
from tests.fixtures import Town

SENT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # Monday, half past eleven at night in Sweden


def sent(town: Town, **parties: object) -> Delivery:
    town.stock(town.central, town.chair, 1)
    order = town.register("lagerflytt", {town.chair: 1}, **parties)
    town.clock = SENT
    return town.deliver(order)


@pytest.mark.parametrize(("day", "late"), [(9, False), (10, True)])
def test_a_receipt_is_late_after_five_working_days(town: Town, day: int, late: bool) -> None:
    delivery = sent(town)
    for person in (town.per, town.hakan):
        assert list(overdue_receipts(person, on=date(2026, 3, day))) == ([delivery] if late else [])


def test_what_was_sent_after_midnight_has_another_day(town: Town) -> None:
    delivery = sent(town)
    Delivery.objects.filter(pk=delivery.pk).update(at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))  # Tuesday in Sweden
    assert not overdue_receipts(town.per, on=date(2026, 3, 10)).exists()
    assert overdue_receipts(town.per, on=date(2026, 3, 11)).exists()


def test_only_those_at_both_ends_see_it(town: Town) -> None:
    sent(town)
    for person in (town.anna, town.lina, town.other_staff):
        assert not overdue_receipts(person, on=date(2026, 4, 1)).exists()
        assert not deliveries_to_receive(person).exists()
    assert deliveries_to_receive(town.per).exists()
    assert not deliveries_to_receive(town.hakan).exists()


def test_what_is_received_or_failed_is_not_late(town: Town) -> None:
    received, failed = sent(town), sent(town)
    receive_delivery(delivery_id=received.pk, by=town.per, at=town.now())
    fail_delivery(delivery_id=failed.pk, reason=FailureReason.REFUSED, note="", by=town.hakan, at=town.now())
    for person in (town.per, town.hakan):
        assert not overdue_receipts(person, on=date(2026, 4, 1)).exists()
    assert not deliveries_to_receive(town.per).exists()


def test_what_goes_to_a_unit_is_not_received(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    town.deliver(town.register("bestallning", {town.chair: 1}))
    assert not overdue_receipts(town.hakan, on=date(2027, 4, 1)).exists()
