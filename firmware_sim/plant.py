"""The physical plant behind the boards: drawers, lids, pockets, pieces, scales, lamps, and the truth about all of them.

Alone knows: what is really so, at the moment of its clock.
Must not know: boards, lines, or what anyone believes.

Nothing ticks: the plant moves on to the present whenever it is looked at. `clock` gives that present in seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from firmware_sim.agenda import Agenda
from firmware_sim.bolt import Bolt
from firmware_sim.cell import LoadCell
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Faults
from firmware_sim.pile import Pile


@dataclass(frozen=True, slots=True)
class Pocket:
    """One pocket: its pieces, and its lid (with the channel of its lock), lamp and scale where it has them; `item` is what it is for."""

    id: str
    drawer: str
    pile: Pile
    lid: Bolt | None = None
    light: Coil | None = None
    cell: LoadCell | None = None
    is_seen: Callable[[float], bool] | None = None
    lock: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Drawer:
    """One drawer or fridge door and the pockets in it."""

    id: str
    name: str
    kind: str
    bolt: Bolt
    lock: str
    pockets: tuple[str, ...]
    probe: Callable[[float], float | None] | None = None


@dataclass(slots=True)
class Plant:
    """All parts, by id. `on_change` hears of every change that outlives a restart: pieces moved, something opened or shut."""

    clock: Callable[[], float]
    agenda: Agenda
    faults: Faults
    drawers: Mapping[str, Drawer]
    pockets: Mapping[str, Pocket]
    coils: Mapping[str, Coil]
    inputs: Mapping[str, Callable[[float], bool]]
    cells: Mapping[str, LoadCell]
    record: Sequence[Pulse]
    on_change: list[Callable[[], None]] = field(default_factory=list)
    probes: Mapping[str, Callable[[float], float | None]] = field(default_factory=dict)
    bin: dict[str, int] = field(default_factory=dict)
    """What lies in the return bin: item, as its label says it -> pieces. Nothing senses it."""

    def advance(self, to_s: float | None = None) -> float:
        """Let everything due by `to_s` (default: now) happen; returns the moment."""
        self.agenda.advance(self.clock() if to_s is None else to_s)
        return self.agenda.now_s

    def changed(self) -> None:
        """Tell those who keep or show the plant."""
        for heard in self.on_change:
            heard()

    @property
    def next_s(self) -> float | None:
        """When something happens by itself next, or None."""
        return self.agenda.next_s

    def pieces(self, pocket: str) -> int:
        """How many pieces really lie in a pocket. Raises KeyError for an unknown id."""
        return len(self.pockets[pocket].pile)

    def is_open(self, drawer: str) -> bool:
        """Whether a drawer or fridge door stands open."""
        self.advance()
        return self.drawers[drawer].bolt.is_open

    def is_lid_open(self, pocket: str) -> bool:
        """Whether a pocket's lid stands open; a pocket without a lid is always open inside its drawer."""
        self.advance()
        lid = self.pockets[pocket].lid
        return lid is None or lid.is_open

    def is_reachable(self, pocket: str) -> bool:
        """Whether a hand can get into a pocket."""
        return self.is_open(self.pockets[pocket].drawer) and self.is_lid_open(pocket)

    def energised(self) -> frozenset[str]:
        """The channels whose contacts are closed."""
        self.advance()
        return frozenset(channel for channel, coil in self.coils.items() if coil.is_energised)

    @property
    def pulses(self) -> Sequence[Pulse]:
        """Every time that a channel was energised, in order, as the contact saw it; one that lasts still has no length."""
        self.advance()
        return self.record

    def settle_coils(self) -> None:
        """Let contacts follow after a fault came or went."""
        now_s = self.advance()
        for coil in self.coils.values():
            coil.settle(now_s)
