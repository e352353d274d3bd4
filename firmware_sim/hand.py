"""What a person can do to the cabinet, with no badge and no screen: pull, push, lift, take, put, break open, show and scan.

Alone knows: what a hand can reach.
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


class Hand:
    """Any person's hand."""

    def __init__(self, plant: Plant, devices: Mapping[str, object] | None = None) -> None:
        self._plant = plant
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

    def take(self, pocket: str, units: int) -> int:
        """Take up to `units` pieces: how many were taken, 0 when the pocket is out of reach or empty."""
        if units < 1 or not self._plant.is_reachable(pocket):
            return 0
        taken = self._plant.pockets[pocket].pile.take(units)
        self._moved(pocket)
        return taken

    def put(self, pocket: str, units: int) -> int:
        """Put in `units` pieces: how many were put, 0 when the pocket is out of reach."""
        if units < 1 or not self._plant.is_reachable(pocket):
            return 0
        self._plant.pockets[pocket].pile.put(units)
        self._moved(pocket)
        return units

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
