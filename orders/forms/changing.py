"""*Ändra order*: the lines of a registered order, and what else of it can still be another."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from inventory.models import Device, Warehouse
from orders.changes import Change, picking_has_started, wanted, why_not_more, why_not_recipient
from orders.forms.canceling import reasons_for
from orders.forms.choosing import make_choosable
from orders.forms.parties import code, code_of
from orders.models import CancelReason, Order, OrderLine, OrderType
from orders.operations.changing_lines import LineOfOrderRefused
from orders.operations.editing import MAX_QUANTITY, LineRefused
from orders.recipients import RecipientNotFound, find_recipient
from parties.models import Party, User

RELOAD = "Ladda om sidan och försök igen."


class ChangeForm(forms.Form):
    """Everything but the lines. What cannot be changed any more is no field."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": RELOAD, "invalid": RELOAD})
    free = forms.BooleanField(required=False, widget=forms.HiddenInput)
    recipient = code("Mottagare", 120, required="Välj mottagare.")
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

    def __init__(self, data: QueryDict | None = None, *, order: Order, lines: Sequence[OrderLine], by: User) -> None:
        self.order, self.by, self.has_started = order, by, picking_has_started(lines)
        initial = {
            "version": order.version,
            "free": not self.has_started,
            "recipient": code_of(order.recipient),
            "is_urgent": order.is_urgent,
            "only_complete": order.only_complete,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["reason"].choices = [("", "Välj orsak"), *reasons_for(order)]  # type: ignore[attr-defined]  # as above
        self.why_not_recipient = why_not_recipient(order, lines)
        if self.why_not_recipient:
            del self.fields["recipient"]
        else:
            make_choosable(self, "recipient", reverse("order_choose_recipient", args=[order.pk]))
        if self.has_started or order.subtype.is_direct:  # who hands out decides that at the shelf
            del self.fields["is_urgent"], self.fields["only_complete"]

    def clean_recipient(self) -> Warehouse | Party:
        """The one that the number names, as in the step *Parter*; who receives it already may be closed since."""
        text, now, customer = self.cleaned_data["recipient"], self.order.recipient, self.order.customer
        assert customer is not None
        if isinstance(now, Warehouse | Party) and text == now.number:
            return now
        try:
            found = find_recipient(text, type=OrderType(self.order.type), customer=customer, user=self.by)
        except RecipientNotFound as error:
            raise ValidationError(str(error)) from error
        assert isinstance(found, Warehouse | Party)
        if found == self.order.sender:
            raise ValidationError(f"Lager {found.number} kan inte skicka till sig självt.")
        return found

    @property
    def is_from_before_picking(self) -> bool:
        """Whether the page offered what cannot be changed any more, so that what it says of that would be lost."""
        self.is_valid()
        return self.has_started and bool(self.cleaned_data.get("free"))

    @property
    def others(self) -> Iterator[forms.BoundField]:
        """What is shown under the lines' own fields and the recipient."""
        return (self[name] for name in ("is_urgent", "only_complete") if name in self.fields)


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
        recipient=values.get("recipient"),
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
