from django import forms


class FindForm(forms.Form):
    """The search box of the page head."""

    sokord = forms.CharField(label="Sök", max_length=100, required=False)
