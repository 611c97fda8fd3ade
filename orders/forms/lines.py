"""The step *Orderrader*: the search, and one row."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.models import Article, Charging, Device, Warehouse
from inventory.models.article import ArticleKind
from inventory.search import ArticleFilter
from orders.operations.editing import MAX_QUANTITY

ANY = ("", "Alla")
QUANTITY_ERRORS = {
    "required": "Skriv hur många.",
    "invalid": "Skriv antalet som ett heltal.",
    "min_value": "Antalet är minst 1.",
    "max_value": f"Antalet är högst {MAX_QUANTITY}.",
}


class ArticleSearchForm(forms.Form):
    """The search box and *Avancerat sök*, as they stand in the address."""

    sok = forms.CharField(label="Artikel", max_length=100, required=False)
    slag = forms.ChoiceField(label="Artikeltyp", choices=[ANY, *ArticleKind.choices], required=False)
    individ = forms.ChoiceField(label="Individmärkt", choices=[ANY, ("ja", "Ja"), ("nej", "Nej")], required=False)
    debitering = forms.ChoiceField(label="Hyra eller köp", choices=[ANY, *Charging.choices], required=False)
    iso = forms.RegexField(
        r"^\d{2}( ?\d{2}){0,2}$",
        label="ISO-grupp",
        required=False,
        max_length=8,
        error_messages={"invalid": "Skriv 2, 4 eller 6 siffror, t.ex. 12 06."},
        widget=forms.TextInput(attrs={"placeholder": "t.ex. 12 06"}),
    )
    i_lager = forms.BooleanField(label="Bara det som finns hos avsändaren", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter of *Avancerat sök* is on."""
        values = getattr(self, "cleaned_data", {})
        return any(values.get(name) for name in ("slag", "individ", "debitering", "iso", "i_lager"))

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("sok", ""))

    def only(self, sender: Warehouse | None) -> ArticleFilter:
        """The filters of a valid form, for a draft with that sender."""
        values: dict[str, Any] = self.cleaned_data
        return ArticleFilter(
            kind=ArticleKind(values["slag"]) if values["slag"] else None,
            is_numbered=values["individ"] == "ja" if values["individ"] else None,
            charging=Charging(values["debitering"]) if values["debitering"] else None,
            iso_prefix=values["iso"].replace(" ", ""),
            in_stock_in=sender if values["i_lager"] else None,
        )


class LineForm(forms.Form):
    """How many, and which device of a numbered article. `devices` are those that can be chosen."""

    quantity = forms.IntegerField(
        label="Antal", min_value=1, max_value=MAX_QUANTITY, initial=1, error_messages=QUANTITY_ERRORS
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        article: Article,
        devices: list[Device],
        must_choose: bool,
        form_id: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"id_{form_id}_%s")
        self.article, self.devices, self.form_id = article, devices, form_id
        self.fields["quantity"].widget.attrs |= {"aria-label": "Antal", "form": form_id, "inputmode": "numeric"}
        if article.is_numbered:
            self._add_device(must_choose)

    def _add_device(self, must_choose: bool) -> None:
        empty = "Välj individ" if must_choose else "Väljs vid plock"
        self.fields["device"] = forms.CharField(
            label="Individ",
            required=False,
            max_length=20,
            widget=forms.Select(
                choices=[("", empty), *((device.number, device.number) for device in self.devices)],
                attrs={"aria-label": "Individ", "form": self.form_id},
            ),
        )
        if must_choose and len(self.devices) == 1:
            self.initial.setdefault("device", self.devices[0].number)

    def clean(self) -> dict[str, Any]:
        """A device sent for an article that has none is refused, never left out in silence."""
        number = self.data.get("device", "").strip()
        if number and "device" not in self.fields:
            raise ValidationError(f"{self.article} är inte individmärkt.")
        return self.cleaned_data

    def clean_device(self) -> Device | None:
        number = self.cleaned_data["device"].upper()
        if not number:
            return None
        device = Device.objects.filter(number=number).first()
        if device is None:
            raise ValidationError(f"Individ {number} finns inte.")
        return device

    def refuse(self, message: str, field: str) -> None:
        """Show at the row what the operation answered."""
        self.add_error(field if field in self.fields else None, message)
