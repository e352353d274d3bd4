"""Scales as a technician sees them: what each can count, when it was checked, what it knows, what is odd about it.

Alone knows: what of a scale is told. No weight of a pocket and no balance is: some of them are counted blind.
Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.layout import Pocket
from cabinet.domain.phrase import Phrase
from cabinet.domain.scale import calibration, counting
from cabinet.domain.scale.counting import Scatter
from cabinet.domain.scale.memory import Check, Lesson
from cabinet.domain.vocabulary import Instant, ItemId, utc_text


@dataclass(frozen=True)
class CheckView:
    """One check with a test mass; masses in milligrams, `error_mg` is how much too much it showed."""

    at: str
    staff: str
    test_mass_mg: int
    reading_mg: int
    error_mg: int
    tolerance_mg: int
    has_passed: bool


@dataclass(frozen=True)
class LessonView:
    """What the pieces of one lot weigh: the mean of `sample` pieces in thousandths of a milligram, their spread in thousandths.

    `sample` is null where they are what lay in a pocket when it was counted: that would tell a balance. `most` is the largest number of
    them that this scale can count confidently at once; null while its division is not known.
    """

    lot: str
    sample: int | None
    unit_mass_ug: int
    spread_permille: int
    is_learned: bool
    most: int | None


@dataclass(frozen=True)
class SampleView:
    """Pieces that do not weigh what was known wait for a technician's word: `units` that were put in, or (null) all that lay there."""

    pocket: str
    lot: str
    units: int | None
    unit_mass_ug: int
    at: str


@dataclass(frozen=True)
class DoubtView:
    """Something that is odd about a scale."""

    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class ScaleView:
    """One scale. `division_mg` is null while it gives no weight; `is_advisory`: nothing follows from what it says now."""

    scale: str
    pocket: str
    drawer_name: str
    item: str
    division_mg: int | None
    due_at: str | None
    is_overdue: bool
    is_advisory: bool
    doubts: tuple[DoubtView, ...]
    lessons: tuple[LessonView, ...]
    sample: SampleView | None
    checks: tuple[CheckView, ...]


def scale_views(core: Core, now: Instant) -> list[ScaleView]:
    """Every scale, in the order of the furniture; the newest check first."""
    return [_view(core, pocket, now) for pocket in core.world.layout.pockets.values() if pocket.weighed is not None]


def _view(core: Core, pocket: Pocket, now: Instant) -> ScaleView:
    assert pocket.weighed is not None
    scale, state = pocket.weighed.scale, core.state
    rest, line, known = core.rests.get(pocket.id), state.lines.get(pocket.id), state.scales.get(scale)
    item = None if line is None else core.world.formulary.get(ItemId(line.item))
    codes = [fault.code for fault in [*state.faults_at(scale), *state.faults_at(pocket.id)]]
    due = calibration.due_at(core.world.policy, known)
    is_overdue = due is not None and due < utc_text(now.utc)
    division_mg = None if rest is None else rest.division_mg
    lessons = [] if line is None else [lesson for lesson in state.lessons.values() if lesson.item == line.item]
    return ScaleView(
        scale, pocket.id, core.world.layout.drawer_of(pocket).name, "" if item is None else item.title, division_mg, due, is_overdue,
        is_overdue or any(code in calibration.TRUST_ENDS for code in codes),
        tuple(DoubtView(code, Phrase(CATALOGUE[code].sentence), Phrase(CATALOGUE[code].remedy)) for code in codes),
        tuple(_lesson(core, lesson, division_mg) for lesson in lessons), _sample(core, pocket),
        tuple(_check(core, check) for check in reversed(known.checks if known is not None else [])),
    )  # fmt: skip


def _check(core: Core, check: Check) -> CheckView:
    person = core.scene.staff(check.staff)
    name = check.staff if person is None else person.name
    return CheckView(check.at, name, check.test_mass_mg, check.reading_mg, check.error_mg, check.tolerance_mg, check.has_passed)


def _lesson(core: Core, lesson: Lesson, division_mg: int | None) -> LessonView:
    most = None
    if division_mg is not None:
        most = counting.largest(lesson.teaching, Scatter(division_mg), core.world.policy.allowed_miscount)
    mass_ug = round(1000 * lesson.mass_mg / lesson.sample)
    sample, is_learned = None if lesson.is_whole else lesson.sample, lesson.sample >= counting.LEAST_SAMPLE
    return LessonView(lesson.lot, sample, mass_ug, lesson.spread_permille, is_learned, most)


def _sample(core: Core, pocket: Pocket) -> SampleView | None:
    found = core.state.samples.get(pocket.id)
    if found is None:
        return None
    units = None if found.is_whole else found.units
    return SampleView(found.pocket, found.lot, units, round(1000 * found.mass_mg / found.units), found.at)
