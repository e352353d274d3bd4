"""The emergency list of this care area, as far as this cabinet holds it: one touch on an item opens its pocket.

Alone knows: what is on it and in which order. Must not know: HTTP, HTML, clocks; what an emergency skips (`cabinet.domain.debt.owing`).
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Drawer
from cabinet.domain.phrase import Phrase, message
from cabinet.domain.surroundings import climate
from cabinet.domain.vocabulary import Instant, PocketId
from cabinet.kiosk.screens import best_place
from cabinet.kiosk.view import Place, stocked


@dataclass(frozen=True)
class EmergencyRow:
    """One item. `says` is why it cannot be had, or that it has expired, was too warm or is empty on the record, and opens all the same."""

    item: Item
    place: Place
    says: str
    is_stop: bool


SAID = {
    "expired": (message("expired: it opens all the same"), False),
    "out": (message("empty on the record: it opens all the same"), False),
    "failed": (message("its drawer does not open"), True),
    "quarantined": (message("recalled or blocked"), True),
}


def emergency_rows(core: Core, now: Instant) -> tuple[EmergencyRow, ...]:
    """Crash drugs and antidotes first, then the rest of the list; in critical override everything, each by its name."""
    rules, found = core.world.policy.authority, []
    for item_id in stocked(core):
        item = core.world.formulary.get(item_id)
        if item is not None and (core.scene.is_in_critical_override or rules.is_for_emergencies(item_id)):
            place = best_place(core, item, now, is_urgent=True)
            if place is not None:
                drawer = core.world.layout.drawer_of(core.world.layout.pockets[PocketId(place.pocket)])
                said, is_stop = SAID.get(place.status, ("", False))
                says, is_stop = (Phrase(said), is_stop) if said else _of_the_fridge(core, item, drawer, now)
                found.append(EmergencyRow(item, place, says, is_stop))
    return tuple(sorted(found, key=lambda row: (row.item.id not in rules.emergency, row.item.name.lower(), row.item.strength)))


def _of_the_fridge(core: Core, item: Item, drawer: Drawer, now: Instant) -> tuple[Phrase | str, bool]:
    """What an excursion means for an item, and whether it stops an emergency: a pharmacist's word does."""
    if climate.judge(core.scene, now, drawer, item, is_emergency=True) is not None:
        return Phrase("a pharmacist said that it is not to be used"), True
    if climate.judge(core.scene, now, drawer, item) is None:
        return "", False
    minutes = climate.minutes_out(now, core.state.fridges[drawer.id])
    return Phrase("{minutes} minutes out of range: it opens all the same", minutes=minutes), False
