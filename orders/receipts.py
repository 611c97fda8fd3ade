"""Which deliveries wait for a receipt (kvittens), which have waited too long, and which differences are open."""

from datetime import date, datetime, time
from typing import Final

from django.utils import timezone

from inventory.queries import warehouses_of
from parties.models import User

from . import roles
from .access import stores_received_for
from .models import Delivery
from .models.delivery import DeliveryQuerySet
from .workdays import workdays_before

OVERDUE_AFTER: Final = 5  # working days since the delivery


def deliveries_to_receive(user: User) -> DeliveryQuerySet:
    """What is on its way to the stores that the user receives for."""
    return Delivery.objects.on_the_way().filter(order__recipient_warehouse__in=stores_received_for(user))


def deliveries_to_stores_of(user: User) -> DeliveryQuerySet:
    """Everything that has been sent to those stores."""
    return Delivery.objects.filter(order__recipient_warehouse__in=stores_received_for(user))


def overdue_receipts(user: User, *, on: date) -> DeliveryQuerySet:
    """Deliveries that the store has not confirmed in 5 working days: seen by the store's staff and by the sender's.

    `on` is today's date in Sweden.
    """
    if watches_receipts(user):
        deliveries = Delivery.objects.on_the_way().filter(order__sender__in=warehouses_of(user))
    else:
        deliveries = deliveries_to_receive(user)
    return deliveries.filter(at__lte=overdue_since(on))


def watches_receipts(user: User) -> bool:
    """Whether the user sees to it that stores confirm what the central service has sent them."""
    return user.is_central and user.has_perm(roles.SETTLE)


def overdue_since(on: date) -> datetime:
    """What was sent until then and is not confirmed is late on that day."""
    last = workdays_before(on, OVERDUE_AFTER + 1)
    return timezone.make_aware(datetime.combine(last, time.max))
