"""The delivery page: a key made with the page, and for each line what goes out."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from inventory.models import Device, Warehouse
from orders.availability import LineStock
from orders.devices import holding_lines, why_not
from orders.models import Delivery, Order
from orders.operations.delivering import Pick

BETWEEN = re.compile(r"[\s,;]+")
LONGEST = 20


class DeliveryForm(forms.Form):
    """The page's key, so that pressing twice makes one delivery; `everything` when the order page asks."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def clean_key(self) -> object:
        key = self.cleaned_data["key"]
        if Delivery.objects.filter(key=key).exclude(order=self.order).exists():
            raise forms.ValidationError("Sidan har använts till en annan order. Ladda om den och försök igen.")
        return key


class DevicesField(forms.MultipleChoiceField):
    """Ticked devices. Which can go is looked at for all lines at once (`check_devices`), with a sentence of its own."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return value.isascii() and value.isdigit() and len(value) < 19


class LineForm(forms.Form):
    """One line: a quantity, or for a numbered article devices, scanned or typed, or ticked in the list.

    `is_taken`: somebody else is picking the line, so that nothing of it is proposed. What was scanned takes the place
    of an untouched proposal.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        stock: LineStock,
        is_taken: bool = False,
        chosen: Sequence[Device] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=f"rad-{stock.line.pk}", initial=initial)
        self.stock = stock
        self.chosen: list[Device] = list(chosen or ())
        self.proposed = [] if is_taken or chosen is not None else list(stock.devices[: stock.proposed])
        if stock.line.article.is_numbered:
            self._add_devices()
        else:
            self._add_quantity(0 if is_taken else stock.proposed)

    def _add_quantity(self, initial: int) -> None:
        line = self.stock.line
        self.fields["quantity"] = forms.IntegerField(
            label=f"Antal {line.article}",
            min_value=0,
            max_value=line.remaining,
            initial=initial,
            required=False,
            error_messages={
                "invalid": "Skriv antalet som ett heltal.",
                "min_value": "Antalet kan inte vara mindre än 0.",
                "max_value": f"{line.remaining} återstår att leverera.",
            },
            widget=forms.NumberInput(attrs={"aria-label": f"Antal {line.article}", "inputmode": "numeric"}),
        )

    def _add_devices(self) -> None:
        line = self.stock.line
        self.fields["numbers"] = forms.CharField(
            label=f"Individnummer {line.article}", required=False, max_length=10_000
        )
        self.fields["devices"] = DevicesField(
            label=f"Lediga individer av {line.article}",
            initial=[str(device.pk) for device in self.chosen or self.proposed],
            required=False,
            error_messages={"invalid_choice": "Individen finns inte. Välj en annan."},
        )
        self.show(self.chosen)
        proposed = ",".join(str(device.pk) for device in self.proposed if not line.device_id)
        self.fields["proposal"] = forms.CharField(required=False, initial=proposed, widget=forms.HiddenInput)

    def show(self, devices: Iterable[Device]) -> None:
        """Show these first in the list of devices to tick, and then the free ones."""
        shown = {device.pk: device for device in (*devices, *self.stock.devices)}
        field = self.fields["devices"]
        assert isinstance(field, DevicesField)
        field.choices = [(str(device.pk), device.number) for device in shown.values()]

    @property
    def is_proposal(self) -> bool:
        """Whether the ticks shown are what the program proposes, and nobody has chosen."""
        return bool(self.fields.get("proposal") and self["proposal"].value())

    def numbers(self) -> list[str]:
        return [number for number in BETWEEN.split(self.cleaned_data.get("numbers", "")) if number]

    def ticked(self) -> list[int]:
        """The ticked devices, unless they are the program's own proposal and something was scanned instead."""
        ticked: list[str] = self.cleaned_data.get("devices", [])
        proposal = [pk for pk in self.cleaned_data.get("proposal", "").split(",") if pk]
        return [] if self.numbers() and set(ticked) == set(proposal) else [int(pk) for pk in ticked]

    def choose(self, device: Device, field: str, refusal: str) -> None:
        """Take a device that the form names, or say at its field why it cannot go."""
        if device in self.chosen:
            refusal = f"{device} står två gånger."
        if refusal:
            self.add_error(field, refusal)
        else:
            self.chosen.append(device)

    def require_no_more_than_remains(self) -> None:
        if len(self.chosen) > self.stock.line.remaining:
            self.add_error(
                "numbers", f"{len(self.chosen)} är valda, men {self.stock.line.remaining} återstår att leverera."
            )

    def pick(self) -> Pick | None:
        """What the form says shall go; none for a line that stays."""
        devices = tuple(device.pk for device in self.chosen)
        quantity = len(devices) or self.cleaned_data.get("quantity") or 0
        return Pick(line_id=self.stock.line.pk, quantity=quantity, device_ids=devices) if quantity else None

    def refuse(self, message: str) -> None:
        """Show at this line what the operation answered."""
        self.add_error(next(iter(self.fields), None), message)

    def again(self) -> "LineForm":
        """The line as it is asked for again when a number has been added: what was chosen is ticked."""
        return LineForm(stock=self.stock, chosen=self.chosen, initial={"quantity": self.cleaned_data.get("quantity")})


def check_devices(rows: Sequence[LineForm], sender: Warehouse) -> None:
    """Find the devices that the valid forms name, in two statements, and choose each or refuse it at its field."""
    rows = [row for row in rows if "numbers" in row.fields and row.is_valid()]
    typed = {number[:LONGEST] for row in rows for number in row.numbers()}
    ticked = {pk for row in rows for pk in row.ticked()}
    if not typed and not ticked:
        return
    named = Q(number__in=typed | {number.upper() for number in typed}) | Q(pk__in=ticked)
    devices = list(Device.objects.filter(named).select_related("article", "location__warehouse"))
    by_number = {device.number: device for device in devices}
    by_pk = {device.pk: device for device in devices}
    held = holding_lines(by_pk)
    for row in rows:
        row.show(by_pk[pk] for pk in row.ticked() if pk in by_pk)
        wanted = [("devices", by_pk.get(pk), "") for pk in row.ticked()]
        wanted += [
            ("numbers", by_number.get(number) or by_number.get(number.upper()), number) for number in row.numbers()
        ]
        for field, device, number in wanted:
            if device is None:
                row.add_error(
                    field, f"Ingen individ har numret {number[:LONGEST]}." if number else "Individen finns inte."
                )
            else:
                line = row.stock.line
                row.choose(device, field, why_not(device, line, sender=sender, holder=held.get(device.pk)))
        row.require_no_more_than_remains()
