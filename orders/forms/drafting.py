import uuid

from django import forms
from django.http import QueryDict

from orders.models import OrderSubtype, OrderType


class OrderTypeForm(forms.Form):
    """Which kundordertyp; the key is made with the page, so that pressing twice makes one draft."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": "Ladda om sidan och försök igen.", "invalid": "Ladda om sidan och försök igen."},
    )
    subtype = forms.ModelChoiceField(
        OrderSubtype.objects.none(),
        label="Kundordertyp",
        widget=forms.RadioSelect,
        to_field_name="code",
        empty_label=None,
        error_messages={"required": "Välj kundordertyp.", "invalid_choice": "Välj en av kundordertyperna."},
    )

    def __init__(self, data: QueryDict | None = None, *, type: OrderType, current: OrderSubtype | None = None) -> None:
        super().__init__(data)
        offered = OrderSubtype.objects.offered().filter(type=type)
        field = self.fields["subtype"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offered
        self.subtypes = list(offered)
        if current:
            self.initial["subtype"] = current.code
            del self.fields["key"]
        elif len(self.subtypes) == 1:
            self.initial["subtype"] = self.subtypes[0].code

    @property
    def chosen(self) -> str:
        """The code that is, or will be, marked."""
        return str(self["subtype"].value() or "")


class WishesForm(forms.Form):
    """What the orderer asks of the delivery."""

    is_urgent = forms.BooleanField(
        label="Brådskande", required=False, help_text="Plockas före andra och får först av det som kommer in."
    )
    only_complete = forms.BooleanField(
        label="Leverera endast komplett", required=False, help_text="Inget skickas förrän allt kan skickas."
    )
