from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from .user import User


class PrescribingRightQuerySet(models.QuerySet["PrescribingRight"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def covering(self, iso_code: str) -> Self:
        """Those whose group the ISO 9999 code belongs to."""
        return self.filter(iso_prefix__in=[iso_code[:digits] for digits in (2, 4, 6)])


class PrescribingRight(models.Model):
    """The right to prescribe (förskrivningsrätt) within one ISO 9999 group, decided by the care giver.

    Only licensed staff can hold one; a trigger looks at the user's profession.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="prescribing_rights", verbose_name="användare")
    iso_prefix = models.CharField(
        "ISO-grupp", max_length=6, help_text="2, 4 eller 6 siffror utan mellanslag, t.ex. 1206."
    )
    valid_from = models.DateField("gäller från")
    valid_until = models.DateField("gäller till och med", null=True, blank=True)
    is_temporary = models.BooleanField(
        "tillfällig", default=False, db_default=False, help_text="T.ex. för en vikarie. Behöver ett slutdatum."
    )
    basis = models.CharField(
        "beslut", max_length=120, blank=True, default="", db_default="", help_text="Vem som beslutade, och när."
    )

    objects = PrescribingRightQuerySet.as_manager()

    class Meta:
        verbose_name = "förskrivningsrätt"
        verbose_name_plural = "förskrivningsrätter"
        constraints = [
            models.CheckConstraint(
                name="prescribing_right_iso_prefix",
                condition=Q(iso_prefix__regex=r"^[0-9]{2}([0-9]{2}){0,2}$"),
                violation_error_message="Skriv ISO-gruppen med 2, 4 eller 6 siffror.",
            ),
            models.CheckConstraint(
                name="prescribing_right_period",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="Slutdatum kan inte ligga före startdatum.",
            ),
            models.CheckConstraint(
                name="prescribing_right_temporary_ends",
                condition=Q(is_temporary=False) | Q(valid_until__isnull=False),
                violation_error_message="En tillfällig förskrivningsrätt behöver ett slutdatum.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iso_prefix} {self.valid_from}"

    @property
    def formatted_iso(self) -> str:
        """`12 06`, as ISO 9999 groups are written."""
        return " ".join(self.iso_prefix[start : start + 2] for start in range(0, len(self.iso_prefix), 2))
