"""What is said of receipts that differ, their settlements and failed deliveries when something is wrong."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from orders.models import DifferenceKind, FailureReason, OrderLine, ReceiptLine, SettlementOutcome
from orders.operations.failing import fail_delivery
from orders.operations.receiving import Counted, Unsent, receive_delivery
from orders.operations.settling import settle_difference
from orders.reconciling import differences
from tests.factories import ArticleFactory
from tests.fixtures import Town


@pytest.fixture
def history(town: Town) -> Town:
    """L-26-000001-1: of 5 sent, 2 came, 2 were missing (1 came later), 1 damaged, 1 extra. L-26-000002-1: 3 failed."""
    town.stock(town.central, town.chair, 20)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 5}))
    counted = Counted(received=2, missing=2, damaged=1, extra=1, reason="Öppen kartong")
    of_line = {delivery.lines.get().pk: counted}
    receipt = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=of_line)
    for kind, outcome in (
        (DifferenceKind.MISSING, SettlementOutcome.ARRIVED),
        (DifferenceKind.EXTRA, SettlementOutcome.FOUND),
    ):
        settle_difference(
            key=uuid4(),
            receipt_line_id=receipt.lines.get().pk,
            kind=kind,
            outcome=outcome,
            quantity=1,
            by=town.hakan,
            at=town.now(),
        )
    failed = town.deliver(town.register("lagerflytt", {town.chair: 3}))
    reason = FailureReason.REFUSED
    fail_delivery(delivery_id=failed.pk, reason=reason, note="", by=town.hakan, at=town.now())
    return town


def test_a_history_made_by_the_operations_agrees(history: Town) -> None:
    assert differences() == []
    assert history.level(history.central, history.chair) == (15, 3, 0)
    assert history.level(history.store, history.chair) == (4, 0, 2)


def sql(statement: str, table: str = "") -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            if table:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            if table:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


def change_movement(key: str) -> Callable[[], None]:
    table = "inventory_stockmovement"
    return sql(f"UPDATE {table} SET key = 'borta:' || key WHERE key LIKE '{key}'", table)  # noqa: S608


MORE = "UPDATE orders_receiptsettlement SET quantity = quantity + 2 WHERE kind = 'MISSING'"


@pytest.mark.parametrize(
    ("tamper", "sentences"),
    [
        (
            lambda: ReceiptLine.objects.update(missing=3),
            ["Utleverans L-26-000001-1: 5 skickades, men mottaget, saknat och skadat är 6."],
        ),
        (
            lambda: ReceiptLine.objects.update(settled=1),
            ["Utleverans L-26-000001-1: reglerat är 1, men regleringarna ger 2."],
        ),
        (
            sql(MORE, "orders_receiptsettlement"),
            [
                "Lager 50101, artikel 14710: väntat in är 2, men på väg enligt utleveranserna är 0.",
                "Order L-26-000001, rad 1: mottaget är 3, men mottagningarna ger 5.",
                "Utleverans L-26-000001-1: 3 reglerades, men lagerrörelsen är 1.",
                "Utleverans L-26-000001-1: mer är reglerat än vad som skilde.",
                "Utleverans L-26-000001-1: reglerat är 2, men regleringarna ger 4.",
            ],
        ),
        (
            lambda: OrderLine.objects.filter(order__number="L-26-000001").update(received=2),
            ["Order L-26-000001, rad 1: mottaget är 2, men mottagningarna ger 3."],
        ),
        (
            change_movement("settlement:%"),
            ["Utleverans L-26-000001-1: 1 reglerades, men lagerrörelsen är 0."] * 2,
        ),
        (
            change_movement("failure:%"),
            ["Utleverans L-26-000002-1: 3 kom tillbaka, men lagerrörelsen är 0."],
        ),
        (
            lambda: OrderLine.objects.filter(order__number="L-26-000002").update(reserved=0, delivered=3),
            [
                "Lager 10, artikel 14710: reserverat är 3, men orderraderna håller 0.",
                "Order L-26-000002, rad 1: levererat är 3, men utleveranserna ger 0.",
                "Order L-26-000002: status är REGISTERED, men raderna ger RECEIVED.",
            ],
        ),
        (
            sql("DELETE FROM orders_deliveryfailure", "orders_deliveryfailure"),
            [
                "Lager 50101, artikel 14710: väntat in är 2, men på väg enligt utleveranserna är 5.",
                "Order L-26-000002, rad 1: levererat är 0, men utleveranserna ger 3.",
                "Utleverans L-26-000002-1: 0 kom tillbaka, men lagerrörelsen är 3.",
            ],
        ),
    ],
)
def test_what_differs_is_said(history: Town, tamper: Callable[[], object], sentences: list[str]) -> None:
    tamper()
    assert differences() == sentences


def test_what_was_not_sent_is_looked_at_too(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 5}))
    unsent = [Unsent(article=ArticleFactory.create(), quantity=3, reason="Fel kartong")]
    receipt = receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), unsent=unsent)
    line = receipt.lines.get(delivery_line=None)
    settle_difference(
        key=uuid4(),
        receipt_line_id=line.pk,
        kind=DifferenceKind.EXTRA,
        outcome=SettlementOutcome.FOUND,
        quantity=1,
        by=town.hakan,
        at=town.now(),
    )
    assert differences() == []
    ReceiptLine.objects.filter(pk=line.pk).update(settled=2)
    change_movement("settlement:%")()
    sql("UPDATE orders_receiptsettlement SET quantity = 4", "orders_receiptsettlement")()
    assert differences() == [
        "Utleverans L-26-000001-1: 4 reglerades, men lagerrörelsen är 0.",
        "Utleverans L-26-000001-1: mer är reglerat än vad som skilde.",
        "Utleverans L-26-000001-1: reglerat är 2, men regleringarna ger 4.",
    ]
