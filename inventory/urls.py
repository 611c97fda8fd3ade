from django.urls import path

from .views.stock import stock_list

urlpatterns = [
    path("lager/saldo/", stock_list, name="stock_list"),
]
