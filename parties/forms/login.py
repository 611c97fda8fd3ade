from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField


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
