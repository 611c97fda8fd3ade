from typing import Any

from django import forms

from orders.models import CancelReason, Order


def reasons_for(order: Order) -> list[tuple[str, str]]:
    """The reasons that can be true of the order; nobody has died where there is no patient."""
    has_patient = order.recipient_patient_id is not None
    return [(value, label) for value, label in CancelReason.choices if has_patient or value != CancelReason.DECEASED]


class CancelForm(forms.Form):
    """Why, and which version of the order the page shows."""

    reason = forms.ChoiceField(
        label="Orsak",
        error_messages={"required": "Välj varför det makuleras.", "invalid_choice": "Välj en orsak i listan."},
    )
    version = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Ladda om sidan."}
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "Välj orsak"), *reasons_for(order)]  # type: ignore[attr-defined]  # as above
