"""What the technician's bench is shown: locks, pockets, boards and lines as the cabinet believes them to be, and what boards told.

Alone knows: the shape of the bench's answers, and which weights are withheld. Must not know: HTTP, or how a board is asked.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from cabinet.domain import service
from cabinet.domain.core import Core
from cabinet.domain.layout import Drawer, Lock, Pocket
from cabinet.domain.people import Staff
from cabinet.domain.scale import counting
from cabinet.domain.vocabulary import Instant, StaffId, utc_text
from cabinet.kiosk.bench_body import ResultBody
from cabinet.ports import BoardSight, Frame, Identity, LineSight, Reading, Technics

CHANGE = "the change since it was followed"
LISTENED = ("reader", "scanner")
WITHHELD = "withheld: this pocket is counted blind"


@dataclass(frozen=True)
class MaintenanceView:
    """Who has the cabinet, since when, and until when at the latest."""

    staff: str
    name: str
    since: str
    until: str


@dataclass(frozen=True)
class LockView:
    """One bolt: what it locks, its two channels, and how it stands (latched, releasing, open, failed, unknown)."""

    lock: str
    closed: str
    drawer: str
    pocket: str | None
    place: str
    state: str


@dataclass(frozen=True)
class PocketSight:
    """One pocket: what hangs on it. `is_seen_empty` is what its photo-eye saw last, `is_empty` what the journal says."""

    pocket: str
    drawer: str
    place: str
    light: str | None
    bin: str | None
    scale: str | None
    is_seen_empty: bool | None
    is_empty: bool


@dataclass(frozen=True)
class HardwareView:
    """The whole cabinet as its technician sees it."""

    cabinet: str
    name: str
    mode: str
    seq: int
    wiring: str
    commissioned_wiring: str | None
    maintenance: MaintenanceView | None
    locks: tuple[LockView, ...]
    pockets: tuple[PocketSight, ...]
    boards: tuple[BoardSight, ...]
    lines: tuple[LineSight, ...]
    failures: dict[str, str]


@dataclass(frozen=True)
class IdentityView:
    """Who a board says that it is, beside what the site says."""

    board: str
    bus: str
    address: int
    model: str
    maker: str
    told: str
    firmware: str
    serial: str
    detail: str


@dataclass(frozen=True)
class ReadingView:
    """What a board told; `note` says why something is missing."""

    board: str
    inputs: tuple[bool, ...] = ()
    mass_mg: int | None = None
    is_steady: bool | None = None
    division_mg: int | None = None
    temperatures: tuple[str, ...] = ()
    power: str = ""
    note: str = ""


@dataclass(frozen=True)
class PulseView:
    """What came of a pulse (opened, not_opened, unknown), how the lock stands, and the other doors that moved: lock, from, to."""

    lock: str
    outcome: str
    state: str
    others: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class CountView:
    """What counting by weight makes of a pocket: its verdict, the units where it has one, and why not where it has none."""

    pocket: str
    mass_mg: int | None
    is_steady: bool
    verdict: str
    units: int | None
    why: str


@dataclass(frozen=True)
class FrameView:
    """Bytes on a line, in hexadecimal; none where an answer is withheld, for it may tell a weight that is."""

    number: int
    at: str
    at_s: float
    bus: str
    framing: str
    is_ours: bool
    data: str


@dataclass(frozen=True)
class ResultView:
    """A signed result: its file in the state folder, that file's sha256, the signature, and what did not pass."""

    file: str
    sha256: str
    signature: str
    is_passed: bool
    failed: list[str]


def hardware_view(core: Core, technics: Technics) -> HardwareView:
    """The whole cabinet."""
    state, layout = core.state, core.world.layout
    commissioning = state.commissioning
    return HardwareView(
        layout.cabinet, layout.name, state.mode, state.seq, technics.wiring, None if commissioning is None else commissioning.wiring,
        maintenance_view(core), tuple(lock_views(core)), tuple(_pocket(core, drawer, pocket) for drawer, pocket in _pockets(core)),
        technics.boards(), technics.lines(), dict(state.failures),
    )  # fmt: skip


def maintenance_view(core: Core) -> MaintenanceView | None:
    """Who has the cabinet, if somebody has."""
    held = core.state.maintenance
    if held is None:
        return None
    names = {staff.id: staff.name for staff in core.world.staff.values()}
    return MaintenanceView(held.staff, names.get(StaffId(held.staff), held.staff), held.since, held.until)


def lock_views(core: Core) -> list[LockView]:
    """Every bolt, drawer by drawer, each drawer's own before its lids."""
    return [
        _lock(core, drawer, lock, pocket)
        for drawer in core.world.layout.drawers
        for lock, pocket in [(drawer.lock, None), *((pocket.lid, pocket) for pocket in drawer.pockets if pocket.lid is not None)]
    ]


def _lock(core: Core, drawer: Drawer, lock: Lock, pocket: Pocket | None) -> LockView:
    place = drawer.name if pocket is None else f"{drawer.name}, lid of {pocket.id}"
    state = core.state.drawers.get(lock.name)
    return LockView(
        lock.name, str(lock.closed), drawer.id, None if pocket is None else pocket.id, place, "unknown" if state is None else state.state
    )  # fmt: skip


def _pockets(core: Core) -> list[tuple[Drawer, Pocket]]:
    return [(drawer, pocket) for drawer in core.world.layout.drawers for pocket in drawer.pockets]


