from collections.abc import Iterable

from orders.models import Notice, OrderEvent


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
