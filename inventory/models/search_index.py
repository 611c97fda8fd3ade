"""What the search for articles reads besides the articles: headings of ISO groups, and every word that occurs."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class IsoGroup(models.Model):
    """A group of ISO 9999 in short Swedish words of our own: `12` Förflyttning, `1206` Gånghjälpmedel, två armar."""

    code = models.CharField("kod", max_length=6, unique=True, help_text="2, 4 eller 6 siffror.")
    title = models.CharField("rubrik", max_length=120, db_collation="swedish")

    class Meta:
        verbose_name = "ISO-grupp"
        verbose_name_plural = "ISO-grupper"
        constraints = [
            models.CheckConstraint(
                name="iso_group_code",
                condition=models.Q(code__regex=r"^([0-9]{2}){1,3}$"),
                violation_error_message="Koden är 2, 4 eller 6 siffror.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class SearchWord(models.Model):
    """A word of some article, plain (lower case, no accents). Written by the database; a few thousand in all."""

    word = models.CharField("ord", max_length=60, unique=True)
    stem = models.CharField("stam", max_length=60, db_index=True)

    class Meta:
        verbose_name = "sökord"
        verbose_name_plural = "sökord"
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigram")]

    def __str__(self) -> str:
        return self.word
