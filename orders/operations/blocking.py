"""Block a device (spärra individ), scrap it, or let it be used again; what that means to those who wait for one."""

from datetime import datetime

from django.db import transaction

from inventory.locks import LevelKey, lock_levels, save_levels
from inventory.models import Device, DeviceState, LocationKind
from parties.models import User

from .allocating import share_out
from .taking_back import take_back


class DeviceHasMoved(Exception):
    """Somebody moved the device while its state was changed; the message says so in Swedish."""


@transaction.atomic
def change_device_state(*, device_id: int, state: DeviceState, by: User, at: datetime) -> Device:
    """Say whether a device can be used.

    One that stands in a warehouse and can be used again goes to the queue at once. From one that cannot, the line that
    had chosen it is released, and where more is promised than is fit, whoever came last. Raises DeviceHasMoved.
    """
    key = _level_of(Device.objects.get(pk=device_id))
    if key:
        lock_levels([key])
    device = Device.objects.select_for_update(of=["self"]).get(pk=device_id)
    if _level_of(device) != key:  # looked at after the lock, and so is its place: a join would not find it anew
        raise DeviceHasMoved(f"Individ {device} flyttades just nu. Ladda om sidan och försök igen.")
    if device.state == state:
        return device
    device.state = state
    device.save(update_fields=["state"])
    if key:
        levels = lock_levels([key])  # read again, with what is blocked now
        if state != DeviceState.OK:
            take_back(levels[key], levels[key].blocked, {device.pk}, by=by, at=at)
        share_out(levels, by=by, at=at)
        save_levels(levels.values())
    return device


def _level_of(device: Device) -> LevelKey | None:
    """The balance that counts the device; None where no warehouse has it."""
    place = device.location
    if place.kind != LocationKind.WAREHOUSE or place.warehouse_id is None:
        return None
    return (place.warehouse_id, device.article_id)
