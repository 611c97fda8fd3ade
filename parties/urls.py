from django.contrib.auth.views import LogoutView
from django.urls import path

from .views.login import LoginPage
from .views.units import unit_choice

urlpatterns = [
    path("logga-in/", LoginPage.as_view(), name="login"),
    path("logga-ut/", LogoutView.as_view(), name="logout"),
    path("enhet/", unit_choice, name="unit_choice"),
]
