from collections.abc import Iterable
from datetime import datetime

from orders.models import Notice, OrderEvent
from parties.models import User


def notify(events: Iterable[OrderEvent], *, also: Iterable[int | None] = ()) -> None:
    """Tell each order's orderer and registrar on their start page what somebody else did to the order.

    `also` are the pks of others whom it concerns, such as who was picking it. Called in the transaction of the act.
    The events need their order loaded.
    """
    others = set(also)
    Notice.objects.bulk_create(
        Notice(event=event, user_id=user_id)
        for event in events
        for user_id in {event.order.orderer_id, event.order.registrar_id, *others}
        if user_id is not None and user_id != event.actor_id
    )


def mark_read(*, user: User, notice_ids: Iterable[int], at: datetime) -> int:
    """The person has read these notices of theirs; how many were unread. Once read, the first time stands."""
    return Notice.objects.filter(user=user, pk__in=notice_ids, read_at__isnull=True).update(read_at=at)
