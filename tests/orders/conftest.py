from uuid import uuid4

import pytest
from django.utils import timezone

from orders.models import Order
from orders.operations.delivering import deliver_order
from tests.registered import World


@pytest.fixture
def in_all_states(world: World) -> World:
    """Orders of each kind, and of each way to wait for somebody."""
    for kind in ("bestallning", "forskrivning", "lagerflytt", "direktbestallning", "direktforskrivning"):
        world.order(kind, quantity=1)
    world.order("direktbestallning", by=world.lina, quantity=1)
    world.delivered_transfer(quantity=1)
    done = world.order("bestallning", quantity=1)
    deliver_order(order_id=done.pk, key=uuid4(), by=world.hakan, at=timezone.now())
    world.order("bestallning", quantity=99)
    world.order("bestallning", quantity=1)  # nothing left to reserve: nobody picks it
    held = world.order("bestallning", quantity=99)
    held.lines.update(reserved=1)
    Order.objects.filter(pk=held.pk).update(only_complete=True)
    return world
