"""What becomes free goes to the lines that wait: moved forward, then urgent, then the oldest registration."""

from datetime import date
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article, GoodsReceipt, StockLevel, StockMovement, Warehouse
from inventory.operations.receiving import Arrival
from orders.models import CancelReason, EventKind, Order, OrderLine
from orders.operations.canceling import cancel_order
from orders.operations.registering import register_order
from orders.operations.replenishing import replenish
from tests.factories import ArticleFactory
from tests.fixtures import Town


def arrive(town: Town, warehouse: Warehouse, **goods: int) -> None:
    """Goods arrive, by article number: `arrive(town, town.central, _14710=3)`."""
    arrivals = [
        Arrival(article=Article.objects.get(number=number[1:]), quantity=quantity) for number, quantity in goods.items()
    ]
    replenish(
        key=uuid4(), warehouse=warehouse, supplier=None, reference="", arrivals=arrivals, by=town.hakan, at=town.now()
    )


def test_the_oldest_registration_is_first(town: Town) -> None:
    late, early = town.draft("bestallning", {town.chair: 2}), town.register("bestallning", {town.chair: 2})
    register_order(order_id=late.pk, by=town.lina, at=town.now())
    arrive(town, town.central, _14710=3)
    assert [town.line(order).reserved for order in (early, late)] == [2, 1]
    arrive(town, town.central, _14710=3)
    assert town.line(late).reserved == 2
    assert town.level(town.central, town.chair) == (6, 4, 0)


def test_a_canceled_line_does_not_wait(town: Town) -> None:
    canceled, waiting = (town.register("bestallning", {town.chair: 2}) for _ in range(2))
    cancel_order(order_id=canceled.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    arrive(town, town.central, _14710=2)
    assert [town.line(order).reserved for order in (canceled, waiting)] == [0, 2]


def test_a_draft_does_not_wait(town: Town) -> None:
    draft = town.draft("bestallning", {town.chair: 2})
    arrive(town, town.central, _14710=2)
    assert town.line(draft).reserved == 0
    assert town.level(town.central, town.chair) == (2, 0, 0)


def test_each_article_and_warehouse_has_its_own_queue(town: Town) -> None:
    other = ArticleFactory.create(number="30000")
    central = town.register("bestallning", {town.chair: 2, other: 2})
    own = town.register("direktbestallning", {town.chair: 2})
    arrive(town, town.store, _14710=1)
    arrive(town, town.central, _30000=5)
    assert [town.line(central, article).reserved for article in (town.chair, other)] == [0, 2]
    assert town.line(own).reserved == 1


def test_several_articles_at_once(town: Town) -> None:
    other = ArticleFactory.create(number="30000")
    order = town.register("bestallning", {town.chair: 2, other: 2})
    arrive(town, town.central, _14710=1, _30000=3)
    assert [town.line(order, article).reserved for article in (town.chair, other)] == [1, 2]


def test_the_same_article_on_two_rows_is_one_movement(town: Town) -> None:
    arrivals = [Arrival(article=town.chair, quantity=quantity) for quantity in (2, 3)]
    replenish(
        key=uuid4(), warehouse=town.store, supplier=None, reference="", arrivals=arrivals, by=town.per, at=town.now()
    )
    assert town.level(town.store, town.chair) == (5, 0, 0)
    assert StockMovement.objects.get().quantity == 5


def test_urgent_comes_before_older_and_moved_forward_before_urgent(town: Town) -> None:
    old, urgent, moved = (town.register("bestallning", {town.chair: 1}) for _ in range(3))
    Order.objects.filter(pk=urgent.pk).update(is_urgent=True)
    OrderLine.objects.filter(order=moved).update(priority=1)
    served = []
    for _ in range(3):
        arrive(town, town.central, _14710=1)
        served.append([town.line(order).reserved for order in (old, urgent, moved)])
    assert served == [[0, 0, 1], [0, 1, 1], [1, 1, 1]]


def test_an_order_that_goes_only_complete_is_given_what_comes(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3})
    Order.objects.filter(pk=order.pk).update(only_complete=True)
    arrive(town, town.central, _14710=2)
    assert (town.line(order).reserved, town.line(order).backordered) == (2, 1)


def test_who_was_given_is_told_and_the_order_says_what(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3})
    arrive(town, town.central, _14710=2)
    event = order.events.get(kind=EventKind.ALLOCATED)
    assert (event.actor, event.at, event.detail) == (town.hakan, town.clock, "2 st 14710 Duschpall")
    assert event.goods_receipt == GoodsReceipt.objects.get()
    assert [notice.user for notice in event.notices.all()] == [town.lina]


def test_whoever_frees_it_is_not_told_about_it(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    held, waiting = (town.register("bestallning", {town.chair: 1}) for _ in range(2))
    cancel_order(order_id=held.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    event = waiting.events.get(kind=EventKind.ALLOCATED)
    assert (event.actor, event.goods_receipt) == (town.lina, None)
    assert not event.notices.exists()


def expect(town: Town) -> date | None:
    return StockLevel.objects.get(warehouse=town.central, article=town.chair).expected_on


def test_an_expected_date_is_forgotten_when_nobody_waits_any_more(town: Town) -> None:
    town.register("bestallning", {town.chair: 2})
    StockLevel.objects.filter(warehouse=town.central, article=town.chair).update(expected_on=date(2026, 5, 12))
    arrive(town, town.central, _14710=1)
    assert expect(town) == date(2026, 5, 12)
    arrive(town, town.central, _14710=1)
    assert expect(town) is None


def test_an_expected_date_is_forgotten_when_the_last_in_the_queue_is_canceled(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    StockLevel.objects.filter(warehouse=town.central, article=town.chair).update(expected_on=date(2026, 5, 12))
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    assert expect(town) is None


def statements(town: Town, queue: int) -> int:
    article = ArticleFactory.create()
    for _ in range(queue):
        town.register("bestallning", {article: 1})
    StockLevel.objects.filter(article=article).update(expected_on=date(2026, 5, 12))
    arrivals = [Arrival(article=article, quantity=queue)]
    with CaptureQueriesContext(connection) as queries:
        replenish(
            key=uuid4(),
            warehouse=town.central,
            supplier=None,
            reference="",
            arrivals=arrivals,
            by=town.hakan,
            at=town.now(),
        )
    assert OrderLine.objects.filter(article=article, reserved=1).count() == queue
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_queue(town: Town) -> None:
    statements(town, 1)  # places and balances are made the first time
    assert statements(town, 2) == statements(town, 20) == 23
