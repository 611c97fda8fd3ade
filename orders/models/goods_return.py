import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models import Warehouse

from .holding import Holding


class ReturnOutcome(models.TextChoices):
    RESTOCKED = "RESTOCKED", "Till lager"
    SCRAPPED = "SCRAPPED", "Kasserad"


class GoodsReturn(models.Model):
    """Goods that came back (retur, återlämning) to a warehouse's return shelf, and what the check of them led to."""

    key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="returns", verbose_name="innehav")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="returns", verbose_name="lager")
    quantity = models.PositiveIntegerField("antal")
    note = models.CharField("anteckning", max_length=200, blank=True, default="", db_default="")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="mottagen av")
    outcome = models.CharField(
        "utfall", max_length=10, choices=ReturnOutcome.choices, blank=True, default="", db_default=""
    )
    checked_at = models.DateTimeField("kontrollerad", null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="kontrollerad av"
    )

    class Meta:
        verbose_name = "retur"
        verbose_name_plural = "returer"
        indexes = [
            models.Index(name="return_unchecked", fields=["warehouse", "at"], condition=Q(checked_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(name="return_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="return_checked_has_outcome",
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, outcome="")
                | (Q(checked_at__isnull=False, checked_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Retur {self.pk}"
