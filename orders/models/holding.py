from typing import Self

from django.db import models
from django.db.models import F, Q

from inventory.models import Article, Device, Location
from parties.models import Party, User

from .delivery import DeliveryLine
from .order import Order


class HoldingQuerySet(models.QuerySet["Holding"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """What came by the orders that the user may see."""
        return self.filter(delivery_line__delivery__order__in=Order.objects.registered_visible_to(user))

    def matching(self, text: str) -> Self:
        """By device number, order number, or the number of the unit that has it; as it was typed or in capitals.

        Each is looked up by its own index, before whose it is: joined they would be compared with all that anybody has.
        Of a unit only the place is, since it may have tens of thousands: an index has them in the order of the list.
        """
        written = {text, text.upper()}
        holdings = Holding.objects.open().order_by().values_list("pk", flat=True)
        by_device = holdings.filter(device__number__in=written)
        by_order = holdings.filter(delivery_line__delivery__order__number__in=written)
        places = Location.objects.filter(party__number__in=written).values_list("pk", flat=True)
        return self.filter(Q(pk__in=list(by_device.union(by_order))) | Q(location__in=list(places)))


class Holding(models.Model):
    """What a patient or a care unit has (innehav): since when, and from which delivery line.

    The customer is the order's, which never changes once something has been delivered: own care is asked for by it.
    """

    delivery_line = models.OneToOneField(
        DeliveryLine, models.PROTECT, related_name="holding", verbose_name="utleveransrad"
    )
    customer = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="kund",
        help_text="Enheten vars order det kom med.",
    )
    location = models.ForeignKey(Location, models.PROTECT, related_name="holdings", verbose_name="hos")
    article = models.ForeignKey(Article, models.PROTECT, related_name="holdings", verbose_name="artikel")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="holdings", verbose_name="individ")
    quantity = models.PositiveIntegerField("antal")
    returned = models.PositiveIntegerField("återlämnat", default=0, db_default=0)
    opened_at = models.DateTimeField("från")
    closed_at = models.DateTimeField("till", null=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "innehav"
        verbose_name_plural = "innehav"
        indexes = [
            models.Index(
                name="holding_open", fields=["location", "opened_at", "id"], condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                name="holding_open_by_customer",
                fields=["customer", "location"],
                condition=Q(closed_at__isnull=True),
            ),
        ]
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

    @property
    def left(self) -> int:
        """Units that have not come back."""
        return self.quantity - self.returned
