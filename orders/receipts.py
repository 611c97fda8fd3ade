"""Which deliveries wait for a receipt (kvittens), which have waited too long, and which differences are open."""

from datetime import date, datetime, time
from typing import Final

from django.utils import timezone

from parties.models import User

from . import roles
from .models import Delivery, Order
from .models.delivery import DeliveryQuerySet
from .models.order import ON_THE_WAY_STATES
from .todo import to_receive, to_stores_of
from .workdays import workdays_before

OVERDUE_AFTER: Final = 5  # working days since the delivery


def deliveries_to_receive(user: User) -> DeliveryQuerySet:
    """What is on its way to the stores that the user receives for."""
    return Delivery.objects.awaiting_receipt().filter(order__in=Order.objects.filter(to_receive(user)))


def deliveries_to_stores_of(user: User) -> DeliveryQuerySet:
    """Everything that has been sent to those stores."""
    return Delivery.objects.filter(order__in=Order.objects.filter(to_stores_of(user)))


def overdue_receipts(user: User, *, on: date) -> DeliveryQuerySet:
    """Deliveries that the store has not confirmed in 5 working days: seen by the store's staff and by the sender's.

    `on` is today's date in Sweden.
    """
    last = workdays_before(on, OVERDUE_AFTER + 1)
    end = timezone.make_aware(datetime.combine(last, time.max))
    deliveries = Delivery.objects.awaiting_receipt().filter(at__lte=end, order__state__in=ON_THE_WAY_STATES)
    if user.is_central and user.has_perm(roles.SETTLE):
        return deliveries.visible_to(user)
    return deliveries.filter(order__in=Order.objects.filter(to_receive(user)))
