from inventory.models import StockLevel


def reserve(level: StockLevel, quantity: int) -> int:
    """Reserve up to `quantity` units of a locked balance; returns how many could be reserved."""
    taken = max(0, min(quantity, free(level)))
    level.reserved += taken
    return taken


def release(level: StockLevel, quantity: int) -> None:
    """Give back `quantity` reserved units of a locked balance."""
    level.reserved -= quantity


def free(level: StockLevel) -> int:
    """What a locked balance can still promise, in units: not what is reserved, nor a device that is blocked.

    (`available` is the database's, as last read, and knows nothing of devices.)
    """
    return level.on_hand - level.reserved - level.blocked
