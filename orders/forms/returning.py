import uuid
from typing import Any

from django import forms

from inventory.models import Warehouse
from orders.forms.article_rows import MAX_QUANTITY
from orders.forms.goods_receipt import receiving_warehouses
from orders.models import ReturnOutcome
from parties.forms.plain import PlainModelChoiceField
from parties.models import User


class ReturnSearchForm(forms.Form):
    sok = forms.CharField(label="Individnummer, ordernummer eller vårdenhet", max_length=40, required=False)


class ReturnForm(forms.Form):
    """How much of one holding came back, and to which warehouse."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    quantity = forms.IntegerField(label="Antal", min_value=1, max_value=MAX_QUANTITY)
    warehouse = PlainModelChoiceField(Warehouse.objects.none(), label="Till lager", empty_label=None)
    note = forms.CharField(label="Anteckning", max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = receiving_warehouses(user)


class ReturnCheckForm(forms.Form):
    outcome = forms.ChoiceField(choices=ReturnOutcome.choices)
