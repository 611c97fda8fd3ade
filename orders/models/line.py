from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.models import Article, Device

from .order import OPEN_STATES, Order

QUEUE = ("-priority", "-order__is_urgent", "order__registered_at", "order_id", "position", "pk")
"""Who comes first: moved forward by the warehouse, then urgent, then the oldest registration."""


REMAINS = Q(reserved__gt=0) | Q(backordered__gt=0)
"""Something remains to be delivered: reserved or waited for. Said so, the planner knows how few lines that is."""


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def for_order_page(self) -> Self:
        return self.select_related("article", "device").order_by("position", "pk")

    def waiting(self) -> Self:
        """The lines of registered orders that stand in a queue (restnoterade)."""
        return self.filter(order__state__in=OPEN_STATES, backordered__gt=0)

    def waiting_at(self, keys: Iterable[tuple[int, int]]) -> Self:
        """Those that wait in one of the warehouses for one of the articles of (warehouse pk, article pk) pairs.

        Pairs are not kept together: a caller with several of both looks at the pair again.
        """
        keys = set(keys)
        return self.waiting().filter(
            order__sender__in={warehouse for warehouse, _ in keys}, article__in={article for _, article in keys}
        )

    def in_queue_order(self) -> Self:
        return self.order_by(*QUEUE)


class OrderLine(models.Model):
    """A line (orderrad). Always: ordered = delivered + reserved + back-ordered + canceled."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name="order")
    position = models.PositiveSmallIntegerField("rad")
    article = models.ForeignKey(Article, models.PROTECT, related_name="order_lines", verbose_name="artikel")
    device = models.ForeignKey(
        Device, models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name="individ"
    )
    quantity = models.PositiveIntegerField("antal")
    reserved = models.PositiveIntegerField("reserverat", default=0, db_default=0)
    delivered = models.PositiveIntegerField("levererat", default=0, db_default=0)
    received = models.PositiveIntegerField("mottaget", default=0, db_default=0)
    canceled = models.PositiveIntegerField("makulerat", default=0, db_default=0)
    priority = models.PositiveSmallIntegerField(
        "förtur",
        default=0,
        db_default=0,
        help_text="Högst först i kön till det som kommer in; sedan äldst registrerad.",
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="claimed_lines",
        verbose_name="plockas av",
        editable=False,
    )
    claimed_at = models.DateTimeField("plock påbörjat", null=True, editable=False)
    substitutes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="substitutions", verbose_name="ersätter rad", editable=False
    )
    remaining = models.GeneratedField(
        verbose_name="kvar att leverera",
        expression=F("quantity") - F("delivered") - F("canceled"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    backordered = models.GeneratedField(
        verbose_name="restnoterat",
        expression=F("quantity") - F("delivered") - F("canceled") - F("reserved"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = "orderrad"
        verbose_name_plural = "orderrader"
        indexes = [
            models.Index(
                name="order_line_back_ordered",
                fields=["article", "-priority"],
                include=["order"],
                condition=Q(backordered__gt=0),  # as the queries say it, else it is never used
            ),
            models.Index(name="order_line_reserved", fields=["order"], condition=Q(reserved__gt=0)),
            models.Index(name="order_line_remaining", fields=["article"], condition=REMAINS),
            models.Index(name="order_line_claimed", fields=["claimed_by"], condition=Q(claimed_by__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_line_quantity_positive",
                condition=Q(quantity__gte=1),
                violation_error_message="Antal är minst 1.",
            ),
            models.CheckConstraint(
                name="order_line_quantities_add_up",
                condition=Q(quantity__gte=F("reserved") + F("delivered") + F("canceled")),
            ),
            models.CheckConstraint(
                name="order_line_received_within_delivered", condition=Q(received__lte=F("delivered"))
            ),
            models.CheckConstraint(
                name="order_line_claim_has_name_and_time",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(name="order_line_device_is_one", condition=Q(device__isnull=True) | Q(quantity=1)),
            models.UniqueConstraint(
                name="order_line_article_once",
                fields=["order", "article"],
                condition=Q(device__isnull=True),
            ),
            models.UniqueConstraint(
                name="order_line_device_once_in_order", fields=["order", "device"], condition=Q(device__isnull=False)
            ),
            models.UniqueConstraint(
                name="order_line_device_one_open_reservation",
                fields=["device"],
                condition=Q(device__isnull=False, reserved__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}:{self.position}"
