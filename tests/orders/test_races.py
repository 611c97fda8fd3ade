"""Many at once: one success and one clear refusal for each loser, never a negative balance and never a deadlock."""

import threading
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Device, GoodsReceipt, Location, StockMovement
from inventory.operations.receiving import Arrival
from orders.models import (
    Order,
    OrderState,
    OrderSubtype,
)
from orders.operations.canceling import OrderCannotBeCanceled
from orders.operations.delivering import DeliveryNotPossible, Pick, register_and_deliver
from orders.operations.locking import lock_order
from orders.operations.registering import OrderCannotBeRegistered, register_order
from orders.operations.replenishing import GoodsCannotBeReceived
from tests.factories import ArticleFactory, PatientFactory
from tests.fixtures import Town
from tests.orders.racers import Act, arriving, canceling, delivering, registering
from tests.racing import race, split, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_twenty_deliver_the_last_one(town: Town) -> None:
    orders = [town.register("bestallning", {town.chair: 1}) for _ in range(20)]  # all wait: nothing is there yet
    town.stock(town.central, town.chair, 1)
    won, refused = split(race([delivering(town, order) for order in orders]), DeliveryNotPossible)
    assert len(won) == 1
    assert refused == ["14710 Duschpall: bara 0 av 1 finns i 10 Hjälpmedelsservice."] * 19
    assert town.level(town.central, town.chair) == (0, 0, 0)


def test_twenty_hand_out_the_last_one_at_once(town: Town) -> None:
    town.stock(town.store, town.chair, 1)
    acts = [
        partial(register_and_deliver, order_id=order.pk, key=uuid4(), by=town.anna, at=town.now())
        for order in [town.draft("direktforskrivning", {town.chair: 1}) for _ in range(20)]
    ]
    won, refused = split(race(acts), DeliveryNotPossible)
    assert (len(won), len(refused)) == (1, 19)
    assert won[0].order.number == "F-26-000001"
    assert Order.objects.drafts().count() == 19
    assert town.level(town.store, town.chair) == (0, 0, 0)


def test_twenty_deliver_the_same_device(town: Town) -> None:
    device, *_ = town.devices(town.central, town.walker, 20)
    orders = [town.register("bestallning", {town.walker: 1}) for _ in range(20)]
    acts = [
        delivering(town, order, [Pick(line_id=town.line(order).pk, quantity=1, device_ids=(device.pk,))])
        for order in orders
    ]
    won, refused = split(race(acts), DeliveryNotPossible)
    assert len(won) == 1
    assert refused == [f"{device} är redan utlämnad."] * 19
    assert StockMovement.objects.filter(device=device).count() == 2
    assert town.level(town.central, town.walker) == (19, 19, 0)


def test_ten_choose_the_same_device(town: Town) -> None:
    device, *_ = town.devices(town.store, town.walker, 10)
    drafts = [town.draft("direktforskrivning", [(town.walker, 1, device)]) for _ in range(10)]
    won, refused = split(race([registering(town, draft) for draft in drafts]), OrderCannotBeRegistered)
    assert len(won) == 1
    assert refused == [f"Individ {device.number} är reserverad för en annan order. Välj en annan."] * 9
    assert town.level(town.store, town.walker) == (10, 1, 0)


