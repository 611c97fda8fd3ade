from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Training(models.Model):
    """A training (utbildning) that some articles demand of whoever prescribes them (HSLF-FS 2021:52)."""

    name = models.CharField("namn", max_length=80, unique=True, db_collation="swedish")
    description = models.CharField(
        "beskrivning", max_length=200, blank=True, default="", db_default="", help_text="Var och hur den ges."
    )

    class Meta:
        verbose_name = "utbildning"
        verbose_name_plural = "utbildningar"

    def __str__(self) -> str:
        return self.name


class UserTrainingQuerySet(models.QuerySet["UserTraining"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), completed_on__lte=day)


class UserTraining(models.Model):
    """That a person has completed a training, and until when it counts."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="trainings", verbose_name="användare"
    )
    training = models.ForeignKey(Training, models.PROTECT, related_name="completions", verbose_name="utbildning")
    completed_on = models.DateField("genomförd")
    valid_until = models.DateField("gäller till och med", null=True, blank=True)

    objects = UserTrainingQuerySet.as_manager()

    class Meta:
        verbose_name = "genomförd utbildning"
        verbose_name_plural = "genomförda utbildningar"
        constraints = [
            models.UniqueConstraint(
                name="user_training_once_a_day",
                fields=["user", "training", "completed_on"],
                violation_error_message="Utbildningen är redan införd den dagen.",
            ),
            models.CheckConstraint(
                name="user_training_period",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("completed_on")),
                violation_error_message="Utbildningen kan inte sluta gälla innan den är genomförd.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.training_id} {self.completed_on}"
