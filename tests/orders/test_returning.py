from uuid import uuid4

import pytest

from inventory.models import DeviceState, LocationKind, StockMovement
from orders.models import EventKind, GoodsReturn, Holding, Order, OrderEvent, ReturnOutcome
from orders.operations.returning import GoodsCannotBeReturned, check_return, receive_return
from orders.reconciling import differences
from tests.fixtures import Town
from tests.racing import race, split


def hand_out(town: Town, quantity: int = 3) -> Holding:
    town.stock(town.store, town.chair, quantity)
    town.deliver(town.register("direktbestallning", {town.chair: quantity}))
    return Holding.objects.get()


def take_back(town: Town, holding: Holding, quantity: int = 1) -> GoodsReturn:
    return receive_return(
        key=uuid4(), holding_id=holding.pk, warehouse=town.store, quantity=quantity, by=town.per, at=town.now()
    )


def test_a_delivery_to_a_unit_opens_a_holding(town: Town) -> None:
    holding = hand_out(town)
    assert (holding.location.party, holding.article, holding.quantity) == (town.unit, town.chair, 3)
    assert holding.closed_at is None
    assert differences() == []


def test_a_device_is_held_by_the_patient(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    town.deliver(town.register("forskrivning", [(town.walker, 1, device)]))
    holding = Holding.objects.get()
    assert (holding.location.patient, holding.device) == (town.patient, device)


def test_a_transfer_opens_none(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    town.deliver(town.register("lagerflytt", {town.chair: 1}))
    assert not Holding.objects.exists()


def test_what_comes_back_waits_on_the_return_shelf(town: Town) -> None:
    holding = hand_out(town)
    goods = take_back(town, holding, 2)
    holding.refresh_from_db()
    assert (holding.returned, holding.closed_at) == (2, None)
    assert town.level(town.store, town.chair) == (0, 0, 0)
    assert StockMovement.objects.get(key=f"return:{goods.pk}").to_location.kind == LocationKind.RETURNS
    assert OrderEvent.objects.get(kind=EventKind.RETURNED).detail == "2 st 14710 Duschpall till 50101"
    assert differences() == []


def test_the_last_unit_closes_the_holding(town: Town) -> None:
    holding = hand_out(town)
    take_back(town, holding, 3)
    holding.refresh_from_db()
    assert holding.closed_at == town.clock


def test_checked_goods_go_to_the_stock_and_to_who_waits(town: Town) -> None:
    holding = hand_out(town)
    waiting = town.register("direktbestallning", {town.chair: 1})
    goods = take_back(town, holding, 2)
    check_return(return_id=goods.pk, outcome=ReturnOutcome.RESTOCKED, by=town.per, at=town.now())
    assert town.level(town.store, town.chair) == (2, 1, 0)
    assert town.line(waiting).reserved == 1
    assert differences() == []


def test_scrapped_goods_are_lost(town: Town) -> None:
    goods = take_back(town, hand_out(town), 3)
    check_return(return_id=goods.pk, outcome=ReturnOutcome.SCRAPPED, by=town.per, at=town.now())
    assert town.level(town.store, town.chair) == (0, 0, 0)
    assert StockMovement.objects.get(key=f"return:{goods.pk}:checked").to_location.kind == LocationKind.LOSS
    assert differences() == []


def test_a_scrapped_device_cannot_be_used_again(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    town.deliver(town.register("forskrivning", [(town.walker, 1, device)]))
    goods = take_back(town, Holding.objects.get())
    check_return(return_id=goods.pk, outcome=ReturnOutcome.SCRAPPED, by=town.per, at=town.now())
    device.refresh_from_db()
    assert device.state == DeviceState.SCRAPPED
    assert differences() == []


@pytest.mark.parametrize("quantity", [0, -1, 4])
def test_more_than_is_held_is_refused(town: Town, quantity: int) -> None:
    holding = hand_out(town)
    with pytest.raises(GoodsCannotBeReturned, match="3 kan återlämnas"):
        take_back(town, holding, quantity)
    holding.refresh_from_db()
    assert (holding.returned, GoodsReturn.objects.count()) == (0, 0)


def test_nothing_is_left_to_return(town: Town) -> None:
    holding = hand_out(town)
    take_back(town, holding, 3)
    with pytest.raises(GoodsCannotBeReturned, match="redan återlämnat"):
        take_back(town, holding)


def test_pressing_twice_returns_once(town: Town) -> None:
    holding = hand_out(town)
    key = uuid4()
    first, second = (
        receive_return(key=key, holding_id=holding.pk, warehouse=town.store, quantity=1, by=town.per, at=town.now())
        for _ in range(2)
    )
    assert first == second
    assert Holding.objects.get().returned == 1


def test_two_outcomes_cannot_both_be_true(town: Town) -> None:
    goods = take_back(town, hand_out(town))
    for _ in range(2):
        check_return(return_id=goods.pk, outcome=ReturnOutcome.RESTOCKED, by=town.per, at=town.now())
    with pytest.raises(GoodsCannotBeReturned, match="redan kontrollerad: till lager"):
        check_return(return_id=goods.pk, outcome=ReturnOutcome.SCRAPPED, by=town.per, at=town.now())
    assert town.level(town.store, town.chair) == (1, 0, 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_last_unit_comes_back_once_though_two_receive_it(town: Town) -> None:
    holding = hand_out(town, 1)
    won, refused = split(race([lambda: take_back(town, holding)] * 4), GoodsCannotBeReturned)
    assert (len(won), set(refused)) == (1, {"Allt är redan återlämnat."})
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_outcome_wins(town: Town) -> None:
    goods = take_back(town, hand_out(town, 1))
    outcomes = [ReturnOutcome.RESTOCKED, ReturnOutcome.SCRAPPED] * 2
    acts = [
        lambda outcome=outcome: check_return(return_id=goods.pk, outcome=outcome, by=town.per, at=town.clock)
        for outcome in outcomes
    ]
    won, refused = split(race(acts), GoodsCannotBeReturned)
    assert (len(won), len(refused)) == (2, 2)
    assert Order.objects.count() == 1
    assert differences() == []
