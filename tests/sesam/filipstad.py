"""The other municipality of the world, with orders, goods and a patient of its own."""

from typing import Any

from tests import factories

from .access_world import AccessWorld

MAKERS = {
    "bestallning": "bes2",
    "direktbestallning": "bes2",
    "forskrivning": "för2",
    "direktforskrivning": "för2",
    "lagerflytt": "frd2",
}
"""Who in Filipstad orders what."""


def settle_filipstad(access: AccessWorld) -> None:
    """Orders of each type, some delivered, and goods on the shelves: Filipstad has what Arvika has."""
    world, people = access.world, access.people
    world.stock(world.other_store, world.chair, 50)
    unit = world.other_store.owner
    patient = factories.PatientFactory.create(name="Gösta Berling-Test", municipality=unit.parent)
    for kind, maker in MAKERS.items():
        parties: dict[str, Any] = {"orderer": people[maker]}
        if kind != "lagerflytt":
            is_prescription = "forskrivning" in kind
            parties |= {"recipient_patient": patient} if is_prescription else {"recipient_unit": unit}
        world.draft(kind, {world.chair: 1}, **parties)
        world.register(kind, {world.chair: 1}, **parties)
        world.deliver(world.register(kind, {world.chair: 1}, **parties))
