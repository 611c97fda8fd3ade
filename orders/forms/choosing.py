from django import forms


class ChooseForm(forms.Form):
    """The part of the step *Parter* that decides what can be chosen at one of its fields."""

    orderer = forms.CharField(max_length=150, required=False)
    customer = forms.CharField(max_length=120, required=False)
    text = forms.CharField(max_length=120, required=False)


def make_choosable(form: forms.Form, name: str, url: str) -> None:
    """The field finds what can be chosen while one types: a combobox whose hits `url` answers with."""
    form.fields[name].widget.attrs |= {
        "role": "combobox",
        "aria-expanded": "false",
        "aria-controls": f"{name}-list",
        "aria-autocomplete": "list",
        "hx-post": url,
        "hx-trigger": "input changed delay:300ms, choose",
        "hx-target": "next .hits",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
    }
