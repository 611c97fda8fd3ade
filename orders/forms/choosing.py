from django import forms


class ChooseForm(forms.Form):
    """The part of the step *Parter* that decides what can be chosen at one of its fields."""

    orderer = forms.CharField(max_length=150, required=False)
    customer = forms.CharField(max_length=120, required=False)
    text = forms.CharField(max_length=120, required=False)
