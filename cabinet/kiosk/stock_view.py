"""The cabinet pocket by pocket for those who fill and empty it: what stands where, what is to be taken out, and what lies in the bin.

Alone knows: which acts are offered at a pocket, and that no list here tells a balance that is counted blind.
Must not know: HTTP, HTML, clocks; where an item may stand (`cabinet.domain.placing`).
"""

from dataclasses import dataclass
from datetime import timedelta

from cabinet.domain import placing, proposing
from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Pocket
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.quarantine import judging
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId
from cabinet.domain.withdrawal.fold import BIN
from cabinet.kiosk.view import is_blind_count_pending, is_counted_blind, status_of

AHEAD_DAYS = 8
"""So far ahead hospitals pull what expires."""
ACTS = ("refill", "count", "inspect", "unload", "expire", "transfer")
"""What may be begun at a pocket that has its item, in the order of the buttons."""


@dataclass(frozen=True)
class OpenedRow:
    """A container that was opened, and until when it may be used."""

    item: Item
    drawer_name: str
    pocket: str
    use_by: str


@dataclass(frozen=True)
class PocketView:
    """One pocket. `item` is None where it holds none yet; `units` where it is counted blind. `acts` are kinds of access.

    `due` units are to be pulled, as the pull list has it; 0 where they are counted blind.
    """

    pocket: str
    drawer_name: str
    item: Item | None
    status: str
    units: int | None
    par: int
    lots: tuple[str, ...]
    expiry: str
    acts: tuple[str, ...]
    may_load: bool
    may_block: bool
    is_lidded: bool
    may_level: bool = False
    due: int = 0


@dataclass(frozen=True)
class Place:
    """A free pocket that may hold an item. `cautions`: what had better be otherwise."""

    pocket: str
    drawer_name: str
    is_lidded: bool
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class LoadScreen:
    """The form of a load: what speaks against it, gravest first, the levels that are proposed, and other pockets, the best first."""

    pocket: PocketView
    item: Item
    refusals: tuple[Refusal, ...]
    cautions: tuple[str, ...]
    par: int
    min: int
    critical_low: int
    capacity: int | None
    others: tuple[Place, ...]


@dataclass(frozen=True)
class PullRow:
    """What is to be taken out of one pocket, and why. `units` is None where they are counted blind; `ask` is what is proposed then."""

    item: Item
    drawer_name: str
    pocket: str
    units: int | None
    ask: int
    lots: str
    expiry: str
    is_expired: bool
    why: str


@dataclass(frozen=True)
class BinRow:
    """Units of one item that ought to lie at a place for returns; `units` is None where they are counted blind."""

    place: str
    place_name: str
    item: Item
    units: int | None


def opened_rows(core: Core) -> tuple[OpenedRow, ...]:
    """The opened containers, the first to be discarded first."""
    rows = []
    for line in core.state.lines.values():
        pocket = core.world.layout.pockets.get(PocketId(line.pocket))
        if line.use_by is not None and pocket is not None:
            name = core.world.layout.drawer_of(pocket).name
            rows.append(OpenedRow(core.world.formulary[ItemId(line.item)], name, line.pocket, line.use_by))
    return tuple(sorted(rows, key=lambda row: row.use_by))


def pocket_views(core: Core, staff: Staff, now: Instant) -> tuple[PocketView, ...]:
    """Every pocket, in the order of the furniture."""
    return tuple(pocket_view(core, pocket, staff, now) for pocket in core.world.layout.pockets.values())


