"""The sections of the start page hold what the pages that they lead to list: plain SQL here, querysets there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.conditions import as_filter, to_hand_out, to_pick
from orders.differences import unsettled_for
from orders.filters import own_drafts, registered_orders
from orders.models import CancelReason, Delivery, Notice, Order, OrderState, Receipt, ReceiptLine
from orders.operations.canceling import cancel_order
from orders.operations.claiming import claim_orders
from orders.operations.counted import Counted
from orders.operations.receiving import receive_delivery
from orders.reading import read_news
from orders.receipts import deliveries_to_receive, overdue_receipts, watches_receipts
from orders.waiting import waiting_for
from orders.work_list import ORDER_KEYS
from parties.models import User
from tests.registered import World


def keys(rows: object) -> list[int]:
    return [row.pk for row in rows]  # type: ignore[attr-defined]  # whatever rows they are


@pytest.mark.parametrize("hours", [0, 25, 24 * 15])
@pytest.mark.parametrize("name", ["anna", "per", "lina", "hakan", "other_prescriber", "other_staff"])
def test_the_keys_are_those_of_the_lists(in_all_states: World, name: str, hours: int) -> None:
    ago = timezone.now() - timedelta(hours=hours)
    Order.objects.exclude(state=OrderState.DRAFT).update(registered_at=ago)
    Delivery.objects.update(at=ago)
    Order.objects.filter(pk=in_all_states.order("bestallning", quantity=1).pk).update(is_urgent=True)
    in_all_states.begun("bestallning")
    in_all_states.begun("bestallning", by=in_all_states.per)
    user = User.objects.get(pk=getattr(in_all_states, name).pk)
    found = waiting_for(user, at=timezone.now(), most=100, latest=10)
    orders = registered_orders(user)
    assert found.hand_out == keys(orders.filter(as_filter(to_hand_out(user), user)).order_by("registered_at", "pk"))
    assert found.pick == keys(orders.filter(as_filter(to_pick(user), user)).order_by(*ORDER_KEYS))
    assert found.drafts == keys(own_drafts(user).order_by("-created_at"))
    assert found.receive == keys(deliveries_to_receive(user).order_by("at", "pk"))
    overdue = overdue_receipts(user, on=timezone.localdate()).by_age_of_order() if watches_receipts(user) else []
    assert found.overdue == keys(overdue)
    assert found.latest == keys(orders.order_by("-registered_at", "-pk")[:10])


@pytest.mark.parametrize("name", ["anna", "per", "lina", "hakan", "other_staff"])
def test_what_most_have_nothing_of(world: World, name: str) -> None:
    """Differences, first what was received first; news until it is read; picks."""
    user = User.objects.get(pk=getattr(world, name).pk)
    before = waiting_for(user, at=timezone.now(), most=100, latest=10)
    assert (before.differences, before.has_news, before.has_picks) == ([], False, False)
    settled, *_ = [differs(world) for _ in range(3)]
    ReceiptLine.objects.filter(pk=settled.pk).update(settled=1)
    Receipt.objects.filter(pk=differs(world).receipt_id).update(at=timezone.now() - timedelta(days=1))
    told = world.order("bestallning", quantity=1)
    cancel_order(order_id=told.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=timezone.now())
    claim_orders(order_ids=[world.order("bestallning", quantity=1).pk], by=world.hakan, at=timezone.now())
    found = waiting_for(user, at=timezone.now(), most=100, latest=10)
    assert found.differences == keys(unsettled_for(user) if watches_receipts(user) else [])
    assert len(found.differences) == (3 if name == "hakan" else 0)
    assert found.has_news == user.notices.exists()
    assert found.has_news or name != "anna"
    assert found.has_picks == (name == "hakan")
    Notice.objects.update(read_at=timezone.now())
    assert not waiting_for(user, at=timezone.now(), most=100, latest=10).has_news


def test_news_is_of_orders_that_are_seen(world: World) -> None:
    """The latest first; none of an order of another municipality."""
    for minutes in range(3):
        told, at = world.order("bestallning", quantity=1), timezone.now() - timedelta(minutes=minutes)
        cancel_order(order_id=told.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=at)
    latest = list(Notice.objects.order_by("pk"))
    assert read_news(world.anna, most=10) == latest
    assert read_news(world.anna, most=2) == latest[:2]
    Notice.objects.update(user=world.other_staff)
    assert read_news(User.objects.get(pk=world.other_staff.pk), most=10) == []


def differs(world: World) -> ReceiptLine:
    delivery = world.delivered_transfer(quantity=1)
    counted = {delivery.lines.get().pk: Counted(received=0, missing=1, reason="Tom kartong")}
    return receive_delivery(delivery_id=delivery.pk, by=world.per, at=timezone.now(), counted=counted).lines.get()


def test_no_more_than_are_counted(in_all_states: World) -> None:
    user = User.objects.get(pk=in_all_states.hakan.pk)
    found = waiting_for(user, at=timezone.now(), most=2, latest=3)
    assert (len(found.pick), len(found.latest)) == (2, 3)
