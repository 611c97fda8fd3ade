from typing import Self

from django.db import models
from django.db.models import Q

from parties.models import Party, User


class WarehouseKind(models.TextChoices):
    CENTRAL = "CENTRAL", "Huvudlager"
    MUNICIPAL = "MUNICIPAL", "Kommunlager"


class WarehouseQuerySet(models.QuerySet["Warehouse"]):
    def central(self) -> Self:
        return self.filter(kind=WarehouseKind.CENTRAL, is_active=True)

    def owned_by_units_of(self, user: User) -> Self:
        """The stores of the unit that the user works for."""
        return self.filter(owner__in=[link.customer_id for link in user.acting_memberships], is_active=True)

    def visible_to(self, user: User) -> Self:
        """Own municipality's stores and the central ones that supply them; every store for the central service."""
        if user.is_central:
            return self
        if not user.municipality_ids:
            return self.none()
        here = Q(owner__in=user.municipality_ids) | Q(owner__parent__in=user.municipality_ids)
        return self.filter(Q(kind=WarehouseKind.CENTRAL) | here)


class Warehouse(models.Model):
    """A store: 10 = Hjälpmedelsservice, 50101, 50301 … = municipal stores (kommunlager)."""

    number = models.CharField("lagernummer", max_length=10, unique=True)
    name = models.CharField("namn", max_length=120, db_collation="swedish")
    kind = models.CharField("slag", max_length=10, choices=WarehouseKind.choices)
    owner = models.ForeignKey(Party, models.PROTECT, related_name="warehouses", verbose_name="ägare")
    supplied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supplies", verbose_name="försörjs från"
    )
    is_active = models.BooleanField("aktivt", default=True, db_default=True)

    objects = WarehouseQuerySet.as_manager()

    class Meta:
        verbose_name = "lager"
        verbose_name_plural = "lager"
        constraints = [
            models.CheckConstraint(
                name="warehouse_supplied_from_another",
                condition=Q(supplied_from__isnull=True) | ~Q(supplied_from=models.F("pk")),
                violation_error_message="Ett lager kan inte försörja sig självt.",
            ),
            models.UniqueConstraint(
                name="warehouse_one_active_per_owner",
                fields=["owner"],
                condition=Q(is_active=True),
                violation_error_message="Ägaren har redan ett aktivt lager.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_central(self) -> bool:
        return self.kind == WarehouseKind.CENTRAL
