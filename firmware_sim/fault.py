"""Everything that can be broken on purpose while the simulator runs: one table, and what is broken now.

Alone knows: the kinds of fault, what each may be aimed at, and the dice.
Must not know: how a broken part behaves; each part asks here and behaves accordingly.

A target is an id as the site writes it: a bus, a board, a channel (`board:number`), a drawer or a pocket; `*` aims at all of them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a fault can be aimed at."""

    BUS = "bus"
    BOARD = "board"
    CHANNEL = "channel"
    DOOR = "door"
    POCKET = "pocket"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table. `sentence` tells what a technician would find.

    `knob` names the field of Fault that says how bad it is, `usual` what the page proposes for it where that is not the field's default.
    """

    name: str
    scope: Scope
    sentence: str
    knob: str = ""
    usual: int | None = None


KINDS = {
    kind.name: kind
    for kind in (
        Kind("line_unplugged", Scope.BUS, "the cable of this line is pulled out"),
        Kind("line_dead", Scope.BUS, "the line's pair is cut: its port is there, and nobody hears or says anything"),
        Kind("line_disturbed", Scope.BUS, "coils disturb the line: what is said within 0.3 s after one switched loses a bit"),
        Kind("adapter_renamed", Scope.BUS, "the line's adapter goes away for a moment and comes back under another name"),
        Kind("gateway_buffers", Scope.BUS, "the gateway keeps each reply back and hands it out after the next question"),
        Kind("board_new", Scope.BOARD, "the board was exchanged for a new one, which has the address that the maker gave it"),
        Kind("address_doubled", Scope.BOARD, "the board was given the address of the first other board on its line"),
        Kind("supply_sags", Scope.BOARD, "the board's supply sags under a coil: it restarts in the middle of a pulse"),
        Kind("reply_late", Scope.BOARD, "replies come `delay_ms` later than they should", "delay_ms"),
        Kind("reply_lost", Scope.BOARD, "the order is carried out and its reply never arrives"),
        Kind("reply_garbled", Scope.BOARD, "one bit of the reply turns over on the way"),
        Kind("reply_truncated", Scope.BOARD, "the end of the reply is missing"),
        Kind("reply_wrong_unit", Scope.BOARD, "the reply carries another unit's address, with a right check sum"),
        Kind("reply_doubled", Scope.BOARD, "the reply comes twice"),
        Kind("request_lost", Scope.BOARD, "the request never arrives, so nothing is done and nothing answers"),
        Kind("write_ignored", Scope.BOARD, "writes are echoed as if done, and nothing is done"),
        Kind("board_silent", Scope.BOARD, "the board has no power: outputs off, no answer"),
        Kind("polarity_reversed", Scope.BOARD, "the lock board means the opposite of what the site says by its lock bits"),
        Kind("board_busy", Scope.BOARD, "the lock board hangs after an unlock and keeps silent until it hears a time answer (38)"),
        Kind("relay_welded", Scope.CHANNEL, "the relay's contact sticks once it has closed; it reads back as commanded"),
        Kind("relay_dead", Scope.CHANNEL, "the relay's contact never closes; it reads back as commanded"),
        Kind("input_stuck_on", Scope.CHANNEL, "the input reads on, whatever happens"),
        Kind("input_stuck_off", Scope.CHANNEL, "the input reads off, whatever happens: a cut wire"),
        Kind("input_bouncing", Scope.CHANNEL, "a loose contact: the input reads one or the other by chance"),
        Kind("latch_sticks", Scope.DOOR, "the bolt does not withdraw although its coil is energised"),
        Kind("drawer_jammed", Scope.DOOR, "the drawer or lid does not move, neither by spring nor by hand"),
        Kind("latch_slack", Scope.DOOR, "the bolt does not catch: the drawer or lid is pushed home and does not stay latched"),
        Kind("drawer_creeps_open", Scope.DOOR, "the bolt seems to catch and slips: what was shut opens by itself 1.5 s later"),
        Kind("lock_slow", Scope.DOOR, "the bolt withdraws `delay_ms` later than it did when it was new", "delay_ms", 150),
        Kind("scale_frozen", Scope.BOARD, "the scale shows the same weight for ever, and calls it stable"),
        Kind("scale_unsteady", Scope.BOARD, "the scale never comes to rest"),
        Kind("scale_drifts", Scope.BOARD, "the scale's zero wanders by `rate_mg_per_h`", "rate_mg_per_h"),
        Kind("scale_cell_error", Scope.BOARD, "the load cell's wire is cut"),
        Kind("scale_overloaded", Scope.BOARD, "someone leans on the pan"),
        Kind("scale_restarts", Scope.BOARD, "the scale loses its supply for a moment; a balance then takes what lies on it for zero"),
        Kind("scale_creeps", Scope.BOARD, "the load cell goes on giving way for minutes after each change of load"),
        Kind("scale_wrong_unit", Scope.BOARD, "somebody pressed the unit key: the scale shows ounces or pounds"),
        Kind("scale_leans_on", Scope.BOARD, "the tray touches its neighbour's: a tenth of that load rests on this scale"),
        Kind("scale_warms", Scope.BOARD, "the scale's zero follows the warmth of the room by `rate_mg_per_k`", "rate_mg_per_k"),
        Kind("room_cold", Scope.BOARD, "the heating is off: within four hours it becomes 8 K colder around the scale, and everywhere else"),
        Kind("foreign_object", Scope.POCKET, "something of `mass_mg` lies in the pocket that does not belong there", "mass_mg"),
        Kind("reader_plain", Scope.BOARD, "the badge reader is another model: it knows no secure channel"),
        Kind("reader_foreign_key", Scope.BOARD, "the badge reader was exchanged: it has another key"),
        Kind("reader_tamper", Scope.BOARD, "the badge reader's cover is open"),
        Kind("reader_power", Scope.BOARD, "the badge reader says that its supply is failing"),
        Kind("scanner_drops_gs", Scope.BOARD, "the scanner is set wrongly: it leaves the separator between fields out"),
        Kind("scanner_no_prefix", Scope.BOARD, "the scanner is set wrongly: it does not send the AIM prefix"),
        Kind("scanner_no_suffix", Scope.BOARD, "the scanner is set wrongly: nothing says where a code ends"),
        Kind("scanner_doubles", Scope.BOARD, "the scanner sends every code twice"),
        Kind("scanner_splits", Scope.BOARD, "a code comes in two pieces with a pause between them"),
        Kind("bin_covered", Scope.POCKET, "the photo-eye sees something although the pocket may be empty"),
        Kind("probe_dead", Scope.CHANNEL, "the temperature probe's wire is cut: its register holds no temperature"),
        Kind("probe_stuck", Scope.CHANNEL, "the temperature probe shows the same temperature for ever"),
        Kind("fridge_warm", Scope.DOOR, "the fridge's cooling has failed: it warms although its door is shut"),
        Kind("mains_lost", Scope.BOARD, "the supply has no mains: the cabinet runs on its battery, which empties"),
        Kind("battery_low", Scope.BOARD, "the supply's battery is old: it holds next to nothing"),
        Kind("ups_silent", Scope.BOARD, "the supply's server answers, and has lost the supply itself"),
        Kind("bin_blind", Scope.POCKET, "the photo-eye sees nothing although something may lie there"),
    )
}

EVERYWHERE = "*"


class UnknownFault(ValueError):
    """No row of the table has this name; the text lists those that exist."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that is on. `probability` (0 to 1) is for each occasion; the other figures matter to some kinds only."""

    kind: str
    target: str = EVERYWHERE
    probability: float = 1.0
    delay_ms: int = 500
    rate_mg_per_h: int = 3000
    rate_mg_per_k: int = 60
    mass_mg: int = 8000


