from django.urls import path

from .views import cancel, deliver, detail, documents, goods_receipt, overview, receive, start

urlpatterns = [
    path("", start.start, name="home"),
    path("kundorder/", overview.order_list, name="order_list"),
    path("kundorder/<int:pk>/", detail.order_detail, name="order_detail"),
    path("kundorder/<int:pk>/utleverans/", deliver.order_deliver, name="order_deliver"),
    path("kundorder/<int:pk>/makulera/", cancel.order_cancel, name="order_cancel"),
    path("utleveranser/<int:pk>/mottagning/", receive.delivery_receive, name="delivery_receive"),
    path("kundorder/<int:pk>/plocklista.pdf", documents.order_pick_list, name="order_pick_list"),
    path("utleveranser/<int:pk>/foljesedel.pdf", documents.delivery_note, name="delivery_note"),
    path("utleveranser/<int:pk>/godsmarkning.pdf", documents.goods_label, name="goods_label"),
    path("lager/inleverans/", goods_receipt.goods_receipt, name="goods_receipt"),
]
