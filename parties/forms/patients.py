from django import forms


class PatientSearchForm(forms.Form):
    sok = forms.CharField(label="Sök patient", max_length=100, required=False)
