"""What a change of weight says beside a person's word. It never corrects it: no balance changes here.

Alone knows: how a difference of two weights at rest is held against what was stated, and who hears of which doubt. A confident
difference makes the pocket owe a count. Where the pieces do not weigh what the item weighs, one sentence asks to read the label. Every
other doubt is a fault for the technician; while a scale is in doubt, or does not know the mass of a lot, its word is advisory.
Must not know: when scales are read (`weighing.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cabinet.domain.debt import owing
from cabinet.domain.facts import FaultCleared, Moment, PocketWeighed
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Pocket, Weighed
from cabinet.domain.scale import calibration, counting, teaching
from cabinet.domain.scale.counting import Doubt, Scatter, SensedCount, Teaching, Verdict
from cabinet.domain.scale.memory import Rest
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Instant, MassMg, MilliC, PocketId, parse_utc

DIFFERS = "the scale and what was stated differ"
"""Without numbers: it is read before a blind count. They stand in the weighings and the stated quantity."""

OTHER = "what lies there does not weigh what this item weighs"
PASSING = "its scale shows that something was taken out or put in while a neighbour was opened"
SHUT = "its scale shows less although nobody opened it"

LABEL = "pocket.read_label"
"""The one doubt that the person at the pocket is told."""

FAULTS = {
    Doubt.FROZEN: "scale.frozen",
    Doubt.SWAPPED: "scale.swapped",
    Doubt.FOREIGN: "scale.foreign",
    Doubt.WANDERED: "scale.wandered",
}
"""The doubts that a technician looks into."""

OTHER_PIECE = 0.1
"""Pieces whose mean mass is off by more than this share are other pieces; by less, they are these, and something lies with them."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From one weight at rest of a pocket to the next. `access` is the one that ended in between, if any."""

    pocket: Pocket
    access: Access | None
    old: Rest | None
    new: Rest
    is_reached: bool

    @property
    def weighed(self) -> Weighed:
        """The scale it stands on."""
        assert self.pocket.weighed is not None
        return self.pocket.weighed

    def net(self) -> tuple[int, Scatter] | None:
        """The change in mg and how it scatters; None where there is no weight from before."""
        before = self.old
        if self.access is not None:
            before = before_of(self.access, self.new)
        if before is None:
            return None
        seconds = (self.new.at.utc - before.at.utc).total_seconds()
        warmed_mk = None if before.milli_c is None or self.new.milli_c is None else self.new.milli_c - before.milli_c
        return self.new.mass_mg - before.mass_mg, Scatter(self.new.division_mg, self.weighed.wander.over(seconds, warmed_mk))


def before_of(access: Access, after: Rest) -> Rest | None:
    """The weight that was kept before an access."""
    if access.before_mg is None:
        return None
    milli_c = None if access.before_mc is None else MilliC(access.before_mc)
    return Rest(access.before_mg, after.division_mg, Instant(parse_utc(access.before_at), 0.0), milli_c)


def remembered(scene: Scene, pocket: Pocket, now: Instant) -> Rest | None:
    """What the journal remembers of a pocket's weight: after a start, the only weight from before. None once a hand may have been there."""
    state, innermost = scene.state, scene.world.layout.path(pocket)[-1]
    known = state.scales.get(pocket.weighed.scale) if pocket.weighed is not None else None
    if known is None or known.mass_mg is None or known.pocket != pocket.id or scene.drawer(innermost).moved_at >= known.mass_at:
        return None
    then = parse_utc(known.mass_at)
    milli_c = None if known.milli_c is None else MilliC(known.milli_c)
    return Rest(known.mass_mg, 0, Instant(then, now.mono_s - (now.utc - then) / timedelta(seconds=1)), milli_c)


def keep_before(turn: Turn, access: Access, pocket: Pocket, rest: Rest | None) -> None:
    """Write down the weight before an access, or that there is none. A number of units is not told: nothing was moved yet."""
    assert pocket.weighed is not None
    verdict, why = (Verdict.ADVISORY, "") if rest is not None else (Verdict.REFUSED, str(Doubt.NO_BEFORE))
    mass_mg = None if rest is None else MassMg(rest.mass_mg)
    age_s = 0 if rest is None else round(max(0.0, turn.at.mono_s - rest.at.mono_s))
    milli_c = None if rest is None else rest.milli_c
    turn.record(PocketWeighed(pocket.id, Moment.BEFORE, mass_mg, verdict, None, why, pocket.weighed.scale, age_s, milli_c), access=access)


