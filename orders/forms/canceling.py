from django import forms

from orders.models import CancelReason


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label="Orsak",
        choices=[("", "Välj orsak"), *CancelReason.choices],
        error_messages={"required": "Välj varför ordern makuleras.", "invalid_choice": "Välj en orsak i listan."},
    )
