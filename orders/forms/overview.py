from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from audit.days import FIRST, LAST
from inventory.models import Warehouse
from orders.models import OrderState, OrderSubtype, OrderType
from orders.numbers import number_matches
from orders.typed_search import findable_patients
from parties.forms.plain import PlainSelect, plain_choice
from parties.models import Party, Patient, User

SHOW = [
    ("att-gora", "Att göra"),
    ("mina", "Mina"),
    ("pagaende", "Pågående"),
    ("restorder", "Restorder"),
    ("utan-utleverans", "Utleverans saknas"),
    ("utkast", "Utkast"),
]
ANY = ("", "Alla")
LARGEST_ID = 2**63 - 1
BETWEEN = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class Day(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OverviewForm(forms.Form):
    """The filters of the overview, as they stand in the address. A value that makes no sense filters nothing."""

    sok = forms.CharField(label="Filtrera", max_length=100, required=False)
    visa = forms.ChoiceField(choices=SHOW, required=False, widget=forms.HiddenInput)
    typ = forms.ChoiceField(choices=OrderType.choices, required=False, widget=forms.HiddenInput)
    undertyp = plain_choice(OrderSubtype, label="Kundordertyp", by="code", words=["name"])
    status = forms.ChoiceField(
        label="Status", choices=[ANY, *OrderState.choices[1:]], required=False, widget=PlainSelect
    )
    lager = plain_choice(Warehouse, label="Lager")
    fran = forms.DateField(label="Registrerad från", required=False, widget=Day(), validators=BETWEEN)
    till = forms.DateField(label="Till och med", required=False, widget=Day(), validators=BETWEEN)
    enhet = plain_choice(Party, label="Enhet")
    patient = forms.IntegerField(min_value=0, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        subtypes, warehouses = self.fields["undertyp"], self.fields["lager"]
        assert isinstance(subtypes, forms.ModelChoiceField)
        assert isinstance(warehouses, forms.ModelChoiceField)
        subtypes.queryset = OrderSubtype.objects.order_by("position", "name")
        if user.is_central:  # who has no direct orders
            subtypes.queryset = subtypes.queryset.filter(is_direct=False)
        warehouses.queryset = Warehouse.objects.visible_to(user).order_by("number")
        units = self.fields["enhet"]
        assert isinstance(units, forms.ModelChoiceField)
        units.widget = forms.HiddenInput()
        if data.get("enhet"):
            units.queryset = Party.objects.visible_to(user)

    def clean_sok(self) -> str:
        """One letter is in nearly every name; a digit may be the whole number of an article."""
        text: str = self.cleaned_data["sok"]
        if len(text) == 1 and number_matches(text) is None:
            raise ValidationError("Skriv minst två bokstäver.")
        return text

    def clean_patient(self) -> Patient | None:
        """Somebody the user may not look for is as little there as nobody."""
        pk = self.cleaned_data["patient"]
        patient = findable_patients(self.user).filter(pk=pk).first() if pk else None
        if pk is not None and patient is None:
            raise ValidationError("Ingen patient hittades.")
        return patient
