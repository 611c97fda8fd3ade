from django import forms

from orders.models import CancelReason


class CancelForm(forms.Form):
    """Why, and which version of the order the page shows."""

    reason = forms.ChoiceField(
        label="Orsak",
        choices=[("", "Välj orsak"), *CancelReason.choices],
        error_messages={"required": "Välj varför det makuleras.", "invalid_choice": "Välj en orsak i listan."},
    )
    version = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Ladda om sidan."}
    )
