from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.changes import Change
from orders.models import CancelReason, EventKind, Notice, Order, OrderState
from orders.operations.canceling import cancel_order
from orders.operations.changing import OrderCannotBeChanged, change_order, details_of
from orders.operations.changing_lines import LineOfOrderRefused
from orders.operations.delivering import Pick
from orders.operations.editing import LineRefused
from orders.operations.locking import OrderHasChanged
from parties.models import PrescribingRight, User
from tests.factories import ArticleFactory, CareUnitFactory, UserFactory
from tests.fixtures import Town


def change(town: Town, order: Order, asked: Change, *, by: User | None = None, version: int | None = None) -> Order:
    order.refresh_from_db()
    version = order.version if version is None else version
    order = change_order(order_id=order.pk, version=version, change=asked, by=by or town.lina, at=town.now())
    order.refresh_from_db()
    return order


def to(town: Town, order: Order, quantity: int, reason: CancelReason | None = None) -> Change:
    return Change(quantities={town.line(order).pk: quantity}, reason=reason)


def claim(town: Town, order: Order) -> None:
    order.lines.update(claimed_by=town.hakan, claimed_at=town.now())


def amounts(town: Town, order: Order) -> tuple[int, int, int, int]:
    """(ordered, reserved, back-ordered, canceled)"""
    line = town.line(order)
    return line.quantity, line.reserved, line.backordered, line.canceled


def test_more_reserves_what_is_free_and_the_rest_waits(town: Town) -> None:
    town.stock(town.central, town.chair, 4)
    order = town.register("bestallning", {town.chair: 3})
    order = change(town, order, to(town, order, 6))
    assert amounts(town, order) == (6, 4, 2, 0)
    assert town.level(town.central, town.chair) == (4, 4, 0)
    event = order.events.latest("at")
    assert (event.kind, event.actor, event.detail) == (EventKind.CHANGED, town.lina, "14710: 3 → 6 st")


def test_more_takes_nothing_from_who_waits_already(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    first = town.register("bestallning", {town.chair: 3})
    second = town.register("bestallning", {town.chair: 2})
    change(town, first, to(town, first, 5))
    assert [amounts(town, order)[1] for order in (first, second)] == [3, 0]
    town.stock(town.central, town.chair, 1)
    assert town.level(town.central, town.chair) == (4, 3, 0)


def test_less_is_an_edit_before_picking_and_frees_what_it_held(town: Town) -> None:
    town.stock(town.central, town.chair, 4)
    order, waiting = town.register("bestallning", {town.chair: 4}), town.register("bestallning", {town.chair: 2})
    order = change(town, order, to(town, order, 1))
    assert amounts(town, order) == (1, 1, 0, 0)
    assert amounts(town, waiting) == (2, 2, 0, 0)
    assert town.level(town.central, town.chair) == (4, 3, 0)
    assert order.events.latest("pk").detail == "14710: 4 → 1 st"


def test_less_gives_up_what_it_waits_for_first(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 5})
    change(town, order, to(town, order, 3))
    assert amounts(town, order) == (3, 2, 1, 0)


def test_nothing_of_a_line_is_canceled_with_a_reason(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 2, town.walker: 1})
    line = town.line(order, town.chair)
    with pytest.raises(LineOfOrderRefused, match="Välj varför det makuleras") as refusal:
        change(town, order, Change(quantities={line.pk: 0}))
    assert (refusal.value.field, refusal.value.line_id) == ("reason", line.pk)
    order = change(town, order, Change(quantities={line.pk: 0}, reason=CancelReason.WRONG_ARTICLE))
    line.refresh_from_db()
    assert (line.quantity, line.canceled, line.reserved, order.state) == (2, 2, 0, OrderState.REGISTERED)
    event = order.events.latest("pk")
    assert (event.kind, event.detail) == (EventKind.LINE_CANCELED, "2 st 14710 Duschpall: Fel artikel")


