from django.urls import path

from .views import (
    cancel,
    deliver,
    detail,
    documents,
    goods_receipt,
    lines,
    overview,
    parties,
    receive,
    saving,
    start,
    wizard,
)

urlpatterns = [
    path("", start.start, name="home"),
    path("kundorder/", overview.order_list, name="order_list"),
    path("kundorder/ny/<slug:type>/", wizard.order_new, name="order_new"),
    path("kundorder/<int:pk>/ordertyp/", wizard.order_type, name="order_type"),
    path("kundorder/<int:pk>/avbryt/", wizard.order_discard, name="order_discard"),
    path("kundorder/<int:pk>/parter/", parties.order_parties, name="order_parties"),
    path("kundorder/<int:pk>/orderrader/", lines.order_lines, name="order_lines"),
    path("kundorder/<int:pk>/orderrader/<int:line_pk>/", lines.order_line, name="order_line"),
    path("kundorder/<int:pk>/orderrader/<int:line_pk>/ta-bort/", lines.order_line_remove, name="order_line_remove"),
    path("kundorder/<int:pk>/granska/", saving.order_review, name="order_review"),
    path("kundorder/<int:pk>/spara/", saving.order_register, name="order_register"),
    path("kundorder/<int:pk>/spara-och-lamna-ut/", saving.order_hand_out, name="order_hand_out"),
    path("kundorder/<int:pk>/", detail.order_detail, name="order_detail"),
    path("kundorder/<int:pk>/utleverans/", deliver.order_deliver, name="order_deliver"),
    path("kundorder/<int:pk>/makulera/", cancel.order_cancel, name="order_cancel"),
    path("utleveranser/<int:pk>/mottagning/", receive.delivery_receive, name="delivery_receive"),
    path("kundorder/<int:pk>/plocklista.pdf", documents.order_pick_list, name="order_pick_list"),
    path("utleveranser/<int:pk>/foljesedel.pdf", documents.delivery_note, name="delivery_note"),
    path("utleveranser/<int:pk>/godsmarkning.pdf", documents.goods_label, name="goods_label"),
    path("lager/inleverans/", goods_receipt.goods_receipt, name="goods_receipt"),
]
