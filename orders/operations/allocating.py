from inventory.locks import LevelKey
from inventory.models import StockLevel
from inventory.operations.reserving import free, reserve
from orders.models import OrderLine
from orders.models.order import OPEN_STATES


def share_out(levels: dict[LevelKey, StockLevel]) -> None:
    """Give what is free in locked balances to the lines that wait for it, the oldest registration first.

    Called in the transaction that made it free (a receipt, a cancelled order). The caller writes the balances.
    """
    for (warehouse_id, article_id), level in sorted(levels.items()):
        if free(level) <= 0:
            continue
        waiting = OrderLine.objects.filter(
            order__state__in=OPEN_STATES, order__sender=warehouse_id, article=article_id, backordered__gt=0
        ).order_by("order__registered_at", "order_id", "position")
        given = []
        for line in waiting:
            if not (taken := reserve(level, line.backordered)):
                break
            line.reserved += taken
            given.append(line)
        OrderLine.objects.bulk_update(given, ["reserved"])
