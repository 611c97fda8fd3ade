from django import forms

from orders.models import FailureReason


class FailureForm(forms.Form):
    """*Leverans misslyckad*: why the goods come back."""

    reason = forms.TypedChoiceField(
        label="Orsak",
        choices=[("", "Välj orsak"), *FailureReason.choices],
        coerce=FailureReason,
        error_messages={"required": "Välj varför leveransen misslyckades."},
        help_text="Varorna räknas in i lagret igen. Är något skadat: rätta saldot innan du bokar en ny leverans.",
    )
    note = forms.CharField(
        label="Anteckning",
        max_length=200,
        required=False,
        help_text="Det som den behöver veta som bokar ny leverans. Syns för beställaren.",
    )
