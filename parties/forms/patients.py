from django import forms

from parties.identity import InvalidIdentityNumber, parse_identity_number

FEWEST_DIGITS = 6  # a date of birth: from here on a number is meant, not a name


class PatientSearchForm(forms.Form):
    sok = forms.CharField(label="Sök patient", max_length=100, required=False)

    def clean_sok(self) -> str:
        """A number that cannot be a person's is said to be wrong, instead of finding nobody."""
        text: str = self.cleaned_data["sok"]
        if sum(character.isdigit() for character in text) >= FEWEST_DIGITS:
            try:
                parse_identity_number(text)
            except InvalidIdentityNumber as error:
                raise forms.ValidationError(str(error)) from error
        return text


class ReasonForm(forms.Form):
    """Why a patient is opened: outside own care, or with protected identity."""

    reason = forms.CharField(
        label="Skäl",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Skriv varför du behöver uppgifterna i vården av patienten, minst 10 tecken.",
        error_messages={
            "required": "Skriv varför du behöver öppna patienten.",
            "min_length": "Skriv skälet med minst 10 tecken.",
        },
    )
