"""Pickers who take the same pick at the same moment, and what else is done with it meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest

from inventory.operations.receiving import Arrival
from orders.models import Delivery, EventKind, OrderLine
from orders.operations.claiming import ClaimNotPossible, claim_orders
from orders.operations.delivering import DeliveryNotPossible, deliver_order
from parties.models import User
from tests.factories import ArticleFactory, UserFactory
from tests.fixtures import Town
from tests.orders.racers import Act, arriving
from tests.racing import race, split

NINE = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def pickers(town: Town) -> Sequence[User]:
    make = UserFactory.create
    return [make(name=f"Plockare {n}", role="HMS lager", customer=town.central.owner) for n in range(10)]


def test_ten_take_the_same_pick(town: Town, pickers: Sequence[User]) -> None:
    articles = [town.chair, *(ArticleFactory.create() for _ in range(4))]
    for article in articles:
        town.stock(town.central, article, 5)
    order = town.register("bestallning", dict.fromkeys(articles, 1))
    acts = [partial(claim_orders, order_ids=[order.pk], by=picker, at=NINE) for picker in pickers]
    won, refused = split(race(acts), ClaimNotPossible)
    assert len(won) == 1
    winner = User.objects.get(claimed_lines__order=order, claimed_lines__article=town.chair)
    assert refused == [f"{order}, 14710 Duschpall plockas redan av {winner.name} sedan 3 mar 2026 09:00."] * 9
    assert set(order.lines.values_list("claimed_by__username", flat=True)) == {winner.username}
    assert order.events.filter(kind=EventKind.CLAIMED).count() == 1


def test_many_take_overlapping_orders_in_opposite_order(town: Town, pickers: Sequence[User]) -> None:
    town.stock(town.central, town.chair, 20)
    orders = [town.register("bestallning", {town.chair: 1}).pk for _ in range(10)]
    acts = [
        partial(claim_orders, order_ids=orders if n % 2 else orders[::-1], by=picker, at=NINE)
        for n, picker in enumerate(pickers)
    ]
    won, refused = split(race(acts), ClaimNotPossible)
    assert (len(won), len(refused)) == (1, 9)
    assert OrderLine.objects.values("claimed_by").distinct().count() == 1


def test_taking_against_goods_that_arrive(town: Town, pickers: Sequence[User]) -> None:
    """Both write the same lines, in different order: the balances keep them apart."""
    articles = [ArticleFactory.create() for _ in range(6)]
    for article in articles:
        town.stock(town.central, article, 6)
    orders = [town.register("bestallning", dict.fromkeys(articles, 3)).pk for _ in range(4)]
    arrivals = [Arrival(article=article, quantity=1) for article in articles[::-1]]
    acts: list[Act] = [
        *[partial(claim_orders, order_ids=[pk], by=pickers[0], at=NINE) for pk in orders[:2]],
        *[arriving(town, *arrivals) for _ in range(6)],
    ]
    split(race(acts))
    assert set(OrderLine.objects.values_list("reserved", flat=True)) == {3}


def test_taking_against_delivering(town: Town, pickers: Sequence[User]) -> None:
    for _ in range(5):
        town.stock(town.central, town.chair, 1)
        order = town.register("bestallning", {town.chair: 1})
        acts: list[Act] = [
            partial(claim_orders, order_ids=[order.pk], by=pickers[0], at=NINE),
            partial(deliver_order, order_id=order.pk, key=uuid4(), by=town.hakan, at=NINE),
        ]
        won, refused = split(race(acts), ClaimNotPossible, DeliveryNotPossible)
        assert (len(won), len(refused)) == (1, 1)
        line = town.line(order)
        assert (line.delivered, line.claimed_by) in {(1, None), (0, pickers[0])}


def test_one_key_for_two_orders_at_the_same_moment(town: Town) -> None:
    key = uuid4()
    other = ArticleFactory.create()
    orders = []
    for article in (town.chair, other):
        town.stock(town.central, article, 1)
        orders.append(town.register("bestallning", {article: 1}))
    acts = [partial(deliver_order, order_id=order.pk, key=key, by=town.hakan, at=NINE) for order in orders]
    won, refused = split(race(acts), DeliveryNotPossible)
    assert (len(won), refused) == (1, ["Sidan hör till en annan utleverans. Ladda om sidan och försök igen."])
    assert Delivery.objects.count() == 1
