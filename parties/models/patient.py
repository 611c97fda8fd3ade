from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from parties.sorting import listed_name

from .party import Party

if TYPE_CHECKING:
    from .user import User

PROTECTED_LABEL = "Skyddade uppgifter"
"""What stands instead of the name of a person with protected identity, wherever a name would stand."""


class IdentityKind(models.TextChoices):
    PERSONAL = "PNR", "Personnummer"
    COORDINATION = "SAM", "Samordningsnummer"
    RESERVE = "RES", "Reservnummer Värmland"


class Protection(models.TextChoices):
    NONE = "NONE", "Ingen"
    CONFIDENTIAL = "CONF", "Sekretessmarkering"
    PROTECTED = "PROT", "Skyddad folkbokföring"


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: "User") -> Self:
        """Patients of the user's own municipalities (inre sekretess, patientdatalagen 4 kap.)."""
        return self.filter(municipality__in=user.municipality_ids)


class Patient(models.Model):
    """A person who is prescribed assistive devices. No diagnosis is kept here."""

    identity_kind = models.CharField("slag av identitet", max_length=3, choices=IdentityKind.choices)
    identity_number = models.CharField(
        "identitetsnummer", max_length=12, help_text="12 tecken med sekel, utan bindestreck."
    )
    former_numbers = ArrayField(
        models.CharField(max_length=12),
        verbose_name="tidigare nummer",
        default=list,
        blank=True,
        help_text="Reservnummer som blivit personnummer; går fortfarande att söka på.",
    )
    name = models.CharField("namn", max_length=120, db_collation="swedish")
    street = models.CharField("gatuadress", max_length=120, blank=True, default="", db_default="")
    postal_code = models.CharField("postnummer", max_length=10, blank=True, default="", db_default="")
    city = models.CharField("ort", max_length=60, blank=True, default="", db_default="")
    phone = models.CharField("telefon", max_length=40, blank=True, default="", db_default="")
    municipality = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="patients",
        verbose_name="kommun",
        limit_choices_to={"is_municipality": True},
    )
    protection = models.CharField(
        "skydd", max_length=4, choices=Protection.choices, default=Protection.NONE, db_default=Protection.NONE
    )
    deceased_on = models.DateField("avliden", null=True, blank=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = "patient"
        verbose_name_plural = "patienter"
        indexes = [
            GinIndex(fields=["former_numbers"], name="patient_former_numbers"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="patient_name_trigram"),
            models.Index(F("municipality"), listed_name(), F("id"), name="patient_by_listed_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="patient_identity_unique",
                fields=["identity_number"],
                violation_error_message="Det finns redan en patient med det identitetsnumret.",
            ),
            models.CheckConstraint(
                name="patient_identity_format",
                condition=Q(identity_kind="PNR", identity_number__regex=r"^(18|19|20)[0-9]{10}$")
                | Q(identity_kind="SAM", identity_number__regex=r"^(18|19|20)[0-9]{4}[6-9][0-9]{5}$")
                | Q(identity_kind="RES", identity_number__regex=r"^(18|19|20)[0-9]{6}S[FUXPL][0-9][A-UW-Z1-9]$"),
                violation_error_message="Identitetsnumret har inte rätt form för sitt slag.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_protected(self) -> bool:
        return self.protection != Protection.NONE

    @property
    def label(self) -> str:
        """The name as lists may show it; never the name of a person with protected identity."""
        return PROTECTED_LABEL if self.is_protected else self.name

    @property
    def short_label(self) -> str:
        """First name, initial and year of birth, as in the order overview: `Astrid F., 1931`."""
        if self.is_protected:
            return PROTECTED_LABEL
        first, _, rest = self.name.partition(" ")
        initial = f" {rest[0]}." if rest else ""
        return f"{first}{initial}, {self.identity_number[:4]}"

    def age_on(self, day: date) -> int:
        """Whole years on that day, or on the day of death. A coordination number adds 60 to the day of birth."""
        number = self.identity_number
        born = (int(number[:4]), int(number[4:6]), int(number[6:8]) % 60)
        last = min(day, self.deceased_on) if self.deceased_on else day
        return last.year - born[0] - ((last.month, last.day) < born[1:])

    @property
    def formatted_number(self) -> str:
        """`19311104-9809`; a reserve number is written together."""
        number = self.identity_number
        return number if self.identity_kind == IdentityKind.RESERVE else f"{number[:8]}-{number[8:]}"
