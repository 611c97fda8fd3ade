from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from parties.models import User
from parties.operations.accounts import choose_password


class LoginForm(AuthenticationForm):
    username = UsernameField(
        label="Användarnamn",
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Lösenord",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "Användarnamnet och lösenordet hör inte ihop. Skilj på stora och små bokstäver i lösenordet. "
        f"Ett första lösenord gäller i {settings.FIRST_PASSWORD_DAYS} dygn.",
        "inactive": "Kontot är avstängt. Fråga systemförvaltaren.",
    }


class PasswordForm(PasswordChangeForm):
    user: User
    error_messages = {
        "password_incorrect": "Det är inte ditt lösenord. Skriv det igen.",
        "password_mismatch": "De två nya lösenorden är inte lika.",
    }

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        labels = {
            "old_password": "Nuvarande lösenord",
            "new_password1": "Nytt lösenord",
            "new_password2": "Nytt lösenord igen",
        }
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].validators.append(MaxLengthValidator(4096))

    def clean_old_password(self) -> str:
        """Asked as at the log-in, so that guesses at a computer left open are counted and locked too."""
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=old) is None:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("new_password2") and values["new_password2"] == values.get("old_password"):
            self.add_error("new_password2", "Välj ett annat lösenord än det du har.")
        return values

    def save(self, commit: bool = True) -> User:
        choose_password(user=self.user, password=self.cleaned_data["new_password1"])
        return self.user
