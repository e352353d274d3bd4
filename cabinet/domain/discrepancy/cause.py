"""Likely causes of a difference, the likeliest first: each a rule, a sentence, and the act that would tell.

Alone knows: these rules. A cause names a place and a time, never a person: having been there proves nothing.
Must not know: how a discrepancy is settled (`resolving.py`), or how a page shows it.

The causes are those that vendors and the literature list (domain reference 2.12): more or fewer taken than stated, the wrong pocket, a
refill typed wrong, a return not recorded, a count typed wrong. The rank is an order of evidence, not a probability: what a second trace
bears out stands before what only fits the number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cabinet.domain.discrepancy import slip
from cabinet.domain.discrepancy.memory import Discrepancy, Visit
from cabinet.domain.formulary import CountMode, Item
from cabinet.domain.layout import Pocket
from cabinet.domain.phrase import Phrase
from cabinet.domain.placing import neighbours
from cabinet.domain.scale.counting import Verdict
from cabinet.domain.scene import Scene
from cabinet.domain.vocabulary import ItemId, PocketId
from cabinet.domain.withdrawal.memory import WHOLE_M

PROVEN, BORNE_OUT, FITS, POSSIBLE = 90, 70, 50, 20
"""A second count or a sensor says the same; a trace bears it out; the numbers fit; nothing speaks against it."""

MOST_CAUSES = 6


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause. `act` says what would tell; `pocket` is the one to count for it, `other` the discrepancy it would settle, too.

    `reason` is the code under which it would be settled, `access` the one that it is about, `at` its moment.
    """

    kind: str
    rank: int
    sentence: str
    act: str
    reason: str
    pocket: str = ""
    other: str = ""
    access: str = ""
    at: str = ""


def suggest(scene: Scene, found: Discrepancy) -> list[Cause]:
    """What may explain a discrepancy, the likeliest first and no more than anybody reads; one cause of each kind and place."""
    known: dict[tuple[str, str], Cause] = {}
    for rule in RULES:
        for cause in rule(scene, found):
            key = (cause.kind, cause.pocket or cause.access)
            if key not in known or known[key].rank < cause.rank:
                known[key] = cause
    return sorted(known.values(), key=lambda cause: -cause.rank)[:MOST_CAUSES]


