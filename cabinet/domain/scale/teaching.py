"""How the mass of a piece is learned by counting, lot by lot, and which teachings a weight is held against.

Alone knows: that the site's mass is only the first teaching; that what was put in, or all that lay there, counted by a person and not
disputed, is a sample; that the same pieces teach once; and that what does not fit what is known waits for a technician's word.
Must not know: when a scale is read, or what a verdict leads to.

The spread is estimated from the portions of a lesson, with the spread known at first weighing as much as FIRST_WEIGHT portions:
c^2 = (v c0^2 + (J - 1) c'^2) / (v + J - 1), where c'^2 is what the portions' means scatter beyond what the readings explain.
"""

from dataclasses import replace
from math import ceil, sqrt

from cabinet.domain import events
from cabinet.domain.facts import Account, FaultCleared, MassTaught, SampleDoubted
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import calibration
from cabinet.domain.scale.counting import LEAST_SAMPLE, ROOM_MK, STRAYING, Scatter, Teaching, noise_mg
from cabinet.domain.scale.memory import Lesson, Rest, Sample, lesson_key
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import BoardId, ItemId, MassMg, PocketId, Units

FITS = 0.25
"""A sample is learned from where its weight is at most this far, in pieces, from the number that was counted."""

WANDERED = 0.005
"""Nothing is learned from a weight of which more than this share may be what the scale wandered (standard deviation)."""

FIRST_WEIGHT = 8
"""The spread that was told at first counts for so many portions."""

UNNAMED_PERMILLE = 20
"""By how much lots of one item differ, in thousandths (an estimate; docs/counting.md says what a lot that is heavier would do)."""

DIFFERS = "scale.sample_differs"


def of_lots(state: State, item: str, lots: list[str]) -> list[Teaching]:
    """What is known of these lots: nothing, unless every one of them was learned from enough pieces. No lot: the newest lesson."""
    lessons = [state.lessons.get(lesson_key(item, lot)) for lot in lots] if lots else [newest(state, item)]
    known = [_honest(lesson) for lesson in lessons if lesson is not None and lesson.sample >= LEAST_SAMPLE]
    return known if len(known) == len(lessons) else []


def _honest(lesson: Lesson) -> Teaching:
    """A lesson in the form that counts. Pieces whose lot nobody named may be of several: their mean is known less well."""
    return lesson.teaching if lesson.lot else replace(lesson.teaching, bias_permille=UNNAMED_PERMILLE)


def newest(state: State, item: str) -> Lesson | None:
    """The lesson of an item that was begun last."""
    return next((lesson for lesson in reversed(state.lessons.values()) if lesson.item == item), None)


def of_pocket(scene: Scene, pocket: Pocket) -> list[Teaching]:
    """What is known of the lots that lie in a pocket."""
    line = scene.state.lines.get(pocket.id)
    return [] if line is None else of_lots(scene.state, line.item, sorted({batch.lot or "" for batch in line.batches}))


def of_access(scene: Scene, access: Access) -> list[Teaching]:
    """What is known of the lots that were moved: what was put in has one lot, what was taken may be any that lay there."""
    puts = row_of(access).target is Account.POCKET and access.confirmed
    return of_lots(scene.state, access.item, [access.lot] if puts else access.lots)


def begin(scene: Scene, turn: Turn, pocket: Pocket, *, is_new: bool) -> None:
    """Take the site's mass as the first teaching of what lies in a pocket that is new, or whose item has no teaching at all.

    It is the mass of the site's item: a pocket that was given another one since learns that item's by counting.
    """
    line = scene.state.lines.get(pocket.id)
    if pocket.weighed is None or line is None or line.item != pocket.item or not (is_new or newest(scene.state, line.item) is None):
        return
    first = pocket.weighed.teaching
    for lot in sorted({batch.lot or "" for batch in line.batches}) or [""]:
        if lesson_key(line.item, lot) not in scene.state.lessons:
            sample = Sample(pocket.id, line.item, lot, pocket.weighed.scale, first.sample, first.mass_mg, first.division_mg, "")
            _teach(scene, turn, sample, first.spread_permille, is_fresh=False)


def learn(scene: Scene, turn: Turn, access: Access, pocket: Pocket, change: tuple[int, Scatter] | None, rest: Rest) -> None:
    """Learn from what a person counted, where it weighs as much as their number does; keep a sample of a new lot that does not.

    `change`: by how much the weight changed, where there is one from before; `rest`: what the pocket weighs now.
    """
    if access.phase != "settled" or pocket.weighed is None or calibration.is_doubted(scene, pocket.weighed.scale):
        return
    sample = _put_in(access, pocket, change, rest) or _counted_whole(scene, access, pocket, change, rest)
    if sample is None:
        return
    own = scene.state.lessons.get(lesson_key(sample.item, sample.lot))
    if sample.is_whole and own is not None and own.sample >= sample.units:
        return  # these are pieces of that lesson, or fewer: counted again, they teach nothing
    known = own or newest(scene.state, sample.item)
    if known is not None and known.teaching.is_usable and abs(sample.mass_mg / known.teaching.unit_mass_mg - sample.units) <= FITS:
        spread = known.spread_permille if sample.is_whole else _spread(own, known.spread_permille, sample)
        _teach(scene, turn, sample, spread, is_fresh=sample.is_whole)
    elif own is None or own.sample < LEAST_SAMPLE:
        _doubt(scene, turn, access, sample)


