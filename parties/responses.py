from django.http import HttpResponse
from django_htmx.http import reselect, reswap, retarget

MAIN = "#innehall"


def whole_page(response: HttpResponse) -> HttpResponse:
    """Where htmx asked for a part and is answered with a page: show it as one, not inside the part that asked."""
    return reselect(retarget(reswap(response, "outerHTML"), MAIN), MAIN)
