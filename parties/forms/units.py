from django import forms

from parties.models import User, UserCustomer


class UnitForm(forms.Form):
    """Which of the person's units to act for."""

    unit = forms.TypedChoiceField(
        label="Enhet",
        coerce=int,
        error_messages={"required": "Välj en enhet.", "invalid_choice": "Välj en av dina enheter."},
    )

    def __init__(self, data: object = None, *, user: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # None is an unbound form
        self.links = {link.customer_id: link for link in user.memberships}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]  # a choice field, as declared above
            (pk, str(link.customer)) for pk, link in self.links.items()
        ]
        self.current = user.acting

    def chosen(self) -> UserCustomer:
        return self.links[self.cleaned_data["unit"]]