class Faults:
    """What is broken now. Parts ask `holds` (a state) or `strikes` (a throw of the dice, for each occasion)."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.fired: dict[str, int] = {}
        self.switched_s = float("-inf")
        """When a lock's current last came or went, anywhere in the plant."""
        self._active: dict[tuple[str, str], Fault] = {}
        self._struck: set[tuple[str, str]] = set()
        self._listeners: list[Callable[[], None]] = []

    def __bool__(self) -> bool:
        return bool(self._active)

    def listen(self, heard: Callable[[], None]) -> None:
        """Have `heard` called after every change."""
        self._listeners.append(heard)

    def cause(self, fault: Fault) -> None:
        """Break something; the same kind at the same target is replaced. Raises UnknownFault."""
        if fault.kind not in KINDS:
            raise UnknownFault(f"{fault.kind!r} is no fault; there are {', '.join(KINDS)}")
        self._active[fault.kind, fault.target] = fault
        self._struck.discard((fault.kind, fault.target))
        self._tell()

    def mend(self, kind: str | None = None, target: str | None = None) -> None:
        """Mend what fits `kind` and `target`; None fits everything."""
        for key in list(self._active):
            if kind in {None, key[0]} and target in {None, key[1]}:
                del self._active[key]
        self._tell()

    def active(self) -> tuple[Fault, ...]:
        """What is broken, in the order in which it broke."""
        return tuple(self._active.values())

    def has_struck(self, fault: Fault) -> bool:
        """Whether a fault that is on has had an occasion to show since it was caused."""
        return (fault.kind, fault.target) in self._struck

    def strikes(self, kind: str, target: str) -> Fault | None:
        """The fault, if it is on and the dice fall so; counted in `fired`."""
        if not self._active:
            return None
        fault = self._active.get((kind, target)) or self._active.get((kind, EVERYWHERE))
        if fault is None or (fault.probability < 1.0 and self.rng.random() >= fault.probability):
            return None
        self.fired[kind] = self.fired.get(kind, 0) + 1
        self._struck.add((kind, fault.target))
        return fault

    def is_on(self, kind: str, target: str) -> bool:
        """Whether it is broken, for an onlooker: nothing is counted, and no dice are thrown."""
        return (kind, target) in self._active or (kind, EVERYWHERE) in self._active

    def holds(self, kind: str, target: str) -> bool:
        """Whether it strikes on this occasion."""
        return bool(self._active) and self.strikes(kind, target) is not None

    def _tell(self) -> None:
        for heard in self._listeners:
            heard()
