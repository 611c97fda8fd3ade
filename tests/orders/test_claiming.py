from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article
from orders.models import CancelReason, Delivery, EventKind, Notice, Order, OrderLine
from orders.operations.canceling import cancel_order
from orders.operations.claiming import ClaimNotPossible, claim_lines, claim_orders, give_back
from orders.operations.delivering import DeliveryNotPossible, Pick, deliver_order
from parties.models import User
from tests.factories import ArticleFactory, UserFactory
from tests.fixtures import Town

NINE = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
SINCE = "Håkan Lantz sedan 3 mar 2026 09:00"


@pytest.fixture
def helena(town: Town) -> User:
    """A colleague of Håkan's in lager 10."""
    return UserFactory.create(username="hela01", name="Helena Ask", role="HMS lager", customer=town.central.owner)


@pytest.fixture
def order(town: Town) -> Order:
    """Three chairs reserved in lager 10, and one that nobody has there."""
    town.stock(town.central, town.chair, 5)
    return town.register("bestallning", {town.chair: 3, ArticleFactory.create(number="20990", name="Säng"): 1})


def holders(order: Order) -> list[str | None]:
    return list(order.lines.order_by("position").values_list("claimed_by__username", flat=True))


def claim(order: Order, by: User) -> list[OrderLine]:
    return claim_orders(order_ids=[order.pk], by=by, at=NINE)


def test_takes_what_can_go_with_name_and_time(town: Town, order: Order) -> None:
    (line,) = claim(order, town.hakan)
    assert line.article == town.chair
    assert holders(order) == ["hmla01", None], "what has not come in is nobody's pick"
    assert town.line(order, town.chair).claimed_at == NINE
    event = order.events.get(kind=EventKind.CLAIMED)
    assert (event.actor, event.at, event.detail) == (town.hakan, NINE, "14710 Duschpall")


def test_somebody_else_is_told_who_has_it_and_since_when(town: Town, order: Order, helena: User) -> None:
    claim(order, town.hakan)
    with pytest.raises(ClaimNotPossible) as refusal:
        claim(order, helena)
    assert str(refusal.value) == f"{order}, 14710 Duschpall plockas redan av {SINCE}."
    with pytest.raises(ClaimNotPossible, match=SINCE):
        claim_lines(line_ids=[town.line(order, town.chair).pk], by=helena, at=town.now())
    assert holders(order) == ["hmla01", None]
    assert order.events.filter(kind=EventKind.CLAIMED).count() == 1


def test_one_refusal_leaves_all_of_them(town: Town, order: Order, helena: User) -> None:
    other = town.register("bestallning", {town.chair: 1})
    claim(order, town.hakan)
    with pytest.raises(ClaimNotPossible):
        claim_orders(order_ids=[other.pk, order.pk], by=helena, at=town.now())
    assert holders(other) == [None]


def test_taking_ones_own_again_changes_nothing(town: Town, order: Order) -> None:
    for at in (NINE, town.now()):
        assert len(claim_orders(order_ids=[order.pk], by=town.hakan, at=at)) == 1
    assert town.line(order, town.chair).claimed_at == NINE
    assert order.events.filter(kind=EventKind.CLAIMED).count() == 1


def test_the_rest_of_an_order_of_which_somebody_has_a_part(town: Town, helena: User) -> None:
    other = ArticleFactory.create()
    for article in (town.chair, other):
        town.stock(town.central, article, 1)
    order = town.register("bestallning", {town.chair: 1, other: 1})
    claim_lines(line_ids=[town.line(order, other).pk], by=town.hakan, at=NINE)
    claim(order, helena)
    assert holders(order) == ["hela01", "hmla01"]


def test_nothing_to_pick(town: Town) -> None:
    waiting = town.register("bestallning", {town.chair: 1})
    with pytest.raises(ClaimNotPossible, match="inget att plocka än"):
        claim(waiting, town.hakan)
    with pytest.raises(ClaimNotPossible, match="14710 Duschpall: det finns inget att plocka än"):
        claim_lines(line_ids=[town.line(waiting).pk], by=town.hakan, at=town.now())
    town.stock(town.central, town.chair, 1)
    town.deliver(waiting)
    with pytest.raises(ClaimNotPossible, match="inget kvar att plocka"):
        claim(waiting, town.hakan)
    draft = town.draft("bestallning", {town.chair: 1})
    with pytest.raises(ClaimNotPossible, match="inget kvar att plocka"):
        claim(draft, town.hakan)


