from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import roles
from orders.filters import own_drafts, registered_orders
from orders.looks import shown_rows
from orders.prescribing import endings
from orders.todo import to_hand_out, to_pick, to_receive
from orders.views.overview import for_rows
from parties.requests import UserRequest

URGENT_AFTER = timedelta(minutes=15)
SHOWN = 10


@require_safe
def start(request: UserRequest) -> HttpResponse:
    """What waits for the person who logs in, what hurts most first; then the latest orders."""
    user = request.user
    if not user.has_perm(roles.VIEW_ORDERS):
        if user.has_perm(roles.REVIEW_LOG):
            return redirect("log_review")
        return render(request, "orders/start.html", {"has_orders": False})
    now = timezone.now()
    context = {
        "has_orders": True,
        "endings": endings(user, on=timezone.localdate()) if user.has_perm(roles.CREATE_PRESCRIPTION) else [],
        "sections": [section for section in waiting(request, now) if section["count"]],
        "drafts": shown_rows(request, for_rows(own_drafts(user)).order_by("-created_at")[:SHOWN]),
        "latest": shown_rows(request, for_rows(registered_orders(user))[:SHOWN]),
    }
    return render(request, "orders/start.html", context)


def waiting(request: UserRequest, now: datetime) -> list[dict[str, object]]:
    """The three things that can wait for a person, each with its oldest orders."""
    user = request.user
    orders = registered_orders(user)
    late = orders.filter(to_hand_out(user), registered_at__lt=now - URGENT_AFTER).exists()
    parts = [
        ("hand-out", "Utleverans saknas", to_hand_out(user), "Saldot stämmer inte förrän de är utlämnade."),
        ("pick", "Att plocka", to_pick(user), "Reserverat och klart att plocka."),
        ("receive", "Att kvittera", to_receive(user), "På väg till ditt lager, eller redan framme."),
    ]
    sections = []
    for key, title, condition, text in parts:
        found = orders.filter(condition)
        rows = shown_rows(request, for_rows(found).order_by("registered_at", "pk")[:SHOWN])
        sections.append(
            {
                "key": key,
                "title": title,
                "text": text,
                "count": found.count() if len(rows) == SHOWN else len(rows),
                "rows": rows,
                "is_late": key == "hand-out" and late,
                "show": "utan-utleverans" if key == "hand-out" else "att-gora",
            }
        )
    return sections
