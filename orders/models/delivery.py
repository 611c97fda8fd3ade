import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models import Device

from .line import OrderLine
from .order import Order


class Delivery(models.Model):
    """An outbound delivery (utleverans): the act that moves stock. A document of its own, never edited."""

    key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("utleveransnummer", max_length=16, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", verbose_name="order")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries", verbose_name="utförd av"
    )

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


class Receipt(models.Model):
    """The receiving store's confirmation (kvittens) of one delivery."""

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="receipt", verbose_name="utleverans")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="receipts", verbose_name="kvitterad av"
    )

    class Meta:
        verbose_name = "mottagning"
        verbose_name_plural = "mottagningar"

    def __str__(self) -> str:
        return f"{self.delivery_id}"


class ReceiptLine(models.Model):
    """What came of one delivery line. A shortage has a reason and stays in transit until it is settled."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", verbose_name="mottagning")
    delivery_line = models.OneToOneField(
        DeliveryLine, models.PROTECT, related_name="receipt_line", verbose_name="utleveransrad"
    )
    received = models.PositiveIntegerField("mottaget")
    missing = models.PositiveIntegerField("saknas", default=0, db_default=0)
    reason = models.CharField("orsak", max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "mottagningsrad"
        verbose_name_plural = "mottagningsrader"
        constraints = [
            models.CheckConstraint(
                name="receipt_line_difference_has_reason",
                condition=Q(missing=0) | ~Q(reason=""),
                violation_error_message="Skriv varför det saknas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}:{self.delivery_line_id}"
