"""A process that is killed (SIGKILL) while it delivers: nothing is half done, and the same request delivers once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.db import connection

from orders.models import Delivery, Order
from orders.models.order import OPEN_STATES
from orders.reconciling import differences
from tests.fixtures import Town

ROOT = Path(__file__).resolve().parent.parent
ORDERS = 60
KILLS = 6
# Delivers every order in turn, those already delivered too: the key of each is the one that its page would send.
WORKER = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5
from orders.models import Order
from orders.operations import delivering
from parties.models import User
if sys.argv[2] != "-":  # die inside the transaction, just before this step
    setattr(delivering, sys.argv[2], lambda *args, **named: os.kill(os.getpid(), signal.SIGKILL))
by = User.objects.get(username="hmla01")
for pk in Order.objects.order_by("pk").values_list("pk", flat=True):
    key = uuid5(NAMESPACE_OID, str(pk))
    delivering.deliver_order(order_id=pk, key=key, by=by, at=datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    print(pk, flush=True)
"""
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def start(step: str = "-") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], step]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ)


def test_a_killed_process_leaves_the_books_in_order(town: Town) -> None:
    town.stock(town.central, town.chair, 2 * ORDERS)
    for _ in range(ORDERS):
        town.register("bestallning", {town.chair: 2})
    moments = random.Random(7)  # where it dies differs with the machine anyway
    done = 0
    for _ in range(KILLS):
        worker = start()
        assert worker.stdout
        assert worker.stdout.readline(), "the worker did not deliver its first order"
        time.sleep(moments.uniform(0, 0.3))
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        assert differences() == []
        assert Delivery.objects.count() >= done
        done = Delivery.objects.count()
    assert start().wait() == 0
    assert differences() == []
    assert not Order.objects.filter(state__in=OPEN_STATES).exists()
    assert set(Delivery.objects.values_list("key", flat=True)) == {
        uuid5(NAMESPACE_OID, str(pk)) for pk in Order.objects.values_list("pk", flat=True)
    }
    assert Delivery.objects.count() == ORDERS
    assert town.level(town.central, town.chair) == (0, 0, 0)


@pytest.mark.parametrize("step", ["take_stock", "post_movements", "save_levels", "open_holdings"])
def test_a_process_that_dies_inside_the_transaction_has_done_nothing(town: Town, step: str) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 2})
    assert start(step).wait() == -signal.SIGKILL
    order.refresh_from_db()
    assert (order.state, order.deliveries.count()) == ("REGISTERED", 0)
    assert town.level(town.central, town.chair) == (2, 2, 0)
    assert differences() == []
    assert start().wait() == 0
    assert town.level(town.central, town.chair) == (0, 0, 0)
