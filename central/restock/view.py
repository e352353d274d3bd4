"""What people see of needs and pick lists: names instead of ids, what stands out first, and what can be done next.

Alone knows: how a list reads. Must not know: HTTP, HTML, paper.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from cabinet.domain.package import barcode
from cabinet.domain.package.code import keys_of, keys_of_scan
from cabinet.domain.unit import unit_for
from cabinet.domain.vocabulary import ScannedCode, parse_utc
from central.restock.room import RestockRoom
from central.restock.rule.need import PRIORITY, Need
from central.restock.rule.picklist import OVER, SHORT, Line, NotDone, PickList, Stage

COLUMNS = (Stage.MADE, Stage.PICKING, Stage.PICKED, Stage.CHECKED, Stage.ON_ITS_WAY)
"""Where a list may stand that is not over, in the order of its life."""
STAGES = {
    Stage.MADE: "to pick", Stage.PICKING: "being picked", Stage.PICKED: "to check", Stage.CHECKED: "ready to leave",
    Stage.ON_ITS_WAY: "on its way", Stage.CLOSED: "closed", Stage.CANCELLED: "cancelled",
}  # fmt: skip
MARKS = {"stock_out": "out", "critical_low": "critical", "below_min": "low", "expiring": "soon", "asked": "routine", "below_par": "over"}
"""The status that a need is drawn as."""
WHYS = {
    "stock_out": "out", "critical_low": "critical low", "below_min": "low", "expiring": "expiring", "asked": "asked for",
    "below_par": "top up",
}  # fmt: skip
Waiting = Mapping[tuple[str, str], tuple[str, str]]
"""By cabinet and pocket who waits there, and since when."""
GS = "\x1d"
_GS1_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class NeedView:
    """One need, named."""

    cabinet: str
    pocket: str
    title: str
    units: int
    par: int
    lacking: int
    why: str
    mark: str
    asked_at: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line, named. `stands`: open, picked, short, to_check, checked, coming, waiting, filled, not_filled; `said` what stands out."""

    number: int
    pocket: str
    item: str
    title: str
    unit: str
    units: int
    held: int
    why: str
    mark: str
    needs_check: bool
    picked: int | None
    reason: str
    lot: str
    expiry: str
    is_scanned: bool
    picked_by: str
    checked_by: str
    sheet: str
    filled: int
    stands: str
    said: str
    asked_by: str
    asked_at: str


_SHARED = tuple(one.name for one in fields(LineView) if one.name in Line.__slots__)


@dataclass(frozen=True, slots=True)
class ListView:
    """One list, named."""

    id: str
    cabinet: str
    round: str
    position: int
    stage: str
    words: str
    carried_by: str
    announced_at: str
    lines: tuple[LineView, ...]
    steps: tuple[tuple[str, str, str, str], ...]
    why: str
    mark: str
    done: int
    left: int
    sent_at: str
    is_late: bool

    @property
    def waiting(self) -> LineView | None:
        """Of the lines that somebody at the cabinet waits for, the one that was asked for first."""
        return min((line for line in self.lines if line.asked_at), key=lambda line: line.asked_at, default=None)

    @property
    def made_at(self) -> str:
        """When it was made."""
        return self.steps[0][1] if self.steps else ""


def need_view(room: RestockRoom, need: Need) -> NeedView:
    """A need as people see it."""
    return NeedView(
        need.cabinet, need.pocket, room.product(need.item).title, need.units, need.par, need.lacking,
        WHYS.get(need.why, need.why), MARKS.get(need.why, "routine"), need.asked_at, need.asked_by,
    )  # fmt: skip


def list_views(room: RestockRoom, lists: Collection[PickList]) -> list[ListView]:
    """Lists as people see them, their pockets looked at all at once."""
    standings, waiting = room.standings(lists), room.shortage.waiting({one.cabinet for one in lists})
    return [list_view(room, one, waiting, standings[one.id]) for one in lists]


