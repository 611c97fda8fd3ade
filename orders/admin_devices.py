"""Devices in the administration: blocking one and letting it be used again is an act that the queue hears of."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from inventory.admin import DeviceAdmin
from inventory.models import Device, DeviceState
from parties.models import User

from .operations.blocking import DeviceHasMoved, change_device_state

admin.site.unregister(Device)


@admin.register(Device)
class DeviceStateAdmin(DeviceAdmin):
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "state" in form.changed_data:
            assert isinstance(request.user, User)
            change_device_state(device_id=obj.pk, state=DeviceState(obj.state), by=request.user, at=timezone.now())
            form.changed_data.remove("state")
        super().save_model(request, obj, form, change)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DeviceHasMoved as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.path)
