"""Passwords in the administration: made by the program, shown once, never typed by an administrator."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from .models import SecurityEventKind, User
from .operations.accounts import give_first_password, remove_password
from .security import note_event


class PasswordPages(admin.ModelAdmin):  # type: ignore[type-arg]  # generic to the type checker only
    """What the administration of users says and does about passwords."""

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A new first password in place of the one before, or none. In Django's page it would be typed."""
        user = self.get_object(request, unquote(id))
        if user is None or not settings.LOCAL_LOGIN:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method != "POST":
            return self._password_page(request, user)
        if "ta-bort" not in request.POST:
            return self.give_password(request, user)
        remove_password(user=user)
        note_event(request, SecurityEventKind.NO_PASSWORD, user=user, detail=f"Av {request.user}")
        self.message_user(request, f"{user.name} har inget lösenord längre.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:parties_user_change", args=[user.pk]))

    def give_password(self, request: HttpRequest, user: User) -> HttpResponse:
        """In the answer itself and never in a message, which would be stored."""
        password = give_first_password(user=user, at=timezone.now())
        note_event(request, SecurityEventKind.FIRST_PASSWORD, user=user, detail=f"Av {request.user}")
        return self._password_page(request, user, password)

    def _password_page(self, request: HttpRequest, user: User, password: str = "") -> HttpResponse:
        said = {"title": "Lösenord", "opts": self.opts, "person": user, "password": password}
        context = self.admin_site.each_context(request) | said | {"days": settings.FIRST_PASSWORD_DAYS}
        return TemplateResponse(request, "admin/parties/user/password.html", context)

    @admin.display(description="lösenord")
    def password_link(self, user: User) -> str:
        """What there is, and the way to another."""
        until = user.first_password_until
        if not user.has_usable_password():
            has = "Inget lösenord."
        elif until is None:
            has = "Personens eget."
        else:
            word = "gäller till" if until > timezone.now() else "gick ut"
            has = f"Ett första lösenord, {word} {timezone.localtime(until):%Y-%m-%d %H:%M}."
        if not settings.LOCAL_LOGIN:
            return has
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{} <a class="button" href="{}">Nytt första lösenord</a>', has, url)
