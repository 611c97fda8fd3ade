from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from parties.prepared import prepared

from .party import Party

DERIVED_FROM_UNIT = ("municipality_ids", "is_central", "derived")
PERMISSION_CACHES = ("_perm_cache", "_user_perm_cache", "_group_perm_cache")  # of Django's ModelBackend
RIGHTS = """
    SELECT iso_prefix FROM parties_prescribingright
    WHERE user_id = %s AND valid_from <= %s AND (valid_until IS NULL OR valid_until >= %s)
"""
"""As `PrescribingRightQuerySet.valid_on`."""


class Profession(models.TextChoices):
    """What the person is by training; the title says what the person is called at work."""

    OCCUPATIONAL_THERAPIST = "OT", "Arbetsterapeut"
    PHYSIOTHERAPIST = "PT", "Fysioterapeut"
    NURSE = "NURSE", "Sjuksköterska"
    DISTRICT_NURSE = "DISTRICT", "Distriktssköterska"
    PHYSICIAN = "PHYSICIAN", "Läkare"
    SPEECH_THERAPIST = "SPEECH", "Logoped"
    AUDIOLOGIST = "AUDIO", "Audionom"
    OPTICIAN = "OPTICIAN", "Optiker"
    PROSTHETIST = "PROSTHETIST", "Ortopedingenjör"
    DIETITIAN = "DIETITIAN", "Dietist"
    ASSISTANT_NURSE = "ASSISTANT", "Undersköterska"
    TECHNICIAN = "TECHNICIAN", "Tekniker"
    OTHER = "OTHER", "Annat yrke"


PRESCRIBING_PROFESSIONS = tuple(
    profession
    for profession in Profession
    if profession not in (Profession.ASSISTANT_NURSE, Profession.TECHNICIAN, Profession.OTHER)
)
"""Licensed staff (legitimerad personal): the only ones who can hold a right to prescribe. The database says it too."""


class User(AbstractUser):
    """A person who logs in. Roles are Django groups; customers are the units that the person works for.

    The logged-in person acts for one of them at a time (`act_for`); somebody who is only looked up, for all.
    """

    first_name = None  # type: ignore[assignment]  # one name field: people are shown and searched by whole name
    last_name = None  # type: ignore[assignment]
    name = models.CharField("namn", max_length=120, db_collation="swedish")
    title = models.CharField("titel", max_length=80, blank=True, default="", db_default="")
    profession = models.CharField(
        "yrke", max_length=12, choices=Profession.choices, blank=True, default="", db_default=""
    )
    hsa_id = models.CharField("HSA-id", max_length=40, blank=True, default="", db_default="")
    home_street = models.CharField(
        "bostadsadress",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Visas inte. Loggranskningen jämför den med patienternas adresser.",
    )
    home_postal_code = models.CharField("bostadens postnummer", max_length=10, blank=True, default="", db_default="")
    session_epoch = models.PositiveIntegerField("inloggningsomgång", default=0, db_default=0, editable=False)
    """Counted up by *Logga ut överallt*: sessions from before no longer fit."""
    first_password_until = models.DateTimeField("första lösenordet gäller till", null=True, editable=False)
    """While the password is one that an administrator was given to hand over. The person's own has no end."""
    customers = models.ManyToManyField(
        Party,
        through="UserCustomer",
        related_name="users",
        verbose_name="kunder",
        limit_choices_to={"is_customer": True},
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = "användare"
        verbose_name_plural = "användare"
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="user_name_trigram"),
            models.Index(OpClass(Upper("username"), name="text_pattern_ops"), name="user_by_username"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="user_hsa_id_unique",
                fields=["hsa_id"],
                condition=~Q(hsa_id=""),
                violation_error_message="HSA-id används redan av en annan användare.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.name}"

    def get_session_auth_hash(self) -> str:
        """What every session of the user carries; another password or epoch ends the sessions from before."""
        return salted_hmac(
            "parties.User.session", f"{self.password} {self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @cached_property
    def memberships(self) -> list["UserCustomer"]:
        """The user's units, the default one first. One statement a request."""
        return list(self.customer_links.select_related("customer").order_by("-is_default", "customer__number"))

    acting: "UserCustomer | None" = None
    """The one of the memberships that the logged-in person has chosen; set by `act_for`, never stored here."""

    def act_for(self, link: "UserCustomer | None") -> None:
        """From now on the user sees what this unit sees, with the roles that are held there."""
        self.acting = link
        for derived in (*DERIVED_FROM_UNIT, *PERMISSION_CACHES):
            self.__dict__.pop(derived, None)

    @property
    def unit(self) -> Party | None:
        """The customer that the user acts for: the chosen one, else the default one (standardkund)."""
        return self.acting_memberships[0].customer if self.acting_memberships else None

    @property
    def acting_memberships(self) -> list["UserCustomer"]:
        """The memberships that count now: the chosen unit's alone, or all of somebody who is only looked up."""
        return [self.acting] if self.acting else self.memberships

    @cached_property
    def municipality_ids(self) -> frozenset[int]:
        ids = (link.customer.municipality_id for link in self.acting_memberships)
        return frozenset(pk for pk in ids if pk is not None)

    @cached_property
    def is_central(self) -> bool:
        """Whether the user works at the region's Hjälpmedelsservice (HMS)."""
        return any(link.customer.is_region for link in self.acting_memberships)

    @property
    def sees_whole_log(self) -> bool:
        """As a log reviewer: somebody at the central service or who belongs to no unit reviews the whole system."""
        return self.is_central or not self.memberships

    @cached_property
    def derived(self) -> dict[str, frozenset[int]]:
        """What other apps have looked up for the unit that the user acts for; kept for a request."""
        return {}

    def prescribable_prefixes(self, on: date) -> list[str]:
        """ISO 9999 prefixes that the user may prescribe on that day, e.g. `["09", "1206"]`."""
        with prepared() as cursor:  # at each step of a prescription
            cursor.execute(RIGHTS, [self.pk, on, on])
            return [prefix for (prefix,) in cursor.fetchall()]


class UserCustomer(models.Model):
    """That a user works for a customer; one of them is the default (standardkund)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="customer_links", verbose_name="användare")
    customer = models.ForeignKey(
        Party, models.PROTECT, related_name="user_links", verbose_name="kund", limit_choices_to={"is_customer": True}
    )
    is_default = models.BooleanField("standardkund", default=False, db_default=False)
    roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="unit_links",
        verbose_name="roller bara här",
        help_text="Gäller när användaren arbetar för enheten, utöver rollerna som gäller överallt.",
    )

    class Meta:
        verbose_name = "användares kund"
        verbose_name_plural = "användares kunder"
        constraints = [
            models.UniqueConstraint(
                name="user_customer_once",
                fields=["user", "customer"],
                violation_error_message="Användaren hör redan till kunden.",
            ),
            models.UniqueConstraint(
                name="user_customer_one_default",
                fields=["user"],
                condition=Q(is_default=True),
                violation_error_message="Användaren har redan en standardkund.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.customer_id}"
