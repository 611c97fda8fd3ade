"""*Loggranskning*: the visits that wait, the monthly samples, one visit and its outcome. For the log reviewer alone."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.days import month_before, month_of
from audit.models import AccessReview, AccessSample, Outcome
from audit.operations.reviewing import CannotReview, record_review
from audit.operations.sampling import MonthHasNotEnded, draw_sample
from listing.total import Total
from orders import roles
from orders.access_visits import Key, Keys, Visit, all_reviewed, always_reviewed, followed_up, sampled, visits_of
from orders.chips import COUNTED, up_to_cap
from orders.forms.log_review import MonthForm, ReviewForm
from orders.functions import Entry, Functions
from parties.looks import Act, note_access
from parties.requests import UserRequest

PAGE_SIZE, MOST_PAGES = 25, 10_000
SHOWS: dict[str, Keys] = {"": always_reviewed, "uppfoljning": followed_up, "granskade": all_reviewed}


@require_safe
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_review(request: UserRequest) -> HttpResponse:
    """What has to be reviewed for certain; what is to be followed up; what has been reviewed."""
    show, number = request.GET.get("visa", ""), page_number(request.GET.get("page", ""))
    most = max(COUNTED, number * PAGE_SIZE)
    keys = SHOWS.get(show, always_reviewed)(request.user, most + 1)
    page = Paginator(keys, PAGE_SIZE).get_page(number)
    context = {
        "tabs": tabs(request, show, known=keys),
        "page": page,
        "total": Total(min(len(keys), most), is_exact=len(keys) <= most),
        "visits": shown_visits(request, list(page)),
        "show": show,
    }
    return render(request, "log/review.html", context)


def page_number(text: str) -> int:
    """As the address says it, or the first: no more visits are looked for than are asked for."""
    return min(int(text), MOST_PAGES) or 1 if text.isascii() and text.isdigit() and len(text) < 10 else 1


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_sample(request: UserRequest) -> HttpResponse:
    """A month's random sample; *Dra stickprov* draws it once the month has ended, and it stays the same."""
    last = month_before(month_of(timezone.localdate()))
    form = MonthForm(request.POST if request.method == "POST" else {"manad": request.GET.get("manad", f"{last:%Y-%m}")})
    month = form.cleaned_data["manad"] if form.is_valid() else last
    if request.method == "POST" and form.is_valid():
        try:
            draw_sample(month=month, by=request.user, at=timezone.now())
        except MonthHasNotEnded as error:
            form.add_error("manad", str(error))
        else:
            return redirect(f"{reverse('log_sample')}?manad={month:%Y-%m}")
    sample = AccessSample.objects.filter(month=month).select_related("drawn_by").first()
    keys = sampled(sample, request.user) if sample else []
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(request, "stickprov"),
        "form": form,
        "month": month,
        "sample": sample,
        "page": page,
        "visits": shown_visits(request, list(page)),
    }
    return render(request, "log/sample.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_visit(request: UserRequest, user_pk: int, patient_pk: int, day: date) -> HttpResponse:
    """One visit, row by row, and what the reviewer came to."""
    visit = next(iter(shown_visits(request, [(user_pk, patient_pk, day)])), None)
    if visit is None:
        raise Http404
    if request.method != "POST":
        return visit_page(request, visit, ReviewForm(initial={"seen_to": visit.seen_to}))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return visit_page(request, visit, form, status=422)
    try:
        record_review(
            user=visit.user,
            patient_id=patient_pk,
            day=day,
            seen_to=min(form.cleaned_data["seen_to"], visit.seen_to),
            outcome=Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except CannotReview as error:
        form.add_error("note" if visit.user != request.user else None, str(error))
        return visit_page(request, visit, form, status=422)
    messages.success(request, "Granskningen är sparad.")
    return redirect("log_review")


def visit_page(request: UserRequest, visit: Visit, form: ReviewForm, status: int = 200) -> HttpResponse:
    reviews = AccessReview.objects.filter(user=visit.user, patient=visit.patient, day=visit.day)
    functions = Functions(
        main=Entry(label="Spara granskningen", form="review"),
        items=[Entry(label="Tillbaka till loggranskningen", url=reverse("log_review"))],
        next_text="Utfallet sparas och kan inte ändras. En ny granskning läggs till efter den förra.",
    )
    context = {
        "visit": visit,
        "form": form,
        "reviews": reviews.select_related("reviewer").order_by("pk"),
        "functions": functions,
    }
    return render(request, "log/visit.html", context, status=status)


def shown_visits(request: UserRequest, keys: Sequence[Key]) -> list[Visit]:
    """The visits of the keys, the reviewer's own look at each patient noted."""
    visits = visits_of(keys, request.user)
    note_access(request, [visit.patient for visit in visits], Act.LOG_REVIEW)
    return visits


def tabs(request: UserRequest, current: str, *, known: Sequence[Key] | None = None) -> list[dict[str, Any]]:
    """The pages of the log review, each with how much waits there; `known` is of the current one, read already."""
    review = reverse("log_review")
    found = [
        ("", "Granskas alltid", review, always_reviewed),
        ("stickprov", "Stickprov", reverse("log_sample"), None),
        ("uppfoljning", "Följs upp", f"{review}?visa=uppfoljning", followed_up),
        ("granskade", "Granskade", f"{review}?visa=granskade", None),
        ("sok", "Sök i loggen", reverse("log_search"), None),
        ("sakerhet", "Säkerhetshändelser", reverse("log_security"), None),
    ]
    shown = []
    for key, label, url, waiting in found:
        is_current, count = key == current, None
        if waiting:
            keys = known if is_current and known is not None else waiting(request.user, COUNTED + 1)
            count = up_to_cap(len(keys))
        shown.append({"label": label, "url": url, "count": count, "is_current": is_current})
    return shown
