"""*Individer*: where each numbered device is and whether it can be used, as a page and as a file."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import reading
from inventory.forms.devices import DeviceForm
from inventory.models import Device, DeviceStatus
from inventory.models.device import place_of_status
from inventory.queries import of_articles
from listing import MOST_COUNTED, MOST_FOUND, Column, Listing
from parties.models import User
from parties.requests import UserRequest
from parties.sorting import swedish_order

DEVICES: Listing[Device] = Listing(
    name="individer",
    default="individ",
    read=reading.DEVICES.in_order,
    columns=[
        Column(key="individ", label="Individ", order_by=["number"], value=attrgetter("number")),
        Column(key="serienummer", label="Serienummer", order_by=["serial_number"], value=attrgetter("serial_number")),
        Column(key="artikel", label="Artikel", order_by=["article__number"], value=attrgetter("article.number")),
        Column(
            key="benamning",
            label="Benämning",
            order_by=[swedish_order("article__name")],
            value=attrgetter("article.name"),
        ),
        Column(
            key="finns",
            label="Finns",
            order_by=[Coalesce("location__warehouse__number", "location__party__number"), "location__kind"],
            reads_all=True,
            value=attrgetter("location.whereabouts"),
        ),
        Column(
            key="status",
            label="Status",
            order_by=[place_of_status()],
            reads_all=True,
            value=attrgetter("status.label"),
        ),
    ],
)


@require_safe
@permission_required("inventory.view_stocklevel", raise_exception=True)
def device_list(request: UserRequest) -> HttpResponseBase:
    """The devices that the user may know of. With whom of the patients one is, is not said: no look at a patient."""
    form = DeviceForm(request.GET, user=request.user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    visible = Device.objects.visible_to(request.user)
    devices = narrow(form.cleaned_data, request.user)
    if file := DEVICES.export(devices, request.GET, on=timezone.localdate()):
        return file
    # Of all municipalities each device's place is looked at for its status, as its number is for a text.
    is_found = form.cleaned_data.get("sok") or (form.cleaned_data.get("status") and request.user.is_central)
    most_counted = MOST_FOUND if is_found else MOST_COUNTED
    is_filtered = any(form.cleaned_data.values())
    context = {
        "form": form,
        "page": DEVICES.page(devices, request.GET, known=visible, most_counted=most_counted, is_whole=not is_filtered),
        "is_filtered": is_filtered,
    }
    if request.htmx:
        return render(request, "inventory/devices.html#devices", context)
    return render(request, "inventory/devices.html", context)


def narrow(values: Mapping[str, Any], user: User) -> QuerySet[Device]:
    """Those that the user may see, by the form's cleaned values; a value that was not valid is not among them."""
    if status := values.get("status"):
        devices = Device.objects.having(DeviceStatus(status), user)
    else:
        devices = Device.objects.visible_to(user)
    if text := values.get("sok"):
        devices = devices.beginning_with(text)
    if warehouse := values.get("lager"):
        devices = devices.around(warehouse)
    text = values.get("artikel")
    return of_articles(devices, text) if text else devices
