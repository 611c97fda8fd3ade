from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.core.validators import MaxLengthValidator


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
        "invalid_login": "Användarnamnet och lösenordet hör inte ihop. Skilj på stora och små bokstäver i lösenordet.",
        "inactive": "Kontot är avstängt. Fråga systemförvaltaren.",
    }


class PasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": "Det är inte ditt lösenord. Skriv det igen.",
        "password_mismatch": "De två nya lösenorden är inte lika.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "old_password": "Nuvarande lösenord",
            "new_password1": "Nytt lösenord",
            "new_password2": "Nytt lösenord igen",
        }
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].validators.append(MaxLengthValidator(4096))
