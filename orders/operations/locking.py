from collections.abc import Collection

from orders.models import Order
from orders.reading import FOR_ACTS, read_orders
from parties.prepared import prepared

LOCK = "SELECT FROM orders_order WHERE id = %s FOR NO KEY UPDATE"


class OrderHasChanged(Exception):
    """The order is not what the page showed. The message is in Swedish."""

    def __init__(self) -> None:
        super().__init__(
            "Ordern har ändrats sedan du öppnade sidan. Nu visas det som gäller. Gör om det du ville göra."
        )


def lock_order(order_id: int) -> Order:
    """Lock one order until the transaction ends (first in the lock order, see `inventory.locks`), and read it.

    FOR NO KEY UPDATE: others may still write events that point at the order. Read by a statement of its own: one that
    both waits and joins would see the order after the wait, but its subtype and sender before.
    Raises Order.DoesNotExist.
    """
    with prepared() as cursor:
        cursor.execute(LOCK, [order_id])
    orders = read_orders([order_id], FOR_ACTS)
    if not orders:
        raise Order.DoesNotExist
    return orders[0]


def require_version(order: Order, version: int | None) -> None:
    """Raises OrderHasChanged where a locked order is not the `version` that a page showed; None is no page."""
    if version is not None and order.version != version:
        raise OrderHasChanged


def lock_orders(order_ids: Collection[int]) -> dict[int, Order]:
    """Lock several orders in the order of their pk, and read them, by pk; two statements however many they are."""
    list(Order.objects.select_for_update(no_key=True).filter(pk__in=order_ids).order_by("pk").values_list("pk"))
    return {order.pk: order for order in Order.objects.filter(pk__in=order_ids).order_by("pk")}
