import re
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from inventory.models import Article, Warehouse
from inventory.operations.receiving import Arrival
from inventory.series import SeriesImpossible, series
from parties.forms.plain import PlainModelChoiceField, PlainSelect
from parties.models import Party, User

ROWS = 5
MAX_ROWS = 100
MAX_QUANTITY = 9_999
NUMBER_LENGTH, SERIAL_LENGTH = 20, 60
APART = re.compile(r"[\s,;]+")
PREFIX = "rad"


def receiving_warehouses(user: User) -> QuerySet[Warehouse]:
    """The warehouses that the user may take goods into: lager 10 for HMS, the own stores for a municipality."""
    if user.is_central:
        return Warehouse.objects.central().order_by("number")
    return Warehouse.objects.owned_by_units_of(user).order_by("number")


class GoodsReceiptForm(forms.Form):
    key = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"invalid": "Ladda om sidan och försök igen."}
    )
    warehouse = PlainModelChoiceField(Warehouse.objects.none(), widget=PlainSelect, label="Lager", empty_label=None)
    supplier = PlainModelChoiceField(
        Party.objects.filter(is_supplier=True, is_active=True).order_by("name"),
        widget=PlainSelect,
        label="Leverantör",
        required=False,
    )
    reference = forms.CharField(
        label="Referens", max_length=60, required=False, help_text="Leverantörens följesedel eller vårt inköpsnummer."
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = receiving_warehouses(user)


def _numbers_field(label: str, length: int) -> forms.CharField:
    """Several numbers, typed or scanned one after the other: a scanner ends each with a new line."""
    widget = forms.Textarea(attrs={"rows": 1, "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=MAX_QUANTITY * (length + 1), required=False, widget=widget)


class ArrivalForm(forms.Form):
    """One row: an article and how many; for a numbered one its devices, given one by one or as a series."""

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
    devices = _numbers_field("Individnummer", NUMBER_LENGTH)
    first = forms.CharField(label="Serie från", max_length=NUMBER_LENGTH, required=False)
    serials = _numbers_field("Serienummer", SERIAL_LENGTH)

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

    def clean_devices(self) -> tuple[str, ...]:
        return _split(self.cleaned_data["devices"].upper(), NUMBER_LENGTH, "individnummer")

    def clean_first(self) -> str:
        return str(self.cleaned_data["first"]).upper()

    def clean_serials(self) -> tuple[str, ...]:
        return _split(self.cleaned_data["serials"], SERIAL_LENGTH, "serienummer")

    def clean(self) -> None:
        if self.errors:
            return
        values = self.cleaned_data
        article: Article | None = values["article"]
        if article is None:
            if any(values[name] for name in ("quantity", "devices", "first", "serials")):
                self.add_error("article", "Ange artikel.")
        elif article.is_numbered:
            self._clean_numbered(article)
        elif values["devices"] or values["first"] or values["serials"]:
            field = next(name for name in ("devices", "first", "serials") if values[name])
            self.add_error(field, f"{article} är inte individmärkt. Ange bara antal.")
        elif not values["quantity"]:
            self.add_error("quantity", "Ange antal.")

    def _clean_numbered(self, article: Article) -> None:
        values = self.cleaned_data
        if values["first"]:
            self._make_series()
        elif not values["devices"]:
            self.add_error("devices", f"{article} är individmärkt. Ange ett nummer för varje exemplar, eller en serie.")
        elif values["quantity"] and values["quantity"] != len(values["devices"]):
            count = len(values["devices"])
            self.add_error("quantity", f"Antalet är {values['quantity']}, men {count} individnummer är angivna.")
        elif len(values["devices"]) > MAX_QUANTITY:
            self.add_error("devices", "Högst 9 999 på en rad.")
        if not self.errors and values["serials"] and len(values["serials"]) != len(values["devices"]):
            count = len(values["devices"])
            self.add_error(
                "serials", f"{len(values['serials'])} serienummer till {count} individer. Ange ett för varje."
            )

    def _make_series(self) -> None:
        values = self.cleaned_data
        if values["devices"]:
            self.add_error("first", "Ange antingen individnummer eller en serie.")
        elif not values["quantity"]:
            self.add_error("quantity", "Ange hur många serien är.")
        else:
            try:
                values["devices"] = series(values["first"], values["quantity"])
            except SeriesImpossible as error:
                self.add_error("first", str(error))

    @property
    def arrival(self) -> Arrival | None:
        """What the valid row says came; None for an empty row."""
        values = self.cleaned_data
        article = values.get("article")
        if article is None:
            return None
        if article.is_numbered:
            return Arrival(article=article, device_numbers=values["devices"], serial_numbers=values["serials"])
        return Arrival(article=article, quantity=values["quantity"])

    def refuse(self, message: str, *, serial: bool) -> None:
        """Show at the numbers what the operation answered."""
        self.add_error("serials" if serial else "first" if self.cleaned_data["first"] else "devices", message)


def _split(text: str, length: int, what: str) -> tuple[str, ...]:
    numbers = tuple(filter(None, APART.split(text)))
    if too_long := next((number for number in numbers if len(number) > length), None):
        raise forms.ValidationError(f"{too_long[:length]}… är för långt för ett {what}.")
    return numbers


class _Rows(BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
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


ArrivalFormSet: "type[_Rows]" = forms.formset_factory(  # type: ignore[assignment]  # a subclass made when it runs
    ArrivalForm, formset=_Rows, extra=ROWS, max_num=MAX_ROWS, absolute_max=MAX_ROWS
)


def with_more_rows(data: QueryDict) -> QueryDict:
    """The same page with five more rows, as far as there may be more."""
    more, name = data.copy(), f"{PREFIX}-TOTAL_FORMS"
    total = data.get(name, "")
    rows = int(total) if total.isascii() and total.isdigit() and len(total) < 5 else 0
    more[name] = str(min(rows + ROWS, MAX_ROWS))
    return more
