"""*Reglera*: which of the open differences of a receipt line, and how it ended."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from orders.differences import Open, open_differences, outcomes_of
from orders.models import DifferenceKind, ReceiptLine, SettlementOutcome


class SettlementForm(forms.Form):
    """One choice says both: `MISSING:LOST`, and of an extra device also which, `EXTRA:FOUND:17`."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(label="Utfall", error_messages={"required": "Välj hur det slutade."})
    quantity = forms.IntegerField(
        label="Antal",
        min_value=1,
        error_messages={"invalid": "Skriv antalet som ett heltal.", "min_value": "Antalet är minst 1."},
    )
    note = forms.CharField(label="Anteckning", max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, line: ReceiptLine) -> None:
        super().__init__(data)
        self.open = open_differences(line)
        sender = line.receipt.delivery.order.sender
        assert sender is not None
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Välj utfall"),
            *(
                (
                    title_of(open_, line.article.unit),
                    [(value_of(open_, outcome), outcome.label) for outcome in outcomes],
                )
                for open_ in self.open
                if (outcomes := outcomes_of(open_, sender))
            ),
        ]
        self.fields["quantity"].initial = self.open[0].quantity if self.open else None
        if line.article.is_numbered:
            self.fields["quantity"].initial = 1
            self.fields["quantity"].disabled = True

    def chosen(self) -> dict[str, Any]:
        """What the valid form says, as `settle_difference` takes it."""
        kind, outcome, *device = self.cleaned_data["outcome"].split(":")
        return {
            "key": self.cleaned_data["key"],
            "kind": DifferenceKind(kind),
            "outcome": SettlementOutcome(outcome),
            "quantity": self.cleaned_data["quantity"],
            "device_id": int(device[0]) if device else None,
            "note": self.cleaned_data["note"],
        }


def title_of(open_: Open, unit: str) -> str:
    what = f"individ {open_.device}" if open_.device else f"{open_.quantity} {unit}"
    return f"{open_.kind.label}: {what}"


def value_of(open_: Open, outcome: SettlementOutcome) -> str:
    named = f":{open_.device.pk}" if open_.device and open_.kind == DifferenceKind.EXTRA else ""
    return f"{open_.kind.value}:{outcome.value}{named}"
