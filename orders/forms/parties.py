"""The step *Parter*: codes as people type them, and whom they mean."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.models import Warehouse
from orders.models import Order, OrderLine, OrderSubtype, OrderType, SenderRule
from orders.operations.verifying import (
    Defaults,
    UserCannotOrder,
    customers_of,
    defaults_for,
    verify_orderer,
)
from orders.recipients import (
    RecipientNotFound,
    SeveralPatients,
    find_recipient,
    handlers,
    payers_for,
    senders_of,
)
from parties.models import PROTECTED_LABEL, Party, Patient, User

BY_RULE = ("customer", "payer", "sender")


def code(label: str, max_length: int, *, required: str = "", placeholder: str = "") -> forms.CharField:
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        max_length=max_length,
        required=bool(required),
        error_messages={"required": required},
        widget=forms.TextInput(attrs=attrs | ({"placeholder": placeholder} if placeholder else {})),
    )


class PartiesForm(forms.Form):
    """Who orders, who receives, who pays, from where. An empty customer, payer or sender follows from the rules.

    With `filling` (the tick) an empty recipient does too, and a patient need not be chosen yet.
    """

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages={"required": "Ladda om sidan och försök igen.", "invalid": "Ladda om sidan och försök igen."},
    )
    orderer = code("Beställare", 150, required="Skriv beställarens användarnamn.")
    customer = code("Kund", 120)
    recipient = code("Mottagare", 120)
    handler = code("Handläggare", 150, placeholder="lämnas tomt")
    payer = code("Betalare", 120)
    sender = code("Avsändare / lager", 120)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        order: Order,
        user: User,
        on: date,
        lines: list[OrderLine],
        filling: bool = False,
    ) -> None:
        super().__init__(data, initial=initial_of(order))
        self.order, self.user, self.on, self.lines, self.filling = order, user, on, lines, filling
        self.defaults: Defaults | None = None
        self.patients: list[Patient] = []
        self.looked_up: list[Patient] = []
        self.switch_to: OrderSubtype | None = None
        self.type = OrderType(order.type)
        if self.type == OrderType.PRESCRIPTION:
            self.fields["orderer"].label = "Förskrivare"
            self.fields["orderer"].error_messages["required"] = "Skriv förskrivarens användarnamn."
            self.fields["recipient"].widget.attrs["placeholder"] = "identitetsnummer eller namn"

    def clean_orderer(self) -> User:
        try:
            verified = verify_orderer(
                username=self.cleaned_data["orderer"],
                subtype=self.order.subtype,
                by=self.user,
                on=self.on,
                lines=self.lines,
            )
        except UserCannotOrder as error:
            raise ValidationError(str(error)) from error
        return verified.user

    def clean_customer(self) -> Party | None:
        orderer = self.cleaned_data.get("orderer")
        if orderer is None:
            return None
        customers = customers_of(orderer, type=self.type, by=self.user)
        number = self.cleaned_data["customer"]
        customer = next((party for party in customers if number in ("", party.number)), None)
        if customer is None:
            numbers = ", ".join(party.number for party in customers)
            raise ValidationError(f"{number} är inte en av {orderer.name}s kunder. Välj {numbers}.")
        self.defaults = defaults_for(customer, self.order.subtype)
        return customer

    def clean_recipient(self) -> Warehouse | Party | Patient | None:
        text, customer = self.cleaned_data["recipient"], self.cleaned_data.get("customer")
        kept = self.order.recipient_patient
        if kept and kept.is_protected and text == PROTECTED_LABEL and _lives_where(kept, customer):
            return kept
        if not text and self.filling:
            return self.defaults.recipient if self.defaults else None
        if not text:
            raise ValidationError(MISSING[self.type])
        if customer is None:
            return None
        try:
            recipient = find_recipient(text, type=self.type, customer=customer, user=self.user, chosen=self._chosen())
        except SeveralPatients as several:
            self.patients = self.looked_up = several.patients
            raise ValidationError(str(several), code="several") from several
        except RecipientNotFound as error:
            raise ValidationError(str(error)) from error
        if isinstance(recipient, Patient):
            self.looked_up = [recipient]
            if recipient.deceased_on:
                raise ValidationError("Patienten är avliden. Inget mer kan förskrivas.")
        return recipient

    def _chosen(self) -> int | None:
        """The patient marked in the list of hits, which is on the page only when there are several."""
        text = self.data.get("patient", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def clean_handler(self) -> User | None:
        username = self.cleaned_data["handler"]
        if not username:
            return None
        if handler := handlers().filter(username__iexact=username).first():
            return handler
        raise ValidationError(f"Det finns ingen handläggare {username} hos Hjälpmedelsservice. Lämna fältet tomt.")

    def clean_payer(self) -> Party | None:
        if self.defaults is None:
            return None
        number = self.cleaned_data["payer"]
        if not number or self._follows("payer", number):
            return self.defaults.payer
        if payer := payers_for(self.user).filter(number=number).first():
            return payer
        raise ValidationError(f"Det finns ingen betalare {number} i din kommun.")

    def clean_sender(self) -> Warehouse | None:
        if self.defaults is None:
            return None
        number = self.cleaned_data["sender"]
        if not number or self._follows("sender", number):
            return self._sender_by_rule()
        possible = senders_of(self.defaults.customer, self.order.subtype)
        sender = next((warehouse for warehouse in possible if warehouse.number == number), None)
        if sender is None:
            fitting = (w for w in possible if w == self.defaults.sender or self._subtype_for(w))
            numbers = " eller ".join(warehouse.number for warehouse in fitting)
            raise ValidationError(f"Du kan inte ta från lager {number}. Välj {numbers}.")
        if sender == self.cleaned_data.get("recipient"):
            raise ValidationError(f"Lager {number} kan inte skicka till sig självt.")
        if sender != self.defaults.sender and self.order.subtype.sender_rule != SenderRule.OTHER_MUNICIPAL:
            self._ask_to_switch(sender)
        return sender

    def _sender_by_rule(self) -> Warehouse:
        assert self.defaults is not None
        if self.defaults.sender:
            return self.defaults.sender
        if self.order.subtype.sender_rule == SenderRule.OTHER_MUNICIPAL:
            raise ValidationError("Skriv numret på kommunlagret som varorna tas från.")
        raise ValidationError(f"{self.defaults.customer} har inget eget kommunlager. Välj en annan kundordertyp.")

    def _ask_to_switch(self, sender: Warehouse) -> None:
        """Type and sender never disagree: another sender means another kundordertyp, if there is one."""
        self.switch_to = self._subtype_for(sender)
        if self.switch_to is None:
            hint = f" Välj {self.defaults.sender.number}." if self.defaults and self.defaults.sender else ""
            raise ValidationError(f"{self.order.subtype} tas inte från lager {sender.number}.{hint}")
        if self.data.get("switch") != self.switch_to.code:
            name = self.switch_to.name
            raise ValidationError(f"Lager {sender.number} hör till {name}. Byt till {name}?", code="switch")

    def _subtype_for(self, sender: Warehouse) -> OrderSubtype | None:
        rule = SenderRule.CENTRAL if sender.is_central else SenderRule.OWN
        return OrderSubtype.objects.offered().filter(type=self.type, sender_rule=rule).first()

    def _follows(self, name: str, number: str) -> bool:
        """Whether a code is the one that the page showed and the customer has been changed since: it follows along."""
        before = self.order.customer
        is_new = before is not None and self.defaults is not None and before != self.defaults.customer
        return is_new and number == self.initial[name]

    @property
    def fills(self) -> dict[str, str]:
        """The codes of what was found, as they stand in the fields."""
        found = {name: self.cleaned_data.get(name) for name in ("orderer", "customer", "recipient", "payer", "sender")}
        return {
            name: code_of(value)
            for name, value in found.items()
            if value and not (isinstance(value, Patient) and value.is_protected)  # what was typed says who it is
        }


MISSING = {
    OrderType.TRANSFER: "Skriv numret på kommunlagret som ska ha varorna.",
    OrderType.REQUISITION: "Skriv vårdenhetens nummer.",
    OrderType.PRESCRIPTION: "Skriv patientens identitetsnummer eller namn.",
}


def _lives_where(patient: Patient, customer: Party | None) -> bool:
    return customer is None or patient.municipality_id == customer.municipality_id


def code_of(value: User | Party | Warehouse | Patient | None) -> str:
    """What stands in the field for it; a patient with protected identity is not named, nor is the number shown."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, Patient):
        return PROTECTED_LABEL if value.is_protected else value.formatted_number
    return value.number if value else ""


def initial_of(order: Order) -> dict[str, Any]:
    return {
        "version": order.version,
        "orderer": code_of(order.orderer),
        "customer": code_of(order.customer),
        "recipient": code_of(order.recipient),
        "handler": code_of(order.handler),
        "payer": code_of(order.payer),
        "sender": code_of(order.sender),
    }
