from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.locks import LevelKey
from inventory.models import Location, LocationKind, MovementReason, StockLevel, StockMovement
from inventory.writing import insert_rows
from parties.models import User

BALANCED = (LocationKind.WAREHOUSE, LocationKind.TRANSIT)
"""What a balance counts: on hand and incoming. The return shelf is neither, until somebody has looked at the goods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`quantity` units of an article (or one device) from one place to another; `key` names the act, once."""

    key: str
    article_id: int
    quantity: int
    source: Location
    target: Location
    device_id: int | None = None


def level_keys(moves: Sequence[Move]) -> set[LevelKey]:
    """The balances that the moves change: lock them before `post_movements`."""
    return {
        (place.warehouse_id, move.article_id)
        for move in moves
        for place in (move.source, move.target)
        if place.warehouse_id is not None and place.kind in BALANCED
    }


def post_movements(
    moves: Sequence[Move],
    *,
    levels: dict[LevelKey, StockLevel],
    reason: MovementReason,
    by: User | None,
    at: datetime,
    note: str = "",
) -> None:
    """Write the ledger and change the locked balances in memory; the caller writes them with `save_levels`.

    The database moves each device, and refuses (IntegrityError) a device that is elsewhere, a numbered article
    without its device, and a key that has been used.
    """
    for move in moves:
        _change_level(levels, move.source, move.article_id, -move.quantity)
        _change_level(levels, move.target, move.article_id, move.quantity)
    insert_rows(
        StockMovement(
            key=move.key,
            at=at,
            actor=by,
            reason=reason,
            note=note,
            article_id=move.article_id,
            device_id=move.device_id,
            quantity=move.quantity,
            from_location=move.source,
            to_location=move.target,
        )
        for move in sorted(moves, key=lambda move: (move.device_id or 0, move.key))
    )


def _change_level(levels: dict[LevelKey, StockLevel], place: Location, article_id: int, change: int) -> None:
    if place.warehouse_id is None or place.kind not in BALANCED:
        return
    level = levels[place.warehouse_id, article_id]
    if place.kind == LocationKind.TRANSIT:
        level.incoming += change
    else:
        level.on_hand += change
