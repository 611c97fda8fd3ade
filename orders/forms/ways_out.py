"""*Ta från eget lager* and *Ta en likvärdig artikel*: how many of what a line waits for."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from inventory.models import Article
from orders.models import Order
from orders.operations.editing import MAX_QUANTITY
from orders.ways_out import WaysOut

from .lines import QUANTITY_ERRORS


class _WayOutForm(forms.Form):
    quantity = forms.IntegerField(label="Antal", min_value=1, max_value=MAX_QUANTITY, error_messages=QUANTITY_ERRORS)

    def refuse(self, message: str, field: str) -> None:
        """Show at the field what the operation answered."""
        self.add_error(field if field in self.fields else None, message)


class OwnStoreForm(_WayOutForm):
    """The page's key, so that pressing twice makes one order."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Ladda om sidan och försök igen."})

    def __init__(self, data: QueryDict | None = None, *, ways: WaysOut) -> None:
        initial = {"key": uuid4(), "quantity": min(ways.line.backordered, ways.in_store)}
        super().__init__(data, auto_id="id_eget_%s", initial=initial)


class SubstituteForm(_WayOutForm):
    """Which of the equivalents that the page shows; `version` is the order's, so that pressing twice is once."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)
    article = forms.ModelChoiceField(
        Article.objects.none(),
        label="Artikel",
        to_field_name="number",
        error_messages={"required": "Välj en artikel.", "invalid_choice": "Den artikeln finns inte att ta nu."},
    )

    def __init__(self, data: QueryDict | None = None, *, order: Order, ways: WaysOut) -> None:
        choices, rest = ways.equivalents, ways.line.backordered
        initial: dict[str, Any] = {"version": order.version, "quantity": rest}
        if len(choices) == 1:
            initial |= {"article": choices[0].article.number, "quantity": min(rest, choices[0].available)}
        super().__init__(data, auto_id="id_likvardig_%s", initial=initial)
        field = self.fields["article"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Article.objects.filter(pk__in=[choice.article.pk for choice in choices])

    @property
    def chosen(self) -> str:
        """The number of the article whose radio button is on."""
        return str(self["article"].value() or "")
