"""Rows in each of which an article is typed or scanned, and how many of it; a page has some and can have more."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from inventory.models import Article

MAX_ROWS = 100
MAX_QUANTITY = 9_999
NUMBER_LENGTH = 20  # of a device
APART = re.compile(r"[\s,;]+")


def numbers_field(label: str, length: int) -> forms.CharField:
    """Several numbers, typed or scanned one after the other: a scanner ends each with a new line."""
    widget = forms.Textarea(attrs={"rows": 1, "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=MAX_QUANTITY * (length + 1), required=False, widget=widget)


class ArticleRow(forms.Form):
    """An empty row is allowed and says nothing. `of_devices` are the fields that only a numbered article has."""

    of_devices: ClassVar[Sequence[str]] = ()

    article = forms.CharField(label="Artikel", max_length=20, required=False)
    quantity = forms.IntegerField(
        label="Antal",
        min_value=1,
        max_value=MAX_QUANTITY,
        required=False,
        error_messages={
            "invalid": "Skriv antalet som ett heltal.",
            "min_value": "Antalet är minst 1.",
            "max_value": "Antalet är högst 9 999.",
        },
    )

    def __init__(self, *args: Any, articles: Mapping[str, Article], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = articles

    def clean_article(self) -> Article | None:
        if not (number := self.cleaned_data["article"]):
            return None
        try:
            return self.articles[number]
        except KeyError:
            raise forms.ValidationError(f"Artikel {number} finns inte.") from None

    def clean(self) -> None:
        if self.errors:
            return
        article: Article | None = self.cleaned_data["article"]
        if article is None:
            if any(self.cleaned_data.values()):
                self.add_error("article", "Ange artikel.")
        elif article.is_numbered:
            self._clean_numbered(article)
        elif field := next((name for name in self.of_devices if self.cleaned_data[name]), None):
            self.add_error(field, f"{article} är inte individmärkt. Ange bara antal.")
        elif not self.cleaned_data["quantity"]:
            self.add_error("quantity", "Ange antal.")

    def _clean_numbered(self, article: Article) -> None:
        raise NotImplementedError

    def _require_as_many(self, count: int) -> None:
        """A quantity beside the numbers of devices is allowed where it says the same."""
        if (quantity := self.cleaned_data["quantity"]) and quantity != count:
            self.add_error("quantity", f"Antalet är {quantity}, men {count} individnummer är angivna.")


class ArticleRows(BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The rows of the page; their articles are asked for in one statement."""

    @cached_property
    def articles(self) -> dict[str, Article]:
        """By what was typed or scanned: the article's number or its GTIN."""
        typed = {self.data.get(f"{self.prefix}-{row}-article", "").strip() for row in range(self.total_form_count())}
        typed = {text for text in typed if text and "\0" not in text}
        found = Article.objects.filter(Q(number__in=typed) | Q(gtin__in=typed)) if typed else ()
        return {key: article for article in found for key in (article.gtin, article.number) if key in typed}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "articles": self.articles if self.is_bound else {}}


def article_rows(row: type[ArticleRow], *, shown: int) -> type[ArticleRows]:
    """The class of the rows of a page that first shows so many."""
    return forms.formset_factory(row, formset=ArticleRows, extra=shown, max_num=MAX_ROWS, absolute_max=MAX_ROWS)  # type: ignore[return-value]  # a subclass made when it runs


def with_more_rows(data: QueryDict, rows: type[ArticleRows], prefix: str) -> QueryDict:
    """The same page with as many rows more as it first shows, as far as there may be more."""
    more, name = data.copy(), f"{prefix}-TOTAL_FORMS"
    total = data.get(name, "")
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 5 else 0
    more[name] = str(min(count + rows.extra, MAX_ROWS))
    return more
