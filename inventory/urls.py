from django.urls import path

from .views.article import article_detail
from .views.articles import article_list
from .views.devices import device_list
from .views.stock import stock_list

urlpatterns = [
    path("lager/artiklar/", article_list, name="article_list"),
    path("lager/artiklar/<str:number>/", article_detail, name="article_detail"),
    path("lager/individer/", device_list, name="device_list"),
    path("lager/saldo/", stock_list, name="stock_list"),
]
