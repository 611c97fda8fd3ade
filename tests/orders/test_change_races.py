"""Changing and canceling against everything else: one success, one clear refusal, and the stock is right."""

from functools import partial
from uuid import uuid4

import pytest

from inventory.operations.receiving import Arrival
from orders.changes import Change
from orders.models import CancelReason, Order
from orders.operations.adding import add_to_order
from orders.operations.canceling import OrderCannotBeCanceled, cancel_rest_of_line
from orders.operations.changing import OrderCannotBeChanged, change_order
from orders.operations.claiming import claim_orders
from orders.operations.delivering import DeliveryNotPossible, deliver_order
from orders.operations.editing import LineRefused
from orders.operations.locking import OrderHasChanged
from tests.fixtures import Town
from tests.orders.racers import Act, arriving
from tests.racing import race, split

NOT_CHANGED = (OrderCannotBeChanged, OrderHasChanged, LineRefused)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_ten_cancel_the_same_line(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 3, town.walker: 1})
    line = town.line(order, town.chair)
    act = partial(
        cancel_rest_of_line,
        order_id=order.pk,
        line_id=line.pk,
        reason=CancelReason.DUPLICATE,
        by=town.lina,
        at=town.now(),
    )
    won, refused = split(race([act] * 10), OrderCannotBeCanceled)
    assert (len(won), len(refused)) == (1, 9)
    assert town.line(order, town.chair).canceled == 3
    assert town.level(town.central, town.chair) == (3, 0, 0)


def changing(town: Town, order: Order, quantity: int) -> "partial[Order]":
    asked = Change(quantities={town.line(order).pk: quantity}, reason=CancelReason.NOT_NEEDED)
    return partial(change_order, order_id=order.pk, version=order.version, change=asked, by=town.lina, at=town.now())


def test_change_against_deliver(town: Town) -> None:
    """The delivery takes all that is there when it comes; the change comes before it, or not at all."""
    for quantity in (1, 5, 1, 5):
        town.stock(town.central, town.chair, 5)
        order = town.register("bestallning", {town.chair: 3})
        deliver = partial(deliver_order, order_id=order.pk, key=uuid4(), by=town.hakan, at=town.now())
        acts: list[Act] = [deliver, changing(town, order, quantity)]
        _, refused = split(race(acts), *NOT_CHANGED, DeliveryNotPossible)
        line = town.line(order)
        changed = not refused
        assert (line.quantity, line.delivered) == ((quantity, quantity) if changed else (3, 3))
        assert town.level(town.central, town.chair)[1] == 0


def test_change_against_claiming_the_pick(town: Town) -> None:
    """Either the picker sees what was added, or nothing is added: never more on a line that somebody picks."""
    for _ in range(4):
        town.stock(town.central, town.chair, 5)
        order = town.register("bestallning", {town.chair: 3})
        claim = partial(claim_orders, order_ids=[order.pk], by=town.hakan, at=town.now())
        acts: list[Act] = [claim, changing(town, order, 5)]
        _, refused = split(race(acts), *NOT_CHANGED)
        kinds = list(order.events.order_by("pk").values_list("kind", flat=True))[1:]
        line = town.line(order)
        assert line.claimed_by == town.hakan
        assert (line.quantity, kinds) == ((3, ["CLAIMED"]) if refused else (5, ["CHANGED", "CLAIMED"]))


def test_ten_change_the_same_page(town: Town) -> None:
    town.stock(town.central, town.chair, 20)
    order = town.register("bestallning", {town.chair: 10})
    won, refused = split(race([changing(town, order, quantity) for quantity in range(11, 21)]), *NOT_CHANGED)
    assert (len(won), len(refused)) == (1, 9)
    line = town.line(order)
    assert line.reserved == line.quantity > 10
    assert town.level(town.central, town.chair) == (20, line.quantity, 0)
    assert order.events.count() == 2


def test_everything_at_once_about_the_same_articles(town: Town) -> None:
    """Changing up and down, adding, canceling, delivering and goods that arrive; two articles in both orders."""
    town.stock(town.central, town.chair, 10)
    town.devices(town.central, town.walker, 4)
    wants = ({town.chair: 3}, {town.chair: 3, town.walker: 1}, {town.walker: 1, town.chair: 3})
    orders = [town.register("bestallning", wants[n % 3]) for n in range(9)]
    acts: list[Act] = [arriving(town, Arrival(article=town.chair, quantity=5))]
    for n, order in enumerate(orders):
        chairs = Change(quantities={town.line(order, town.chair).pk: n + (1 if n < 2 else 2)})  # never the 3 it is
        change = partial(change_order, order_id=order.pk, version=order.version, change=chairs)
        add = partial(add_to_order, order_id=order.pk, version=order.version, article=town.walker, quantity=1)
        acts += [partial(act, by=town.lina, at=town.now()) for act in (change, add)]
    won, refused = split(race(acts), *NOT_CHANGED)
    assert len(won) + len(refused) == 19
    assert len(refused) == 9
    for article, on_hand in ((town.chair, 15), (town.walker, 4)):
        held = sum(line.reserved for order in orders for line in order.lines.filter(article=article))
        assert town.level(town.central, article) == (on_hand, held, 0)
        assert held == on_hand or not any(
            line.backordered for order in orders for line in order.lines.filter(article=article)
        )
