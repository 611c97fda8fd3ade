from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import User


class UserRequest(HttpRequest):
    """A request of somebody who is logged in, as every view has that does not say otherwise."""

    user: User  # LoginRequiredMiddleware stands before the views
    htmx: HtmxDetails
