"""Where each kind of fault can be: the places of one bench at which it shows, what people call them, and how the page groups the kinds.

Alone knows: which parts of which boards ask about which kind.
Must not know: what is broken now, or who asks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from firmware_sim.assembly import Bench
from firmware_sim.bolt import Bolt
from firmware_sim.fault import EVERYWHERE
from firmware_sim.fitting import sheet
from firmware_sim.kerong import Kerong
from firmware_sim.nut import Nut
from firmware_sim.osdp import OsdpReader
from firmware_sim.scanner import Scanner, ScannerSegment
from firmware_sim.segment import ModbusSegment, TextSegment

Places = Callable[[Bench], Iterator[str]]


class NoSuchPlace(ValueError):
    """This kind of fault is not possible there; the text lists where it is."""


@dataclass(frozen=True, slots=True)
class Aim:
    """The group that a kind stands in, and where it is possible."""

    group: str
    places: Places


def _lines(bench: Bench) -> Iterator[str]:
    yield from bench.segments


def _adapters(bench: Bench) -> Iterator[str]:
    yield from bench.adapters


def _boards(bench: Bench) -> Iterator[str]:
    yield from bench.devices


def _asked(bench: Bench) -> Iterator[str]:
    """A scanner speaks unasked."""
    return (board.id for board in bench.boards if not isinstance(bench.segments[board.bus], ScannerSegment))


def _addressed(bench: Bench) -> Iterator[str]:
    """What is alone on its line has no address in its replies."""
    return (board.id for board in bench.boards if not isinstance(bench.segments[board.bus], (ScannerSegment, TextSegment)))


def _shipped(bench: Bench) -> Iterator[str]:
    """What has an address, and one from the factory."""
    return (board.id for board in bench.boards if sheet(board.model).factory_address is not None)


def _beside_others(bench: Bench) -> Iterator[str]:
    shared = (line for line in bench.segments.values() if isinstance(line, ModbusSegment) and len(line.boards) > 1)
    return (board.id for line in shared for board in line.boards)


def _driving(bench: Bench) -> Iterator[str]:
    return (board.id for board in bench.boards if sheet(board.model).outputs)


def _sagging(bench: Bench) -> Iterator[str]:
    modbus = {board.id for board in bench.boards if isinstance(bench.segments[board.bus], ModbusSegment)}
    return (board for board in _driving(bench) if board in modbus)


def _of(family: type) -> Places:
    return lambda bench: (name for name, device in bench.devices.items() if isinstance(device, family))


def _relays(bench: Bench) -> Iterator[str]:
    """Those on which something hangs: drawers' locks, lids' locks, lights."""
    yield from (drawer.lock for drawer in bench.plant.drawers.values())
    yield from (pocket.lock for pocket in bench.plant.pockets.values() if pocket.lock)
    yield from (pocket.light.channel for pocket in bench.plant.pockets.values() if pocket.light is not None)


def _switches(bench: Bench) -> Iterator[str]:
    return chain.from_iterable(bolt.switches for bolt in _doors(bench).values())


def _probes(bench: Bench) -> Iterator[str]:
    yield from bench.plant.probes


def _scales(bench: Bench) -> Iterator[str]:
    yield from bench.plant.cells


def _neighbours(bench: Bench) -> Iterator[str]:
    return (name for name, cell in bench.plant.cells.items() if cell.neighbour is not None)


def _moving(bench: Bench) -> Iterator[str]:
    yield from _doors(bench)


def _fridges(bench: Bench) -> Iterator[str]:
    return (drawer.id for drawer in bench.plant.drawers.values() if drawer.probe is not None)


def _felt(bench: Bench) -> Iterator[str]:
    return (pocket.id for pocket in bench.plant.pockets.values() if pocket.cell is not None or pocket.is_seen is not None)


def _seen(bench: Bench) -> Iterator[str]:
    return (pocket.id for pocket in bench.plant.pockets.values() if pocket.is_seen is not None)


_ROWS: tuple[tuple[str, Places, str], ...] = (
    ("Drawers and lids", _moving, "drawer_jammed latch_sticks latch_slack drawer_creeps_open lock_slow"),
    ("Fridge", _fridges, "fridge_warm"),
    ("Fridge", _probes, "probe_dead probe_stuck"),
    ("Pockets", _seen, "bin_covered bin_blind"),
    ("Pockets", _felt, "foreign_object"),
    ("Relays and switches", _relays, "relay_welded relay_dead"),
    ("Relays and switches", _switches, "input_stuck_on input_stuck_off input_bouncing"),
    ("Scales", _scales, "scale_frozen scale_unsteady scale_drifts scale_cell_error scale_overloaded scale_restarts scale_creeps"),
    ("Scales", _scales, "scale_wrong_unit scale_warms room_cold"),
    ("Scales", _neighbours, "scale_leans_on"),
    ("Boards", _boards, "board_silent reply_late reply_lost reply_garbled reply_truncated reply_doubled"),
    ("Boards", _addressed, "reply_wrong_unit"),
    ("Boards", _asked, "request_lost"),
    ("Boards", _shipped, "board_new"),
    ("Boards", _beside_others, "address_doubled"),
    ("Boards", _driving, "write_ignored"),
    ("Boards", _sagging, "supply_sags"),
    ("Boards", _of(Kerong), "polarity_reversed board_busy"),
    ("Lines", _lines, "line_unplugged line_dead line_disturbed gateway_buffers"),
    ("Lines", _adapters, "adapter_renamed"),
    ("Badge reader", _of(OsdpReader), "reader_plain reader_foreign_key reader_tamper reader_power"),
    ("Scanner", _of(Scanner), "scanner_drops_gs scanner_no_prefix scanner_no_suffix scanner_doubles scanner_splits"),
    ("Power supply", _of(Nut), "mains_lost battery_low ups_silent"),
)

AIMS = {kind: Aim(group, places) for group, places, kinds in _ROWS for kind in kinds.split()}
"""kind -> its group and its places, in the order in which a page offers them."""


def places(bench: Bench, kind: str) -> tuple[str, ...]:
    """Where this kind is possible in this cabinet. Raises KeyError for a kind that is not in the table."""
    return tuple(AIMS[kind].places(bench))


def check(bench: Bench, kind: str, target: str) -> None:
    """Raises NoSuchPlace where a fault would change nothing."""
    where = places(bench, kind)
    if target != EVERYWHERE and target not in where:
        elsewhere = f"it is at {', '.join(where)}" if where else "nor anywhere else here"
        raise NoSuchPlace(f"{kind} is not possible at {target!r}; {elsewhere}")


def names(bench: Bench, kind: str) -> dict[str, str]:
    """What people call the places of a kind, beside their ids: a channel's number stands for an output and for an input."""
    drawers, pockets = bench.plant.drawers, bench.plant.pockets
    if kind.startswith("relay_"):
        words = {drawer.lock: f"lock of {drawer.name}" for drawer in drawers.values()}
        words |= {pocket.lock: f"lock of lid {pocket.id}" for pocket in pockets.values() if pocket.lock}
        return words | {pocket.light.channel: f"light of {pocket.id}" for pocket in pockets.values() if pocket.light is not None}
    if kind.startswith("input_"):
        words = {switch: f"switch of {drawer.name}" for drawer in drawers.values() for switch in drawer.bolt.switches}
        return words | {switch: f"switch of lid {lid.id}" for lid in pockets.values() if lid.lid is not None for switch in lid.lid.switches}
    words = {board.id: board.model for board in bench.boards}
    words |= {pocket.id: f"in {drawers[pocket.drawer].name}" for pocket in pockets.values()}
    return words | {drawer.id: drawer.name for drawer in drawers.values()}


def _doors(bench: Bench) -> dict[str, Bolt]:
    """Everything that a bolt keeps shut, by the id that its faults are aimed at."""
    lids = {pocket.id: pocket.lid for pocket in bench.plant.pockets.values() if pocket.lid is not None}
    return {drawer.id: drawer.bolt for drawer in bench.plant.drawers.values()} | lids
