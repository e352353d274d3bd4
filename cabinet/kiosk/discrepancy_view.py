"""A discrepancy as people see it: expected, entered and sensed side by side, the interval with everybody in it, likely causes, an end.

Alone knows: what is shown to whom, and in which words. It names an interval, and everybody in it alike; nobody is blamed.
Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.discrepancy import cause, resolving
from cabinet.domain.discrepancy.memory import MOST_OPENINGS, Discrepancy, Mark, Sighting, Visit
from cabinet.domain.discrepancy.rule import REASONS, RECOUNTED
from cabinet.domain.formulary import Item
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase, message
from cabinet.domain.scale.counting import Verdict
from cabinet.domain.vocabulary import Instant, ItemId, PocketId, parse_utc
from cabinet.kiosk.reason import reason
from cabinet.kiosk.view import is_blind_count_pending, is_counted_blind

NOBODY = Phrase("nobody named")
SEEN_BY = {"scale": message("scale"), "eye": message("eye"), "owed": message("owed")}
FAIR = Phrase("It arose at some time between these two counts. Having had the pocket open proves nothing.")


@dataclass(frozen=True)
class MarkView:
    """A count that bounds the interval."""

    at: str
    by: str
    units: int | None
    seq: int


@dataclass(frozen=True)
class AccessTrace:
    """One access in the interval: when the pocket was open in it, what was said, and what scale and eye made of it."""

    access: str
    kind: str
    by: str
    opened_at: str
    closed_at: str
    counts: tuple[int, ...]
    said: int | None
    sensed: str
    end: str
    is_last: bool
    """Whether it is the one whose count found the difference."""


@dataclass(frozen=True)
class OpeningTrace:
    """One time in which a lock on the way stood open for something else: another pocket, the bench, a key."""

    lock: str
    opened_at: str
    closed_at: str
    by: str
    why: str
    access: str


@dataclass(frozen=True)
class SightingTrace:
    """What was seen of the pocket with nobody at it."""

    at: str
    what: str


@dataclass(frozen=True)
class CauseView:
    """A likely cause, and the act that would tell. `can_count`: its pocket can be counted from here."""

    kind: str
    sentence: str
    act: str
    reason: str
    pocket: str
    other: str
    access: str
    at: str


@dataclass(frozen=True)
class ResolutionView:
    """How it was settled."""

    at: str
    reason: str
    reason_text: str
    note: str
    by: str
    witness: str
    together: tuple[str, ...]
    by_policy: bool


@dataclass(frozen=True)
class DiscrepancyDetail:
    """All that is known of one discrepancy. Numbers are absent for those who count the pocket blind."""

    id: str
    pocket: str
    item: str
    title: str
    unit: str
    expected: int | None
    entered: int | None
    sensed: str
    is_hidden: bool
    at: str
    minutes: int
    told: tuple[str, ...]
    is_open: bool
    since: MarkView | None
    until: MarkView | None
    accesses: tuple[AccessTrace, ...]
    openings: tuple[OpeningTrace, ...]
    sightings: tuple[SightingTrace, ...]
    is_cut: bool
    """Whether earlier traces are in the journal alone."""
    causes: tuple[CauseView, ...]
    fairness: str
    may_resolve: bool
    needs_witness: bool
    reasons: tuple[tuple[str, str], ...]
    resolution: ResolutionView | None
    wants_count: bool
    """Whether a reason is left out that says that the pocket was counted again; its pocket can be counted."""


@dataclass(frozen=True)
class DiscrepancyRow:
    """One line of the list."""

    id: str
    pocket: str
    title: str
    at: str
    minutes: int
    counted: int | None
    expected: int | None
    told: tuple[str, ...]
    is_open: bool
    cause: str


def rows(core: Core, viewer: Staff, now: Instant) -> list[DiscrepancyRow]:
    """The open ones, the oldest first, then those that were settled last."""
    known = list(core.state.discrepancies.values())
    ordered = [one for one in known if one.is_open] + [one for one in reversed(known) if not one.is_open][:20]
    return [_row(core, viewer, one, now) for one in ordered]


def _row(core: Core, viewer: Staff, found: Discrepancy, now: Instant) -> DiscrepancyRow:
    is_hidden = _is_hidden(core, viewer, found)
    causes = cause.suggest(core.scene, found)[:1] if found.is_open and not is_hidden else []
    return DiscrepancyRow(
        found.id, found.pocket, _title(core, found), found.at, _minutes(found, now), None if is_hidden else found.counted,
        None if is_hidden else found.expected, tuple(found.told), found.is_open, causes[0].sentence if causes else "",
    )  # fmt: skip


def detail(core: Core, viewer: Staff, found: Discrepancy, now: Instant) -> DiscrepancyDetail:
    """One discrepancy."""
    item, is_hidden = _item(core, found), _is_hidden(core, viewer, found)
    offered = resolving.offered(core.scene, found, viewer)
    reasons = tuple((code, _words(code)) for code in offered)
    causes = () if is_hidden or not found.is_open else tuple(cause.suggest(core.scene, found))
    return DiscrepancyDetail(
        found.id, found.pocket, found.item, _title(core, found), "" if item is None else item.count_unit,
        None if is_hidden else found.expected, None if is_hidden else found.counted, "" if is_hidden else _sensed(found), is_hidden,
        found.at, _minutes(found, now), tuple(found.told), found.is_open, _mark(core, found.interval.since, is_hidden),
        _mark(core, found.until, is_hidden), () if is_hidden else tuple(_accesses(core, found)), tuple(_openings(core, found)),
        () if is_hidden else tuple(_sightings(core, found)), _is_cut(core, found),
        tuple(CauseView(one.kind, one.sentence, one.act, one.reason, one.pocket, one.other, one.access, one.at) for one in causes),
        FAIR, found.is_open and core.world.policy.allows(viewer.role, "resolve"),
        resolving.is_signed(core.scene, found), reasons, _resolution(core, found), _wants_count(core, found, offered),
    )  # fmt: skip


def _wants_count(core: Core, found: Discrepancy, offered: tuple[str, ...]) -> bool:
    is_left_out = any(code in RECOUNTED and code not in offered for code in core.world.policy.discrepancy.reasons)
    return is_left_out and found.pocket in core.state.lines


def _is_hidden(core: Core, viewer: Staff, found: Discrepancy) -> bool:
    """While somebody counts the pocket blind nobody is told a number; nor, ever, is who neither settles it nor sees balances."""
    item, policy = _item(core, found), core.world.policy
    knows = policy.allows(viewer.role, "resolve") or policy.allows(viewer.role, "balances")
    is_blind = item is not None and is_counted_blind(core, item)
    return is_blind_count_pending(core, found.pocket) or (is_blind and not knows)


def _item(core: Core, found: Discrepancy) -> Item | None:
    return core.world.formulary.get(ItemId(found.item))


def _title(core: Core, found: Discrepancy) -> str:
    item = _item(core, found)
    return found.item if item is None else item.title


def _minutes(found: Discrepancy, now: Instant) -> int:
    return int((now.utc - parse_utc(found.at)).total_seconds()) // 60


def _name(core: Core, staff: str) -> str:
    known = core.scene.staff(staff) if staff else None
    return (staff or NOBODY) if known is None else known.name


def _mark(core: Core, mark: Mark | None, is_hidden: bool) -> MarkView | None:
    return None if mark is None else MarkView(mark.at, _name(core, mark.staff), None if is_hidden else mark.units, mark.seq)


def _sensed(told: Discrepancy | Visit, doubt: str = "") -> str:
    """What scale and eye said, in words; nothing where there is neither."""
    eye = "" if told.is_empty is None else Phrase("eye: empty") if told.is_empty else Phrase("eye: not empty")
    if not told.verdict:
        return eye
    if told.verdict == Verdict.CONFIDENT and told.sensed is not None:
        scale = Phrase("scale: {units}", units=told.sensed)
    else:
        scale = Phrase("scale: cannot tell ({why})", why=doubt) if doubt else Phrase("scale: cannot tell")
    return Phrase("{first}, {second}", first=scale, second=eye) if eye else scale


def _words(code: str) -> Phrase:
    """A reason as it stands on the screen."""
    return Phrase(REASONS.get(code, code.replace("_", " ")))


def _accesses(core: Core, found: Discrepancy) -> list[AccessTrace]:
    return [
        AccessTrace(
            visit.access, visit.kind, _name(core, visit.staff), visit.opened_at, visit.closed_at, tuple(visit.counts), visit.said,
            _sensed(visit, visit.doubt), visit.end, found.until is not None and visit.access == found.until.access,
        )
        for visit in found.interval.visits
    ]  # fmt: skip


def _openings(core: Core, found: Discrepancy) -> list[OpeningTrace]:
    """Every opening of a lock on the way that was for something else than an access to this pocket, by key among them."""
    pocket = core.world.layout.pockets.get(PocketId(found.pocket))
    since = "" if found.interval.since is None else found.interval.since.at
    own = {visit.access for visit in found.interval.visits} | {found.access or "-"}
    path = () if pocket is None else core.world.layout.path(pocket)
    shown = [
        OpeningTrace(lock.name, one.at, one.until, _name(core, one.staff), reason(core.world.layout, one.why), one.access)
        for lock in path
        for one in core.state.openings.get(lock.name, [])
        if (not one.until or one.until >= since) and one.at <= found.at and one.access not in own
    ]
    return sorted(shown, key=lambda one: one.opened_at)


def _sightings(core: Core, found: Discrepancy) -> list[SightingTrace]:
    return [
        SightingTrace(seen.at, Phrase("{title}: {sentence}", title=Phrase(SEEN_BY[seen.what]), sentence=_seen(core, seen)))
        for seen in found.interval.sightings
    ]


def _seen(core: Core, seen: Sighting) -> str:
    if seen.why:
        return reason(core.world.layout, seen.why)
    return Phrase("something changed") if seen.units is None else Phrase("{units} moved", units=seen.units)


def _is_cut(core: Core, found: Discrepancy) -> bool:
    pocket = core.world.layout.pockets.get(PocketId(found.pocket))
    path = () if pocket is None else core.world.layout.path(pocket)
    since = "" if found.interval.since is None else found.interval.since.at
    kept = [core.state.openings.get(lock.name, []) for lock in path]
    return found.interval.dropped > 0 or any(len(openings) >= MOST_OPENINGS and openings[0].at > since for openings in kept)


def _resolution(core: Core, found: Discrepancy) -> ResolutionView | None:
    one = found.resolution
    if one is None:
        return None
    words = Phrase("Settled by policy: a later count agreed") if one.by_policy else _words(one.reason)
    witness = _name(core, one.witness) if one.witness else ""
    by = "" if one.by_policy else _name(core, one.staff)
    return ResolutionView(one.at, one.reason, words, one.note, by, witness, tuple(one.together), one.by_policy)
