from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from .article import Article
from .device import Device
from .location import Location


class MovementReason(models.TextChoices):
    OPENING = "OPENING", "Ingående saldo"
    GOODS_RECEIPT = "GOODS_RECEIPT", "Inleverans"
    DELIVERY = "DELIVERY", "Utleverans"
    RECEIPT = "RECEIPT", "Mottagning"
    RETURN = "RETURN", "Retur"
    COUNT = "COUNT", "Inventering"
    CORRECTION = "CORRECTION", "Rättelse"


class StockMovement(models.Model):
    """Double entry: a positive quantity of one article, from one location to another. Only ever added.

    `key` says which business act made it (`delivery:1042:line:3`), so that a repeated request cannot move twice.
    """

    key = models.CharField("nyckel", max_length=80, unique=True)
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="utförd av"
    )
    reason = models.CharField("orsak", max_length=14, choices=MovementReason.choices)
    note = models.CharField("anteckning", max_length=200, blank=True, default="", db_default="")
    article = models.ForeignKey(Article, models.PROTECT, related_name="movements", verbose_name="artikel")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="movements", verbose_name="individ")
    quantity = models.PositiveIntegerField("antal")
    from_location = models.ForeignKey(Location, models.PROTECT, related_name="movements_out", verbose_name="från")
    to_location = models.ForeignKey(Location, models.PROTECT, related_name="movements_in", verbose_name="till")

    class Meta:
        verbose_name = "lagerrörelse"
        verbose_name_plural = "lagerrörelser"
        # Rows come in the order of time, nearly: ranges of pages say which days they have, in a few kilobytes.
        indexes = [BrinIndex(name="movement_by_time", fields=["at"])]
        constraints = [
            models.CheckConstraint(name="movement_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="movement_goes_somewhere", condition=~Q(from_location=F("to_location"))),
            models.CheckConstraint(name="movement_device_is_one", condition=Q(device__isnull=True) | Q(quantity=1)),
        ]

    def __str__(self) -> str:
        return self.key
