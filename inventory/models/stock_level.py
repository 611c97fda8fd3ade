from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from .article import Article
from .device import Device, DeviceState
from .location import LocationKind
from .warehouse import Warehouse


def blocked(level: str) -> str:
    """What `with_blocked` counts, in plain SQL: of the balance that is called so in the statement."""
    return f"""(
        SELECT count(*) FROM inventory_device AS device
        JOIN inventory_location AS place ON place.id = device.location_id
        WHERE device.article_id = {level}.article_id AND device.state <> 'OK'
            AND place.kind = 'WAREHOUSE' AND place.warehouse_id = {level}.warehouse_id
    )"""  # noqa: S608  # a name of our own


BLOCKED = blocked("level")


class StockLevelQuerySet(models.QuerySet["StockLevel"]):
    def with_blocked(self) -> Self:
        """Each with how many of its units are devices that stand in the warehouse but cannot leave (spärrade)."""
        devices = Device.objects.filter(
            location__kind=LocationKind.WAREHOUSE,
            location__warehouse=OuterRef("warehouse"),
            article=OuterRef("article"),
        ).exclude(state=DeviceState.OK)
        count = devices.order_by().values("article").annotate(count=Count("pk")).values("count")
        return self.annotate(blocked=Coalesce(Subquery(count), 0))


class StockLevel(models.Model):
    """The balance of one article in one warehouse: a cache of the ledger, written in the same transaction."""

    blocked: int = 0  # as `with_blocked` counts them
    has_devices: bool = False  # as `lock_levels` reads it: of a numbered article

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="levels", verbose_name="lager", db_index=False
    )  # two others begin with it
    article = models.ForeignKey(Article, models.PROTECT, related_name="levels", verbose_name="artikel")
    on_hand = models.IntegerField("i lager", default=0, db_default=0, editable=False)
    reserved = models.IntegerField("reserverat", default=0, db_default=0, editable=False)
    incoming = models.IntegerField("väntat in", default=0, db_default=0, editable=False)
    available = models.GeneratedField(
        verbose_name="disponibelt",
        expression=F("on_hand") - F("reserved"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    expected_on = models.DateField(
        "väntas in", null=True, blank=True, help_text="När nästa inleverans väntas; sätts av lagret."
    )
    shelf = models.CharField(
        "hyllplats",
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text="Var i lagret artikeln ligger, t.ex. A-03-2. Plocklistan går i den ordningen.",
    )
    reorder_point = models.PositiveIntegerField("beställningspunkt", default=0, db_default=0)
    max_level = models.PositiveIntegerField("maxnivå", default=0, db_default=0)

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        verbose_name = "saldo"
        verbose_name_plural = "saldon"
        permissions = [("count_stock", "Kan inventera")]
        indexes = [models.Index(name="stock_level_by_available", fields=["warehouse", "available", "id"])]
        constraints = [
            models.UniqueConstraint(name="stock_level_once", fields=["warehouse", "article"]),
            models.CheckConstraint(
                name="stock_level_reserved_within_on_hand",
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")),
                violation_error_code="insufficient_stock",
                violation_error_message="Det finns inte så många i lager.",
            ),
            models.CheckConstraint(name="stock_level_incoming_not_negative", condition=Q(incoming__gte=0)),
            models.CheckConstraint(
                name="stock_level_max_not_below_reorder_point",
                condition=Q(max_level=0) | Q(max_level__gte=F("reorder_point")),
                violation_error_message="Maxnivån kan inte vara lägre än beställningspunkten.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.article_id}"
