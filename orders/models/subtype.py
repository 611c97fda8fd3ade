from typing import Self

from django.db import models
from django.db.models import Q


class OrderType(models.TextChoices):
    """Who receives: a store, a care unit or a patient."""

    TRANSFER = "L", "Lagerflyttsorder"
    REQUISITION = "B", "Beställning"
    PRESCRIPTION = "F", "Förskrivning"


class SenderRule(models.TextChoices):
    """From which store the goods come."""

    CENTRAL = "CENTRAL", "Lager 10, Hjälpmedelsservice"
    OWN = "OWN", "Eget kommunlager"
    OTHER_MUNICIPAL = "OTHER", "Annat kommunlager"


class OrderSubtypeQuerySet(models.QuerySet["OrderSubtype"]):
    def offered(self) -> Self:
        return self.filter(is_hidden=False).order_by("position", "name")


class OrderSubtype(models.Model):
    """A kundordertyp: its rules are columns, so an administrator can rename, hide and order the rows."""

    code = models.SlugField("kod", max_length=30, unique=True)
    name = models.CharField("namn", max_length=60)
    description = models.CharField("beskrivning", max_length=200, blank=True, default="", db_default="")
    type = models.CharField("ordertyp", max_length=1, choices=OrderType.choices)
    sender_rule = models.CharField("avsändare", max_length=10, choices=SenderRule.choices)
    is_direct = models.BooleanField("lämnas ut av användaren", default=False, db_default=False)
    is_hidden = models.BooleanField("dold", default=False, db_default=False)
    position = models.PositiveSmallIntegerField("ordning", default=0, db_default=0)

    objects = OrderSubtypeQuerySet.as_manager()

    class Meta:
        verbose_name = "kundordertyp"
        verbose_name_plural = "kundordertyper"
        constraints = [
            models.UniqueConstraint(name="order_subtype_id_with_type", fields=["id", "type"]),
            models.CheckConstraint(
                name="order_subtype_direct_only_from_own_store",
                condition=Q(is_direct=False) | Q(sender_rule="OWN"),
                violation_error_message="Bara en order från eget kommunlager kan lämnas ut av användaren.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
