from django import forms
from django.http import QueryDict

from inventory.models import Warehouse
from inventory.queries import warehouses_of
from orders.models import OrderType
from parties.forms.plain import PlainSelect, plain_choice
from parties.models import Party, User

from .overview import LARGEST_ID


class WorkListForm(forms.Form):
    """The filters of the work list, as they stand in the address. A value that makes no sense filters nothing."""

    per = forms.ChoiceField(choices=[("artikel", "Per artikel")], required=False, widget=forms.HiddenInput)
    visa = forms.ChoiceField(
        choices=[("mina", "Mina plock"), ("vantar", "Väntar på varor")], required=False, widget=forms.HiddenInput
    )
    artikel = forms.CharField(label="Artikel", max_length=100, required=False)
    typ = forms.ChoiceField(
        label="Ordertyp", choices=[("", "Alla"), *OrderType.choices], required=False, widget=PlainSelect
    )
    kommun = plain_choice(Party, label="Kommun")
    lager = plain_choice(Warehouse, label="Lager")
    efter = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        towns, stores = self.fields["kommun"], self.fields["lager"]
        assert isinstance(towns, forms.ModelChoiceField)
        assert isinstance(stores, forms.ModelChoiceField)
        towns.queryset = Party.objects.visible_to(user).filter(is_municipality=True).order_by("name")
        stores.queryset = Warehouse.objects.filter(pk__in=warehouses_of(user)).order_by("number")

    def has_choice(self, name: str) -> bool:
        """Whether there is more than one to choose from: most people work in one warehouse of one municipality."""
        if name == "lager":
            return len(warehouses_of(self.user)) > 1  # which the page looks up in any case
        if not self.user.is_central and len(self.user.municipality_ids) < 2:
            return False  # without asking
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        choices = list(iter(field.iterator(field)))  # of the iterator itself `list` would ask how long it is
        field.choices = choices  # asked once: if there are several, they are shown
        return len(choices) > 2  # with *Alla*