def test_what_waits_to_be_complete_is_not_picked(town: Town, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(only_complete=True)
    with pytest.raises(ClaimNotPossible, match="levereras endast komplett, och 20990 Säng räcker inte än"):
        claim(order, town.hakan)
    town.stock(town.central, Article.objects.get(number="20990"), 1)
    claim(order, town.hakan)
    assert holders(order) == ["hmla01", "hmla01"]


def test_what_is_free_can_be_picked_for_a_back_order(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    town.stock(town.central, town.chair, 1)  # came in without being shared out
    assert len(claim(order, town.hakan)) == 1


def test_is_given_back(town: Town, order: Order, helena: User) -> None:
    claim(order, town.hakan)
    lines = [line.pk for line in order.lines.all()]
    assert give_back(line_ids=lines, by=helena, at=town.now()) == [], "another's is left alone"
    (line,) = give_back(line_ids=lines, by=town.hakan, at=town.now())
    assert line.article == town.chair
    assert holders(order) == [None, None]
    assert order.events.get(kind=EventKind.UNCLAIMED).detail == "14710 Duschpall"
    claim(order, helena)


def test_a_colleagues_is_taken_over_and_they_are_told(town: Town, order: Order, helena: User) -> None:
    claim(order, town.hakan)
    claim_lines(line_ids=[town.line(order, town.chair).pk], by=helena, at=town.now(), holder_id=town.hakan.pk)
    assert holders(order) == ["hela01", None]
    event = order.events.filter(kind=EventKind.CLAIMED).latest("pk")
    assert (event.actor, event.detail) == (helena, "från Håkan Lantz: 14710 Duschpall")
    assert Notice.objects.get(user=town.hakan).event == event


def test_a_colleagues_is_given_back_and_they_are_told(town: Town, order: Order, helena: User) -> None:
    claim(order, town.hakan)
    give_back(line_ids=[town.line(order, town.chair).pk], by=helena, at=town.now(), holder_id=town.hakan.pk)
    assert holders(order) == [None, None]
    event = order.events.get(kind=EventKind.UNCLAIMED)
    assert event.detail == "från Håkan Lantz: 14710 Duschpall"
    assert Notice.objects.get(user=town.hakan).event == event


def test_what_a_third_person_has_by_now_is_left_alone(town: Town, order: Order, helena: User) -> None:
    third = UserFactory.create(role="HMS lager", customer=town.central.owner)
    line = town.line(order, town.chair)
    claim(order, third)
    with pytest.raises(ClaimNotPossible, match="plockas redan av"):
        claim_lines(line_ids=[line.pk], by=helena, at=town.now(), holder_id=town.hakan.pk)
    assert give_back(line_ids=[line.pk], by=helena, at=town.now(), holder_id=town.hakan.pk) == []
    assert holders(order) == [third.username, None]


def test_delivering_ends_the_pick(town: Town, order: Order) -> None:
    claim(order, town.hakan)
    town.deliver(order, [Pick(line_id=town.line(order, town.chair).pk, quantity=1)])
    assert holders(order) == [None, None]
    assert town.line(order, town.chair).reserved == 2


def test_another_persons_pick_is_not_delivered(town: Town, order: Order, helena: User) -> None:
    claim(order, town.hakan)
    line = town.line(order, town.chair)
    with pytest.raises(DeliveryNotPossible) as refusal:
        deliver_order(
            order_id=order.pk, key=uuid4(), by=helena, at=town.now(), picks=[Pick(line_id=line.pk, quantity=1)]
        )
    assert (str(refusal.value), refusal.value.line_id) == (f"14710 Duschpall plockas av {SINCE}.", line.pk)
    assert Delivery.objects.count() == 0
    assert holders(order) == ["hmla01", None]


def test_canceling_ends_the_pick(town: Town, order: Order) -> None:
    claim(order, town.hakan)
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_NEEDED, by=town.lina, at=town.now())
    assert holders(order) == [None, None]


def statements(town: Town, orders: int) -> tuple[int, int]:
    taken = [town.register("bestallning", {town.chair: 1, ArticleFactory.create(): 1}) for _ in range(orders)]
    pks = [order.pk for order in taken]
    with CaptureQueriesContext(connection) as claiming:
        lines = claim_orders(order_ids=pks, by=town.hakan, at=town.now())
    with CaptureQueriesContext(connection) as giving:
        give_back(line_ids=[line.pk for line in lines], by=town.hakan, at=town.now())
    assert len(lines) == orders
    return len(claiming), len(giving)


def test_the_number_of_statements_does_not_grow_with_the_orders(town: Town) -> None:
    town.stock(town.central, town.chair, 50)
    one = statements(town, 1)
    assert one == statements(town, 20)
    # Savepoint and release, orders locked and read, lines, balances, lines again, events, claims.
    # Giving back asks first which orders they are.
    assert one == (9, 10)


def test_orders_then_balances_are_locked_in_order(town: Town, order: Order) -> None:
    with CaptureQueriesContext(connection) as queries:
        claim(order, town.hakan)
    orders, balances = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert orders.startswith('SELECT "orders_order"."id"')
    assert orders.endswith("ORDER BY 1 ASC FOR NO KEY UPDATE")
    assert "FOR NO KEY UPDATE OF inventory_stocklevel" in balances