def list_view(room: RestockRoom, one: PickList, waiting: Waiting | None = None, standing: Mapping[int, str] | None = None) -> ListView:
    """A list as people see it. `waiting`: who waits where; None: its pockets are looked at for that, and for what is other by now."""
    is_over = one.stage in OVER
    if standing is None:
        standing = room.standing(one) if waiting is None else {}
    waiting = {} if is_over else room.shortage.waiting([one.cabinet]) if waiting is None else waiting
    lines = tuple(_line(room, one, line, standing.get(line.number, ""), waiting.get((one.cabinet, line.pocket))) for line in one.lines)
    whys = [line.why for line in one.lines if line.why in PRIORITY]
    worst = min(whys, key=PRIORITY.index, default="below_par")
    done = [line for line in lines if line.stands not in {"open", "to_check", "coming", "waiting"}]
    sent_at, is_late = _on_its_way(room, one)
    rounds = {chosen.id: chosen.name for chosen in room.rounds}
    return ListView(
        one.id, one.cabinet, rounds.get(one.round, "by hand"), one.position, str(one.stage), STAGES[one.stage], one.carried_by,
        one.announced_at, lines, tuple((STAGES[Stage(step.stage)], step.at, step.by, step.said) for step in one.steps), WHYS[worst],
        MARKS[worst], len(done), len(lines) - len(done), sent_at, is_late,
    )  # fmt: skip


def _on_its_way(room: RestockRoom, one: PickList) -> tuple[str, bool]:
    """Since when a list is on its way ("": it is not), and whether a controlled line of it should have arrived by now.

    The cabinet alarms by itself; one that is out of reach cannot, and the pharmacy sees it here.
    """
    step = one.step(Stage.ON_ITS_WAY)
    if step is None or one.stage is not Stage.ON_ITS_WAY:
        return "", False
    is_due = room.now() - parse_utc(step.at) > timedelta(minutes=room.settings.sheet_minutes)
    return step.at, is_due and any(line.sheet and line.missing for line in one.lines)


def _line(room: RestockRoom, one: PickList, line: Line, standing: str, asked: tuple[str, str] | None) -> LineView:
    product = room.product(line.item)
    values: dict[str, Any] = {name: getattr(line, name) for name in _SHARED}
    values |= {
        "title": product.title, "unit": unit_for(line.units if line.picked is None else line.picked, product.unit),
        "why": WHYS.get(line.why, line.why), "mark": MARKS.get(line.why, "routine"),
        "reason": SHORT.get(line.reason, line.reason), "lot": line.lot or "", "expiry": line.expiry or "",
    }  # fmt: skip
    stands, said = _stands(one.stage, line)
    by, at = asked or ("", "")
    return LineView(**values, stands=stands, said=said or standing, asked_by=by, asked_at=at)


def _stands(stage: Stage, line: Line) -> tuple[str, str]:
    if line.picked is None:
        return "open", ""
    if not line.goes:
        return "short", SHORT.get(line.reason, line.reason)
    if stage in {Stage.ON_ITS_WAY, Stage.CLOSED}:
        if line.waits:
            return "waiting", f"a pharmacist has to compare code {line.waits.partition(':')[2]}"
        if not line.missing:
            return "filled", ""
        is_over = stage is Stage.CLOSED or bool(line.why_not)
        return ("not_filled", f"{line.missing} not filled: {line.why_not or 'no reason'}") if is_over else ("coming", "")
    if line.needs_check and not line.checked_by and stage is not Stage.PICKING:
        return "to_check", ""
    return ("checked" if line.checked_by else "picked"), (SHORT.get(line.reason, "") if line.reason else "")


def scanned(room: RestockRoom, one: PickList, text: str) -> tuple[int, ScannedCode | None]:
    """The line that a package at the shelf belongs to, and what its code says; None where somebody typed its number. Raises NotDone."""
    read = barcode.read(_prefixed(text.strip()), room.now().year)
    keys = keys_of_scan(read) if isinstance(read, ScannedCode) else keys_of(text)
    if not keys and not isinstance(read, ScannedCode):
        raise NotDone("picklist.scan", "This code cannot be read: scan it again, type the NDC, or choose the line by hand.")
    fits = [line for line in one.lines if not keys.isdisjoint(room.product(line.item).keys)]
    if not fits:
        raise NotDone("picklist.other_item", f"What was scanned is on no line of {one.id}: compare the package.")
    if len({line.item for line in fits}) > 1:
        raise NotDone("picklist.scan", "This code fits several lines: choose the line by hand.")
    found = next((line for line in fits if line.picked is None), fits[0])
    return found.number, read if isinstance(read, ScannedCode) else None


def _prefixed(text: str) -> str:
    """What a scanner that types sends, with the prefix that says what it is (ISO/IEC 15424)."""
    if text.startswith("]"):
        return text
    if text.isdecimal() and len(text) in {12, 13}:
        return f"]E0{text.zfill(13)}"
    if text.isdecimal() and len(text) < _GS1_SHORTEST:
        return f"]I1{text}"
    return f"]d2{text}" if text.startswith("01") else f"]C0{text}"
