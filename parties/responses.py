from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reselect, reswap, retarget

MAIN = "#innehall"


def whole_page(response: HttpResponse) -> HttpResponse:
    """Where htmx asked for a part and is answered with a page: show it as one, not inside the part that asked."""
    return reselect(retarget(reswap(response, "outerHTML"), MAIN), MAIN)


def too_many(request: HttpRequest, sentence: str) -> HttpResponse:
    """429: the person asks for something too often."""
    context = {"title": "Vänta en stund", "advice": sentence}
    return whole_page(render(request, "error.html", context, status=429))
