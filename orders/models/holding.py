from django.db import models
from django.db.models import F, Q

from inventory.models import Article, Device, Location

from .delivery import DeliveryLine


class Holding(models.Model):
    """What a patient or a care unit has (innehav): since when, and from which delivery line."""

    delivery_line = models.OneToOneField(
        DeliveryLine, models.PROTECT, related_name="holding", verbose_name="utleveransrad"
    )
    location = models.ForeignKey(Location, models.PROTECT, related_name="holdings", verbose_name="hos")
    article = models.ForeignKey(Article, models.PROTECT, related_name="holdings", verbose_name="artikel")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="holdings", verbose_name="individ")
    quantity = models.PositiveIntegerField("antal")
    returned = models.PositiveIntegerField("återlämnat", default=0, db_default=0)
    opened_at = models.DateTimeField("från")
    closed_at = models.DateTimeField("till", null=True)

    class Meta:
        verbose_name = "innehav"
        verbose_name_plural = "innehav"
        indexes = [models.Index(name="holding_open", fields=["location"], condition=Q(closed_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="holding_closed_when_all_is_back",
                condition=Q(closed_at__isnull=True, returned__lt=F("quantity"))
                | Q(closed_at__isnull=False, returned=F("quantity")),
            ),
            models.UniqueConstraint(
                name="holding_device_open_once",
                fields=["device"],
                condition=Q(device__isnull=False, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} × {self.quantity}"
