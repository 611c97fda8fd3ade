from datetime import date

import pytest

from inventory.models import Article, Device
from orders.models import CancelReason, EventKind, Order, OrderLine
from orders.operations.adding import add_to_order
from orders.operations.canceling import cancel_rest_of_line
from orders.operations.changing import OrderCannotBeChanged
from orders.operations.editing import LineRefused
from orders.operations.locking import OrderHasChanged
from parties.models import PrescribingRight, User
from tests.factories import ArticleFactory
from tests.fixtures import Town


def add(
    town: Town,
    order: Order,
    article: Article,
    quantity: int = 1,
    *,
    device: Device | None = None,
    by: User | None = None,
    version: int | None = None,
) -> OrderLine:
    order.refresh_from_db()
    return add_to_order(
        order_id=order.pk,
        version=order.version if version is None else version,
        article=article,
        quantity=quantity,
        device=device,
        by=by or order.registrar,
        at=town.now(),
    )


def test_a_new_line_reserves_what_is_free(town: Town) -> None:
    town.devices(town.central, town.walker, 2)
    order = town.register("bestallning", {town.chair: 1})
    add(town, order, town.walker, 3)
    line = town.line(order, town.walker)
    assert (line.position, line.quantity, line.reserved, line.backordered) == (2, 3, 2, 1)
    assert town.level(town.central, town.walker) == (2, 2, 0)
    event = order.events.latest("pk")
    assert (event.kind, event.detail) == (EventKind.CHANGED, "Tillagt: 3 st 15121 Rollator")


def test_an_article_that_is_there_gets_more(town: Town) -> None:
    town.stock(town.central, town.chair, 9)
    order = town.register("bestallning", {town.chair: 2})
    add(town, order, town.chair, 3)
    line = town.line(order)
    assert (line.quantity, line.reserved) == (5, 5)
    cancel_rest_of_line(order_id=order.pk, line_id=line.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    with pytest.raises(OrderCannotBeChanged):
        add(town, order, town.chair)


def test_a_canceled_line_comes_back_as_more(town: Town) -> None:
    town.stock(town.central, town.chair, 9)
    order = town.register("bestallning", {town.chair: 2, town.walker: 1})
    line = town.line(order, town.chair)
    cancel_rest_of_line(order_id=order.pk, line_id=line.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    add(town, order, town.chair, 4)
    line.refresh_from_db()
    assert (line.quantity, line.canceled, line.reserved, line.remaining) == (6, 2, 4, 4)


def test_a_device_has_a_line_of_its_own(town: Town) -> None:
    first, second = town.devices(town.store, town.walker, 2)
    order = town.register("direktforskrivning", [(town.walker, 1, first)])
    add(town, order, town.walker, device=second)
    assert [(line.device, line.reserved) for line in order.lines.order_by("position")] == [(first, 1), (second, 1)]
    with pytest.raises(LineRefused, match="inte ledig"):
        add(town, order, town.walker, device=first)
    with pytest.raises(LineRefused, match="Välj vilken individ"):
        add(town, order, town.walker)


def test_nothing_is_added_once_somebody_picks(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    order.lines.update(claimed_by=town.hakan, claimed_at=town.now())
    with pytest.raises(LineRefused, match="Plocket har börjat"):
        add(town, order, town.walker)
    assert order.lines.count() == 1


def test_asks_for_the_right_to_prescribe_today(town: Town) -> None:
    order = town.register("forskrivning", {town.chair: 1})
    PrescribingRight.objects.filter(user=town.anna, iso_prefix="12").update(valid_until=date(2026, 3, 1))
    with pytest.raises(LineRefused, match="har inte förskrivningsrätt") as refusal:
        add(town, order, town.walker)
    assert refusal.value.field == "article"
    for by in (town.per, town.hakan):
        with pytest.raises(LineRefused, match="Din roll kan bara minska"):
            add(town, order, town.chair, by=by)


def test_refuses_what_cannot_be_ordered(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    with pytest.raises(LineRefused, match="går inte att beställa"):
        add(town, order, ArticleFactory.create(is_orderable=False))
    with pytest.raises(LineRefused, match="Antal ska vara 1 till 9999"):
        add(town, order, town.chair, 9999)
    assert town.line(order).quantity == 1


def test_the_same_page_sent_twice_adds_once(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    shown = order.version
    for _ in range(2):
        add(town, order, town.chair, 2, version=shown)
    assert (town.line(order).quantity, order.events.count()) == (3, 2)
    with pytest.raises(OrderHasChanged):
        add(town, order, town.chair, 5, version=shown)
