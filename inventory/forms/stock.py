from typing import Any

from django import forms
from django.utils.safestring import SafeString

from inventory.models import Warehouse
from parties.forms.plain import PlainSelect, plain_choice
from parties.models import User


class StockForm(forms.Form):
    """Which warehouse's balances, and which articles. A value that makes no sense filters nothing."""

    lager = plain_choice(Warehouse, label="Lager", empty_label=None)
    sok = forms.CharField(label="Artikel", max_length=100, required=False)
    fyll_pa = forms.BooleanField(label="Bara under beställningspunkten", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        warehouses = self.fields["lager"]
        assert isinstance(warehouses, forms.ModelChoiceField)
        warehouses.queryset = Warehouse.objects.visible_to(user).order_by("number")

    def choice_of(self, shown: Warehouse | None) -> SafeString:
        """The field with the warehouse that is shown chosen in it, whether it was asked for or not."""
        widget = self.fields["lager"].widget
        assert isinstance(widget, PlainSelect)
        return widget.render("lager", shown.number if shown else None, {"id": "id_lager"})
