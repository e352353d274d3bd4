"""What facts do to pockets and discrepancies, as the pharmacy server keeps them.

Alone knows: the few facts that change a balance, a level or a discrepancy, and how.
Must not know: tables, chains, messages.

The server folds on its own, from the facts alone: that its balances and the cabinet's agree is a check of both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from cabinet.messages import SAFE_INTEGER
from central.post import Record

_Units = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
"""More than any pocket holds, and so little that no sum of them overflows a column."""


class _Moved(msgspec.Struct, frozen=True):
    pocket: str
    units: _Units
    source: str
    target: str


class _Assigned(msgspec.Struct, frozen=True):
    pocket: str
    drawer: str
    item: str
    par: _Units
    min: _Units
    critical_low: _Units
    count_mode: str


class _Unassigned(msgspec.Struct, frozen=True):
    pocket: str


class _Counted(msgspec.Struct, frozen=True):
    pocket: str
    basis: str
    is_final: bool = True


class _Found(msgspec.Struct, frozen=True):
    discrepancy: str
    pocket: str
    item: str
    expected: Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
    basis: str
    since_seq: Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)]
    counted: _Units | None = None


class _Resolved(msgspec.Struct, frozen=True):
    discrepancy: str
    reason: str


CALLED = frozenset({"fridge.ajar", "probe.dead", "probe.stuck", "probe.jumped", "power.on_battery", "power.low_battery", "stock.one_place"})
"""The faults that the pharmacy hears of at once, besides those that put a drawer out of use."""


class _Drawer(msgspec.Struct, frozen=True):
    lock: str
    source: str
    target: str


class _LeftOpen(msgspec.Struct, frozen=True):
    lock: str
    after_s: int


class _Excursion(msgspec.Struct, frozen=True):
    drawer: str
    minutes: int
    lowest_mc: int
    highest_mc: int


class _Gap(msgspec.Struct, frozen=True):
    drawer: str
    minutes: int


class _Raised(msgspec.Struct, frozen=True):
    place: str
    code: str
    detail: str
    is_failing: bool = False


class _Begun(msgspec.Struct, frozen=True):
    after_epoch: Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)] | None = None
    after_seq: Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)] | None = None


FORCED = {("latched", "open"), ("failed", "open"), ("unknown", "open")}
"""How a drawer moves that nobody released, or that was found open by a controller that had lost sight of it."""


@dataclass(slots=True)
class PocketChange:
    """What a run of facts did to one pocket. None: not touched; an empty item: nothing assigned any more."""

    units: int = 0
    item: str | None = None
    drawer: str | None = None
    par: int | None = None
    min: int | None = None
    critical_low: int | None = None
    count_mode: str | None = None
    counted_at: str | None = None
    count_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A discrepancy as it was found."""

    discrepancy: str
    epoch: int
    seq: int
    at: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a discrepancy was explained."""

    discrepancy: str
    at: str
    staff: str | None
    reason: str


@dataclass(slots=True)
class Change:
    """What a run of facts comes to. `after` names the copy that a new epoch goes on from; `unread` what we cannot read, being older."""

    pockets: dict[str, PocketChange] = field(default_factory=dict)
    found: list[Discrepancy] = field(default_factory=list)
    resolved: list[Resolution] = field(default_factory=list)
    after: tuple[int, int] | None = None
    unread: list[str] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    """(code, sentence) of what a person must hear of at once."""


def fold(facts: Iterable[Record], change: Change) -> None:
    """Add a run of facts, in order, to a change. A fact that cannot be read is kept in `unread` and changes nothing else."""
    for record in facts:
        try:
            _fold(record, change)
        except msgspec.ValidationError as problem:
            change.unread.append(f"fact {record.epoch}/{record.seq} {record.type}: {problem}"[:500])


def _fold(record: Record, change: Change) -> None:
    match record.type:
        case "units_moved":
            moved = msgspec.convert(record.body, _Moved)
            delta = moved.units * ((moved.target == "pocket") - (moved.source == "pocket"))
            _pocket(change, moved.pocket).units += delta
        case "pocket_assigned":
            _assign(change, msgspec.convert(record.body, _Assigned))
        case "pocket_unassigned":
            _pocket(change, msgspec.convert(record.body, _Unassigned).pocket).item = ""
        case "pocket_counted":
            counted = msgspec.convert(record.body, _Counted)
            if counted.is_final:
                pocket = _pocket(change, counted.pocket)
                pocket.counted_at, pocket.count_basis = record.at, counted.basis
        case "discrepancy_found":
            change.found.append(
                Discrepancy(
                    epoch=record.epoch,
                    seq=record.seq,
                    at=record.at,
                    **msgspec.structs.asdict(msgspec.convert(record.body, _Found)),
                )
            )
        case "discrepancy_resolved":
            resolved = msgspec.convert(record.body, _Resolved)
            change.resolved.append(Resolution(resolved.discrepancy, record.at, record.staff, resolved.reason))
        case "journal_begun":
            begun = msgspec.convert(record.body, _Begun)
            if begun.after_epoch is not None and begun.after_seq is not None:
                change.after = (begun.after_epoch, begun.after_seq)
        case _:
            _alarm(record, change)


def _alarm(record: Record, change: Change) -> None:
    """What changes no balance and still must be heard of."""
    match record.type:
        case "drawer_moved":
            drawer = msgspec.convert(record.body, _Drawer)
            if (drawer.source, drawer.target) in FORCED:
                change.alarms.append(("drawer.forced", f"{drawer.lock} opened without a release ({record.at[:16]})"))
        case "drawer_left_open":
            left = msgspec.convert(record.body, _LeftOpen)
            change.alarms.append(("drawer.left_open", f"{left.lock} stood open for {left.after_s} s ({record.at[:16]})"))

        case "excursion_began" | "excursion_ended":
            told = msgspec.convert(record.body, _Excursion)
            over = "over, a pharmacist decides" if record.type == "excursion_ended" else "and still"
            degrees = f"{told.lowest_mc / 1000:.1f} to {told.highest_mc / 1000:.1f} °C"
            sentence = f"{told.drawer} out of range for {told.minutes} minutes, {degrees}; {over} ({record.at[:16]})"
            change.alarms.append(("fridge.excursion", sentence))
        case "temperature_gap":
            gap = msgspec.convert(record.body, _Gap)
            change.alarms.append(("fridge.gap", f"nobody knows how warm {gap.drawer} was for {gap.minutes} minutes ({record.at[:16]})"))
        case "fault_raised":
            raised = msgspec.convert(record.body, _Raised)
            if raised.is_failing or raised.code in CALLED:
                change.alarms.append((raised.code, f"{raised.place}: {raised.detail} ({record.at[:16]})"))


def _pocket(change: Change, pocket: str) -> PocketChange:
    return change.pockets.setdefault(pocket, PocketChange())


def _assign(change: Change, assigned: _Assigned) -> None:
    pocket = _pocket(change, assigned.pocket)
    pocket.item, pocket.drawer, pocket.count_mode = assigned.item, assigned.drawer, assigned.count_mode
    pocket.par, pocket.min, pocket.critical_low = assigned.par, assigned.min, assigned.critical_low
