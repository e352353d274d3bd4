"""What the facts about scales mean for what is remembered.

Alone knows: how lessons, samples and checks change. `fold/` registers it for its types of fact.
Must not know: why a fact was written, or what is to be done about it.
"""

from datetime import timedelta

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.scale.memory import REMEMBERED, Check, Lesson, Sample, ScaleState, lesson_key
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


def weighed(fact: facts.PocketWeighed, state: State, draft: Draft) -> None:
    """The weight before an access, the newest weight of a scale, and whether a label is to be read."""
    at = utc_text(draft.at.utc)
    if fact.scale is not None:
        scale = scale_of(state, fact.scale, at)
        if fact.mass_mg is not None:
            scale.pocket, scale.mass_mg = fact.pocket, fact.mass_mg
            scale.mass_at = utc_text(draft.at.utc - timedelta(seconds=fact.age_s))
            scale.milli_c = fact.milli_c
    access = state.accesses.get(draft.access or "")
    if access is None:
        return
    if fact.moment is facts.Moment.BEFORE:
        access.before_mg, access.before_mc = fact.mass_mg, fact.milli_c
        access.before_at = utc_text(draft.at.utc - timedelta(seconds=fact.age_s))
        line = state.lines.get(fact.pocket)
        access.lots = sorted({batch.lot or "" for batch in line.batches}) if line is not None else []
    else:
        access.doubt = fact.why


def taught(fact: facts.MassTaught, state: State, _draft: Draft) -> None:
    """A portion joins what was learned, or begins it afresh."""
    key = lesson_key(fact.item, fact.lot)
    lesson = state.lessons.get(key)
    if lesson is None or fact.is_fresh:
        lesson = state.lessons[key] = Lesson(fact.item, fact.lot, fact.scale, is_whole=fact.is_whole)
    lesson.sample += fact.units
    lesson.mass_mg += fact.mass_mg
    lesson.count += 1
    lesson.spread_permille = fact.spread_permille
    lesson.division_mg = max(lesson.division_mg, fact.division_mg)
    lesson.portions = [*lesson.portions, (fact.units, fact.mass_mg)][-REMEMBERED:]
    state.samples.pop(fact.pocket, None)


def sampled(fact: facts.SampleDoubted, state: State, draft: Draft) -> None:
    """A sample waits for a technician; a newer one of the same pocket takes its place."""
    state.samples[fact.pocket] = Sample(
        fact.pocket, fact.item, fact.lot, fact.scale, fact.units, fact.mass_mg, fact.division_mg, utc_text(draft.at.utc), fact.is_whole
    )  # fmt: skip


def checked(fact: facts.ScaleChecked, state: State, draft: Draft) -> None:
    """One line more in the scale's history."""
    at = utc_text(draft.at.utc)
    scale = scale_of(state, fact.scale, at)
    check = Check(at, draft.staff or "", fact.test_mass_mg, fact.reading_mg, fact.tolerance_mg, fact.has_passed)
    scale.checks = [*scale.checks, check][-REMEMBERED:]


def scale_of(state: State, scale: str, at: str) -> ScaleState:
    """What is remembered of a scale; it is known from the first fact on that names it."""
    return state.scales.setdefault(scale, ScaleState(scale, at))
