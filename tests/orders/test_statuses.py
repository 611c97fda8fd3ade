import pytest

from orders.models import Order, OrderLine, OrderState, OrderSubtype, OrderType
from orders.statuses import Status, state_of, status_of


@pytest.mark.parametrize(
    ("type", "lines", "awaits_receipt", "state"),
    [
        # lines: (ordered, delivered, canceled)
        ("B", [(3, 0, 0)], False, "REGISTERED"),
        ("B", [(3, 0, 1)], False, "REGISTERED"),
        ("B", [(3, 1, 0)], False, "PARTLY"),
        ("B", [(3, 3, 0), (1, 0, 0)], False, "PARTLY"),
        ("B", [(3, 3, 0), (1, 1, 0)], False, "DELIVERED"),
        ("B", [(3, 1, 2)], False, "DELIVERED"),
        ("F", [(3, 3, 0)], False, "DELIVERED"),
        ("F", [(3, 3, 0), (1, 0, 1)], False, "DELIVERED"),
        ("B", [(3, 0, 3), (1, 0, 1)], False, "CANCELED"),
        ("L", [(3, 0, 0)], False, "REGISTERED"),
        ("L", [(3, 1, 0)], True, "PARTLY"),
        ("L", [(3, 1, 0)], False, "PARTLY"),
        ("L", [(3, 3, 0)], True, "IN_TRANSIT"),
        ("L", [(3, 1, 2)], True, "IN_TRANSIT"),
        ("L", [(3, 3, 0)], False, "RECEIVED"),
        ("L", [(3, 0, 3)], False, "CANCELED"),
    ],
)
def test_the_state_follows_from_the_lines(
    type: str, lines: list[tuple[int, int, int]], awaits_receipt: bool, state: str
) -> None:
    rows = [
        OrderLine(quantity=ordered, delivered=delivered, canceled=canceled) for ordered, delivered, canceled in lines
    ]
    assert state_of(Order(type=type), rows, awaits_receipt=awaits_receipt) == state


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (OrderState.DRAFT, Status("Utkast", "plain")),
        (OrderState.REGISTERED, Status("Registrerad", "info")),
        (OrderState.PARTLY_DELIVERED, Status("Delvis levererad", "warn")),
        (OrderState.DELIVERED, Status("Levererad", "ok")),
        (OrderState.IN_TRANSIT, Status("På väg", "info")),
        (OrderState.RECEIVED, Status("Mottagen", "ok")),
        (OrderState.CANCELED, Status("Makulerad", "plain")),
    ],
)
def test_each_state_has_its_word(state: OrderState, status: Status) -> None:
    order = Order(state=state, type=OrderType.REQUISITION, subtype=OrderSubtype(is_direct=False))
    assert status_of(order) == status


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (OrderState.DRAFT, "Utkast"),
        (OrderState.REGISTERED, "Utleverans saknas"),
        (OrderState.PARTLY_DELIVERED, "Utleverans saknas"),
        (OrderState.DELIVERED, "Levererad"),
        (OrderState.CANCELED, "Makulerad"),
    ],
)
def test_a_direct_order_without_delivery_says_so(state: OrderState, word: str) -> None:
    order = Order(state=state, type=OrderType.REQUISITION, subtype=OrderSubtype(is_direct=True))
    assert status_of(order).word == word