def test_ten_register_for_the_last_five(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    drafts = [town.draft("bestallning", {town.chair: 1}) for _ in range(10)]
    won, _ = split(race([registering(town, draft) for draft in drafts]), OrderCannotBeRegistered)
    assert len(won) == 10
    assert sorted(town.line(order).reserved for order in won) == [0] * 5 + [1] * 5
    assert town.level(town.central, town.chair) == (5, 5, 0)


def test_order_numbers_have_no_gaps(town: Town) -> None:
    """Each order has an article of its own, so that nothing but the number is shared; every third has no line."""
    drafts = [town.draft("bestallning", {ArticleFactory.create(): 1} if n % 3 else {}) for n in range(15)]
    won, refused = split(race([registering(town, draft) for draft in drafts]), OrderCannotBeRegistered)
    assert (len(won), len(refused)) == (10, 5)
    assert sorted(str(order.number) for order in won) == [f"B-26-{number:06d}" for number in range(1, 11)]


def test_ten_register_the_same_draft(town: Town) -> None:
    town.stock(town.central, town.chair, 9)
    draft = town.draft("bestallning", {town.chair: 2})
    won, _ = split(race([registering(town, draft)] * 10), OrderCannotBeRegistered)
    assert {order.number for order in won} == {"B-26-000001"}
    assert town.level(town.central, town.chair) == (9, 2, 0)
    assert draft.events.count() == 1


def test_the_same_key_ten_times_is_one_delivery(town: Town) -> None:
    town.stock(town.central, town.chair, 20)
    order = town.register("bestallning", {town.chair: 10})
    act = delivering(town, order, [Pick(line_id=town.line(order).pk, quantity=1)])
    won, _ = split(race([act] * 10), DeliveryNotPossible)
    assert len({delivery.pk for delivery in won}) == 1
    assert town.line(order).delivered == 1
    assert town.level(town.central, town.chair) == (19, 9, 0)


def test_ten_pages_deliver_the_same_order(town: Town) -> None:
    town.stock(town.central, town.chair, 20)
    order = town.register("bestallning", {town.chair: 2})
    won, refused = split(race([delivering(town, order) for _ in range(10)]), DeliveryNotPossible)
    assert len(won) == 1
    assert refused == ["Det finns inget kvar att leverera på ordern."] * 9
    assert town.level(town.central, town.chair) == (18, 0, 0)


def test_cancel_against_deliver(town: Town) -> None:
    for _ in range(5):
        town.stock(town.central, town.chair, 2)
        order = town.register("bestallning", {town.chair: 2})
        acts: list[Act] = [delivering(town, order), canceling(town, order)]
        _, refused = split(race(acts), DeliveryNotPossible, OrderCannotBeCanceled)
        assert len(refused) == 1
        order.refresh_from_db()
        line = town.line(order)
        assert (line.delivered, line.canceled) in {(2, 0), (0, 2)}
        assert order.state == (OrderState.DELIVERED if line.delivered else OrderState.CANCELED)
        assert town.level(town.central, town.chair)[1] == 0


def test_the_same_articles_in_opposite_order(town: Town) -> None:
    articles = [ArticleFactory.create() for _ in range(6)]
    for article in articles[::2]:  # the others have no balance yet
        town.stock(town.central, article, 50)
    drafts = [town.draft("bestallning", dict.fromkeys(articles if n % 2 else articles[::-1], 1)) for n in range(12)]
    won, _ = split(race([registering(town, draft) for draft in drafts]), OrderCannotBeRegistered)
    assert len(won) == 12
    assert [town.level(town.central, article)[1] for article in articles] == [12, 0] * 3


def test_everything_at_once_about_the_same_articles(town: Town) -> None:
    """Registering, delivering, canceling and goods that arrive, with balances that are made meanwhile."""
    articles = [ArticleFactory.create() for _ in range(4)]
    for article in articles[:2]:
        town.stock(town.central, article, 40)
    standing = [town.register("lagerflytt", dict.fromkeys(articles[:2], 2)) for _ in range(8)]
    drafts = [town.draft("bestallning", dict.fromkeys(articles[::-1], 2)) for _ in range(4)]
    acts: list[Act] = [
        *[delivering(town, order) for order in standing[:4]],
        *[canceling(town, order) for order in standing[4:]],
        *[registering(town, draft) for draft in drafts],
        *[arriving(town, Arrival(article=article, quantity=5)) for article in articles],
    ]
    won, refused = split(race(acts), DeliveryNotPossible)
    assert (len(won), refused) == (16, [])
    assert [town.level(town.central, article)[:2] for article in articles[:2]] == [(37, 8)] * 2
    assert [town.level(town.central, article)[:2] for article in articles[2:]] == [(5, 5)] * 2


def test_two_hand_out_to_a_patient_who_never_had_anything(town: Town) -> None:
    """The place of the patient is made before any balance is held, or these two would wait for each other."""
    for _ in range(5):
        town.stock(town.store, town.chair, 4)
        town.patient = PatientFactory.create(municipality=town.arvika)
        saved, draft = (town.draft("direktforskrivning", {town.chair: 1}) for _ in range(2))
        saved = register_order(order_id=saved.pk, by=town.anna, at=town.now())
        Location.objects.filter(patient=town.patient).delete()
        hand_out = partial(register_and_deliver, order_id=draft.pk, key=uuid4(), by=town.anna, at=town.now())
        acts: list[Act] = [delivering(town, saved), hand_out]
        won, _ = split(race(acts), DeliveryNotPossible)
        assert len(won) == 2


def test_two_take_in_the_same_device(town: Town) -> None:
    arrival = Arrival(article=town.walker, device_numbers=("HV777",))
    won, refused = split(
        race([arriving(town, arrival, at=store) for store in (town.central, town.store)]), GoodsCannotBeReceived
    )
    assert (len(won), refused) == (1, ["Individ HV777 finns redan."])
    assert Device.objects.count() == GoodsReceipt.objects.count() == 1


def test_an_order_is_read_as_it_is_after_the_wait(town: Town) -> None:
    """Whoever waited for the lock sees the subtype and the sender that were chosen meanwhile."""
    town.stock(town.store, town.chair, 5)
    order = town.draft("bestallning", {town.chair: 1})
    held, direct = threading.Event(), OrderSubtype.objects.get(code="direktbestallning")

    def change() -> str:
        with transaction.atomic():
            locked = lock_order(order.pk)
            held.set()
            wait_until_somebody_waits()
            locked.subtype, locked.sender = direct, town.store
            locked.save(update_fields=["subtype", "sender"])
        return "changed"

    def register() -> str:
        held.wait(10)
        return str(register_order(order_id=order.pk, by=town.lina, at=town.now()).sender)

    assert race([change, register]) == ["changed", "50101 Arvika kommunlager"]
    assert town.level(town.store, town.chair) == (5, 1, 0)


def test_an_order_is_locked_so_that_events_may_still_point_at_it(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        lock_order(order.pk)
    locking = [query["sql"] for query in queries if "FOR " in query["sql"]]
    assert len(locking) == 1
    assert locking[0].endswith("FOR NO KEY UPDATE")
    assert "JOIN" not in locking[0]
