"""*Ändra order*: the lines of a registered order, and what else of it can still be another."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.models import Device, Warehouse
from orders.changes import Change, picking_has_started, wanted, why_not_more, why_not_recipient
from orders.forms.canceling import reasons_for
from orders.models import CancelReason, Order, OrderLine, OrderType
from orders.operations.changing_lines import LineOfOrderRefused
from orders.operations.editing import MAX_QUANTITY, LineRefused
from orders.recipients import stores_of, units_of
from parties.models import Party, User

RELOAD = "Ladda om sidan och försök igen."


class ChangeForm(forms.Form):
    """Everything but the lines. What cannot be changed any more is no field."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": RELOAD, "invalid": RELOAD})
    free = forms.BooleanField(required=False, widget=forms.HiddenInput)
    recipient = forms.ChoiceField(
        label="Mottagare", error_messages={"required": "Välj mottagare.", "invalid_choice": "Välj en i listan."}
    )
    is_urgent = forms.BooleanField(
        label="Brådskande", required=False, help_text="Plockas före andra och får först av det som kommer in."
    )
    only_complete = forms.BooleanField(
        label="Leverera endast komplett", required=False, help_text="Inget skickas förrän allt kan skickas."
    )
    reason = forms.ChoiceField(
        label="Orsak",
        required=False,
        error_messages={"invalid_choice": "Välj en orsak i listan."},
        help_text="Behövs när något makuleras.",
    )

    def __init__(self, data: QueryDict | None = None, *, order: Order, lines: Sequence[OrderLine]) -> None:
        recipient, self.has_started = order.recipient, picking_has_started(lines)
        initial = {
            "version": order.version,
            "free": not self.has_started,
            "recipient": recipient.pk if recipient else None,
            "is_urgent": order.is_urgent,
            "only_complete": order.only_complete,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["reason"].choices = [("", "Välj orsak"), *reasons_for(order)]  # type: ignore[attr-defined]  # as above
        self.why_not_recipient = why_not_recipient(order, lines)
        self.recipients: dict[str, Warehouse | Party] = {}
        if self.why_not_recipient:
            del self.fields["recipient"]
        else:
            self._offer_recipients(order)
        if self.has_started or order.subtype.is_direct:  # who hands out decides that at the shelf
            del self.fields["is_urgent"], self.fields["only_complete"]

    def _offer_recipients(self, order: Order) -> None:
        assert order.customer is not None
        found: Iterable[Warehouse | Party] = units_of(order.customer)
        if order.type == OrderType.TRANSFER:
            found = [store for store in stores_of(order.customer) if store != order.sender]
        self.recipients = {str(one.pk): one for one in found}
        if now := order.recipient_warehouse or order.recipient_unit:
            self.recipients.setdefault(str(now.pk), now)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, str(one)) for key, one in self.recipients.items()]

    @property
    def is_from_before_picking(self) -> bool:
        """Whether the page offered what cannot be changed any more, so that what it says of that would be lost."""
        self.is_valid()
        return self.has_started and bool(self.cleaned_data.get("free"))

    @property
    def others(self) -> Iterator[forms.BoundField]:
        """What is shown under the lines' own fields."""
        return (self[name] for name in ("recipient", "is_urgent", "only_complete") if name in self.fields)


class ChangeLineForm(forms.Form):
    """One line: how many are to come in all, and which device of a numbered article where that is one."""

    quantity = forms.IntegerField(
        label="Antal",
        error_messages={"required": "Skriv hur många, 0 tar bort raden.", "invalid": "Skriv antalet som ett heltal."},
    )

    def __init__(
        self, data: QueryDict | None = None, *, line: OrderLine, devices: Sequence[Device], why_not_more: str
    ) -> None:
        initial = {"quantity": wanted(line), "device": line.device_id or ""}
        super().__init__(data, prefix=f"rad-{line.pk}", initial=initial)
        self.line, self.devices, self.why_not_more = line, {str(device.pk): device for device in devices}, why_not_more
        most = wanted(line) if why_not_more or line.device_id else MAX_QUANTITY
        attributes = {"aria-label": f"Antal {line.article}", "min": line.delivered, "max": most, "inputmode": "numeric"}
        self.fields["quantity"].widget.attrs |= attributes
        if devices:
            empty = [] if line.order.subtype.is_direct else [("", "Väljs vid plock")]
            self.fields["device"] = forms.ChoiceField(
                label="Individ",
                required=bool(line.order.subtype.is_direct),
                choices=[*empty, *((key, device.number) for key, device in self.devices.items())],
                widget=forms.Select(attrs={"aria-label": f"Individ {line.article}"}),
                error_messages={"required": "Välj vilken individ du lämnar ut.", "invalid_choice": "Välj en i listan."},
            )

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        line, delivered = self.line, self.line.delivered
        if quantity < 0:
            raise ValidationError("Skriv 0 för att ta bort raden.")
        if quantity < delivered:
            raise ValidationError(f"{delivered} {line.article.unit} är redan levererade. Skriv minst {delivered}.")
        if quantity > wanted(line) and self.why_not_more:
            raise ValidationError(self.why_not_more)
        if quantity > MAX_QUANTITY:
            raise ValidationError(f"Antalet är högst {MAX_QUANTITY}.")
        return quantity

    @property
    def chosen_device(self) -> Device | None:
        return self.devices.get(self.cleaned_data["device"])


def rows_of(
    data: QueryDict | None, *, order: Order, lines: Sequence[OrderLine], devices: dict[int, Sequence[Device]], by: User
) -> list[ChangeLineForm]:
    """A row for each line that is not canceled altogether; devices by article pk, free ones in the sender."""
    why = why_not_more(order, lines, by=by)
    has_started = picking_has_started(lines)
    rows = []
    for line in lines:
        if not wanted(line):
            continue
        choice: list[Device] = []
        if line.article.is_numbered and line.quantity == 1 and not has_started:
            choice = [*([line.device] if line.device else []), *devices.get(line.article_id, [])]
        rows.append(ChangeLineForm(data, line=line, devices=choice, why_not_more=why))
    return rows


def change_of(form: ChangeForm, rows: Sequence[ChangeLineForm]) -> Change:
    """What valid forms ask for."""
    values: dict[str, Any] = form.cleaned_data
    return Change(
        quantities={row.line.pk: row.cleaned_data["quantity"] for row in rows},
        devices={row.line.pk: row.chosen_device for row in rows if "device" in row.fields},
        recipient=form.recipients.get(values.get("recipient", "")),
        is_urgent=values.get("is_urgent"),
        only_complete=values.get("only_complete"),
        reason=CancelReason(values["reason"]) if values["reason"] else None,
    )


def refuse(form: ChangeForm, rows: Sequence[ChangeLineForm], error: LineRefused) -> None:
    """Put what the operation answered at its field, or above them all."""
    row = None
    if isinstance(error, LineOfOrderRefused):
        row = next((row for row in rows if row.line.pk == error.line_id), None)
    if row and error.field in row.fields:
        row.add_error(error.field, error.message)
    else:
        form.add_error(error.field if error.field in form.fields else None, error.message)
