from typing import Any

from django import forms
from django.http import QueryDict

from orders.models import DeliveryLine
from orders.operations.receiving import Shortage


class ReceiptLineForm(forms.Form):
    """What came of one delivery line, and why if it was less than was sent."""

    received = forms.IntegerField(
        label="Mottaget",
        min_value=0,
        error_messages={
            "invalid": "Skriv antalet som ett heltal.",
            "required": "Skriv hur många som kom, 0 om inget kom.",
            "min_value": "Antalet kan inte vara mindre än 0.",
        },
    )
    reason = forms.CharField(label="Orsak", max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, line: DeliveryLine) -> None:
        super().__init__(data, prefix=f"rad-{line.pk}", initial={"received": line.quantity})
        self.line = line
        what = f"{line.order_line.article}" + (f" {line.device}" if line.device else "")
        self.fields["received"].widget.attrs |= {"aria-label": f"Mottaget {what}", "max": line.quantity}
        self.fields["reason"].widget.attrs |= {"aria-label": f"Orsak {what}", "placeholder": "Om något saknas"}

    def clean_received(self) -> int:
        received: int = self.cleaned_data["received"]
        if received > self.line.quantity:
            raise forms.ValidationError(f"{self.line.quantity} skickades. Fler än så kan inte kvitteras här.")
        return received

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        is_short = "received" in data and data["received"] < self.line.quantity
        if is_short and "reason" not in self.errors and not data["reason"]:
            self.add_error("reason", "Skriv varför det saknas.")
        return data

    def shortage(self) -> Shortage:
        return Shortage(received=self.cleaned_data["received"], reason=self.cleaned_data["reason"])
