"""The first step of the wizard (*Ordertyp*), for a new order and for a draft, and *Avbryt*."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inventory.models import Article
from inventory.queries import own_store
from orders.access import creatable_types, may_create
from orders.completeness import missing_in
from orders.forms.drafting import OrderTypeForm
from orders.models import Order, OrderType
from orders.operations.drafting import change_subtype, create_draft, discard_draft
from orders.operations.editing import LineRefused, add_line
from orders.reading import FOR_TYPE, read_lines
from orders.wizard import SLUGS, TYPE, current_step_url, done_steps, new_order_url, steps_of_draft
from parties.models import Patient
from parties.requests import UserRequest

from .drafts import draft_view

RECEIVERS = {
    OrderType.PRESCRIPTION: ("En patient", "Förskrivning. Medicinskt ställningstagande av förskrivare."),
    OrderType.REQUISITION: ("En vårdenhet", "Beställning. Utrustning, inget medicinskt ställningstagande."),
    OrderType.TRANSFER: ("Ett kommunlager", "Lagerflytt. Fyller på de mest frekventa hjälpmedlen."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: UserRequest, type: str) -> HttpResponse:
    """A new order: choose kundordertyp; *Nästa* makes the draft, once for each page."""
    order_type = SLUGS.get(type)
    if order_type is None:
        raise Http404
    if not may_create(request.user, order_type):
        raise PermissionDenied
    patient, article = chosen_patient(request, order_type), chosen_article(request)
    if request.method != "POST":
        return type_page(request, OrderTypeForm(type=order_type), order_type, patient=patient, article=article)
    form = OrderTypeForm(request.POST, type=order_type)
    if not form.is_valid():
        return type_page(request, form, order_type, patient=patient, article=article, status=422)
    subtype = form.cleaned_data["subtype"]
    try:
        order = create_draft(
            key=form.cleaned_data["key"], subtype=subtype, by=request.user, at=timezone.now(), patient=patient
        )
    except Order.DoesNotExist:
        form.add_error("key", "Ladda om sidan och försök igen.")
        return type_page(request, form, order_type, patient=patient, article=article, status=422)
    if not order.is_draft:
        messages.info(request, f"Ordern är redan sparad som {order.number}.")
        return redirect(order)
    if order.subtype_id != subtype.pk:  # the back button, and another choice
        say(request, change_subtype(order_id=order.pk, subtype=subtype))
    if article and not order.lines.exists():
        begin_with(request, order, article)
    return redirect("order_parties", order.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@partial(draft_view, reader=FOR_TYPE)
def order_type(request: UserRequest, order: Order) -> HttpResponse:
    """Another kundordertyp for a draft: what still holds is kept, and what was dropped is said."""
    type = OrderType(order.type)
    if request.method != "POST":
        return type_page(request, OrderTypeForm(type=type, current=order.subtype), type, order=order)
    form = OrderTypeForm(request.POST, type=type, current=order.subtype)
    if not form.is_valid():
        return type_page(request, form, type, order=order, status=422)
    say(request, change_subtype(order_id=order.pk, subtype=form.cleaned_data["subtype"]))
    return redirect("order_parties", order.pk)


@require_POST
@draft_view
def order_discard(request: UserRequest, order: Order) -> HttpResponse:
    """*Avbryt*: throw the draft away; one with lines after a question."""
    lines = order.lines.count()
    if lines and "confirmed" not in request.POST:
        context = {"order": order, "count": lines, "back": current_step_url(order)}
        return render(request, "orders/wizard/discard.html", context)
    discard_draft(order_id=order.pk)
    messages.info(request, "Utkastet är borttaget.")
    return redirect("home")


def chosen_patient(request: UserRequest, type: OrderType) -> Patient | None:
    """Whom a prescription that was begun on a patient's page is for; another municipality's patient is a 404."""
    text = (request.POST if request.method == "POST" else request.GET).get("patient", "")
    if not text or type != OrderType.PRESCRIPTION:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return get_object_or_404(Patient.objects.visible_to(request.user), pk=int(text))


def chosen_article(request: UserRequest) -> Article | None:
    """What an order that was begun on an article's page is for; a number that is none is left out."""
    number = (request.POST if request.method == "POST" else request.GET).get("artikel", "").replace("\0", "")
    return Article.objects.filter(number=number[:20]).first() if number else None


def begin_with(request: UserRequest, order: Order, article: Article) -> None:
    """The first line of a new draft, or the reason why it has to wait for the step where lines are added."""
    try:
        add_line(order_id=order.pk, article=article, quantity=1, on=timezone.localdate())
    except LineRefused as error:
        messages.warning(request, f"{article} är inte tillagd än. {error}")


def say(request: UserRequest, dropped: list[str]) -> None:
    """What a change took away, on top of the next page."""
    for sentence in dropped:
        messages.warning(request, sentence)


def type_page(
    request: UserRequest,
    form: OrderTypeForm,
    type: OrderType,
    *,
    order: Order | None = None,
    patient: Patient | None = None,
    article: Article | None = None,
    status: int = 200,
) -> HttpResponse:
    customer = order.customer if order else request.user.unit
    done = []
    if order:
        done = done_steps(missing_in(order, read_lines(order), on=timezone.localdate()))
    context = {
        "form": form,
        "type": type,
        "order": order,
        "patient": patient,
        "article": article,
        "store": own_store(customer) if customer else None,
        "receivers": [] if order else receivers(request, type),
        "steps": steps_of_draft(order, TYPE, done=done),
    }
    return render(request, "orders/wizard/type.html", context, status=status)


def receivers(request: UserRequest, current: OrderType) -> list[dict[str, object]]:
    """The first question, already answered by the menu: links to the types that the user may make."""
    return [
        {
            "title": RECEIVERS[type][0],
            "text": RECEIVERS[type][1],
            "url": new_order_url(type),
            "is_current": type == current,
        }
        for type in creatable_types(request.user)
    ]
