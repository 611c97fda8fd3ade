from django.urls import path

from .views.account import PasswordPage, account, end_other_sessions
from .views.login import LoginPage, LogoutPage
from .views.oidc import OidcCallback, OidcStart
from .views.session import session_state
from .views.units import unit_choice

urlpatterns = [
    path("logga-in/", LoginPage.as_view(), name="login"),
    path("logga-in/e-legitimation/", OidcStart.as_view(), name="oidc_start"),
    path("logga-in/svar/", OidcCallback.as_view(), name="oidc_callback"),
    path("logga-ut/", LogoutPage.as_view(), name="logout"),
    path("session/", session_state, name="session_state"),
    path("mitt-konto/", account, name="account"),
    path("mitt-konto/logga-ut-overallt/", end_other_sessions, name="end_other_sessions"),
    path("mitt-konto/losenord/", PasswordPage.as_view(), name="password"),
    path("enhet/", unit_choice, name="unit_choice"),
]
