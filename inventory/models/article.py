from typing import Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Collate

from parties.models import Party
from parties.sorting import swedish_order

from .training import Training

OLDEST: Final = 16_000
"""Up to this key the search looks first (`search_ranking`): there a word that very many have is soon found."""


def _part(text: str | Func, separator: str, place: int) -> Func:
    return Func(text, Value(separator), Value(place), function="SPLIT_PART")


class ArticleKind(models.TextChoices):
    MAIN = "MAIN", "Huvudhjälpmedel"
    ACCESSORY = "ACCESSORY", "Tillbehör"
    SPARE = "SPARE", "Reservdel"


class Charging(models.TextChoices):
    HIRE = "HIRE", "Hyra"
    PURCHASE = "PURCHASE", "Köp"


class Article(models.Model):
    """What can be ordered, e.g. 14540 Toaförhöjning StaplaLätt. The database keeps `search_text` (see `search.py`)."""

    number = models.CharField("artikelnummer", max_length=20, unique=True)
    name = models.CharField("benämning", max_length=160, db_collation="swedish")
    description = models.TextField("beskrivning", blank=True, default="", db_default="")
    unit = models.CharField("enhet", max_length=10, default="st", db_default="st")
    iso_code = models.CharField("ISO-kod", max_length=6, help_text="ISO 9999, 6 siffror utan mellanslag.")
    iso_edition = models.PositiveSmallIntegerField("ISO-utgåva", default=2022, db_default=2022)
    kind = models.CharField("artikeltyp", max_length=10, choices=ArticleKind.choices, default=ArticleKind.MAIN)
    is_numbered = models.BooleanField("individmärkt", default=False, db_default=False)
    is_orderable = models.BooleanField("beställningsbar", default=True, db_default=True)
    in_assortment = models.BooleanField("ingår i sortiment", default=True, db_default=True)
    charging = models.CharField("debiteringsform", max_length=10, choices=Charging.choices, default=Charging.PURCHASE)
    supplier = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name="leverantör",
        limit_choices_to={"is_supplier": True},
    )
    supplier_number = models.CharField(
        "leverantörens artikelnummer", max_length=40, blank=True, default="", db_default=""
    )
    gtin = models.CharField("GTIN", max_length=14, blank=True, default="", db_default="")
    synonyms = models.CharField(
        "synonymer", max_length=400, blank=True, default="", db_default="", help_text="Sökord, skilda med komma."
    )
    substitution_group = models.CharField(
        "ersättningsgrupp",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Artiklar i samma grupp kan ersätta varandra.",
    )
    required_training = models.ForeignKey(
        Training,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name="kräver utbildning",
        help_text="Den som förskriver artikeln ska ha gått den.",
    )
    search_text = models.TextField("söktext", blank=True, default="", db_default="", editable=False)
    price = models.DecimalField("pris", max_digits=10, decimal_places=2, default=0, db_default=0, help_text="Kronor.")

    class Meta:
        verbose_name = "artikel"
        verbose_name_plural = "artiklar"
        indexes = [
            models.Index(swedish_order("name"), name="article_swedish_name"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="article_search_trigram"),
            GinIndex(
                name="article_parts_trigram",
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=Q(in_assortment=True) & ~Q(kind="MAIN"),
            ),
            models.Index(
                name="article_parts", fields=["kind", "number"], condition=Q(in_assortment=True) & ~Q(kind="MAIN")
            ),
            GinIndex(
                name="article_oldest_trigram",
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=Q(id__lte=OLDEST),
            ),
            # the first word of the plain name, which is the first line of the search text; of a word the best first
            models.Index(
                Collate(_part(_part("search_text", "\n", 1), " ", 2), "C"),
                F("is_orderable").desc(),
                Case(When(kind="MAIN", then=0), default=1),
                F("number"),
                name="article_first_word",
            ),
            models.Index(fields=["iso_code", "id"], name="article_by_iso_code"),
            models.Index(
                fields=["iso_code"],
                include=["in_assortment", "is_orderable", "kind", "is_numbered", "charging", "supplier"],
                opclasses=["varchar_pattern_ops"],
                name="article_facets",
            ),
            models.Index(
                name="article_substitutes", fields=["substitution_group"], condition=~Q(substitution_group="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_iso_code",
                condition=Q(iso_code__regex=r"^[0-9]{6}$"),
                violation_error_message="ISO-koden är sex siffror, t.ex. 091218.",
            ),
            models.CheckConstraint(
                name="article_price_not_negative",
                condition=Q(price__gte=0),
                violation_error_message="Priset kan inte vara negativt.",
            ),
            models.CheckConstraint(
                name="article_hired_main_is_numbered",
                condition=~Q(kind="MAIN", charging="HIRE") | Q(is_numbered=True),
                violation_error_message="Ett huvudhjälpmedel på hyra är alltid individmärkt.",
            ),
            models.UniqueConstraint(
                name="article_gtin_unique",
                fields=["gtin"],
                condition=~Q(gtin=""),
                violation_error_message="GTIN används redan av en annan artikel.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def formatted_iso(self) -> str:
        """`09 12 18`, as ISO 9999 codes are written."""
        return f"{self.iso_code[:2]} {self.iso_code[2:4]} {self.iso_code[4:]}"
