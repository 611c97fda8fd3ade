import re
import uuid

from django import forms
from django.db.models import QuerySet
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from inventory.models import Article, Warehouse
from inventory.operations.receiving import Arrival
from parties.models import Party, User

ROWS = 5
MAX_ROWS = 50
MAX_QUANTITY = 9_999


def receiving_warehouses(user: User) -> QuerySet[Warehouse]:
    """The warehouses that the user may take goods into: lager 10 for HMS, the own stores for a municipality."""
    if user.is_central:
        return Warehouse.objects.central().order_by("number")
    return Warehouse.objects.owned_by_units_of(user).order_by("number")


class GoodsReceiptForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    warehouse = forms.ModelChoiceField(Warehouse.objects.none(), label="Lager", empty_label=None)
    supplier = forms.ModelChoiceField(
        Party.objects.filter(is_supplier=True, is_active=True).order_by("name"), label="Leverantör", required=False
    )
    reference = forms.CharField(
        label="Referens", max_length=60, required=False, help_text="Leverantörens följesedel eller vårt inköpsnummer."
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = receiving_warehouses(user)


class ArrivalForm(forms.Form):
    """One row: an article and how many, or the numbers of the devices that came."""

    article = forms.CharField(label="Artikel", max_length=20, required=False)
    quantity = forms.IntegerField(label="Antal", min_value=1, max_value=MAX_QUANTITY, required=False)
    devices = forms.CharField(label="Individnummer", max_length=4_000, required=False)

    def clean_article(self) -> Article | None:
        if not (number := self.cleaned_data["article"]):
            return None
        try:
            return Article.objects.get(number=number)
        except Article.DoesNotExist:
            raise forms.ValidationError(f"Artikel {number} finns inte.") from None

    def clean_devices(self) -> tuple[str, ...]:
        numbers = tuple(re.split(r"[\s,;]+", self.cleaned_data["devices"].strip().upper()))
        if too_long := [number for number in numbers if len(number) > 20]:
            raise forms.ValidationError(f"{too_long[0][:20]}… är för långt för ett individnummer.")
        return tuple(number for number in numbers if number)

    def clean(self) -> None:
        article, quantity = self.cleaned_data.get("article"), self.cleaned_data.get("quantity")
        devices = self.cleaned_data.get("devices", ())
        if article is None:
            if (quantity or devices) and not self.errors:
                self.add_error("article", "Ange artikel.")
        elif article.is_numbered:
            if not devices and "devices" not in self.errors:
                self.add_error("devices", f"{article} är individmärkt. Ange ett individnummer för varje exemplar.")
            elif quantity and quantity != len(devices):
                self.add_error("quantity", f"Antalet är {quantity}, men {len(devices)} individnummer är angivna.")
        elif devices:
            self.add_error("devices", f"{article} är inte individmärkt. Ange bara antal.")
        elif not quantity and "quantity" not in self.errors:
            self.add_error("quantity", "Ange antal.")

    @property
    def arrival(self) -> Arrival | None:
        """What the valid row says came; None for an empty row."""
        article = self.cleaned_data.get("article")
        if article is None:
            return None
        if devices := self.cleaned_data["devices"]:
            return Arrival(article=article, device_numbers=devices)
        return Arrival(article=article, quantity=self.cleaned_data["quantity"])


ArrivalFormSet: "type[BaseFormSet[ArrivalForm]]" = forms.formset_factory(
    ArrivalForm, extra=ROWS, max_num=MAX_ROWS, absolute_max=MAX_ROWS
)
