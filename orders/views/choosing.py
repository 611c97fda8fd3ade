"""The hits under each field of the step *Parter*, and under the recipient of *Ändra order*."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.changes import why_closed
from orders.choosing import Asked, Chosen, NothingToChoose, choices, other_recipients
from orders.forms.choosing import ChooseForm
from orders.forms.parties import code_of
from orders.models import Order
from orders.reading import FOR_SEARCH
from parties.limits import TooManySearches
from parties.looks import Act, note_access
from parties.models import Patient, User
from parties.requests import UserRequest

from .change import changeable
from .drafts import draft_view

FIELDS = ("orderer", "customer", "recipient", "handler", "payer", "sender")


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    number: str
    name: str


@require_POST
@partial(draft_view, reader=FOR_SEARCH)
def order_choose(request: UserRequest, order: Order) -> HttpResponse:
    """What can be chosen at the field that the address names. Nothing is saved; every patient shown is a hit."""
    field = request.GET.get("falt", "")
    if field not in FIELDS:
        raise Http404
    data = {name: request.POST.get(name, "") for name in ("orderer", "customer")}
    form = ChooseForm(data | {"text": request.POST.get(field, "")})
    if not form.is_valid():
        return refusal(request, field, form)
    text = form.cleaned_data.pop("text")
    asked = Asked(order=order, by=request.user, on=timezone.localdate(), **form.cleaned_data)
    try:
        found = list(choices(field, text, asked=asked, at=timezone.now()))
    except NothingToChoose as error:
        return hits(request, field, [], str(error))
    except TooManySearches as error:
        return hits(request, field, [], str(error), status=429)
    note_access(request, [row for row in found if isinstance(row, Patient)], Act.SEARCH_HIT, about=str(order))
    return choices_page(request, field, text, found)


@require_POST
def order_choose_recipient(request: UserRequest, pk: int) -> HttpResponse:
    """Whom a registered order can go to instead, for whoever may change it. Nothing is saved."""
    order = changeable(request, pk)
    if order.is_draft:
        raise Http404
    form = ChooseForm({"text": request.POST.get("recipient", "")})
    if not form.is_valid():
        return refusal(request, "recipient", form)
    if why_not := why_closed(order):
        return hits(request, "recipient", [], why_not)
    text = form.cleaned_data["text"]
    return choices_page(request, "recipient", text, list(other_recipients(text, order=order, by=request.user)))


def choice_of(row: Chosen, text: str) -> Choice:
    """A protected patient is chosen by the number that was typed, which is not shown."""
    if isinstance(row, Patient):
        return Choice(text, "", row.label) if row.is_protected else Choice(code_of(row), code_of(row), row.label)
    if isinstance(row, User):
        return Choice(row.username, row.username, f"{row.name}, {row.title}" if row.title else row.name)
    return Choice(row.number, row.number, row.name)


def choices_page(request: UserRequest, field: str, text: str, found: list[Chosen]) -> HttpResponse:
    return hits(request, field, [choice_of(row, text) for row in found], "" if found else "Inget att välja stämmer.")


def refusal(request: UserRequest, field: str, form: ChooseForm) -> HttpResponse:
    sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return hits(request, field, [], sentence, status=422)


def hits(request: UserRequest, field: str, found: list[Choice], sentence: str, status: int = 200) -> HttpResponse:
    context = {"field": field, "choices": found, "sentence": sentence}
    return render(request, "orders/wizard/choices.html", context, status=status)
