"""What becomes free goes to the lines that wait, the oldest registration first."""

from uuid import uuid4

from inventory.models import Article, StockMovement, Warehouse
from inventory.operations.receiving import Arrival
from orders.models import CancelReason
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
