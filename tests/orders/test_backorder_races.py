"""Goods that arrive while orders are registered, changed and served otherwise: nobody waits for what is there."""

from functools import partial
from uuid import uuid4

import pytest

from inventory.models import GoodsReceipt
from inventory.operations.receiving import Arrival
from orders.models import CancelReason, EventKind, OrderEvent, OrderLine
from orders.operations.canceling import cancel_order
from orders.operations.own_store import take_from_own_store
from orders.operations.queueing import QueueHasChanged, move_forward
from orders.operations.waiting import LineDoesNotWait
from orders.reconciling import differences
from tests.factories import ArticleFactory
from tests.fixtures import Town
from tests.orders.racers import Act, arriving, registering
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_goods_that_arrive_against_new_reservations(town: Town) -> None:
    """Eight wait already, eight register, ten come in five receipts: all ten are promised, to the eight first."""
    waiting = [town.register("bestallning", {town.chair: 1}) for _ in range(8)]
    drafts = [town.draft("bestallning", {town.chair: 1}) for _ in range(8)]
    acts: list[Act] = [
        *(arriving(town, Arrival(article=town.chair, quantity=2)) for _ in range(5)),
        *(registering(town, draft) for draft in drafts),
    ]
    won, _ = split(race(acts), QueueHasChanged)
    assert len(won) == 13
    assert [town.line(order).reserved for order in waiting] == [1] * 8
    assert sum(town.line(order).reserved for order in drafts) == 2
    assert town.level(town.central, town.chair) == (10, 10, 0)
    assert OrderEvent.objects.filter(kind=EventKind.ALLOCATED).count() >= 8
    assert differences() == []


def test_goods_that_arrive_against_everything_that_is_done_in_a_queue(town: Town) -> None:
    """Somebody is moved forward, somebody cancels, somebody takes it from the own store: whoever is left is served."""
    town.stock(town.store, town.chair, 9)
    orders = [town.register("bestallning", {town.chair: 1}) for _ in range(9)]
    lines = [town.line(order) for order in orders]
    taking = [
        partial(
            take_from_own_store,
            order_id=line.order_id,
            line_id=line.pk,
            quantity=1,
            key=uuid4(),
            by=town.lina,
            at=town.now(),
        )
        for line in lines[:3]
    ]
    canceling = [
        partial(cancel_order, order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
        for order in orders[3:6]
    ]
    moving = [partial(move_forward, line_id=line.pk, reason="x", by=town.hakan, at=town.now()) for line in lines[6:8]]
    acts: list[Act] = [
        *taking,
        *canceling,
        *moving,
        *(arriving(town, Arrival(article=town.chair, quantity=3)) for _ in range(3)),
    ]
    won, refused = split(race(acts), LineDoesNotWait, QueueHasChanged)
    assert len(won) + len(refused) == 11
    assert not OrderLine.objects.waiting().exists()
    assert differences() == []


def test_two_receipts_of_the_same_articles_in_opposite_order(town: Town) -> None:
    articles = [ArticleFactory.create() for _ in range(6)]
    town.register("bestallning", dict.fromkeys(articles, 50))
    arrivals = [Arrival(article=article, quantity=2) for article in articles]
    acts = [arriving(town, *(arrivals if n % 2 else arrivals[::-1])) for n in range(10)]
    won, _ = split(race(acts), QueueHasChanged)
    assert len(won) == 10
    assert [town.level(town.central, article) for article in articles] == [(20, 20, 0)] * 6


def test_the_same_page_sent_ten_times_is_one_receipt(town: Town) -> None:
    won, _ = split(race([arriving(town, Arrival(article=town.chair, quantity=3))] * 10), QueueHasChanged)
    assert len({receipt.pk for receipt in won}) == GoodsReceipt.objects.count() == 1
    assert town.level(town.central, town.chair) == (3, 0, 0)
