from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from parties.forms.login import LoginForm
from parties.models import User


class LoginPage(LoginView):
    """Django's own log-in, in our words. A refusal answers 422, as every form does."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """On to the page that was asked for; a person of several units chooses one first."""
        target = super().get_success_url()
        user = self.request.user
        if self.request.method == "POST" and isinstance(user, User) and len(user.memberships) > 1:
            return f"{reverse('unit_choice')}?{urlencode({'next': target})}"
        return target

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
