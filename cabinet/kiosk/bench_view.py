"""What the technician's bench is shown: locks, pockets, boards and lines as the cabinet believes them to be, and what boards told.

Alone knows: the shape of the bench's answers, and which weights are withheld. Must not know: HTTP, or how a board is asked.
"""

from dataclasses import dataclass

from cabinet.domain import service
from cabinet.domain.core import Core
from cabinet.domain.layout import Drawer, Lock, Pocket
from cabinet.domain.scale import counting
from cabinet.domain.vocabulary import StaffId
from cabinet.ports import BoardSight, Frame, Heard, Identity, LineSight, Reading, Technics

CHANGE = "the change since it was followed"
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
    """One bolt: what it locks, its two channels, and how it stands (latched, releasing, open, failed, unknown).

    `is_sprung`: a spring throws open what it frees; else a hand has to pull.
    """

    lock: str
    closed: str
    drawer: str
    pocket: str | None
    place: str
    state: str
    is_sprung: bool


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
class HearingView:
    """Whether a reader or scanner heard anything in time; `code` where it is set wrongly, and what of the code says so."""

    board: str
    is_heard: bool
    code: str = ""
    detail: str = ""


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
        maintenance_view(core), tuple(lock_views(core)), tuple(pocket_sight(core, drawer, pocket) for drawer, pocket in places(core)),
        technics.boards(), technics.lines(), dict(state.failures),
    )  # fmt: skip


def maintenance_view(core: Core) -> MaintenanceView | None:
    """Who has the cabinet, if somebody has."""
    held = core.state.maintenance
    if held is None:
        return None
    names = {staff.id: staff.name for staff in core.scene.everybody()}
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
        lock.name, str(lock.closed), drawer.id, None if pocket is None else pocket.id, place, "unknown" if state is None else state.state,
        pocket is not None or drawer.is_sprung,
    )  # fmt: skip


def places(core: Core) -> list[tuple[Drawer, Pocket]]:
    """Every pocket with its drawer."""
    return [(drawer, pocket) for drawer in core.world.layout.drawers for pocket in drawer.pockets]


def pocket_sight(core: Core, drawer: Drawer, pocket: Pocket) -> PocketSight:
    """One pocket as the bench shows it."""
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


def hearing_view(sight: BoardSight, heard: Heard | None) -> HearingView:
    """What a board that is only listened to heard, or that it heard nothing."""
    return HearingView(sight.board, False) if heard is None else HearingView(sight.board, True, heard.code, heard.detail)


def reading_view(core: Core, sight: BoardSight, reading: Reading, mark_mg: int | None = None) -> ReadingView:
    """What a board told; the weight of a pocket that is counted blind is withheld, its rest is not, nor its change from `mark_mg`."""
    weighing = reading.weighing
    if weighing is None:
        return ReadingView(sight.board, reading.inputs, temperatures=reading.temperatures, power=reading.power)
    if mark_mg is not None:
        changed_mg = weighing.mass_mg - mark_mg
        return ReadingView(sight.board, mass_mg=changed_mg, is_steady=weighing.is_steady, division_mg=weighing.division_mg, note=CHANGE)
    on_it = [pocket for _, pocket in places(core) if pocket.weighed is not None and pocket.weighed.scale == sight.board]
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
    weighed = [(pocket, pocket.weighed.scale) for _, pocket in places(core) if pocket.weighed is not None]
    withheld = {scale for pocket, scale in weighed if not service.may_tell_weight(core.scene, pocket)}
    return frozenset(board.bus for board in technics.boards() if board.board in withheld)


def frame_view(frame: Frame, blind: frozenset[str]) -> FrameView:
    """Bytes on a line; an answer on a blind one is withheld."""
    data = b"" if frame.bus in blind and not frame.is_ours else frame.data
    return FrameView(frame.number, frame.utc, frame.at_s, frame.bus, frame.framing, frame.is_ours, data.hex())


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