def pocket_view(core: Core, pocket: Pocket, staff: Staff, now: Instant) -> PocketView:
    """One pocket and what this person may begin there."""
    line, allows = core.state.lines.get(pocket.id), core.world.policy.allows
    name, is_lidded, may_block = core.world.layout.drawer_of(pocket).name, pocket.lid is not None, allows(staff.role, "quarantine")
    if line is None:
        return PocketView(pocket.id, name, None, "", None, 0, (), "", (), allows(staff.role, "load"), may_block, is_lidded)
    item = core.world.formulary[ItemId(line.item)]
    lots, is_hidden = tuple(dict.fromkeys(batch.lot for batch in line.batches if batch.lot and batch.units)), _is_hidden(core, line, item)
    pull = None if is_hidden else judging.pull_of(core.state, core.world.formulary, line, _until(now, AHEAD_DAYS))
    return PocketView(
        line.pocket, name, item, status_of(core, line, now), None if is_hidden else line.units, line.par, lots,
        line.earliest_expiry or "", tuple(act for act in ACTS if allows(staff.role, act)), False, may_block, is_lidded,
        allows(staff.role, "pars"), 0 if pull is None else pull.units,
    )  # fmt: skip


def _is_hidden(core: Core, line: Line, item: Item) -> bool:
    return is_counted_blind(core, item) or is_blind_count_pending(core, line.pocket)


def load_screen(core: Core, pocket: Pocket, item: Item, staff: Staff, now: Instant) -> LoadScreen:
    """An item for a pocket that holds none."""
    verdicts = placing.judge_load(core.scene, pocket, item, today=now.utc.date().isoformat())
    levels = pocket.levels
    par = levels.par or pocket.capacity or 10
    return LoadScreen(
        pocket_view(core, pocket, staff, now), item, tuple(one for one in verdicts if isinstance(one, Refusal)),
        tuple(one.sentence for one in verdicts if not isinstance(one, Refusal)), par, levels.min or par // 3,
        levels.critical_low or par // 10, pocket.capacity, tuple(one for one in fit_places(core, item, now) if one.pocket != pocket.id),
    )  # fmt: skip


def fit_places(core: Core, item: Item, now: Instant) -> tuple[Place, ...]:
    """Where an item may be loaded, the best first."""
    layout, today = core.world.layout, now.utc.date().isoformat()
    places = []
    for pocket in proposing.propose(core.scene, item, today=today):
        cautions = tuple(one.sentence for one in placing.judge_load(core.scene, pocket, item, today=today))
        places.append(Place(pocket.id, layout.drawer_of(pocket).name, pocket.lid is not None, cautions))
    return tuple(places)


def pull_rows(core: Core, now: Instant, days: int) -> tuple[PullRow, ...]:
    """What is to be taken out: blocked stock, then what expires within so many days."""
    rows = []
    for pull in judging.pulls(core.state, core.world.formulary, _until(now, days)):
        pocket, item = core.world.layout.pockets.get(PocketId(pull.pocket)), core.world.formulary.get(ItemId(pull.item))
        if pocket is not None and item is not None:
            is_hidden = _is_hidden(core, core.state.lines[pull.pocket], item)
            why = "" if pull.quarantine is None else pull.why
            rows.append(
                PullRow(
                    item, core.world.layout.drawer_of(pocket).name, pull.pocket, None if is_hidden else pull.units,
                    0 if is_hidden else pull.units, ", ".join(pull.lots), pull.earliest_expiry or "",
                    "" < (pull.earliest_expiry or "") < _until(now, 0), why,
                )
            )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.why, row.expiry)))


def blocked_rows(core: Core, now: Instant) -> tuple[PullRow, ...]:
    """Of what is to be taken out, what must not be used: it waits for somebody now, not for its day."""
    return tuple(row for row in pull_rows(core, now, 0) if row.why)


def _until(now: Instant, days: int) -> str:
    return (now.utc.date() + timedelta(days=days)).isoformat()


def bin_rows(core: Core) -> tuple[BinRow, ...]:
    """What ought to lie in the return bin and at the named places."""
    rows = []
    for place, held in core.state.places.items():
        for item_id, units in held.items():
            item = core.world.formulary[ItemId(item_id)]
            rows.append(BinRow(place, place_name(place), item, None if is_counted_blind(core, item) else units))
    return tuple(rows)


def place_name(place: str) -> str:
    """A place for returns in words."""
    return Phrase("Return bin") if place == BIN else place.replace("-", " ").replace("_", " ").capitalize()
