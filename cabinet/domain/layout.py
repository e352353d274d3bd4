"""The cabinet as a piece of furniture: drawers, pockets, locks, sensors and lights, and what each pocket is meant to hold.

Alone knows: which lock stands in front of which pocket, and which channel tells of which drawer, lid or bin.
Must not know: what is in a pocket at this moment, or how a channel is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cabinet.domain.scale.counting import Teaching, Wander
from cabinet.domain.vocabulary import BoardId, BusId, CabinetId, Channel, DrawerId, ItemId, PocketId, Units


@dataclass(frozen=True, slots=True)
class Lock:
    """One bolt, of a drawer or of a lid: `coil` releases it, `closed` is on while it is shut and latched.

    `home`, where there is one, is on while it is pushed home, whether or not the bolt holds it.
    """

    coil: Channel
    closed: Channel
    home: Channel | None = None

    @property
    def name(self) -> str:
        """The name under which facts speak of this lock."""
        return str(self.coil)


@dataclass(frozen=True, slots=True)
class Levels:
    """How much a pocket should hold, in the item's smallest unit: critical_low <= min <= par."""

    par: Units
    min: Units
    critical_low: Units


WANDER = Wander(mg_per_hour=30, mg_per_kelvin=60)
"""What a load cell of 3 kg wanders by itself (an estimate), and when it warms (0.02 % of its range in 10 K: hardware reference 5.2)."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pocket that stands on a scale. `probe` tells how warm it is beside it, `tray_mg` what the empty pocket weighs (0: nobody said)."""

    scale: BoardId
    teaching: Teaching
    tray_mg: int
    wander: Wander = WANDER
    probe: Channel | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands in a pocket when the cabinet is first started."""

    units: Units
    lot: str | None
    expiry: str | None
    tags: tuple[str, ...] = ()
    """The tags of the sealed kits among them."""


@dataclass(frozen=True, slots=True)
class Pocket:
    """The smallest addressed storage space."""

    id: PocketId
    drawer: DrawerId
    item: ItemId | None
    levels: Levels
    lid: Lock | None
    bin: Channel | None
    light: Channel | None
    weighed: Weighed | None
    opening: Opening | None
    capacity: int | None = None
    """The most that fits in, where somebody said so."""


@dataclass(frozen=True, slots=True)
class Climate:
    """What is watched in a fridge: by which probe, between which temperatures, and for how long it may be out of range.

    `alarm_after_open_s` holds where its door was open meanwhile.
    """

    probe: Channel
    low_mc: int
    high_mc: int
    alarm_after_s: int
    alarm_after_open_s: int


@dataclass(frozen=True, slots=True)
class Drawer:
    """A lockable drawer or fridge door and its pockets. `is_sprung`: a spring throws it open; else a hand pulls it."""

    id: DrawerId
    name: str
    lock: Lock
    pockets: tuple[Pocket, ...]
    climate: Climate | None = None
    is_sprung: bool = True
    columns: int = 0
    """How many of its pockets stand in one row from the left; 0: all of them."""
    is_fridge: bool = False


@dataclass(frozen=True)
class Layout:
    """One cabinet, with the look-ups that the rest of the core needs."""

    cabinet: CabinetId
    name: str
    area: str
    drawers: tuple[Drawer, ...]
    buses: Mapping[BoardId, BusId] = field(default_factory=dict)
    """Which line each board hangs on."""

    @cached_property
    def pockets(self) -> dict[PocketId, Pocket]:
        """Every pocket by its id."""
        return {pocket.id: pocket for drawer in self.drawers for pocket in drawer.pockets}

    @cached_property
    def locks(self) -> dict[str, Lock]:
        """Every lock, of drawers and of lids, by its name."""
        return {lock.name: lock for lock in self._locks()}

    def _locks(self) -> Iterator[Lock]:
        for drawer in self.drawers:
            yield drawer.lock
            yield from (pocket.lid for pocket in drawer.pockets if pocket.lid is not None)

    @cached_property
    def lock_by_input(self) -> dict[Channel, Lock]:
        """Which lock an input tells of."""
        return {lock.closed: lock for lock in self.locks.values()}

    @cached_property
    def lock_by_home(self) -> dict[Channel, Lock]:
        """Which lock a switch at the drawer's home position tells of."""
        return {lock.home: lock for lock in self.locks.values() if lock.home is not None}

    @cached_property
    def pocket_by_bin(self) -> dict[Channel, Pocket]:
        """Which pocket a photo-eye looks into."""
        return {pocket.bin: pocket for pocket in self.pockets.values() if pocket.bin is not None}

    @cached_property
    def drawer_by_probe(self) -> dict[Channel, Drawer]:
        """Which fridge a probe hangs in."""
        return {drawer.climate.probe: drawer for drawer in self.drawers if drawer.climate is not None}

    @cached_property
    def _drawer_by_id(self) -> dict[DrawerId, Drawer]:
        return {drawer.id: drawer for drawer in self.drawers}

    def drawer_of(self, pocket: Pocket) -> Drawer:
        """The drawer that a pocket is in."""
        return self._drawer_by_id[pocket.drawer]

    def path(self, pocket: Pocket) -> tuple[Lock, ...]:
        """The locks between a hand and a pocket, outermost first: the drawer, then the pocket's lid if it has one."""
        drawer = self.drawer_of(pocket).lock
        return (drawer,) if pocket.lid is None else (drawer, pocket.lid)

    def outer_of(self, lid: Lock) -> Lock | None:
        """The lock of the drawer that a lid is in; None for a drawer's own."""
        pocket = next((pocket for pocket in self.pockets.values() if pocket.lid == lid), None)
        return None if pocket is None else self.drawer_of(pocket).lock

    def lines_to(self, pocket: Pocket) -> set[str]:
        """The lines (or, where none are known, the boards) that must work for a pocket to be opened and seen."""
        boards = {channel.board for lock in self.path(pocket) for channel in (lock.coil, lock.closed)}
        return {str(self.buses.get(board, board)) for board in boards}

    def exposed_by(self, lock: Lock) -> tuple[Pocket, ...]:
        """The pockets that can be reached once this lock alone is open."""
        for drawer in self.drawers:
            if drawer.lock == lock:
                return tuple(pocket for pocket in drawer.pockets if pocket.lid is None)
        return tuple(pocket for pocket in self.pockets.values() if pocket.lid == lock)
