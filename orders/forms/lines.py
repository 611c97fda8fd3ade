"""The step *Orderrader*: one row."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.models import Article, Device
from orders.operations.editing import MAX_QUANTITY
from parties.forms.plain import PlainSelect

QUANTITY_ERRORS = {
    "required": "Skriv hur många.",
    "invalid": "Skriv antalet som ett heltal.",
    "min_value": "Antalet är minst 1.",
    "max_value": f"Antalet är högst {MAX_QUANTITY}.",
}


def form_id_of(article: Article) -> str:
    """What the form at a hit is called: its fields stand in other cells of the row."""
    return f"add-{article.pk}"


def device_choices(devices: Sequence[Device], *, must_choose: bool) -> list[tuple[str, str]]:
    empty = "Välj individ" if must_choose else "Väljs vid plock"
    return [("", empty), *((device.number, device.number) for device in devices)]


class LineForm(forms.Form):
    """How many, and which device of a numbered article. `devices` are those that can be chosen.

    `named` is the device that was searched for: it is chosen already, or `why_not` says why it cannot be.
    """

    quantity = forms.IntegerField(
        label="Antal",
        min_value=1,
        max_value=MAX_QUANTITY,
        initial=1,
        widget=forms.NumberInput,
        error_messages=QUANTITY_ERRORS,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        article: Article,
        devices: list[Device],
        must_choose: bool,
        form_id: str,
        initial: dict[str, Any] | None = None,
        named: Device | None = None,
        why_not: str = "",
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"id_{form_id}_%s")
        self.why_not = why_not if named and named not in devices else ""
        self.article, self.devices, self.form_id = article, devices, form_id
        self.fields["quantity"].widget.attrs |= {"aria-label": "Antal", "form": form_id, "inputmode": "numeric"}
        if article.is_numbered:
            self._add_device(must_choose)
            if named in devices:
                self.initial.setdefault("device", str(named))

    def _add_device(self, must_choose: bool) -> None:
        self.fields["device"] = forms.CharField(
            label="Individ",
            required=False,
            max_length=20,
            widget=PlainSelect(
                choices=device_choices(self.devices, must_choose=must_choose),
                attrs={"aria-label": "Individ", "form": self.form_id},
            ),
        )
        if must_choose and len(self.devices) == 1 and not self.why_not:
            self.initial.setdefault("device", self.devices[0].number)

    def clean(self) -> dict[str, Any]:
        """A device sent for an article that has none is refused, never left out in silence."""
        number = self.data.get("device", "").strip()
        if number and "device" not in self.fields:
            raise ValidationError(f"{self.article} är inte individmärkt.")
        return self.cleaned_data

    def clean_device(self) -> Device | None:
        number = self.cleaned_data["device"].upper()
        if not number:
            return None
        device = Device.objects.filter(number=number).first()
        if device is None:
            raise ValidationError(f"Individ {number} finns inte.")
        return device

    def refuse(self, message: str, field: str) -> None:
        """Show at the row what the operation answered."""
        self.add_error(field if field in self.fields else None, message)
