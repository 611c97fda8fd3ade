import uuid

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from inventory.models import Article, Warehouse
from inventory.operations.receiving import Arrival
from inventory.series import SeriesImpossible, series
from parties.forms.plain import PlainModelChoiceField, PlainSelect
from parties.models import Party, User

from .article_rows import APART, MAX_QUANTITY, NUMBER_LENGTH, ArticleRow, article_rows, numbers_field

SERIAL_LENGTH = 60
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


class ArrivalForm(ArticleRow):
    """One row: an article and how many; for a numbered one its devices, given one by one or as a series."""

    of_devices = ("devices", "first", "serials")

    devices = numbers_field("Individnummer", NUMBER_LENGTH)
    first = forms.CharField(label="Serie från", max_length=NUMBER_LENGTH, required=False)
    serials = numbers_field("Serienummer", SERIAL_LENGTH)

    def clean_devices(self) -> tuple[str, ...]:
        return _split(self.cleaned_data["devices"].upper(), NUMBER_LENGTH, "individnummer")

    def clean_first(self) -> str:
        return str(self.cleaned_data["first"]).upper()

    def clean_serials(self) -> tuple[str, ...]:
        return _split(self.cleaned_data["serials"], SERIAL_LENGTH, "serienummer")

    def _clean_numbered(self, article: Article) -> None:
        values = self.cleaned_data
        if values["first"]:
            self._make_series()
        elif not values["devices"]:
            self.add_error("devices", f"{article} är individmärkt. Ange ett nummer för varje exemplar, eller en serie.")
        elif len(values["devices"]) > MAX_QUANTITY:
            self.add_error("devices", "Högst 9 999 på en rad.")
        else:
            self._require_as_many(len(values["devices"]))
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


ArrivalRows = article_rows(ArrivalForm, shown=5)
