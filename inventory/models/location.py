from django.db import models
from django.db.models import Q

from parties.models import Party, Patient

from .warehouse import Warehouse


class LocationKind(models.TextChoices):
    WAREHOUSE = "WAREHOUSE", "Lager"
    TRANSIT = "TRANSIT", "På väg till lager"
    RETURNS = "RETURNS", "Returhylla"
    CARE_UNIT = "CARE_UNIT", "Vårdenhet"
    PATIENT = "PATIENT", "Patient"
    SUPPLIER = "SUPPLIER", "Leverantör"
    LOSS = "LOSS", "Förlust och kassation"
    FOUND = "FOUND", "Hittat"


class Location(models.Model):
    """A place that goods can be in. The sum of all movements over all locations is always zero.

    The database works out `municipality`, whatever is written there, and again when it changes: of a patient, or of a
    party or a warehouse's owner as in `Party.municipality_id`. Where stock begins and ends there is none.
    """

    kind = models.CharField("slag", max_length=10, choices=LocationKind.choices)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="locations", verbose_name="lager"
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="locations", verbose_name="part"
    )
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="locations", verbose_name="patient"
    )
    municipality = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="kommun",
        editable=False,
    )

    class Meta:
        verbose_name = "plats"
        verbose_name_plural = "platser"
        indexes = [models.Index(name="location_by_municipality", fields=["municipality", "kind", "id"])]
        constraints = [
            models.CheckConstraint(
                name="location_refers_to_what_its_kind_says",
                condition=Q(
                    kind__in=["WAREHOUSE", "TRANSIT", "RETURNS"],
                    warehouse__isnull=False,
                    party__isnull=True,
                    patient__isnull=True,
                )
                | Q(kind="CARE_UNIT", warehouse__isnull=True, party__isnull=False, patient__isnull=True)
                | Q(kind="PATIENT", warehouse__isnull=True, party__isnull=True, patient__isnull=False)
                | Q(
                    kind__in=["SUPPLIER", "LOSS", "FOUND"],
                    warehouse__isnull=True,
                    party__isnull=True,
                    patient__isnull=True,
                ),
            ),
            models.UniqueConstraint(
                name="location_unique", fields=["kind", "warehouse", "party", "patient"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def whereabouts(self) -> str:
        """Where it is, in words for everybody: which patient is never said."""
        match self.kind:
            case LocationKind.WAREHOUSE:
                return str(self.warehouse)
            case LocationKind.TRANSIT:
                return f"På väg till {self.warehouse}"
            case LocationKind.RETURNS:
                return f"Returhyllan i {self.warehouse}"
            case LocationKind.CARE_UNIT:
                return str(self.party)
            case LocationKind.PATIENT:
                return "Hos patient"
        return self.get_kind_display()
