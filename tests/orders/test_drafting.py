from datetime import date
from uuid import uuid4

import pytest

from inventory.models import Device
from orders.models import Order, OrderLine, OrderSubtype
from orders.operations.drafting import (
    DraftHasChanged,
    DraftIsClosed,
    change_subtype,
    create_draft,
    discard_draft,
    set_parties,
)
from orders.operations.registering import register_order
from parties.models import User
from tests.fixtures import Town

TODAY = date(2026, 3, 2)


def subtype(code: str) -> OrderSubtype:
    return OrderSubtype.objects.get(code=code)


def begin(town: Town, code: str, by: User) -> Order:
    return create_draft(key=uuid4(), subtype=subtype(code), by=by, at=town.now())


@pytest.mark.parametrize(
    ("code", "person", "sender", "recipient"),
    [
        ("lagerflytt", "per", "10", "50101"),
        ("bestallning", "lina", "10", "50101"),
        ("direktbestallning", "lina", "50101", "50101"),
        ("forskrivning", "anna", "10", None),
        ("direktforskrivning", "anna", "50101", None),
    ],
)
def test_a_draft_begins_with_what_follows_from_who_makes_it(
    town: Town, code: str, person: str, sender: str, recipient: str | None
) -> None:
    by = getattr(town, person)
    order = begin(town, code, by)
    assert (order.orderer, order.registrar, order.customer, order.payer) == (by, by, town.rehab, town.rehab)
    assert order.municipality == town.arvika
    assert order.sender is not None
    assert order.sender.number == sender
    number = order.recipient_warehouse or order.recipient_unit
    assert (number.number if number else None) == recipient


def test_the_same_key_is_the_same_draft(town: Town) -> None:
    key = uuid4()
    first = create_draft(key=key, subtype=subtype("bestallning"), by=town.lina, at=town.now())
    assert create_draft(key=key, subtype=subtype("direktbestallning"), by=town.lina, at=town.now()) == first
    assert Order.objects.count() == 1


def test_a_key_of_another_person_is_not_theirs(town: Town) -> None:
    key = uuid4()
    create_draft(key=key, subtype=subtype("bestallning"), by=town.lina, at=town.now())
    with pytest.raises(Order.DoesNotExist):
        create_draft(key=key, subtype=subtype("bestallning"), by=town.anna, at=town.now())


def test_who_may_not_order_begins_with_empty_parties(town: Town) -> None:
    order = begin(town, "forskrivning", town.lina)
    assert (order.orderer, order.customer, order.sender) == (None, None, None)


def test_another_subtype_takes_its_sender_and_keeps_the_rest(town: Town) -> None:
    order = town.draft("direktbestallning", {town.chair: 2})
    assert change_subtype(order_id=order.pk, subtype=subtype("bestallning")) == []
    order.refresh_from_db()
    assert (order.subtype.code, order.sender, order.recipient_unit) == ("bestallning", town.central, town.unit)
    assert town.line(order).quantity == 2


def test_another_sender_lets_go_of_devices_and_says_so(town: Town) -> None:
    devices = town.devices(town.store, town.walker, 2)
    order = town.draft("direktbestallning", [(town.walker, 1, device) for device in devices])
    dropped = change_subtype(order_id=order.pk, subtype=subtype("bestallning"))
    assert [devices[0].number in dropped[0], devices[1].number in dropped[1]] == [True, True]
    line = town.line(order)
    assert (line.device, line.quantity) == (None, 2), "what is then the same article is one line"


def test_a_device_in_the_new_sender_stays(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    order = town.draft("direktbestallning", [(town.walker, 1, device)])
    assert change_subtype(order_id=order.pk, subtype=subtype("bestallning")) == []
    assert town.line(order).device == device


def test_the_same_subtype_changes_nothing(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    assert change_subtype(order_id=order.pk, subtype=subtype("bestallning")) == []
    assert Order.objects.get(pk=order.pk).version == order.version


def save_parties(town: Town, order: Order, version: int, subtype: OrderSubtype | None = None) -> list[str]:
    return set_parties(
        order_id=order.pk,
        version=version,
        orderer=town.lina,
        customer=town.rehab,
        payer=town.rehab,
        sender=town.central,
        recipient=town.unit,
        handler=town.hakan,
        subtype=subtype,
    )


def test_parties_are_saved_with_the_subtype_that_fits_the_sender(town: Town) -> None:
    order = town.draft("direktbestallning", {town.chair: 1})
    assert save_parties(town, order, order.version, subtype("bestallning")) == []
    order.refresh_from_db()
    assert (order.subtype.code, order.sender, order.handler, order.version) == (
        "bestallning",
        town.central,
        town.hakan,
        1,
    )


def test_a_page_that_shows_an_older_draft_changes_nothing(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    save_parties(town, order, 0)
    with pytest.raises(DraftHasChanged, match="annan flik"):
        save_parties(town, order, 0)
    assert Order.objects.get(pk=order.pk).version == 1


def test_a_saved_order_is_closed(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    register_order(order_id=order.pk, by=town.lina, at=town.now())
    for change in (
        lambda: save_parties(town, order, 1),
        lambda: change_subtype(order_id=order.pk, subtype=subtype("direktbestallning")),
        lambda: discard_draft(order_id=order.pk),
    ):
        with pytest.raises(DraftIsClosed):
            change()


def test_a_draft_is_thrown_away_with_its_lines(town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    order = town.draft("direktbestallning", [(town.walker, 1, device)])
    discard_draft(order_id=order.pk)
    discard_draft(order_id=order.pk)
    assert (Order.objects.count(), OrderLine.objects.count(), Device.objects.count()) == (0, 0, 1)
