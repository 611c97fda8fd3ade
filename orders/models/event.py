from django.conf import settings
from django.db import models

from inventory.models import GoodsReceipt

from .order import Order


class EventKind(models.TextChoices):
    REGISTERED = "REGISTERED", "Registrerad"
    CHANGED = "CHANGED", "Ändrad"
    CLAIMED = "CLAIMED", "Plock påbörjat"
    UNCLAIMED = "UNCLAIMED", "Plock lämnat tillbaka"
    DELIVERED = "DELIVERED", "Utlevererad"
    FAILED = "FAILED", "Leverans misslyckad"
    RECEIVED = "RECEIVED", "Mottagning kvitterad"
    SETTLED = "SETTLED", "Avvikelse reglerad"
    RETURNED = "RETURNED", "Retur mottagen"
    EXPECTED = "EXPECTED", "Nytt väntat datum"
    MOVED_FORWARD = "MOVED_FORWARD", "Flyttad framåt i kön"
    ALLOCATED = "ALLOCATED", "Restorder tilldelad"
    UNALLOCATED = "UNALLOCATED", "Saknades vid inventering"
    SUBSTITUTED = "SUBSTITUTED", "Utbytt mot likvärdig artikel"
    OWN_STORE = "OWN_STORE", "Tas från eget lager i stället"
    LINE_CANCELED = "LINE_CANCELED", "Rest makulerad"
    CANCELED = "CANCELED", "Makulerad"


class OrderEvent(models.Model):
    """What happened to an order: who, when, what, why. Append-only."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events", verbose_name="order")
    kind = models.CharField("händelse", max_length=16, choices=EventKind.choices)
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="av")
    detail = models.CharField("detalj", max_length=200, blank=True, default="", db_default="")
    goods_receipt = models.ForeignKey(
        GoodsReceipt, models.PROTECT, null=True, related_name="events", verbose_name="ur inleverans", editable=False
    )

    class Meta:
        verbose_name = "händelse"
        verbose_name_plural = "händelser"
        indexes = [models.Index(name="order_event_by_order", fields=["order", "at"])]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
