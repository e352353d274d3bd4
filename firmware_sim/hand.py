"""What a person can do to the cabinet, with no badge and no screen: pull, push, lift, take, put, break open, show and scan.

Alone knows: what a hand can reach, and what pieces of other items weigh.
Must not know: whether any of it is allowed or right.

Every act happens at the plant's present and returns whether it was physically possible. Raises KeyError for an id that does not exist.
"""

from collections.abc import Mapping
from typing import TypeVar

from firmware_sim.bolt import Bolt
from firmware_sim.osdp import OsdpReader
from firmware_sim.plant import Plant
from firmware_sim.scanner import Scanner

_Device = TypeVar("_Device", OsdpReader, Scanner)

OTHER_MG = 5_000
"""What a piece weighs of an item that no pocket of this cabinet weighs: a small vial."""


class Hand:
    """Any person's hand. `unit_mass_mg` tells what one piece of an item weighs, where the site knows it."""

    def __init__(self, plant: Plant, devices: Mapping[str, object] | None = None, unit_mass_mg: Mapping[str, int] | None = None) -> None:
        self._plant = plant
        self._unit_mass_mg = unit_mass_mg or {}
        self._readers = {name: device for name, device in (devices or {}).items() if isinstance(device, OsdpReader)}
        self._scanners = {name: device for name, device in (devices or {}).items() if isinstance(device, Scanner)}

    def pull(self, drawer: str) -> bool:
        """Pull a drawer or door open: True if it is open then."""
        bolt = self._plant.drawers[drawer].bolt
        return bolt.pull(self._plant.advance())

    def push(self, drawer: str) -> bool:
        """Push a drawer or door home: True if it is latched then."""
        bolt = self._plant.drawers[drawer].bolt
        return bolt.push(self._plant.advance())

    def force(self, drawer: str) -> bool:
        """Open a drawer or door without a release: False if it was open already."""
        bolt = self._plant.drawers[drawer].bolt
        return bolt.force(self._plant.advance())

    def lift_lid(self, pocket: str) -> bool:
        """Lift a lid: True if it is open then."""
        lid = self._lid_in_reach(pocket)
        return lid is not None and lid.pull(self._plant.agenda.now_s)

    def close_lid(self, pocket: str) -> bool:
        """Press a lid shut: True if it is latched then."""
        lid = self._lid_in_reach(pocket)
        return lid is not None and lid.push(self._plant.agenda.now_s)

    def force_lid(self, pocket: str) -> bool:
        """Open a lid without a release: False if it was open already or its drawer is shut."""
        lid = self._lid_in_reach(pocket)
        return lid is not None and lid.force(self._plant.agenda.now_s)

    def take(self, pocket: str, units: int, item: str | None = None) -> int:
        """Take up to `units` pieces, any of them or of one stranger among them: how many were taken, 0 when out of reach or empty."""
        if units < 1 or not self._plant.is_reachable(pocket):
            return 0
        taken = self._plant.pockets[pocket].pile.take(units, item)
        self._moved(pocket)
        return taken

    def put(self, pocket: str, units: int, item: str | None = None, lot: str = "") -> int:
        """Put in `units` pieces, of the pocket's own item or of another: how many were put, 0 when the pocket is out of reach."""
        place = self._plant.pockets[pocket]
        if units < 1 or not self._plant.is_reachable(pocket):
            return 0
        if item is None or item == place.item:
            place.pile.put(units, lot=lot)
        else:
            place.pile.put(units, item, lot, self._unit_mass_mg.get(item, OTHER_MG))
        self._moved(pocket)
        return units

    def drop(self, units: int, item: str) -> int:
        """Drop pieces into the return bin's slot."""
        self._plant.bin[item] = self._plant.bin.get(item, 0) + units
        self._plant.changed()
        return units

    def empty_bin(self) -> int:
        """Take everything out of the return bin: how many pieces it was."""
        found = sum(self._plant.bin.values())
        self._plant.bin.clear()
        self._plant.changed()
        return found

    def show_badge(self, badge: str, reader: str | None = None) -> bool:
        """Hold a badge to a reader (the first, where none is named). Raises ValueError for a number that no card holds."""
        self._one(self._readers, reader).show(int(badge))
        return True

    def scan(self, code: str, scanner: str | None = None) -> bool:
        """Hold a package to a scanner (the first, where none is named): True if it sent anything."""
        return self._one(self._scanners, scanner).scan(code)

    @staticmethod
    def _one(devices: Mapping[str, _Device], name: str | None) -> _Device:
        if name is None and devices:
            return next(iter(devices.values()))
        return devices[name or "reader or scanner"]

    def _lid_in_reach(self, pocket: str) -> Bolt | None:
        place = self._plant.pockets[pocket]
        return place.lid if self._plant.is_open(place.drawer) else None

    def _moved(self, pocket: str) -> None:
        cell = self._plant.pockets[pocket].cell
        if cell is not None:
            cell.disturb(self._plant.agenda.now_s)
        self._plant.changed()