def _pocket(core: Core, drawer: Drawer, pocket: Pocket) -> PocketSight:
    line, weighed = core.state.lines.get(pocket.id), pocket.weighed
    return PocketSight(
        pocket.id, drawer.id, f"{drawer.name}, pocket {pocket.id}", _text(pocket.light), _text(pocket.bin),
        None if weighed is None else weighed.scale, core.bins.get(pocket.id), line is None or not line.units,
    )  # fmt: skip


def _text(channel: object | None) -> str | None:
    return None if channel is None else str(channel)


def identity_view(sight: BoardSight, told: Identity) -> IdentityView:
    """Who a board says that it is."""
    return IdentityView(
        sight.board, sight.bus, sight.address, sight.model, told.maker, told.model, told.firmware, told.serial, told.detail
    )  # fmt: skip


def reading_view(core: Core, sight: BoardSight, reading: Reading, mark_mg: int | None = None) -> ReadingView:
    """What a board told; the weight of a pocket that is counted blind is withheld, its rest is not, nor its change from `mark_mg`."""
    weighing = reading.weighing
    if weighing is None:
        return ReadingView(sight.board, reading.inputs, temperatures=reading.temperatures, power=reading.power)
    if mark_mg is not None:
        changed_mg = weighing.mass_mg - mark_mg
        return ReadingView(sight.board, mass_mg=changed_mg, is_steady=weighing.is_steady, division_mg=weighing.division_mg, note=CHANGE)
    on_it = [pocket for _, pocket in _pockets(core) if pocket.weighed is not None and pocket.weighed.scale == sight.board]
    if all(service.may_tell_weight(core.scene, pocket) for pocket in on_it):
        return ReadingView(sight.board, mass_mg=weighing.mass_mg, is_steady=weighing.is_steady, division_mg=weighing.division_mg)
    return ReadingView(sight.board, is_steady=weighing.is_steady, division_mg=weighing.division_mg, note=WITHHELD)


def doors(core: Core) -> dict[str, str]:
    """How every bolt stands."""
    return {view.lock: view.state for view in lock_views(core)}


def pulse_view(core: Core, lock: str, before: dict[str, str]) -> PulseView:
    """What came of a pulse, against how the doors stood before it."""
    now = doors(core)
    moved = tuple((name, before[name], now[name]) for name in now if name != lock and now[name] != before[name])
    outcome = {"open": "opened", "latched": "not_opened"}.get(now[lock], "unknown")
    return PulseView(lock, outcome, now[lock], moved)


def blind_lines(core: Core, technics: Technics) -> frozenset[str]:
    """The lines whose answers tell a weight that is withheld."""
    weighed = [(pocket, pocket.weighed.scale) for _, pocket in _pockets(core) if pocket.weighed is not None]
    withheld = {scale for pocket, scale in weighed if not service.may_tell_weight(core.scene, pocket)}
    return frozenset(board.bus for board in technics.boards() if board.board in withheld)


def frame_view(frame: Frame, blind: frozenset[str]) -> FrameView:
    """Bytes on a line; an answer on a blind one is withheld."""
    data = b"" if frame.bus in blind and not frame.is_ours else frame.data
    return FrameView(frame.number, frame.utc, frame.at_s, frame.bus, frame.framing, frame.is_ours, data.hex())


def owed(core: Core, technics: Technics, scope: str) -> set[str]:
    """The channels and boards that a walk proves, all of them or those of one board."""
    boards = {str(board.board) for board in technics.boards() if board.kind not in LISTENED}
    locks = {view.lock for view in lock_views(core) if not scope or scope in {board_of(view.lock), board_of(view.closed)}}
    pockets = [_pocket(core, drawer, pocket) for drawer, pocket in _pockets(core)]
    parts = {part for pocket in pockets for part in (pocket.bin, pocket.light, pocket.scale) if part is not None}
    return locks | {one for one in boards | parts if not scope or board_of(one) == scope}


def board_of(channel: str) -> str:
    """The board of a channel, or itself where it is one."""
    return channel.partition(":")[0]


def signable(core: Core, technics: Technics, staff: Staff, now: Instant, body: ResultBody) -> bytes:
    """A walk's result as it is signed: of which cabinet and wiring, by whom and when, and each channel's verdict."""
    result: dict[str, Any] = {
        "kind": "adc.commissioning.v1",
        "cabinet": core.world.layout.cabinet,
        "wiring": technics.wiring,
        "config": core.state.config,
        "software": core.state.software,
        "scope": body.scope,
        "is_unattended": body.is_unattended,
        "is_passed": all(one.verdict == "passed" for one in body.channels),
        "staff": staff.id,
        "staff_name": staff.name,
        "at": utc_text(now.utc),
        "boards": [asdict(board) for board in technics.boards()],
        "channels": [one.model_dump() for one in body.channels],
    }
    return json.dumps(result, ensure_ascii=False).encode()


def count_view(pocket: Pocket, reading: Reading) -> CountView:
    """What counting by weight makes of a reading."""
    assert pocket.weighed is not None
    weighing, weighed = reading.weighing, pocket.weighed
    if weighing is None:
        sensed = counting.refuse("no weight")
        return CountView(pocket.id, None, False, sensed.verdict, None, sensed.why)
    if weighing.is_steady:
        sensed = counting.count(weighing.mass_mg - weighed.tray_mg, weighed.teaching, counting.Scatter(weighing.division_mg))
    else:
        sensed = counting.refuse(counting.Doubt.UNSTEADY)
    return CountView(pocket.id, weighing.mass_mg, weighing.is_steady, sensed.verdict, sensed.units, sensed.why)
