"""Every act of the flows as a page posts it. Each is undone afterwards, so that the next one finds the same rows."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from orders.models import OrderSubtype

from .cast import Cast, Person
from .page import Page
from .rates import Setting, drafts_of, fill_shelf


def post(person: Person, name: str, *args: object, **values: object) -> Callable[[], HttpResponseBase]:
    return partial(_undone, person.client, reverse(name, args=args), values)  # logged in now, not in what is undone


def _undone(client: Client, url: str, values: dict[str, object]) -> HttpResponseBase:
    with transaction.atomic():
        response: HttpResponseBase = client.post(url, values | {"key": str(uuid4())})
        transaction.set_rollback(True)
    return response


def acts(cast: Cast) -> Iterator[Page]:
    setting = Setting.find()
    fill_shelf(setting, 100)
    draft, orderer = drafts_of(setting, 1)[0], Person(setting.by)
    article = setting.articles[0].number
    subtype = OrderSubtype.objects.get(code="direktbestallning")
    line = cast.requisition.lines.filter(reserved__gt=0)[0]

    def act(name: str, ask: Callable[[], HttpResponseBase]) -> Page:
        return Page(name=name, group="handling", ask=ask, status=302)

    yield act("ordertyp, nästa", post(orderer, "order_new", "bestallning", subtype=subtype.code))
    yield act("lägg till rad", post(orderer, "order_lines", draft, article=article, quantity=1))
    yield act("spara", post(orderer, "order_register", draft))
    yield act("spara och lämna ut", post(orderer, "order_hand_out", draft))
    yield act("ta plock", post(cast.hms, "pick_claim", order=cast.requisition.pk))
    yield act("skapa utleverans", post(cast.hms, "order_deliver", cast.requisition.pk, everything=1))
    yield act("kvittera, allt stämmer", post(cast.store_staff, "delivery_receive", cast.in_transit.pk, everything=1))
    yield act(
        "makulera rad", post(cast.orderer, "order_line_cancel", cast.requisition.pk, line.pk, reason="NOT_NEEDED")
    )
    yield act("makulera", post(cast.orderer, "order_cancel", cast.requisition.pk, reason="NOT_NEEDED"))
