import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models import Device
from parties.models import User

from .line import OrderLine
from .order import ON_THE_WAY_STATES, Order
from .subtype import OrderType

AGE_OF_ORDER = ("order__registered_at", "order_id", "pk")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(order__in=Order.objects.visible_to(user))

    def by_age_of_order(self) -> Self:
        """The oldest order first: what a central warehouse has on its way is read in this order from an index."""
        return self.order_by(*AGE_OF_ORDER)

    def after(self, last: "Delivery") -> Self:
        """Of those by the age of their order, what follows delivery `last`."""
        registered_at = last.order.registered_at
        return self.filter(
            Q(order__registered_at__gt=registered_at)
            | Q(order__registered_at=registered_at, order_id__gt=last.order_id)
            | Q(order_id=last.order_id, pk__gt=last.pk)
        )

    def awaiting_receipt(self) -> Self:
        """Transfers on their way: the store has not confirmed them, and they have not come back."""
        return self.filter(order__type=OrderType.TRANSFER, receipt__isnull=True, failure__isnull=True)

    def on_the_way(self) -> Self:
        """The same, for lists: found by the orders in those states, which an index holds."""
        return self.awaiting_receipt().filter(order__state__in=ON_THE_WAY_STATES)


class Delivery(models.Model):
    """An outbound delivery (utleverans): the act that moves stock. A document of its own, never edited."""

    key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("utleveransnummer", max_length=16, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", verbose_name="order")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries", verbose_name="utförd av"
    )
    line_count: int = 0  # as `reading.SENT` counts them
    unit_count: int = 0

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "utleverans"
        verbose_name_plural = "utleveranser"

    def __str__(self) -> str:
        return self.number


class DeliveryLine(models.Model):
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines", verbose_name="utleverans")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="delivery_lines", verbose_name="orderrad")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="delivery_lines", verbose_name="individ")
    quantity = models.PositiveIntegerField("antal")

    class Meta:
        verbose_name = "utleveransrad"
        verbose_name_plural = "utleveransrader"
        constraints = [
            models.CheckConstraint(name="delivery_line_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="delivery_line_device_is_one", condition=Q(device__isnull=True) | Q(quantity=1)
            ),
            models.UniqueConstraint(
                name="delivery_line_once", fields=["delivery", "order_line"], condition=Q(device__isnull=True)
            ),
            models.UniqueConstraint(
                name="delivery_line_device_once", fields=["delivery", "device"], condition=Q(device__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.order_line_id}"


class FailureReason(models.TextChoices):
    NOBODY_HOME = "NOBODY_HOME", "Ingen på plats"
    WRONG_ADDRESS = "WRONG_ADDRESS", "Fel adress"
    REFUSED = "REFUSED", "Mottagaren tog inte emot"
    DAMAGED = "DAMAGED", "Skadad under transporten"
    OTHER = "OTHER", "Annat"


class DeliveryFailure(models.Model):
    """*Leverans misslyckad*: the goods of one delivery came back to the sender. The delivery itself is not edited.

    A delivery is received or has failed, never both: a trigger sees to it.
    """

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="failure", verbose_name="utleverans")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="av")
    reason = models.CharField("orsak", max_length=14, choices=FailureReason.choices)
    note = models.CharField("anteckning", max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "misslyckad leverans"
        verbose_name_plural = "misslyckade leveranser"

    def __str__(self) -> str:
        return f"{self.delivery_id}"
