from django import forms
from django.http import QueryDict

from inventory.models import Warehouse
from orders.models import OrderState, OrderSubtype, OrderType
from parties.models import User

SHOW = [
    ("att-gora", "Att göra"),
    ("mina", "Mina"),
    ("restorder", "Restorder"),
    ("utan-utleverans", "Utleverans saknas"),
    ("utkast", "Utkast"),
]
ANY = ("", "Alla")
LARGEST_ID = 2**63 - 1


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
    undertyp = forms.ModelChoiceField(
        OrderSubtype.objects.none(), label="Kundordertyp", required=False, to_field_name="code", empty_label="Alla"
    )
    status = forms.ChoiceField(label="Status", choices=[ANY, *OrderState.choices[1:]], required=False)
    lager = forms.ModelChoiceField(
        Warehouse.objects.none(), label="Lager", required=False, to_field_name="number", empty_label="Alla"
    )
    fran = forms.DateField(label="Registrerad från", required=False, widget=Day())
    till = forms.DateField(label="Till och med", required=False, widget=Day())
    efter = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        subtypes, warehouses = self.fields["undertyp"], self.fields["lager"]
        assert isinstance(subtypes, forms.ModelChoiceField)
        assert isinstance(warehouses, forms.ModelChoiceField)
        subtypes.queryset = OrderSubtype.objects.order_by("position", "name")
        warehouses.queryset = Warehouse.objects.visible_to(user).order_by("number")
