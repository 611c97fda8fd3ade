from typing import Self

from django.db import models
from django.db.models import Q

from .article import Article
from .location import Location, LocationKind
from .warehouse import Warehouse


class DeviceState(models.TextChoices):
    OK = "OK", "Användbar"
    BLOCKED = "BLOCKED", "Spärrad"
    SCRAPPED = "SCRAPPED", "Kasserad"


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_warehouse(self, warehouse: Warehouse) -> Self:
        return self.filter(location__kind=LocationKind.WAREHOUSE, location__warehouse=warehouse)

    def usable(self) -> Self:
        return self.filter(state=DeviceState.OK)


class Device(models.Model):
    """One individually numbered unit (individ) of an article.

    It is in exactly one place: the database moves `location` when a movement is written, and refuses a movement
    that does not start where the device is.
    """

    number = models.CharField("individnummer", max_length=20, unique=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="devices", verbose_name="artikel")
    serial_number = models.CharField("serienummer", max_length=60, blank=True, default="", db_default="")
    state = models.CharField(
        "skick", max_length=10, choices=DeviceState.choices, default=DeviceState.OK, db_default=DeviceState.OK
    )
    location = models.ForeignKey(Location, models.PROTECT, related_name="devices", verbose_name="plats", editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "individ"
        verbose_name_plural = "individer"
        indexes = [
            models.Index(name="device_blocked", fields=["article"], condition=~Q(state="OK")),
            models.Index(name="device_serial_number", fields=["serial_number"], condition=~Q(serial_number="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="device_serial_number_unique",
                fields=["article", "serial_number"],
                condition=~Q(serial_number=""),
                violation_error_message="Serienumret finns redan på en annan individ av artikeln.",
            ),
        ]

    def __str__(self) -> str:
        return self.number
