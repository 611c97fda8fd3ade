from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.models import Notice
from orders.operations.notifying import mark_read
from orders.start import news
from parties.requests import UserRequest


@require_POST
def notice_read(request: UserRequest, pk: int) -> HttpResponse:
    """*Läst*: one notice of one's own; another's is a 404. Pressed twice is read once."""
    if not Notice.objects.filter(user=request.user, pk=pk).exists():
        raise Http404
    return read(request, [pk])


@require_POST
def notices_read(request: UserRequest) -> HttpResponse:
    """*Allt är läst*: those that the page showed, not what has come since."""
    shown = [int(pk) for pk in request.POST.getlist("notice") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    return read(request, shown)


def read(request: UserRequest, notice_ids: list[int]) -> HttpResponse:
    """The start page again, or for htmx what is still news."""
    mark_read(user=request.user, notice_ids=notice_ids, at=timezone.now())
    if not request.htmx:
        return redirect("home")
    return render(request, "orders/start_section.html", {"section": news(request.user)})
