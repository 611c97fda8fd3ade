"""The quick filters above the overview."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from listing import address_with
from parties.models import Party, Patient

from .counts import Counts
from .models import OrderType
from .typed_search import PATIENT

COUNTED = 99
"""More than these are not counted, so that the page costs the same however much there is."""
FORMAT = "format"
UNIT = "enhet"
OF_A_PAGE = ("efter", "fore", FORMAT)


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that adds a filter to the address, or takes it away when it is on."""

    label: str
    url: str
    is_current: bool
    count: str | int | None = None


def chips(counts: Counts, query: QueryDict, values: Mapping[str, object]) -> list[Chip]:
    """The quick filters, with how many orders each holds where that helps; first the patient or unit that is chosen."""
    all_of_them = [
        ("visa", "att-gora", "Att göra", up_to_cap(counts.todo)),
        ("visa", "mina", "Mina", up_to_cap(counts.mine)),
        ("visa", "pagaende", "Pågående", None),
        ("typ", OrderType.PRESCRIPTION.value, "Förskrivning", None),
        ("typ", OrderType.REQUISITION.value, "Beställning", None),
        ("typ", OrderType.TRANSFER.value, "Lagerflytt", None),
        ("visa", "restorder", "Restorder", up_to_cap(counts.backorders)),
        ("visa", "utkast", "Utkast", up_to_cap(counts.drafts)),
    ]
    quick = [
        Chip(label, toggled(query, name, value, is_on=values.get(name) == value), values.get(name) == value, count)
        for name, value, label, count in all_of_them
    ]
    chosen = []
    match values.get(PATIENT):
        case Patient() as patient:
            chosen += [Chip(f"Patient: {patient.short_label}", toggled(query, PATIENT, "", is_on=True), True)]
    match values.get(UNIT):
        case Party() as unit:
            chosen += [Chip(f"Enhet: {unit}", toggled(query, UNIT, "", is_on=True), True)]
    return chosen + quick


def up_to_cap(count: int) -> str:
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def toggled(query: QueryDict, name: str, value: str, *, is_on: bool) -> str:
    """The address with one filter added or taken away, from the first page; the other filters are kept."""
    return address_with(query, {} if is_on else {name: value}, without=(*OF_A_PAGE, name))