def keep_refusal(turn: Turn, access: Access, pocket: Pocket, why: str) -> None:
    """Write down that there is no weight after an access."""
    assert pocket.weighed is not None
    turn.record(PocketWeighed(pocket.id, Moment.AFTER, None, Verdict.REFUSED, None, why, pocket.weighed.scale), access=access)


def judge(scene: Scene, turn: Turn, shifts: Sequence[Shift]) -> None:
    """Hold all changes of one coming to rest against what was said, those of accesses first."""
    explained: set[PocketId] = set()
    for shift in shifts:
        if shift.access is not None:
            explained |= _judge_access(scene, turn, shift, shift.access, shifts)
    for shift in shifts:
        if shift.access is None and shift.pocket.id not in explained:
            _judge_bystander(scene, turn, shift)


def _judge_access(scene: Scene, turn: Turn, shift: Shift, access: Access, shifts: Sequence[Shift]) -> set[PocketId]:
    """Judge an access; returns the other pockets whose change it explains."""
    change = shift.net()
    if change is None:
        _keep(turn, shift, counting.refuse(Doubt.NO_BEFORE))
        teaching.learn(scene, turn, access, shift.pocket, None, shift.new)
        return set()
    net_mg, scatter = change
    said = (access.confirmed or 0) * (-1 if row_of(access).takes else 1)
    known = teaching.of_access(scene, access)
    other = _swapped_with(scene, shift, net_mg, said, known, shifts)
    sensed = counting.count_mixed(net_mg, known, scatter, scene.world.policy.allowed_miscount)
    sensed = _doubted(sensed, net_mg, said, known, scatter, is_swapped=other is not None)
    why_advisory = advisory(scene, turn, shift.pocket, known)
    if why_advisory is not None and sensed.why not in FAULTS:
        sensed = SensedCount(Verdict.ADVISORY, sensed.units, why_advisory)
    _keep(turn, shift, sensed)
    _follow(scene, turn, shift, access, sensed, is_same=sensed.units is not None and _signed(sensed.units, net_mg) == said)
    teaching.learn(scene, turn, access, shift.pocket, change, shift.new)
    if other is None:
        return set()
    calibration.raise_once(scene, turn, other.weighed.scale, FAULTS[Doubt.SWAPPED])
    return {other.pocket.id}


def _signed(units: int, net_mg: int) -> int:
    return units if net_mg >= 0 else -units


def _doubted(
    sensed: SensedCount, net_mg: int, said: int, known: Sequence[Teaching], scatter: Scatter, *, is_swapped: bool
) -> SensedCount:  # fmt: skip
    """Say what is odd about a change, where something is."""
    if is_swapped:
        return counting.refuse(Doubt.SWAPPED)
    if said and net_mg == 0 and all(_shows(abs(said), one, scatter) for one in known):
        return counting.refuse(Doubt.FROZEN)
    if sensed.why == Doubt.MISFIT:
        is_other = said != 0 and all(abs(net_mg / said / one.unit_mass_mg - 1) > OTHER_PIECE for one in known)
        return counting.refuse(Doubt.MISFIT if is_other else Doubt.FOREIGN)
    return sensed


def _shows(units: int, known: Teaching, scatter: Scatter) -> bool:
    """Whether so many pieces weigh more than a reading may be off."""
    return known.is_usable and units > counting.STRAYING * counting.deviation(0, known, scatter)


def _swapped_with(
    scene: Scene, shift: Shift, net_mg: int, said: int, known: Sequence[Teaching], shifts: Sequence[Shift]
) -> Shift | None:  # fmt: skip
    """The pocket on whose scale the change of this access shows, where it does not show on its own.

    One that a hand could reach, and that changed by a whole number of its own pieces, was reached into instead.
    """
    change = shift.net()
    if not said or change is None or not known or not all(_shows(abs(said), one, change[1]) for one in known):
        return None
    if abs(net_mg) > counting.STRAYING * counting.noise_mg(change[1]):
        return None
    for other in shifts:
        moved = other.net() if other.access is None else None
        if moved is None or moved[0] * said <= 0 or abs(moved[0]) <= counting.STRAYING * counting.noise_mg(moved[1]):
            continue
        fits = [abs(moved[0] / said / one.unit_mass_mg - 1) * abs(said) for one in known]
        strays = [counting.STRAYING * counting.deviation(abs(said), one, moved[1]) for one in known]
        own = counting.count_mixed(moved[0], teaching.of_pocket(scene, other.pocket), moved[1])
        if any(fit <= stray for fit, stray in zip(fits, strays, strict=True)) and not (
            other.is_reached and own.verdict is Verdict.CONFIDENT
        ):
            return other
    return None


