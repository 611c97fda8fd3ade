"""Orders a second: hand-written SQL, the application's operations, and eight workers on the same five balances."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext

from inventory.models import Article
from inventory.operations.receiving import Arrival, receive_goods
from orders.models import Order, OrderLine, OrderSubtype
from orders.operations.delivering import deliver_order, register_and_deliver
from orders.operations.registering import register_order
from parties.models import User

from .by_hand import register_and_deliver_by_hand

LINES = 5
ORDERS = 100
WORKERS = 8
AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Orders of five lines from draft to delivered, a second. By hand and by the operations they take turns.

    `operations` is *Spara och lämna ut*, one transaction as by hand; `two_acts` to save, and to hand out afterwards.
    """

    by_hand: float
    operations: float
    two_acts: float
    statements: int
    statements_of_two: int
    one_worker: float
    eight_workers: float
    failed: int

    @property
    def share(self) -> float:
        return self.operations / self.by_hand


@dataclass(frozen=True, slots=True)
class Setting:
    """An order that has been made before, whose parties and articles every measured order has."""

    model: Order
    articles: list[Article]
    by: User

    @classmethod
    def find(cls) -> "Setting":
        model = (
            Order.objects.filter(type="B", subtype__is_direct=True, state="DELIVERED")
            .select_related("orderer", "sender")
            .earliest("pk")
        )
        assert model.orderer is not None
        articles = list(Article.objects.filter(is_numbered=False, is_orderable=True, in_assortment=True)[:LINES])
        return cls(model, articles, model.orderer)


def measure_rates() -> Rates:
    setting = Setting.find()
    fill_shelf(setting, 4 * ORDERS + 2 * WORKERS * ORDERS)
    acts: list[Callable[[int], object]] = [
        lambda order_id: register_and_deliver_by_hand(order_id, setting.by.pk, AT),
        lambda order_id: _operate(order_id, setting.by),
        lambda order_id: _operate_twice(order_id, setting.by),
    ]
    statements = [_statements(act, drafts_of(setting, 1)[0]) for act in acts]
    by_hand, operations, two_acts = _take_turns(acts, [drafts_of(setting, ORDERS) for _ in acts])
    one, failed_alone = _work(setting, workers=1, orders=ORDERS)
    eight, failed = _work(setting, workers=WORKERS, orders=ORDERS)
    return Rates(
        by_hand=by_hand,
        operations=operations,
        two_acts=two_acts,
        statements=statements[1],
        statements_of_two=statements[2],
        one_worker=one,
        eight_workers=eight,
        failed=failed + failed_alone,
    )


def fill_shelf(setting: Setting, quantity: int) -> None:
    warehouse = setting.model.sender
    assert warehouse is not None
    arrivals = [Arrival(article=article, quantity=quantity) for article in setting.articles]
    receive_goods(warehouse=warehouse, arrivals=arrivals, by=setting.by, at=AT, key=f"bench:{uuid4()}")


def drafts_of(setting: Setting, count: int) -> list[int]:
    """Finished drafts, as the last step of the wizard finds them."""
    model, subtype = setting.model, OrderSubtype.objects.get(code="direktbestallning")
    orders = Order.objects.bulk_create(
        Order(
            subtype=subtype,
            type=subtype.type,
            registrar=setting.by,
            orderer=setting.by,
            customer_id=model.customer_id,
            municipality_id=model.municipality_id,
            payer_id=model.payer_id,
            sender_id=model.sender_id,
            recipient_unit_id=model.recipient_unit_id,
            created_at=AT,
        )
        for _ in range(count)
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=n, article=article, quantity=1)
        for order in orders
        for n, article in enumerate(setting.articles, 1)
    )
    return [order.pk for order in orders]


def _operate(order_id: int, by: User) -> None:
    register_and_deliver(order_id=order_id, key=uuid4(), by=by, at=AT)


def _operate_twice(order_id: int, by: User) -> None:
    """As it is done on two pages, in two transactions."""
    register_order(order_id=order_id, by=by, at=AT)
    deliver_order(order_id=order_id, key=uuid4(), by=by, at=AT)


def _statements(act: Callable[[int], object], order_id: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        act(order_id)
    return len(queries)


def _take_turns(acts: list[Callable[[int], object]], orders: list[list[int]]) -> list[float]:
    """Orders a second of each act. One order each in turn, so that what else the machine does slows all alike."""
    taken = [0.0 for _ in acts]
    for turn in zip(*orders, strict=True):
        for number, (act, order_id) in enumerate(zip(acts, turn, strict=True)):
            began = time.perf_counter()
            act(order_id)
            taken[number] += time.perf_counter() - began
    return [len(own) / seconds for own, seconds in zip(orders, taken, strict=True)]


def _work(setting: Setting, *, workers: int, orders: int) -> tuple[float, int]:
    """(orders a second, failed) when each worker is a process of its own with as many orders."""
    shares = [drafts_of(setting, orders) for _ in range(workers)]
    wrapper = connections["default"]
    assert isinstance(wrapper, DatabaseWrapper)
    wrapper.close()
    if wrapper.pool:
        wrapper.close_pool()  # a pool's threads and sockets cannot be shared with the workers
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[tuple[float, float, int]] = context.Queue()
    line = context.Barrier(workers)
    processes = [context.Process(target=_worker, args=(share, setting.by, line, results)) for share in shares]
    for process in processes:
        process.start()
    ended = [results.get(timeout=300) for _ in processes]
    for process in processes:
        process.join()
    taken = max(end for _, end, _ in ended) - min(begin for begin, _, _ in ended)
    return workers * orders / taken, sum(failed for _, _, failed in ended)


def _worker(orders: list[int], by: User, line: object, results: object) -> None:
    failed = 0
    line.wait()  # type: ignore[attr-defined]  # a Barrier, whose type has no public name
    began = time.monotonic()
    for order_id in orders:
        try:
            _operate(order_id, by)
        except Exception:  # counted: whatever it was, an order failed
            failed += 1
    results.put((began, time.monotonic(), failed))  # type: ignore[attr-defined]  # a Queue, likewise
    connections.close_all()
