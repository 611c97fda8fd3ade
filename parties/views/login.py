import logging

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from parties.forms.login import LoginForm
from parties.models import SecurityEventKind, User
from parties.oidc import end_session_url
from parties.requests import client_address
from parties.responses import too_many
from parties.security import named_user, note_event

security = logging.getLogger("sesam.security")


def after_login(user: User, target: str) -> str:
    """On to the page that was asked for; a person of several units chooses one first."""
    if len(user.memberships) > 1:
        return f"{reverse('unit_choice')}?{urlencode({'next': target})}"
    return target


class LoginPage(LoginView):
    """Django's own log-in, in our words. A refusal answers 422, as every form does."""

    authentication_form = LoginForm
    redirect_authenticated_user = True
    extra_context = {"allows_passwords": lambda: settings.LOCAL_LOGIN, "has_provider": lambda: settings.OIDC_ISSUER}

    def get_success_url(self) -> str:
        target = super().get_success_url()
        user = self.request.user
        return after_login(user, target) if self.request.method == "POST" and isinstance(user, User) else target

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        note_event(self.request, SecurityEventKind.LOGIN, user=form.get_user())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """While locked nothing is written or rendered here: django-axes answers instead, with `locked_out`."""
        if has_failed(self.request):
            user = named_user(form.cleaned_data.get("username", ""))
            note_failure(self.request, user, detail=why_refused(user))
        if is_locked(self.request):
            return HttpResponse(status=429)
        return self.render_to_response(self.get_context_data(form=form), status=422)


def is_locked(request: HttpRequest) -> bool:
    return getattr(request, "axes_locked_out", False)


def has_failed(request: HttpRequest) -> bool:
    """Whether a password was compared in vain; while the lock holds none is."""
    return bool(getattr(request, "axes_failures_since_start", None))


def note_failure(request: HttpRequest, user: User | None, *, detail: str) -> None:
    """A wrong password, and the lock that it may have brought about; nothing while the lock holds."""
    if not has_failed(request):
        return
    note_event(request, SecurityEventKind.REFUSED, user=user, detail=detail)
    if is_locked(request):
        note_event(request, SecurityEventKind.LOCKED, user=user)


def why_refused(user: User | None) -> str:
    """What whoever follows a refusal up should know; the person at the page is told nothing of it."""
    if user and user.first_password_until and user.first_password_until <= timezone.now():
        return "Första lösenordet har gått ut"
    return ""


class LogoutPage(LogoutView):
    """*Logga ut*: here, and at the identity provider where it can be told."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        at_provider = end_session_url(request)  # known only as long as the session is
        if isinstance(request.user, User):
            note_event(request, SecurityEventKind.LOGOUT, user=request.user)
        response = super().post(request, *args, **kwargs)
        return redirect(at_provider) if at_provider else response


def locked_out(
    request: HttpRequest, _original: HttpResponse | None = None, _credentials: dict[str, str] | None = None
) -> HttpResponse:
    """The answer of django-axes to whoever has typed too many wrong passwords: no password is looked at."""
    name = request.POST.get("username", "")[:150]
    # Any other name may be a password in the wrong field.
    known = request.user if isinstance(request.user, User) else named_user(name.replace("\0", ""))
    who = repr(known.username) if known else "nobody we know"
    security.warning("Log-in as %s from %s is locked after repeated failures", who, client_address(request))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    refusal = f"För många försök med fel lösenord. Vänta {minutes} minuter, eller fråga systemförvaltaren."
    if isinstance(request.user, User):  # at *Byt lösenord*
        return too_many(request, refusal)
    context = {
        "form": LoginForm(request, initial={"username": name}),
        "next": request.POST.get("next", ""),
        "allows_passwords": settings.LOCAL_LOGIN,
        "has_provider": settings.OIDC_ISSUER,
        "refusal": refusal,
    }
    return render(request, "registration/login.html", context, status=429)


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no way in of its own. Who is logged in already and is sent here, has no right to it.

    Raises PermissionDenied: the log-in page would send them back, and round it goes.
    """
    if request.user.is_authenticated:
        if not admin.site.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")
    target = request.GET.get("next", reverse("admin:index"))
    return redirect(f"{reverse('login')}?{urlencode({'next': target})}")
