"""The delivery page: a key made with the page, and for each line what goes out."""

from typing import Any

from django import forms
from django.http import QueryDict

from orders.availability import LineStock
from orders.models import Delivery, Order
from orders.operations.delivering import Pick


class DeliveryForm(forms.Form):
    """The page's key, so that pressing twice makes one delivery; `everything` when the order page asks."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def clean_key(self) -> object:
        key = self.cleaned_data["key"]
        if Delivery.objects.filter(key=key).exclude(order=self.order).exists():
            raise forms.ValidationError("Sidan har använts till en annan order. Ladda om den och försök igen.")
        return key


class LineForm(forms.Form):
    """One line: a quantity, or for a numbered article one choice of device for each unit that can go."""

    def __init__(self, data: QueryDict | None = None, *, stock: LineStock) -> None:
        super().__init__(data, prefix=f"rad-{stock.line.pk}")
        self.stock = stock
        if stock.line.article.is_numbered:
            self._add_devices()
        else:
            self._add_quantity()

    def _add_quantity(self) -> None:
        line = self.stock.line
        self.fields["quantity"] = forms.IntegerField(
            label=f"Antal {line.article}",
            min_value=0,
            max_value=line.remaining,
            initial=self.stock.proposed,
            required=False,
            error_messages={
                "invalid": "Skriv antalet som ett heltal.",
                "min_value": "Antalet kan inte vara mindre än 0.",
                "max_value": f"{line.remaining} återstår att leverera.",
            },
            widget=forms.NumberInput(attrs={"aria-label": f"Antal {line.article}", "inputmode": "numeric"}),
        )

    def _add_devices(self) -> None:
        line, devices = self.stock.line, self.stock.devices
        choices = [("", "Ingen nu"), *((str(device.pk), device.number) for device in devices)]
        for number in range(1, min(line.remaining, len(devices)) + 1):
            chosen = devices[number - 1] if number <= self.stock.proposed else None
            label = f"Individ {number} av {line.article}"
            self.fields[f"device_{number}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                initial=str(chosen.pk) if chosen else "",
                required=False,
                error_messages={"invalid_choice": "Individen finns inte här eller är upptagen. Välj en annan."},
                widget=forms.Select(attrs={"aria-label": label}),
            )

    def clean(self) -> dict[str, Any]:
        chosen = self.device_ids()
        if len(set(chosen)) != len(chosen):
            self.add_error("device_1", "Samma individ är vald två gånger.")
        return self.cleaned_data

    def device_ids(self) -> tuple[int, ...]:
        values = (value for name, value in self.cleaned_data.items() if name.startswith("device_"))
        return tuple(int(value) for value in values if value)

    def pick(self) -> Pick | None:
        """What the form says shall go; none for a line that stays."""
        devices = self.device_ids()
        quantity = len(devices) or self.cleaned_data.get("quantity") or 0
        return Pick(line_id=self.stock.line.pk, quantity=quantity, device_ids=devices) if quantity else None

    def refuse(self, message: str) -> None:
        """Show at this line what the operation answered."""
        self.add_error(next(iter(self.fields), None), message)