def _neighbour(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """The pocket beside it, or another one with the same item, is off by as many the other way."""
    pocket = scene.world.layout.pockets.get(PocketId(found.pocket))
    if pocket is None or found.difference is None:
        return
    for other in _near(scene, pocket, found):
        pair = next((one for one in scene.state.discrepancies.values() if _pairs(found, one, other)), None)
        line = scene.state.lines.get(other.id)
        if line is None or line.count_mode == "bulk":
            continue
        much, is_over = abs(found.difference), found.difference < 0
        said = {"pocket": other.id, "much": much}
        if pair is not None:
            over = Phrase("Pocket {pocket} beside it is over by {much}: they make up for each other.", **said)
            short = Phrase("Pocket {pocket} beside it is short by {much}: they make up for each other.", **said)
            act = Phrase("Settle the two together.")
            yield Cause("neighbour", PROVEN, over if is_over else short, act, "wrong_pocket", other.id, pair.id)
        elif line.owes or _is_seen_reached(scene, found, other):
            over = Phrase("Pocket {pocket} beside it owes a count, or its sensor saw a hand: it may be over by {much}.", **said)
            short = Phrase("Pocket {pocket} beside it owes a count, or its sensor saw a hand: it may be short by {much}.", **said)
            act = Phrase("Count pocket {pocket}.", pocket=other.id)
            yield Cause("neighbour", BORNE_OUT, over if is_over else short, act, "wrong_pocket", other.id)
        elif other.lid is None:
            sentence, act = (
                Phrase("Pocket {pocket} lay open beside it.", pocket=other.id),
                Phrase("Count pocket {pocket}.", pocket=other.id),
            )
            yield Cause("neighbour", POSSIBLE, sentence, act, "wrong_pocket", other.id)


def _near(scene: Scene, pocket: Pocket, found: Discrepancy) -> list[Pocket]:
    beside = neighbours(scene.world.layout.drawer_of(pocket), pocket)
    same = [other for other in scene.world.layout.pockets.values() if other.id != pocket.id and _holds(scene, other, found.item)]
    return [*beside, *(other for other in same if other not in beside)]


def _holds(scene: Scene, pocket: Pocket, item: str) -> bool:
    line = scene.state.lines.get(pocket.id)
    return line is not None and line.item == item


def _pairs(found: Discrepancy, one: Discrepancy, other: Pocket) -> bool:
    return one.is_open and one.pocket == other.id and one.difference is not None and one.difference == -(found.difference or 0)


def _is_seen_reached(scene: Scene, found: Discrepancy, other: Pocket) -> bool:
    """Whether the scale of a pocket beside it saw as many leave or come as are missing or too many here."""
    interval = scene.state.intervals.get(other.id)
    since = "" if found.interval.since is None else found.interval.since.at
    return interval is not None and any(
        seen.what == "scale" and seen.units == abs(found.difference or 0) and seen.at >= since for seen in interval.sightings
    )


def _refill(_scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """What was put in was typed wrong, or packages were typed for units."""
    for visit in _puts(found):
        really = visit.put + (found.difference or 0)
        said = {"kind": Phrase(visit.kind), "put": visit.put, "really": really}
        act = Phrase("Look at the delivery list, and count once more.")
        if really <= 0:
            continue
        if packs := slip.packs_between(visit.put, really):
            sentence = Phrase(
                "The {kind} says {put}; {really} would fit: packages of {packs} may have been typed as units, or units as packages.",
                **said, packs=packs,
            )  # fmt: skip
            yield Cause("package", BORNE_OUT, sentence, act, "package", access=visit.access, at=visit.at)
        elif visit.verdict == Verdict.CONFIDENT and visit.sensed == really:
            sentence = Phrase("The {kind} says {put}; the scale counted {really} going in.", **said)
            yield Cause("refill", PROVEN, sentence, act, "refill", access=visit.access, at=visit.at)
        elif slip.is_slip(visit.put, really):
            sentence = Phrase("The {kind} says {put}; {really} would fit, and is a slip of a finger away.", **said)
            yield Cause("refill", BORNE_OUT, sentence, act, "refill", access=visit.access, at=visit.at)


def _puts(found: Discrepancy) -> Iterator[Visit]:
    return (visit for visit in reversed(found.interval.visits) if visit.put and visit.kind in {"refill", "load", "return"})


def _return(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """Too many, and as many were withdrawn: they may have been put back where they came from."""
    over = found.difference or 0
    for visit in reversed(found.interval.visits if over > 0 else ()):
        withdrawal = scene.state.withdrawals.get(visit.access)
        if not visit.taken or (visit.taken != over and (withdrawal is None or withdrawal.returned != over)):
            continue
        if withdrawal is not None and withdrawal.returned == over:
            sentence = Phrase("{over} of a withdrawal were recorded as returned to the bin: they may have been put back here.", over=over)
            yield Cause("return", BORNE_OUT, sentence, Phrase("Look into the return bin."), "return", access=visit.access, at=visit.at)
        elif withdrawal is None or withdrawal.left_m >= over * WHOLE_M:
            sentence = Phrase("A withdrawal took {over}: they may have been put back, and the return not recorded.", over=over)
            act = Phrase("Ask whether that dose was given, and record its return.")
            yield Cause("return", FITS, sentence, act, "return", access=visit.access, at=visit.at)


def _other_number(_scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """A scale counted another number than was stated, and the difference is this one."""
    for visit in found.interval.visits:
        if visit.verdict != Verdict.CONFIDENT or visit.sensed is None or visit.said is None or visit.put:
            continue
        if visit.said - visit.sensed == found.difference:
            sentence = Phrase("The scale counted {sensed} leaving where {said} were stated.", sensed=visit.sensed, said=visit.said)
            act = Phrase("Ask whether more or fewer were taken than the screen says.")
            yield Cause("more_or_fewer", PROVEN, sentence, act, "more_or_fewer", access=visit.access, at=visit.at)


def _unstated(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """Something may have been taken while nothing was stated: cut short, in an emergency, by key."""
    if (found.difference or 0) >= 0:
        return
    for visit in found.interval.visits:
        if visit.opened_at and visit.said is None and (visit.kind == "emergency" or visit.end == "incomplete"):
            urgent = Phrase("The pocket was open in an emergency, and no number was stated.")
            cut = Phrase("The pocket was open in an access that was cut short, and no number was stated.")
            act = Phrase("Ask what was given, and enter it late.")
            yield Cause(
                "unstated", BORNE_OUT, urgent if visit.kind == "emergency" else cut, act, "more_or_fewer", access=visit.access, at=visit.at
            )
    at = _opened_by_nobody(scene, found)
    if at:
        sentence = Phrase("It was opened with nobody named, as with the mechanical key.")
        yield Cause("unstated", BORNE_OUT, sentence, Phrase("Look at the key's list."), "more_or_fewer", at=at)


def _opened_by_nobody(scene: Scene, found: Discrepancy) -> str:
    """When the innermost lock last opened in the interval with nobody named."""
    pocket = scene.world.layout.pockets.get(PocketId(found.pocket))
    since = "" if found.interval.since is None else found.interval.since.at
    openings = [] if pocket is None else scene.state.openings.get(scene.world.layout.path(pocket)[-1].name, [])
    return next((one.at for one in reversed(openings) if not one.staff and since <= one.at <= found.at), "")


def _undone(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """The count before or after was off by as many the other way: one of the two was wrong, and the scale begins from the first."""
    if not found.difference:
        return
    act = Phrase("Settle the two together.")
    for one in scene.state.discrepancies.values():
        if not (one.is_open and one.id != found.id and one.pocket == found.pocket and one.difference == -found.difference):
            continue
        if found.interval.since is not None and one.access == found.interval.since.access:
            sentence = Phrase("The count before this one was off by as many the other way: it may have been wrong, and nothing is missing.")
        elif one.interval.since is not None and found.access == one.interval.since.access:
            sentence = Phrase(
                "The count after this one was off by as many the other way: this one may have been wrong, and nothing is missing."
            )
        else:
            continue
        yield Cause("undone", PROVEN, sentence, act, "miscounted", found.pocket, one.id, at=one.at)


def _typed(_scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """The count itself was typed wrong, or one was overlooked."""
    if found.counted is None:
        return
    act = Phrase("Count pocket {pocket} once more.", pocket=found.pocket)
    if found.sensed is not None and found.verdict == Verdict.CONFIDENT and found.sensed == found.expected:
        sentence = Phrase("The scale agrees with the record ({expected}) and not with the count.", expected=found.expected)
        yield Cause("typed", PROVEN, sentence, act, "miscounted", found.pocket)
    elif slip.is_slip(found.counted, found.expected):
        sentence = Phrase("{counted} is a slip of a finger away from {expected}.", counted=found.counted, expected=found.expected)
        yield Cause("typed", BORNE_OUT, sentence, act, "miscounted", found.pocket)
    elif abs(found.difference or 0) == 1:
        yield Cause("typed", POSSIBLE, Phrase("One is easily overlooked, or counted twice."), act, "miscounted", found.pocket)


def _container(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """A container for many doses was put back, or thrown away, and nobody said so."""
    item = _item(scene, found)
    if item is None or not (item.is_multi_dose or item.count_mode is CountMode.CONTAINERS) or abs(found.difference or 0) != 1:
        return
    back = Phrase("An opened container may have been put back, and nobody said so.")
    thrown = Phrase("An opened container may have been thrown away when it was empty, and nobody said so.")
    act = Phrase("Look whether an opened one is there.")
    yield Cause("container", FITS, back if (found.difference or 0) > 0 else thrown, act, "other")


def _waste(scene: Scene, found: Discrepancy) -> Iterator[Cause]:
    """A broken or wasted unit was replaced from the pocket, and the second one not stated."""
    if (found.difference or 0) >= 0:
        return
    for visit in found.interval.visits:
        withdrawal = scene.state.withdrawals.get(visit.access)
        is_owed = any(debt.kind == "waste" and debt.access == visit.access for debt in scene.state.debts.values())
        if is_owed or (withdrawal is not None and withdrawal.wasted_m >= WHOLE_M):
            sentence = Phrase("Something of a withdrawal was wasted, or is to be: a second one may have been taken in its place.")
            yield Cause("waste", FITS, sentence, Phrase("Ask what was wasted."), "waste", access=visit.access, at=visit.at)


def _item(scene: Scene, found: Discrepancy) -> Item | None:
    return scene.world.formulary.get(ItemId(found.item))


RULES: tuple[Callable[[Scene, Discrepancy], Iterator[Cause]], ...] = (
    _undone, _neighbour, _refill, _return, _other_number, _unstated, _typed, _container, _waste,
)  # fmt: skip
"""Each looks at a discrepancy by itself."""
