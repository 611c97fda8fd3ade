from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from . import views

urlpatterns = [
    path("logga-in/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logga-ut/", LogoutView.as_view(), name="logout"),
    path("halsa/", views.health, name="health"),
    path("admin/", admin.site.urls),
    path("", include("parties.urls")),
    path("", include("inventory.urls")),
    path("", include("orders.urls")),
]

handler400 = "sesam.views.bad_request"
handler403 = "sesam.views.forbidden"
handler404 = "sesam.views.not_found"
handler500 = "sesam.views.server_error"
