from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models.functions import TruncDate

from audit.days import SWEDEN
from parties.looks import Act
from parties.models import Party, Patient, User

MASKED = (Act.SEARCH_HIT, Act.LIST, Act.ADMIN_LIST)
"""Lists, which show nothing of a person with protected identity: being one of their rows is no visit."""
OF_THE_REVIEW = (Act.LOG_REVIEW, Act.LOG_EXTRACT)
ALWAYS_REVIEWED = (models.Q(is_emergency=True) | models.Q(is_protected=True)) & ~models.Q(
    act__in=(*MASKED, *OF_THE_REVIEW)
)


class AccessLogQuerySet(models.QuerySet["AccessLogEntry"]):
    def between(self, first: datetime, before: datetime) -> Self:
        """Looks from `first` until just before `before`; the database reads only those months' partitions."""
        return self.filter(at__gte=first, at__lt=before)

    def with_day(self) -> Self:
        """Each row with `day`, the day it was in Sweden."""
        return self.annotate(day=TruncDate("at", tzinfo=SWEDEN))


class AccessLogEntry(models.Model):
    """One look at one patient. Only added: the database refuses to change or remove a row.

    The table is partitioned by month, so its primary key there is (id, at) and no foreign key can point here; whoever
    refers to an entry keeps its `id` as a plain number. `id` alone is unique all the same, as it comes from one
    sequence. Texts never say who the patient is: only the foreign key does, so that protected identity stays hidden.
    """

    at = models.DateTimeField("tid")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name="användare")
    unit = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="enhet"
    )
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False, verbose_name="patient")
    act = models.CharField("vad", max_length=10, choices=Act.choices)
    about = models.CharField("objekt", max_length=80, blank=True, default="", db_default="")
    route = models.CharField("sida", max_length=80, blank=True, default="", db_default="")
    reason = models.TextField("skäl", blank=True, default="", db_default="")
    is_emergency = models.BooleanField("nödöppning", default=False, db_default=False)
    is_protected = models.BooleanField("skyddad identitet vid tillfället", default=False, db_default=False)

    day: date
    """The day it was in Sweden, of a row that was read with it."""

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = "rad i åtkomstloggen"
        verbose_name_plural = "åtkomstlogg"
        default_permissions = ("view",)
        indexes = [
            models.Index(name="access_log_by_patient", fields=["patient", "-at"]),
            models.Index(name="access_log_by_user", fields=["user", "-at"]),
            models.Index(name="access_log_by_unit", fields=["unit", "-at"]),
            models.Index(
                name="access_log_always_reviewed",
                fields=["at"],
                include=["id", "user", "patient"],
                condition=ALWAYS_REVIEWED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_act_display()}"
