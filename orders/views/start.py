from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import roles
from orders.prescribing import endings
from orders.start import start_page
from parties.requests import UserRequest


@require_safe
def start(request: UserRequest) -> HttpResponse:
    """What waits for the person who logs in, what hurts most first; then the latest orders."""
    user = request.user
    if not user.has_perm(roles.VIEW_ORDERS):
        if user.has_perm(roles.REVIEW_LOG):
            return redirect("log_review")
        return render(request, "orders/start.html", {"has_orders": False})
    sections, latest = start_page(request, at=timezone.now())
    context = {
        "has_orders": True,
        "endings": endings(user, on=timezone.localdate()) if user.has_perm(roles.CREATE_PRESCRIPTION) else [],
        "sections": sections,
        "latest": latest,
    }
    return render(request, "orders/start.html", context)