def test_no_line_left_is_a_canceled_order(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    order = change(town, order, to(town, order, 0, reason=CancelReason.DUPLICATE))
    assert (order.state, order.cancel_reason, order.canceled_at) == ("CANCELED", "DUPLICATE", town.clock)
    with pytest.raises(OrderCannotBeChanged, match="Ordern är makulerad"):
        change(town, order, to(town, order, 1))


def test_once_somebody_picks_quantities_only_go_down(town: Town) -> None:
    town.stock(town.central, town.chair, 4)
    order = town.register("bestallning", {town.chair: 4})
    claim(town, order)
    other = CareUnitFactory.create(parent=town.arvika)
    line = town.line(order)
    for asked in (
        to(town, order, 5),
        Change(recipient=other),
        Change(is_urgent=True),
        Change(only_complete=True),
        Change(devices={line.pk: town.devices(town.central, town.walker, 1)[0]}),
    ):
        with pytest.raises(LineRefused, match="Plocket har börjat"):
            change(town, order, asked)
    with pytest.raises(LineRefused, match="Välj varför"):
        change(town, order, to(town, order, 3))
    order = change(town, order, to(town, order, 3, reason=CancelReason.NOT_NEEDED))
    assert amounts(town, order) == (4, 3, 0, 1)
    assert town.line(order).claimed_by == town.hakan
    assert (order.is_urgent, order.only_complete, order.recipient) == (False, False, town.unit)


def test_what_has_been_delivered_is_never_changed(town: Town) -> None:
    town.stock(town.central, town.chair, 4)
    order = town.register("bestallning", {town.chair: 5})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=2)])
    with pytest.raises(LineRefused, match="Plocket har börjat"):
        change(town, order, to(town, order, 6))
    with pytest.raises(LineRefused, match="2 st är redan levererade"):
        change(town, order, to(town, order, 1, reason=CancelReason.NOT_NEEDED))
    order = change(town, order, to(town, order, 2, reason=CancelReason.NOT_NEEDED))
    assert (order.state, order.canceled_at) == (OrderState.DELIVERED, None)
    assert town.level(town.central, town.chair) == (2, 0, 0)
    with pytest.raises(OrderCannotBeChanged, match="returneras"):
        change(town, order, to(town, order, 3))


def test_another_device_is_held_instead(town: Town) -> None:
    first, second = town.devices(town.store, town.walker, 2)
    order = town.register("direktforskrivning", [(town.walker, 1, first)])
    line = town.line(order)
    order = change(town, order, Change(devices={line.pk: second}), by=town.anna)
    line.refresh_from_db()
    assert (line.device, line.reserved) == (second, 1)
    assert order.events.latest("pk").detail == f"15121: individ {first.number} → {second.number}"
    town.register("direktforskrivning", [(town.walker, 1, first)])


def test_a_device_that_is_not_free_is_refused(town: Town) -> None:
    first, second = town.devices(town.store, town.walker, 2)
    (elsewhere,) = town.devices(town.central, town.walker, 1)
    order = town.register("direktforskrivning", [(town.walker, 1, first)])
    town.register("direktforskrivning", [(town.walker, 1, second)])
    line = town.line(order)
    for device in (second, elsewhere):
        with pytest.raises(LineOfOrderRefused, match="är inte ledig i 50101") as refusal:
            change(town, order, Change(devices={line.pk: device}), by=town.anna)
        assert refusal.value.field == "device"
    with pytest.raises(LineOfOrderRefused, match="Välj vilken individ"):
        change(town, order, Change(devices={line.pk: None}), by=town.anna)
    with pytest.raises(LineOfOrderRefused, match="är en enda"):
        change(town, order, Change(quantities={line.pk: 2}), by=town.anna)
    assert town.line(order).device == first


def test_a_requisition_goes_to_another_unit_and_says_so(town: Town) -> None:
    other = CareUnitFactory.create(number="01-07", name="Granbacken", parent=town.arvika)
    order = town.register("bestallning", {town.chair: 2})
    order = change(town, order, Change(recipient=other, is_urgent=True, only_complete=True))
    assert (order.recipient, order.is_urgent, order.only_complete) == (other, True, True)
    words = "Mottagare: 01-05 Björkbacken → 01-07 Granbacken; Brådskande; Levereras endast komplett"
    assert order.events.latest("pk").detail == words
    order = change(town, order, Change(is_urgent=False, only_complete=False))
    assert order.events.latest("pk").detail == "Inte längre brådskande; Får levereras i delar"


