from django import forms
from django.http import QueryDict

from orders.models import Delivery
from orders.models.delivery import DeliveryQuerySet


class DeliveryScanForm(forms.Form):
    """The number on a delivery note, scanned or typed: of the delivery, or of an order with one on its way."""

    kod = forms.CharField(
        label="Utleveransnummer",
        max_length=40,
        error_messages={"required": "Skanna eller skriv numret på följesedeln."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, deliveries: DeliveryQuerySet, waiting: DeliveryQuerySet
    ) -> None:
        """`deliveries` are those to the user's stores, `waiting` those of them that have not been received."""
        super().__init__(data, label_suffix="")
        self.deliveries, self.waiting = deliveries, waiting

    def clean_kod(self) -> Delivery:
        code = self.cleaned_data["kod"].strip().upper()
        if found := self.deliveries.filter(number=code).first():
            return found
        of_order = list(self.waiting.filter(order__number=code).order_by("at", "pk")[:2])
        if len(of_order) == 1:
            return of_order[0]
        if of_order:
            raise forms.ValidationError(f"Flera utleveranser av {code} är på väg. Välj i listan.")
        raise forms.ValidationError(f"{code} är ingen utleverans till ditt lager. Kontrollera numret på följesedeln.")
