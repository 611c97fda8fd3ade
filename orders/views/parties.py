"""The second step of the wizard: *Parter* and *Övriga parter*."""

from copy import copy
from dataclasses import dataclass

from django.forms import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.models import Warehouse
from orders.forms.choosing import make_choosable
from orders.forms.parties import BY_RULE, PartiesForm
from orders.looks import note_orders
from orders.models import Order, OrderType
from orders.operations.drafting import DraftHasChanged, set_parties
from orders.prescribing import endings
from orders.reading import read_lines
from orders.suggesting import suggestions
from orders.wizard import PARTIES
from parties.looks import Act, note_access
from parties.models import Party, Patient, User
from parties.requests import UserRequest

from .drafts import draft_view, frame
from .wizard import say

TEMPLATE = "orders/wizard/parties.html"
FIELDS = ("orderer", "customer", "recipient", "handler", "payer", "sender")
TICKS = ("orderer", "customer", "recipient", "sender")


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def order_parties(request: UserRequest, order: Order) -> HttpResponse:
    """*Verifiera* looks up and fills in, and saves nothing; *Registrera orderrader* saves and goes on."""
    if request.method != "POST":
        return parties_page(request, order, form_of(request, order))
    ticked = request.POST.get("verify")
    if ticked in TICKS:
        return verify(request, order, ticked)
    form = form_of(request, order)
    if not form.is_valid():
        return parties_page(request, order, form, status=422)
    try:
        dropped = set_parties(order_id=order.pk, subtype=form.switch_to, **form.cleaned_data)
    except DraftHasChanged as error:
        form.add_error(None, str(error))
        return parties_page(request, order, form, status=422)
    say(request, dropped)
    return redirect("order_parties" if form.switch_to else "order_lines", order.pk)


def verify(request: UserRequest, order: Order, ticked: str) -> HttpResponse:
    """The tick at one field. What is found fills in what follows; otherwise nothing is filled in."""
    data = request.POST.copy()
    if ticked == "orderer":
        follows = BY_RULE if order.type == OrderType.PRESCRIPTION else (*BY_RULE, "recipient")
        for name in follows:
            data[name] = ""
    form = form_of(request, order, data=data, filling=True)
    form.full_clean()
    if ticked in form.errors and not form.patients:
        if ticked == "orderer":
            form = form_of(request, order)
            form.full_clean()
        for name in [name for name in form.errors if name != ticked]:
            del form.errors[name]
        return parties_page(request, order, form, status=422)
    for name, code in form.fills.items():
        data[name] = code
    return parties_page(request, order, form)


def form_of(request: UserRequest, order: Order, *, data: QueryDict | None = None, filling: bool = False) -> PartiesForm:
    if data is None and request.method == "POST":
        data = request.POST
    lines, on = read_lines(order), timezone.localdate()
    return PartiesForm(data, order=order, user=request.user, on=on, lines=lines, filling=filling)


def parties_page(request: UserRequest, order: Order, form: PartiesForm, status: int = 200) -> HttpResponse:
    """The page, or for the tick its part: route, fields and the question about kundordertyp."""
    shown = preview(order, form)
    note_access(request, form.looked_up, Act.SEARCH_HIT, about=str(order))
    if shown.recipient_patient not in form.looked_up:
        note_orders(request, shown, Act.DRAFT)
    for name in FIELDS:  # `orders/views/choosing.py`
        make_choosable(form, name, reverse("order_choose", args=[order.pk], query={"falt": name}))
    options = suggestions(shown, user=request.user)
    for name in options:
        form.fields[name].widget.attrs["list"] = f"{name}-options"
    rows = {name: row_of(form, name, shown) for name in FIELDS}
    prescribes = order.type == OrderType.PRESCRIPTION
    others = [rows["handler"], rows["payer"], rows["sender"]]
    context = frame(shown, PARTIES, form.lines, viewer=request.user) | {
        "form": form,
        "parties": [rows["orderer"], rows["customer"], rows["recipient"]],
        "others": others,
        "others_open": form.switch_to is not None or any(row.field.errors for row in others),
        "fits": shown.sender is not None and not rows["sender"].field.errors,
        "options": options,
        "patients": form.patients,
        "endings": endings(shown.orderer, on=form.on) if shown.orderer and prescribes else [],
    }
    return render(request, f"{TEMPLATE}#parties" if request.htmx else TEMPLATE, context, status=status)


def preview(order: Order, form: PartiesForm) -> Order:
    """The draft as it would be with what is in the form; never saved. What is not understood is empty."""
    if not form.is_bound:
        return order
    shown = copy(order)
    found = form.cleaned_data
    for name in ("orderer", "customer", "payer", "sender", "handler"):
        setattr(shown, name, found.get(name))
    recipient = found.get("recipient")
    shown.recipient_warehouse = recipient if isinstance(recipient, Warehouse) else None
    shown.recipient_unit = recipient if isinstance(recipient, Party) else None
    shown.recipient_patient = recipient if isinstance(recipient, Patient) else None
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One field with what its code means, and its tick where it has one."""

    field: BoundField
    found: str
    note: str = ""
    verify: str = ""
    verify_label: str = ""


NOTES = {"handler": "Fylls i av Hjälpmedelsservice vid behov"}


def row_of(form: PartiesForm, name: str, shown: Order) -> PartyRow:
    value = getattr(shown, name)
    labels = {
        "orderer": "Verifiera",
        "customer": "Slå upp",
        "recipient": "Sök patient" if form.type == OrderType.PRESCRIPTION else "Slå upp",
        "sender": "Slå upp",
    }
    return PartyRow(
        field=form[name],
        found=name_of(value) if value else "",
        note=NOTES.get(name, ""),
        verify=name if name in labels else "",
        verify_label=labels.get(name, ""),
    )


def name_of(value: User | Party | Warehouse | Patient) -> str:
    if isinstance(value, User):
        return f"{value.name}, {value.title}" if value.title else value.name
    return value.label if isinstance(value, Patient) else value.name
