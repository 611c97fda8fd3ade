"""Changing and canceling against everything else: one success, one clear refusal, and the stock is right."""

from functools import partial

import pytest

from orders.models import CancelReason
from orders.operations.canceling import OrderCannotBeCanceled, cancel_rest_of_line
from tests.fixtures import Town, build_town
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


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
