from inventory.locks import LevelKey
from inventory.models import StockLevel
from inventory.operations.reserving import free, reserve
from orders.models import OrderLine
from orders.models.order import OPEN_STATES


def share_out(levels: dict[LevelKey, StockLevel]) -> None:
    """Give what is free in locked balances to the lines that wait for it, the oldest registration first.

    Called in the transaction that made it free (a receipt, a cancelled order). The caller writes the balances.
    """
    with_free = {key for key, level in levels.items() if free(level) > 0}
    if not with_free:
        return
    waiting = (
        OrderLine.objects.filter(
            order__state__in=OPEN_STATES,
            order__sender__in={warehouse for warehouse, _ in with_free},
            article__in={article for _, article in with_free},
            backordered__gt=0,
        )
        .select_related("order")
        .order_by("order__registered_at", "order_id", "position")
    )
    given = []
    for line in waiting:
        assert line.order.sender_id is not None
        level = levels.get((line.order.sender_id, line.article_id))  # None: the article in another of the warehouses
        if level and (taken := reserve(level, line.backordered)):
            line.reserved += taken
            given.append(line)
    OrderLine.objects.bulk_update(given, ["reserved"])
