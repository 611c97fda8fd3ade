"""*Spara* and *Spara och lämna ut* from a page that shows one version of the draft."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from orders.models import Delivery, Order
from parties.models import User

from .delivering import register_and_deliver
from .drafting import DraftHasChanged, Wishes, set_wishes
from .locking import lock_order
from .registering import register_order


@transaction.atomic
def save_order(*, order_id: int, version: int | None, by: User, at: datetime, wishes: Wishes | None = None) -> Order:
    """Register the draft that the page showed, with the wishes that stood on it.

    Raises DraftHasChanged, OrderCannotBeRegistered.
    """
    order = _require_version(order_id, version)
    if wishes and order.is_draft:
        set_wishes(order_id=order_id, wishes=wishes)
    return register_order(order_id=order_id, by=by, at=at)


@transaction.atomic
def save_and_hand_out(*, order_id: int, version: int | None, key: UUID, by: User, at: datetime) -> Delivery:
    """Register and hand out the draft that the page showed, or nothing of it.

    Raises DraftHasChanged, OrderCannotBeRegistered, DeliveryNotPossible.
    """
    _require_version(order_id, version)
    return register_and_deliver(order_id=order_id, key=key, by=by, at=at)


def _require_version(order_id: int, version: int | None) -> Order:
    order = lock_order(order_id)
    if order.is_draft and version is not None and order.version != version:
        raise DraftHasChanged
    return order