def _put_in(access: Access, pocket: Pocket, change: tuple[int, Scatter] | None, rest: Rest) -> Sample | None:
    """What was put in, by any kind of access that puts pieces in and asks how many."""
    if row_of(access).target is not Account.POCKET or not access.confirmed or change is None or pocket.weighed is None:
        return None
    net_mg, scatter = change
    if net_mg <= 0 or scatter.wander_mg > WANDERED * net_mg:
        return None
    return Sample(pocket.id, access.item, access.lot, pocket.weighed.scale, access.confirmed, net_mg, rest.division_mg, "")


def _counted_whole(scene: Scene, access: Access, pocket: Pocket, change: tuple[int, Scatter] | None, rest: Rest) -> Sample | None:
    """All that lies in a pocket, by any kind of access that moves nothing and asks for a count.

    What an empty pocket weighs must be known, although the room was as warm then as nobody knows; and what lies there must be of one lot,
    with nothing that does not belong there, and must have been left alone since the count.
    """
    kind, weighed, line = row_of(access), pocket.weighed, scene.state.lines.get(pocket.id)
    if kind.source is not None or kind.target is not None or weighed is None or not weighed.tray_mg or line is None:
        return None
    net_mg, lots = rest.mass_mg - weighed.tray_mg, {batch.lot or "" for batch in line.batches}
    if access.counted is None or access.counted < LEAST_SAMPLE or len(lots) != 1 or weighed.wander.over(0, ROOM_MK) > WANDERED * net_mg:
        return None
    if change is not None and abs(change[0]) > STRAYING * noise_mg(change[1]):
        return None
    if any(fault.code == "scale.foreign" for fault in scene.state.faults_at(weighed.scale)):
        return None
    return Sample(pocket.id, line.item, lots.pop(), weighed.scale, access.counted, net_mg, rest.division_mg, "", is_whole=True)


def _doubt(scene: Scene, turn: Turn, access: Access, sample: Sample) -> None:
    fact = SampleDoubted(
        PocketId(sample.pocket), ItemId(sample.item), sample.lot, BoardId(sample.scale), Units(sample.units), MassMg(sample.mass_mg),
        MassMg(sample.division_mg), sample.is_whole,
    )  # fmt: skip
    turn.record(fact, access=access)
    calibration.raise_once(scene, turn, sample.scale, DIFFERS)


def confirm(scene: Scene, turn: Turn, event: events.MassConfirmed) -> Refusal | None:
    """A technician read the label and counted: what waits is the mass of this lot from now on."""
    staff = calibration.judge_person(scene, turn, event.session)
    if isinstance(staff, Refusal):
        return staff
    sample = scene.state.samples.get(event.pocket)
    if sample is None:
        return Refusal("scale.no_sample")
    known = newest(scene.state, sample.item)
    spread = 20 if known is None else known.spread_permille
    _teach(scene, turn, sample, spread, is_fresh=True, staff=staff)
    return None


def _teach(scene: Scene, turn: Turn, sample: Sample, spread_permille: int, *, is_fresh: bool, staff: str | None = None) -> None:
    item = scene.world.formulary.get(ItemId(sample.item))
    fact = MassTaught(
        PocketId(sample.pocket), ItemId(sample.item), "" if item is None else item.ndc, sample.lot, BoardId(sample.scale),
        Units(sample.units), MassMg(sample.mass_mg), MassMg(sample.division_mg), spread_permille, is_fresh, sample.is_whole,
    )  # fmt: skip
    turn.record(fact, staff=staff)
    if any(fault.code == DIFFERS for fault in scene.state.faults_at(sample.scale)):
        turn.record(FaultCleared(sample.scale, DIFFERS, "the mass of this lot is learned"), staff=staff)


def _spread(own: Lesson | None, first_permille: int, sample: Sample) -> int:
    """The spread of one piece after one portion more, in thousandths, rounded up; see the head of this file."""
    portions = [*([] if own is None else own.portions), (sample.units, sample.mass_mg)]
    if len(portions) == 1:
        return first_permille
    pieces = sum(units for units, _ in portions)
    mean_mg = sum(mass_mg for _, mass_mg in portions) / pieces
    division_mg = max(sample.division_mg, 1)
    reading = 2 * (division_mg**2 + division_mg**2 / 12)
    scatter = sum(units * (mass_mg / units - mean_mg) ** 2 for units, mass_mg in portions)
    explained = reading * sum(1 / units - 1 / pieces for units, _ in portions)
    found = max(0.0, scatter - explained) / mean_mg**2
    first = (first_permille / 1000) ** 2
    return ceil(1000 * sqrt((FIRST_WEIGHT * first + found) / (FIRST_WEIGHT + len(portions) - 1)))
