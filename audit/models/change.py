from typing import Self

from django.db import models

from parties.models import User


class ChangeKind(models.TextChoices):
    ADDED = "INSERT", "Tillagd"
    CHANGED = "UPDATE", "Ändrad"
    REMOVED = "DELETE", "Borttagen"


class ChangeQuerySet(models.QuerySet["ChangeEntry"]):
    def about(self, obj: models.Model) -> Self:
        """The object's own changes and those of the rows that belong to it (a user's units, roles and rights)."""
        return self.filter(subject_table=obj._meta.db_table, subject_id=obj.pk)


class ChangeEntry(models.Model):
    """One row of master data, rights or users that was added, changed or removed. Written by triggers, only added.

    `before` and `after` hold column names and values: only what changed, but all of a row that stands in another's
    history (a right, a unit of a user); a password never.
    """

    at = models.DateTimeField("tid")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="användare")
    kind = models.CharField("vad", max_length=6, choices=ChangeKind.choices)
    table_name = models.CharField("tabell", max_length=63)
    object_id = models.BigIntegerField("rad")
    subject_table = models.CharField("hör till tabell", max_length=63)
    subject_id = models.BigIntegerField("hör till rad")
    before = models.JSONField("före", null=True)
    after = models.JSONField("efter", null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "ändring"
        verbose_name_plural = "ändringar"
        default_permissions = ("view",)
        indexes = [models.Index(name="change_by_subject", fields=["subject_table", "subject_id", "-id"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