def advisory(scene: Scene, turn: Turn, pocket: Pocket, known: Sequence[Teaching]) -> str | None:
    """Why nothing follows from what this scale says now, if there is a reason."""
    assert pocket.weighed is not None
    scale = pocket.weighed.scale
    if not known:
        return Doubt.UNTAUGHT
    if any(fault.code in calibration.TRUST_ENDS for fault in scene.state.faults_at(scale)):
        return Doubt.DOUBTED
    return Doubt.OVERDUE if calibration.note_overdue(scene, turn, scale) else None


def _keep(turn: Turn, shift: Shift, sensed: SensedCount) -> None:
    fact = PocketWeighed(
        shift.pocket.id, Moment.AFTER, MassMg(shift.new.mass_mg), sensed.verdict, sensed.units, str(sensed.why), shift.weighed.scale,
        milli_c=shift.new.milli_c,
    )  # fmt: skip
    turn.record(fact, access=shift.access)


def _follow(scene: Scene, turn: Turn, shift: Shift, access: Access, sensed: SensedCount, *, is_same: bool) -> None:
    """What a verdict leads to: a count that is owed, a label to be read, a technician's fault, or nothing."""
    pocket, scale = shift.pocket, shift.weighed.scale
    if sensed.verdict is Verdict.CONFIDENT and not is_same:
        owing.owe_count(turn, pocket.id, DIFFERS, access)
    elif sensed.why == Doubt.MISFIT:
        owing.owe_count(turn, pocket.id, OTHER, access)
        calibration.raise_once(scene, turn, pocket.id, LABEL)
    elif sensed.why == Doubt.FROZEN:
        owing.owe_count(turn, pocket.id, DIFFERS, access)
    elif sensed.verdict is Verdict.CONFIDENT and access.confirmed:
        for place, code in ((pocket.id, LABEL), (scale, FAULTS[Doubt.FOREIGN])):
            if any(fault.code == code for fault in scene.state.faults_at(place)):
                turn.record(FaultCleared(place, code, "the pieces weigh what this item weighs"))
    if sensed.why in FAULTS:
        calibration.raise_once(scene, turn, scale, FAULTS[Doubt(sensed.why)])


def note_label_read(turn: Turn, pocket: Pocket) -> None:
    """Somebody counted what lies there, and with the pieces in their hand saw what it is."""
    if any(fault.code == LABEL for fault in turn.state.faults_at(pocket.id)):
        turn.record(FaultCleared(pocket.id, LABEL, "somebody counted what lies there"))


def _judge_bystander(scene: Scene, turn: Turn, shift: Shift) -> None:
    """A pocket that nobody asked for weighs something else: a hand that strayed, or a scale that wanders. At the bench that is the work."""
    line = scene.state.lines.get(shift.pocket.id)
    if scene.state.maintenance is not None or (line is not None and owing.OPENED_AT_BENCH in line.owes):
        return
    change = shift.net()
    if change is None or abs(change[0]) <= counting.STRAYING * counting.noise_mg(change[1]):
        return
    net_mg, scatter = change
    known = teaching.of_pocket(scene, shift.pocket)
    sensed = counting.count_mixed(net_mg, known, scatter, scene.world.policy.allowed_miscount)
    is_whole = sensed.verdict is Verdict.CONFIDENT and bool(sensed.units)
    why_advisory = advisory(scene, turn, shift.pocket, known)
    if why_advisory is None and is_whole and (shift.is_reached or net_mg < 0):
        owing.owe_count(turn, shift.pocket.id, PASSING if shift.is_reached else SHUT)
    if not shift.is_reached:
        calibration.raise_once(scene, turn, shift.weighed.scale, FAULTS[Doubt.WANDERED])
    elif not is_whole:
        calibration.raise_once(scene, turn, shift.weighed.scale, FAULTS[Doubt.FOREIGN])
    doubt = why_advisory if shift.is_reached else Doubt.WANDERED
    _keep(turn, shift, sensed if doubt is None else SensedCount(Verdict.ADVISORY, sensed.units, doubt))
