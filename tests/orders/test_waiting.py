"""The sections of the start page hold what the pages that they lead to list: plain SQL here, querysets there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.filters import own_drafts, registered_orders
from orders.models import Delivery, Order, OrderState
from orders.receipts import deliveries_to_receive, overdue_receipts, watches_receipts
from orders.todo import to_hand_out, to_pick
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
    assert found.hand_out == keys(orders.filter(to_hand_out(user)).order_by("registered_at", "pk"))
    assert found.pick == keys(orders.filter(to_pick(user)).order_by(*ORDER_KEYS))
    assert found.drafts == keys(own_drafts(user).order_by("-created_at"))
    assert found.receive == keys(deliveries_to_receive(user).order_by("at", "pk"))
    overdue = overdue_receipts(user, on=timezone.localdate()).by_age_of_order() if watches_receipts(user) else []
    assert found.overdue == keys(overdue)
    assert found.latest == keys(orders.order_by("-registered_at", "-pk")[:10])


def test_no_more_than_are_counted(in_all_states: World) -> None:
    user = User.objects.get(pk=in_all_states.hakan.pk)
    found = waiting_for(user, at=timezone.now(), most=2, latest=3)
    assert (len(found.pick), len(found.latest)) == (2, 3)
