from datetime import datetime
from typing import Self

from django.db import models

from .party import Party
from .user import User


class SecurityEventKind(models.TextChoices):
    LOGIN = "LOGIN", "Inloggning"
    LOGOUT = "LOGOUT", "Utloggning"
    LOGOUT_EVERYWHERE = "EVERYWHERE", "Utloggning överallt"
    REFUSED = "REFUSED", "Nekad inloggning"
    LOCKED = "LOCKED", "Spärrad inloggning"
    FIRST_PASSWORD = "FIRST", "Nytt första lösenord"
    PASSWORD = "PASSWORD", "Byte av lösenord"
    NO_PASSWORD = "NO_PASSWD", "Borttaget lösenord"
    UNIT = "UNIT", "Byte av enhet"
    SEARCHES = "SEARCHES", "För många sökningar"


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def before(self, at: datetime) -> Self:
        return self.filter(at__lt=at)

    def between(self, first: datetime, before: datetime) -> Self:
        return self.filter(at__gte=first, at__lt=before)

    def visible_to(self, reviewer: User) -> Self:
        """Those of the own municipality's units; all, where nobody's names too, for a reviewer of the whole system."""
        if reviewer.sees_whole_log:
            return self
        own = reviewer.municipality_ids
        return self.filter(models.Q(unit__in=own) | models.Q(unit__parent__in=own))

    def for_list(self) -> Self:
        return self.select_related("user", "unit").order_by("-at", "-pk").fetch_mode(models.FETCH_RAISE)


class SecurityEvent(models.Model):
    """Something about a log-in or a session that an administrator may have to follow up. Only added.

    Whoever types an unknown user name is nobody, and what was typed is not kept: it is often a password. Emergency
    openings stand in the access log, where they are reviewed.
    """

    at = models.DateTimeField("tid", db_index=True)
    kind = models.CharField("vad", max_length=10, choices=SecurityEventKind.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="användare")
    unit = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="enhet")
    address = models.CharField("adress", max_length=45, blank=True, default="", db_default="")
    detail = models.CharField("varför", max_length=200, blank=True, default="", db_default="")

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        verbose_name = "säkerhetshändelse"
        verbose_name_plural = "säkerhetshändelser"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def tone(self) -> str:
        """How loud a list says it."""
        return {"REFUSED": "warn", "LOCKED": "bad", "SEARCHES": "bad"}.get(self.kind, "info")
