from django.conf import settings
from django.db import models
from django.db.models import Q

from .event import OrderEvent


class Notice(models.Model):
    """That an event is news to a person: shown on their start page until they say that they have read it."""

    event = models.ForeignKey(OrderEvent, models.CASCADE, related_name="notices", verbose_name="händelse")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="till")
    read_at = models.DateTimeField("läst", null=True)

    class Meta:
        verbose_name = "avisering"
        verbose_name_plural = "aviseringar"
        indexes = [models.Index(name="notice_unread", fields=["user"], condition=Q(read_at__isnull=True))]
        constraints = [models.UniqueConstraint(name="notice_once", fields=["event", "user"])]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.user_id}"
