from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

if TYPE_CHECKING:
    from .user import User


class PartyQuerySet(models.QuerySet["Party"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def customers(self) -> Self:
        return self.filter(is_customer=True)

    def care_units(self) -> Self:
        return self.filter(is_care_unit=True)

    def visible_to(self, user: "User") -> Self:
        """The parties of the user's own municipalities; everything for the region's central service."""
        if user.is_central:
            return self
        return self.filter(Q(pk__in=user.municipality_ids) | Q(parent__in=user.municipality_ids))


class Party(models.Model):
    """An organisation with a number. One party can be several things (50101 is customer and care unit)."""

    number = models.CharField("nummer", max_length=20, unique=True)
    name = models.CharField("namn", max_length=120, db_collation="swedish")
    is_region = models.BooleanField("region (hjälpmedelsservice)", default=False, db_default=False)
    is_municipality = models.BooleanField("kommun", default=False, db_default=False)
    is_customer = models.BooleanField("kund", default=False, db_default=False)
    is_care_unit = models.BooleanField("vårdenhet", default=False, db_default=False)
    is_supplier = models.BooleanField("leverantör", default=False, db_default=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="kommun",
        help_text="Kommunen som kunden eller vårdenheten hör till.",
    )
    payer = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paid_for",
        verbose_name="betalare",
        help_text="Den som faktureras. Tomt betyder organisationen själv.",
    )
    hsa_id = models.CharField(
        "HSA-id",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Enhetens, för inloggning med e-legitimation.",
    )
    gln = models.CharField("GLN", max_length=13, blank=True, default="", db_default="")
    street = models.CharField("gatuadress", max_length=120, blank=True, default="", db_default="")
    postal_code = models.CharField("postnummer", max_length=10, blank=True, default="", db_default="")
    city = models.CharField("ort", max_length=60, blank=True, default="", db_default="")
    is_active = models.BooleanField("aktiv", default=True, db_default=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "part"
        verbose_name_plural = "parter"
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="party_name_trigram")]
        constraints = [
            models.CheckConstraint(
                name="party_is_something",
                condition=Q(is_region=True)
                | Q(is_municipality=True)
                | Q(is_customer=True)
                | Q(is_care_unit=True)
                | Q(is_supplier=True),
                violation_error_message="Ange vad parten är: region, kommun, kund, vårdenhet eller leverantör.",
            ),
            models.CheckConstraint(
                name="party_unit_belongs_to_municipality",
                condition=~(Q(is_customer=True) | Q(is_care_unit=True))
                | Q(is_region=True)
                | Q(is_municipality=True)
                | Q(parent__isnull=False),
                violation_error_message="En kund eller vårdenhet hör till en kommun. Välj kommunen.",
            ),
            models.CheckConstraint(
                name="party_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                violation_error_message="En part kan inte höra till sig själv.",
            ),
            models.UniqueConstraint(
                name="party_hsa_id_unique",
                fields=["hsa_id"],
                condition=~Q(hsa_id=""),
                violation_error_message="HSA-id används redan av en annan part.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def is_visible_to(self, user: "User") -> bool:
        """The same as the queryset's `visible_to`, of one that is at hand."""
        return user.is_central or not user.municipality_ids.isdisjoint({self.pk, self.parent_id})

    @property
    def municipality_id(self) -> int | None:
        """The municipality that the party belongs to; its own for a municipality or the region."""
        return self.pk if self.is_municipality or self.is_region else self.parent_id
