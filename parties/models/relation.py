from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .party import Party
from .patient import Patient


class CareRelationQuerySet(models.QuerySet["CareRelation"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class CareRelation(models.Model):
    """That a unit takes part in a patient's care (inre sekretess, patientdatalagen 4 kap. 1 §), from day to day.

    Registered when the unit first prescribes for the patient, or by an administrator, who also ends it.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="care_relations", verbose_name="patient")
    unit = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="care_relations",
        verbose_name="enhet",
        limit_choices_to={"is_customer": True},
    )
    since = models.DateField("från")
    until = models.DateField("till och med", null=True, blank=True, help_text="Tomt tills vidare.")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrerad av", editable=False
    )

    objects = CareRelationQuerySet.as_manager()

    class Meta:
        verbose_name = "vårdrelation"
        verbose_name_plural = "vårdrelationer"
        constraints = [
            models.CheckConstraint(
                name="care_relation_period",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="Slutdatum kan inte ligga före startdatum.",
            ),
            models.UniqueConstraint(
                name="care_relation_open_once",
                fields=["patient", "unit"],
                condition=Q(until__isnull=True),
                violation_error_message="Enheten har redan en vårdrelation med patienten tills vidare.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} – {self.unit_id}"
