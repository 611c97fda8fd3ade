"""The log review (loggranskning; HSLF-FS 2016:40, 4 kap. 9 §): recurring samples, and what came of each look at them.

What is reviewed is a *visit*: all that one user did with one patient's data on one day, Swedish time.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from parties.models import Patient

REVIEW_LOG = "review_access_log"


class Outcome(models.TextChoices):
    OK = "OK", "Behörig åtkomst"
    FOLLOW_UP = "FOLLOW_UP", "Följs upp"
    BREACH = "BREACH", "Obehörig åtkomst"


class AccessReview(models.Model):
    """What a reviewer came to about a visit. Only added: a later one about the same visit follows up the former."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="användare")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="patient")
    day = models.DateField("dag")
    seen_to = models.BigIntegerField("sista granskade rad", help_text="Rader därefter är inte granskade.")
    outcome = models.CharField("utfall", max_length=9, choices=Outcome.choices)
    note = models.TextField("anteckning", blank=True, default="", db_default="")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="granskad av")
    at = models.DateTimeField("granskad")

    class Meta:
        verbose_name = "loggranskning"
        verbose_name_plural = "loggranskningar"
        default_permissions = ("view",)
        permissions = [(REVIEW_LOG, "Kan granska åtkomstloggen")]
        indexes = [models.Index(name="access_review_of_visit", fields=["user", "patient", "day"])]
        constraints = [
            models.CheckConstraint(
                name="access_review_not_by_oneself",
                condition=~Q(user=F("reviewer")),
                violation_error_message="Ingen granskar sin egen åtkomst. Be en annan loggranskare.",
            ),
            models.CheckConstraint(
                name="access_review_says_why",
                condition=Q(outcome="OK") | ~Q(note=""),
                violation_error_message="Skriv vad som ska följas upp eller vad som var fel.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_outcome_display()}"

    @property
    def tone(self) -> str:
        """The colour of the outcome's tag."""
        return {Outcome.OK: "ok", Outcome.FOLLOW_UP: "warn", Outcome.BREACH: "bad"}[Outcome(self.outcome)]


class AccessSample(models.Model):
    """A month's random sample of visits, drawn once when the month has ended; `seed` decides which."""

    month = models.DateField("månad", unique=True, help_text="Månadens första dag.")
    seed = models.BigIntegerField("frö")
    per_unit = models.PositiveIntegerField("antal per enhet")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="dragen av")
    drawn_at = models.DateTimeField("dragen")

    class Meta:
        verbose_name = "stickprov"
        verbose_name_plural = "stickprov"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class SampledVisit(models.Model):
    """One visit of a month's sample."""

    sample = models.ForeignKey(AccessSample, models.PROTECT, related_name="visits", verbose_name="stickprov")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="användare")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="patient")
    day = models.DateField("dag")

    class Meta:
        verbose_name = "besök i stickprov"
        verbose_name_plural = "besök i stickprov"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(name="sampled_visit_once", fields=["sample", "user", "patient", "day"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.patient_id} {self.day}"
