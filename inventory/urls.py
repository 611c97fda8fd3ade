from django.urls import path

from .views.devices import device_list
from .views.stock import stock_list

urlpatterns = [
    path("lager/individer/", device_list, name="device_list"),
    path("lager/saldo/", stock_list, name="stock_list"),
]
