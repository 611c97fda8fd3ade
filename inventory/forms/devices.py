from typing import Any

from django import forms

from inventory.models import DeviceStatus, Warehouse
from parties.forms.plain import plain_choice
from parties.models import User


class DeviceForm(forms.Form):
    """Which devices. A value that makes no sense filters nothing."""

    sok = forms.CharField(label="Individ", max_length=60, required=False)
    lager = plain_choice(Warehouse, label="Lager")
    artikel = forms.CharField(label="Artikel", max_length=100, required=False)
    status = forms.ChoiceField(label="Status", choices=[("", "Alla"), *DeviceStatus.choices], required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        warehouses = self.fields["lager"]
        assert isinstance(warehouses, forms.ModelChoiceField)
        warehouses.queryset = Warehouse.objects.visible_to(user).order_by("number")
