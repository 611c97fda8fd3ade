from orders.history import SENTENCES, Happening, history_of
from orders.models import EventKind, OrderEvent
from tests.fixtures import Town


def test_every_kind_of_event_has_its_sentence() -> None:
    assert set(SENTENCES) == set(EventKind)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def happening(event: OrderEvent) -> Happening:
    (row,) = history_of([event])
    return row


def test_says_who_did_what_when_and_why(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    row = happening(
        OrderEvent(order=order, kind=EventKind.CHANGED, actor=town.per, at=town.clock, detail="14710: 1 → 2 st")
    )
    assert (row.text, row.why, row.at) == ("Per Nero ändrade ordern.", "14710: 1 → 2 st", town.clock)


def test_says_the_house_of_the_central_service(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    row = happening(OrderEvent(order=order, kind=EventKind.CANCELED, actor=town.hakan, at=town.clock))
    assert row.text == "Håkan Lantz, Hjälpmedelsservice, makulerade det som inte var levererat."
    assert history_of([]) == []


def test_a_back_order_that_was_given_does_not_say_by_whom(town: Town) -> None:
    """It may have been somebody in another municipality who canceled."""
    order = town.register("bestallning", {town.chair: 1})
    row = happening(OrderEvent(order=order, kind=EventKind.ALLOCATED, actor=town.other_staff, at=town.clock))
    assert town.other_staff.name not in row.text
