"""The search box for articles and its *Avancerat sök*, the same on every page that has it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from inventory.models import Charging, Warehouse
from inventory.models.article import ArticleKind
from inventory.search import ArticleFilter
from parties.forms.plain import PlainSelect
from parties.models import Party

ANY = ("", "Alla")
MOST_SUPPLIERS = 50

NARROWING: Mapping[str, tuple[dict[str, Any], str]] = {
    "slag": ({"kind": None}, "om du tar bort artikeltypen"),
    "individ": ({"is_numbered": None}, "om du tar bort individmärkningen"),
    "debitering": ({"charging": None}, "om du tar bort hyra eller köp"),
    "iso": ({"iso_prefix": ""}, "om du tar bort ISO-gruppen"),
    "leverantor": ({"suppliers": None}, "om du tar bort leverantören"),
    "i_lager": ({"in_stock_in": None}, "om du tar bort lagret"),
}
"""Each filter that hides articles: what of an ArticleFilter it sets, and how one says that it is taken away."""


class Store(NamedTuple):
    """As much of a warehouse as a choice says: a region has 250."""

    pk: int
    number: str
    name: str


class ArticleSearchForm(forms.Form):
    """What was searched for, as it stands in the address. `warehouses` are those that one can ask about.

    A value that makes no sense is said at its field, and nothing is found.
    """

    sok = forms.CharField(label="Artikel", max_length=100, required=False)
    slag = forms.ChoiceField(
        label="Artikeltyp", choices=[ANY, *ArticleKind.choices], required=False, widget=PlainSelect
    )
    individ = forms.ChoiceField(
        label="Individmärkt", choices=[ANY, ("ja", "Ja"), ("nej", "Nej")], required=False, widget=PlainSelect
    )
    debitering = forms.ChoiceField(
        label="Hyra eller köp", choices=[ANY, *Charging.choices], required=False, widget=PlainSelect
    )
    i_lager = forms.ChoiceField(label="Finns i lager", required=False, widget=PlainSelect)
    leverantor = forms.CharField(
        label="Leverantör",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Nummer eller namn"}),
    )
    iso = forms.RegexField(
        r"^\d{2}( ?\d{2}){0,2}$",
        label="ISO-grupp",
        required=False,
        max_length=8,
        error_messages={"invalid": "Skriv 2, 4 eller 6 siffror, t.ex. 12 06."},
        widget=forms.TextInput(attrs={"placeholder": "t.ex. 12 06"}),
    )
    sortiment = forms.BooleanField(label="Även utanför sortimentet", required=False)
    grupper = forms.BooleanField(label="Visa ISO-grupper", required=False)

    def __init__(self, data: QueryDict, *, warehouses: Sequence[Warehouse | Store]) -> None:
        super().__init__(data, label_suffix="")
        self.warehouses = {warehouse.number: warehouse.pk for warehouse in warehouses}
        choices = [(warehouse.number, f"{warehouse.number} {warehouse.name}") for warehouse in warehouses]
        stores = self.fields["i_lager"]
        assert isinstance(stores, forms.ChoiceField)
        stores.choices = [ANY, *choices]

    def clean_iso(self) -> str:
        return str(self.cleaned_data["iso"]).replace(" ", "")

    def clean_leverantor(self) -> list[int] | None:
        """The suppliers of that number, or with those words in the name."""
        words = self.cleaned_data["leverantor"].split()
        if not words:
            return None
        named = Q()
        for word in words[:8]:
            named &= Q(name__icontains=word)
        suppliers = Party.objects.filter(Q(number=words[0]) | named, is_supplier=True)
        found = list(suppliers.values_list("pk", flat=True)[:MOST_SUPPLIERS])
        if not found:
            raise ValidationError("Ingen leverantör har det numret eller namnet.")
        return found

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("sok", ""))

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter of *Avancerat sök* is on."""
        return any(self.cleaned_data.get(name) for name in NARROWING)

    @property
    def is_open(self) -> bool:
        """Whether *Avancerat sök* has something to show."""
        return any(self.cleaned_data.get(name) or name in self.errors for name in self.fields if name != "sok")

    @property
    def only(self) -> ArticleFilter:
        """The filters of a valid form."""
        values = self.cleaned_data
        return ArticleFilter(
            kind=ArticleKind(values["slag"]) if values["slag"] else None,
            is_numbered=values["individ"] == "ja" if values["individ"] else None,
            charging=Charging(values["debitering"]) if values["debitering"] else None,
            iso_prefix=values["iso"],
            suppliers=values["leverantor"],
            in_stock_in=self.warehouses.get(values["i_lager"]),
            outside_assortment=values["sortiment"],
        )

    def loosened(self) -> dict[str, tuple[ArticleFilter, str]]:
        """For each filter that hides something: what is left without it, and how one says so."""
        only = self.only
        ways = {
            name: (replace(only, **nothing), words)
            for name, (nothing, words) in NARROWING.items()
            if self.cleaned_data[name]
        }
        if not only.outside_assortment:
            ways["sortiment"] = (replace(only, outside_assortment=True), "utanför sortimentet")
        return ways
