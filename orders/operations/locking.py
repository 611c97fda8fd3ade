from orders.models import Order


def lock_order(order_id: int) -> Order:
    """Lock one order until the transaction ends (first in the lock order, see `inventory.locks`).

    FOR NO KEY UPDATE: others may still write events that point at the order. Raises Order.DoesNotExist.
    """
    return (
        Order.objects.select_for_update(of=["self"], no_key=True).select_related("subtype", "sender").get(pk=order_id)
    )