def test_a_prescription_stays_with_its_patient(town: Town) -> None:
    order = town.register("forskrivning", {town.chair: 1})
    with pytest.raises(LineRefused, match="En förskrivning gäller en patient") as refusal:
        change(town, order, Change(recipient=town.unit), by=town.anna)
    assert refusal.value.field == "recipient"


def test_more_asks_for_the_right_to_prescribe_today(town: Town) -> None:
    order = town.register("forskrivning", {town.chair: 1})
    PrescribingRight.objects.filter(user=town.anna, iso_prefix="09").update(valid_until=date(2026, 3, 1))
    with pytest.raises(LineOfOrderRefused, match="har inte förskrivningsrätt"):
        change(town, order, to(town, order, 2), by=town.anna)
    assert amounts(town, order)[0] == 1


@pytest.mark.parametrize("who", ["per", "lina", "hakan"])
def test_only_who_prescribes_asks_for_more_on_a_prescription(town: Town, who: str) -> None:
    order = town.register("forskrivning", {town.chair: 2})
    by: User = getattr(town, who)
    with pytest.raises(LineOfOrderRefused, match="Din roll kan bara minska"):
        change(town, order, to(town, order, 3), by=by)
    change(town, order, to(town, order, 1), by=by)
    assert amounts(town, order)[0] == 1


def test_an_article_that_is_no_longer_ordered_is_not_asked_for_more(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    town.chair.is_orderable = False
    town.chair.save(update_fields=["is_orderable"])
    with pytest.raises(LineOfOrderRefused, match="går inte att beställa"):
        change(town, order, to(town, order, 3))
    change(town, order, to(town, order, 1))


def test_a_page_that_shows_another_version_is_refused(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    shown = order.version
    change(town, order, to(town, order, 4))
    with pytest.raises(OrderHasChanged):
        change(town, order, to(town, order, 3), version=shown)
    assert amounts(town, order)[0] == 4


def test_the_same_page_sent_twice_is_one_change(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    shown = order.version
    for _ in range(2):
        change(town, order, to(town, order, 4), version=shown)
    assert (amounts(town, order)[0], order.events.count()) == (4, 2)


def test_nothing_asked_for_leaves_no_trace(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 2})
    version = order.version
    order = change(town, order, Change(quantities={town.line(order).pk: 2}, is_urgent=False))
    assert (order.version, order.events.count()) == (version, 1)


def test_who_ordered_and_who_picks_are_told_what_somebody_else_changed(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3})
    change(town, order, to(town, order, 4))
    assert not Notice.objects.exists()
    colleague = UserFactory.create(role="Beställare", customer=town.rehab)
    claim(town, order)
    change(town, order, to(town, order, 2, reason=CancelReason.NOT_NEEDED), by=colleague)
    assert {notice.user for notice in Notice.objects.all()} == {town.lina, town.hakan}


def test_a_canceled_order_is_not_changed(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3})
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    with pytest.raises(OrderCannotBeChanged, match="Ordern är makulerad"):
        change(town, order, Change(is_urgent=True))


def test_long_histories_are_several_events() -> None:
    words = [f"{number}: 1 → 2 st" for number in range(10_000, 10_030)]
    details = details_of(words)
    assert all(len(detail) <= 200 for detail in details)
    assert "; ".join(details) == "; ".join(words)


def statements(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 4)
    order = town.register("bestallning", dict.fromkeys(articles, 3))
    asked = Change(quantities={line.pk: 2 + 2 * (line.position % 2) for line in order.lines.all()})
    fresh = User.objects.get(pk=town.lina.pk)  # who has not been asked for rights before
    with CaptureQueriesContext(connection) as queries:
        change(town, order, asked, by=fresh)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    assert statements(town, 4) == statements(town, 12)
