"""*Restorder*: the filters of the list, the reason to move somebody forward, and the expected date."""

from datetime import date

from django import forms
from django.http import QueryDict

from inventory.models import Warehouse
from orders.access import queue_warehouses
from orders.backorders import articles_waited_for, municipalities_waiting_in
from parties.forms.plain import plain_choice
from parties.models import Party, User

from .overview import Day

DATES = [("", "Alla"), ("saknas", "Utan väntat datum"), ("passerat", "Datumet har passerat")]


class QueueFilter(forms.Form):
    """Which warehouse's queues, and which articles. A value that makes no sense filters nothing."""

    lager = plain_choice(Warehouse, label="Lager", empty_label=None)
    sok = forms.CharField(label="Artikel", max_length=100, required=False)
    kommun = plain_choice(Party, label="Kommun")
    datum = forms.ChoiceField(label="Väntat datum", choices=DATES, required=False)
    efter = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        warehouses, municipalities = self.fields["lager"], self.fields["kommun"]
        assert isinstance(warehouses, forms.ModelChoiceField)
        assert isinstance(municipalities, forms.ModelChoiceField)
        warehouses.queryset = queue_warehouses(user)
        self.warehouses = list(warehouses.queryset)
        chosen = [warehouse for warehouse in self.warehouses if warehouse.number == data.get("lager")]
        self.warehouse: Warehouse | None = next(iter(chosen or self.warehouses), None)
        municipalities.queryset = municipalities_waiting_in(self.warehouse)
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("sok", "kommun", "datum"))

    def articles(self, today: date, most: int) -> list[int]:
        """The first articles whose queues the filters leave, after the one that the page before ended with."""
        values = self.cleaned_data
        return articles_waited_for(
            self.warehouse,
            most=most,
            today=today,
            text=values.get("sok", ""),
            municipality=values.get("kommun"),
            dated=values.get("datum", ""),
            after=values.get("efter", ""),
        )


class MoveForwardForm(forms.Form):
    reason = forms.CharField(
        label="Varför",
        max_length=120,
        help_text="Beställaren ser skälet. Skriv inget om patienten.",
        error_messages={"required": "Skriv varför ordern ska gå före de andra."},
    )


class ExpectedDateForm(forms.Form):
    """An empty day says that the warehouse no longer knows."""

    day = forms.DateField(
        label="Väntas in",
        required=False,
        widget=Day(),
        error_messages={"invalid": "Skriv dagen som 2026-05-12."},
    )
