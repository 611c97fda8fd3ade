import json
import logging

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from jwt import PyJWTError
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView
from requests import RequestException

from parties.models import SecurityEventKind, User
from parties.oidc import PERSON, LoginRefused
from parties.requests import client_address
from parties.security import note_event
from parties.units import choose_unit

from .login import after_login

security = logging.getLogger("sesam.security")
BROKEN = (SuspiciousOperation, PyJWTError, RequestException, KeyError, ValueError)  # what no honest answer causes


class OnlyWithProvider:
    """Not there unless a provider is configured."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.OIDC_ISSUER:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # of the view beside


@method_decorator(login_not_required, name="dispatch")
class OidcStart(OnlyWithProvider, OIDCAuthenticationRequestView):  # type: ignore[misc]  # the package is not typed
    """*Logga in med e-legitimation*: to the provider, which is told what we need to know."""

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        wanted = {PERSON: {"essential": True}, settings.OIDC_UNIT_CLAIM: None}
        asked = {"acr_values": " ".join(settings.OIDC_LEVELS), "claims": json.dumps({"id_token": wanted})}
        return asked | ({"prompt": settings.OIDC_PROMPT} if settings.OIDC_PROMPT else {})


@method_decorator(login_not_required, name="dispatch")
class OidcCallback(OnlyWithProvider, OIDCAuthenticationCallbackView):  # type: ignore[misc]  # the package is not typed
    """The provider's answer: in, for the unit of the commission; or a page that says why not."""

    user: User

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().get(request)  # type: ignore[no-any-return]
        except LoginRefused as refusal:
            return self.refuse(str(refusal), 403)
        except BROKEN as problem:
            security.warning("Log-in by OpenID Connect failed: %s", problem)
            return self.refuse("Svaret från inloggningstjänsten gick inte att lita på. Försök igen.", 400)

    def login_success(self) -> HttpResponse:
        target, token = self.success_url, self.request.session.get("oidc_id_token")
        unit = self.user.acting
        login(self.request, self.user)
        self.request.session["oidc_id_token"] = token  # logging in forgets what another person left
        if unit:
            choose_unit(self.request, unit)
        note_event(self.request, SecurityEventKind.LOGIN, user=self.user)
        if unit:
            return HttpResponseRedirect(target)
        return HttpResponseRedirect(after_login(self.user, target))

    def login_failure(self) -> HttpResponse:
        return self.refuse("Inloggningen avbröts eller tog för lång tid. Försök igen.", 403)

    def refuse(self, sentence: str, status: int) -> HttpResponse:
        security.warning("Log-in refused from %s: %s", client_address(self.request), sentence)
        note_event(self.request, SecurityEventKind.REFUSED, user=None, detail=sentence)
        context = {
            "title": "Du kunde inte logga in",
            "advice": sentence,
            "url": reverse("login"),
            "link": "Till inloggningen",
        }
        return render(self.request, "error.html", context, status=status)
