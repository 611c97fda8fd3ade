from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from parties.views.login import LogoutPage, admin_login

from . import views

urlpatterns = [
    path("halsa/", views.health, name="health"),
    path("admin/login/", admin_login, name="admin_login"),
    path("admin/logout/", LogoutPage.as_view(), name="admin_logout"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password"), name="admin_password"),
    path("admin/", admin.site.urls),
    path("", include("parties.urls")),
    path("", include("inventory.urls")),
    path("", include("orders.urls")),
]

handler400 = "sesam.views.bad_request"
handler403 = "sesam.views.forbidden"
handler404 = "sesam.views.not_found"
handler500 = "sesam.views.server_error"
