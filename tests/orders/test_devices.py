"""Which devices can be chosen: the plain statement that each page of hits asks, and Django's that operations ask."""

from inventory.models import Device, DeviceState
from orders.devices import free_devices, free_devices_by_article
from orders.models import Order, OrderLine
from tests.fixtures import Town


def draft_with(town: Town, device: Device) -> tuple[Order, OrderLine]:
    order = town.draft("direktbestallning", [(town.walker, 1, device)])
    return order, town.line(order)


def test_both_say_the_same(town: Town) -> None:
    held, blocked, drafted, *free = town.devices(town.store, town.walker, 6)
    town.devices(town.central, town.walker, 1)
    town.stock(town.store, town.chair, 1)
    town.register("direktbestallning", [(town.walker, 1, held)])
    Device.objects.filter(pk=blocked.pk).update(state=DeviceState.BLOCKED)
    draft_with(town, drafted)

    assert list(free_devices(town.store)) == [drafted, *free]
    assert free_devices_by_article(town.store, [town.walker, town.chair]) == {town.walker.pk: [drafted, *free]}
    assert free_devices_by_article(town.store, [town.chair]) == {}
    assert free_devices_by_article(None, [town.walker]) == {}


def test_leaves_out_what_is_on_the_order_but_for_the_line_that_is_changed(town: Town) -> None:
    mine, free = town.devices(town.store, town.walker, 2)
    order, line = draft_with(town, mine)

    choices = free_devices_by_article(town.store, [town.walker], but_of=order)
    assert choices == {town.walker.pk: [free]}
    choices = free_devices_by_article(town.store, [town.walker], but_of=order, editing=line)
    assert choices == {town.walker.pk: [mine, free]}
