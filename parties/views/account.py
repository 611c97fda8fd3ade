from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parties.first_password import must_choose_password
from parties.forms.login import PasswordForm
from parties.models import SecurityEventKind, User
from parties.operations.accounts import end_sessions
from parties.requests import UserRequest
from parties.security import note_event

from .login import after_login, note_failure

ENDS_SOON = timedelta(days=30)


@require_safe
def account(request: UserRequest) -> HttpResponse:
    """*Mitt konto*: who one is to the system, where, as what, and what one may prescribe and until when."""
    user, today = request.user, timezone.localdate()
    links = user.customer_links.select_related("customer").prefetch_related("roles")
    context = {
        "links": links.order_by("-is_default", "customer__number"),
        "roles": user.groups.order_by("name"),
        "rights": user.prescribing_rights.exclude(valid_until__lt=today).order_by("iso_prefix", "valid_from"),
        "today": today,
        "soon": today + ENDS_SOON,
        "has_password": has_password(user),
    }
    return render(request, "parties/account.html", context)


@require_POST
def end_other_sessions(request: UserRequest) -> HttpResponse:
    """*Logga ut överallt*: on every other computer; here one stays."""
    user = end_sessions(user_id=request.user.pk)
    update_session_auth_hash(request, user)
    note_event(request, SecurityEventKind.LOGOUT_EVERYWHERE, user=request.user)
    messages.success(request, "Du är utloggad överallt utom här.")
    return redirect("account")


class PasswordPage(PasswordChangeView):
    """*Byt lösenord*, for local accounts. The other sessions of the account end."""

    form_class = PasswordForm
    template_name = "parties/password.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not (isinstance(request.user, User) and has_password(request.user)):
            raise Http404
        self.is_first = must_choose_password(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_first=self.is_first, **kwargs)

    def get_success_url(self) -> str:
        """On with the log-in, where it was the first password's."""
        user = self.request.user
        return after_login(user, reverse("home")) if self.is_first and isinstance(user, User) else reverse("account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Lösenordet är bytt.")
        note_event(self.request, SecurityEventKind.PASSWORD, user=form.user)
        return super().form_valid(form)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        note_failure(self.request, form.user, detail="Vid byte av lösenord")
        return self.render_to_response(self.get_context_data(form=form), status=422)


def has_password(user: User) -> bool:
    """Whether the person logs in with a password of this system."""
    return settings.LOCAL_LOGIN and user.has_usable_password()
