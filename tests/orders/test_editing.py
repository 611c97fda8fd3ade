from datetime import date

import pytest

from inventory.models import Article, Device
from orders.models import Order
from orders.operations.drafting import DraftHasChanged, DraftIsClosed
from orders.operations.editing import LineRefused, add_line, change_line, remove_line
from tests.factories import ArticleFactory
from tests.fixtures import Town

TODAY = date(2026, 3, 2)


def add(order: Order, article: Article, quantity: int = 1, device: Device | None = None) -> None:
    add_line(order_id=order.pk, article=article, quantity=quantity, device=device, on=TODAY)


def refused(order: Order, article: Article, quantity: int = 1, device: Device | None = None) -> str:
    """The field at which it is refused; nothing has changed."""
    before = list(order.lines.values()), Order.objects.get(pk=order.pk).version
    with pytest.raises(LineRefused) as caught:
        add(order, article, quantity, device)
    assert (list(order.lines.values()), Order.objects.get(pk=order.pk).version) == before
    assert str(caught.value).endswith((".", ")."))
    return caught.value.field


def test_the_same_article_adds_to_its_row(town: Town) -> None:
    order = town.draft("bestallning", {})
    add(order, town.chair, 2)
    add(order, town.chair, 3)
    assert town.line(order).quantity == 5


def test_each_device_has_its_own_row(town: Town) -> None:
    first, second = town.devices(town.store, town.walker, 2)
    order = town.draft("direktbestallning", {})
    add(order, town.walker, device=first)
    add(order, town.walker, device=second)
    assert [(line.position, line.device) for line in order.lines.for_order_page()] == [(1, first), (2, second)]


def test_quantities_that_make_no_sense(town: Town) -> None:
    order = town.draft("bestallning", {})
    for quantity in (0, -1, 10_000, 10**9):
        assert refused(order, town.chair, quantity) == "quantity"
    add(order, town.chair, 9_999)
    assert refused(order, town.chair, 1) == "quantity", "together with what is there"


def test_an_article_that_cannot_be_ordered(town: Town) -> None:
    assert refused(town.draft("bestallning", {}), ArticleFactory.create(is_orderable=False)) == "article"


def test_an_article_outside_the_right_to_prescribe(town: Town) -> None:
    outside = ArticleFactory.create(iso_code="222718")
    assert refused(town.draft("forskrivning", {}), outside) == "article"
    add(town.draft("bestallning", {}), outside)


def test_a_numbered_article_is_handed_out_by_its_device(town: Town) -> None:
    town.devices(town.store, town.walker, 1)
    assert refused(town.draft("direktbestallning", {}), town.walker) == "device"
    add(town.draft("bestallning", {}), town.walker, 3)  # HMS chooses when picking


def test_devices_that_do_not_fit(town: Town) -> None:
    here, elsewhere = town.devices(town.store, town.walker, 1)[0], town.devices(town.central, town.walker, 1)[0]
    order = town.draft("direktbestallning", {})
    assert refused(order, town.walker, 2, here) == "quantity"
    assert refused(order, town.walker, 1, elsewhere) == "device"
    assert refused(order, town.chair, 1, here) == "device"
    add(order, town.walker, device=here)
    assert refused(order, town.walker, 1, here) == "device"


def test_a_device_that_another_order_holds(town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    town.register("direktbestallning", [(town.walker, 1, device)])
    assert refused(town.draft("direktbestallning", {}), town.walker, 1, device) == "device"


def test_a_row_gets_another_quantity(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    line = town.line(order)
    change_line(order_id=order.pk, line_id=line.pk, version=0, quantity=4, on=TODAY)
    assert town.line(order).quantity == 4
    with pytest.raises(DraftHasChanged):
        change_line(order_id=order.pk, line_id=line.pk, version=0, quantity=5, on=TODAY)
    with pytest.raises(LineRefused):
        change_line(order_id=order.pk, line_id=line.pk, version=1, quantity=0, on=TODAY)
    assert town.line(order).quantity == 4


def test_a_row_gets_another_device_or_none(town: Town) -> None:
    first, second = town.devices(town.central, town.walker, 2)
    order = town.draft("bestallning", [(town.walker, 1, first), (town.walker, 2)])
    line = order.lines.get(device=first)
    change_line(order_id=order.pk, line_id=line.pk, version=0, quantity=1, device=second, on=TODAY)
    assert order.lines.get(pk=line.pk).device == second
    change_line(order_id=order.pk, line_id=line.pk, version=1, quantity=1, on=TODAY)
    assert town.line(order).quantity == 3, "without a device it joins the row that has none"


def test_a_row_is_removed_once(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    line = town.line(order)
    for _ in range(2):
        remove_line(order_id=order.pk, line_id=line.pk)
    assert (order.lines.count(), Order.objects.get(pk=order.pk).version) == (0, 1)


def test_a_saved_order_keeps_its_lines(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 1})
    line = town.line(order)
    with pytest.raises(DraftIsClosed):
        add(order, town.chair)
    with pytest.raises(DraftIsClosed):
        change_line(order_id=order.pk, line_id=line.pk, version=1, quantity=2, on=TODAY)
    with pytest.raises(DraftIsClosed):
        remove_line(order_id=order.pk, line_id=line.pk)
