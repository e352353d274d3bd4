"""Cold chain: what temperature readings mean for a fridge and for what is in it.

Alone knows: which readings are trusted, when out of range is an excursion, what is written down of all the readings, and that an open door
delays the alarm and never the record.
Must not know: boards and registers, or how an excursion is shown.

Of readings every half minute the journal keeps summaries with lowest and highest: when 5 minutes have passed and it moved by a degree,
after half an hour in any case, and at once when something changes. That is some 50 facts a day for a fridge that is well, and no extreme
is lost. Back in range means inside by BACK_MC, so that a temperature at the limit does not flicker.
"""

from cabinet.domain import events
from cabinet.domain.facts import ExcursionDecided, FaultCleared, FaultRaised, TemperatureGap, TemperatureLogged
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Climate, Drawer, Lock
from cabinet.domain.person import speaking
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.surroundings import fridge
from cabinet.domain.surroundings.memory import CALM_READINGS, FridgeState, Sight, minutes_since
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import BoardId, DrawerId, FaultCode, Instant, MilliC, ProbeFault, utc_text

LOG_S, LOG_AT_LATEST_S, LOG_MOVED_MC = 300.0, 1800.0, 1000
BACK_MC = 200
STUCK_S = 4 * 3600.0
"""A fridge swings with its compressor: a probe that shows exactly the same for so long shows nothing."""
JUMP_MC, JUMP_MC_PER_MIN = 1000, 5000
"""What is buffered as a medicine is cannot change faster; whatever did was the probe."""
GAP_S = 300.0
"""A shorter gap in the readings is a lost answer, and not worth a fact."""
AFTER_OPEN_S = 600.0
"""A fridge that leaves its range so soon after its door was open did so by that."""
AJAR = "fridge.ajar"
STUCK, JUMPED = FaultCode("probe.stuck"), FaultCode("probe.jumped")
_PROBE_CODES = (FaultCode("probe.dead"), STUCK, JUMPED)


def fridge_of(scene: Scene, drawer: DrawerId) -> FridgeState:
    """What is remembered of a fridge; one that no fact has spoken of yet is out of sight."""
    return scene.state.fridges.get(drawer) or FridgeState(drawer)


def read(scene: Scene, turn: Turn, event: events.TemperatureRead) -> None:
    """A probe was read: weigh the reading, then let the fridge know."""
    drawer = scene.world.layout.drawer_by_probe.get(event.probe)
    if drawer is None or drawer.climate is None:
        return
    sight = scene.sights.setdefault(drawer.id, Sight())
    if scene.drawer(drawer.lock).state == "open":
        sight.open_s = turn.at.mono_s
    fault = _doubt(sight, turn.at, event.reading)
    if fault is not None:
        _lose(scene, turn, drawer, fault)
        return
    assert not isinstance(event.reading, ProbeFault)
    _trust(scene, turn, drawer, drawer.climate, event.reading)


def _doubt(sight: Sight, at: Instant, reading: MilliC | ProbeFault) -> ProbeFault | None:
    """Why a reading is no temperature, if it is none: its board said so, it jumped, or it has been the same for hours."""
    if isinstance(reading, ProbeFault):
        return reading
    before_mc, before = sight.newest_mc, sight.newest_at
    sight.newest_mc, sight.newest_at = reading, at
    if before_mc != reading or sight.same_since is None:
        sight.same_since = at
    if before_mc is not None and before is not None:
        minutes = (at.mono_s - before.mono_s) / 60
        is_jump = abs(reading - before_mc) > max(JUMP_MC, JUMP_MC_PER_MIN * minutes)
        sight.calm = 0 if is_jump else sight.calm + 1
    if sight.calm < CALM_READINGS:
        return ProbeFault(JUMPED, f"it jumped to {in_degrees(reading)} faster than anything in a fridge can")
    if at.mono_s - sight.same_since.mono_s >= STUCK_S:
        return ProbeFault(STUCK, f"it has shown exactly {in_degrees(reading)} for {STUCK_S / 3600:.0f} hours")
    return None


def _lose(scene: Scene, turn: Turn, drawer: Drawer, fault: ProbeFault) -> None:
    """The probe is not believed: a fault, and the fridge is out of sight. The gap is told when it ends, and begins with the last log."""
    assert drawer.climate is not None
    place = str(drawer.climate.probe)
    if not any(known.code == fault.code for known in scene.state.faults_at(place)):
        turn.record(FaultRaised(place, fault.code, fault.detail))
    _blind(scene, turn, drawer, fault.detail)


def _blind(scene: Scene, turn: Turn, drawer: Drawer, why: str) -> None:
    sight = scene.sights.setdefault(drawer.id, Sight())
    if fridge_of(scene, drawer.id).state != "unknown":
        log(scene, turn, drawer, "the probe is lost")
        fridge.step(fridge_of(scene, drawer.id), "blind", turn, why)
    sight.is_blind = True
    sight.window.clear()


def board_lost(scene: Scene, turn: Turn, board: BoardId) -> None:
    """A thermometer does not answer: every fridge with a probe of it is out of sight."""
    for drawer in scene.world.layout.drawer_by_probe.values():
        if drawer.climate is not None and drawer.climate.probe.board == board:
            _blind(scene, turn, drawer, "its thermometer does not answer")


def _trust(scene: Scene, turn: Turn, drawer: Drawer, climate: Climate, milli_c: MilliC) -> None:
    sight, place = scene.sights[drawer.id], str(climate.probe)
    for fault in [known for known in scene.state.faults_at(place) if known.code in _PROBE_CODES]:
        turn.record(FaultCleared(place, fault.code, "it gives a temperature again"))
    known = fridge_of(scene, drawer.id)
    if sight.is_blind:
        sight.is_blind = False
        _tell_gap(turn, drawer, known)
    is_inside = climate.low_mc <= milli_c <= climate.high_mc
    if known.state == "in_range" or not known.out_since:
        is_good = is_inside
    else:
        is_good = climate.low_mc + BACK_MC <= milli_c <= climate.high_mc - BACK_MC
    if is_good == (known.state != "in_range"):
        log(scene, turn, drawer, "back in range" if is_good else "left its range")
    _take(sight, turn.at, milli_c)
    if is_good:
        sight.out_s = None
        fridge.step(known, "good", turn, f"{in_degrees(milli_c)}, within {_limits(climate)}", milli_c)
    else:
        fridge.step(known, "bad", turn, f"{in_degrees(milli_c)}, not within {_limits(climate)}", milli_c)
        _watch_delay(scene, turn, drawer, climate, milli_c)
    if _is_log_due(sight, known, turn.at):
        log(scene, turn, drawer, "")


def _watch_delay(scene: Scene, turn: Turn, drawer: Drawer, climate: Climate, milli_c: MilliC) -> None:
    """Out of range for longer than is allowed is an excursion. An open door makes that longer; the record goes on as ever."""
    known, sight = fridge_of(scene, drawer.id), scene.sights[drawer.id]
    if sight.out_s is None:
        sight.out_s = turn.at.mono_s - 60 * minutes_since(turn.at, known.out_since)
    if known.state != "out":
        return
    out_s = turn.at.mono_s - sight.out_s
    by_door = sight.open_s is not None and turn.at.mono_s - sight.open_s <= out_s + AFTER_OPEN_S
    if out_s >= (climate.alarm_after_open_s if by_door else climate.alarm_after_s):
        log(scene, turn, drawer, "an excursion")
        fridge.step(known, "overdue", turn, f"{in_degrees(milli_c)} after {out_s // 60:.0f} minutes out of range", milli_c)


def _tell_gap(turn: Turn, drawer: Drawer, known: FridgeState) -> None:
    """Readings begin, or begin again: what lies between the last one in the journal and now is not known, and that is told."""
    assert drawer.climate is not None
    if known.logged_at:
        minutes = minutes_since(turn.at, known.logged_at)
        if minutes * 60 >= GAP_S:
            turn.record(TemperatureGap(drawer.id, str(drawer.climate.probe), known.logged_at, minutes))


def _take(sight: Sight, at: Instant, milli_c: MilliC) -> None:
    if not sight.window:
        sight.window_since = at
    sight.window.append(milli_c)


def _is_log_due(sight: Sight, known: FridgeState, at: Instant) -> bool:
    if known.logged_mc is None or not sight.window:
        return True
    assert sight.window_since is not None
    waited_s = at.mono_s - sight.window_since.mono_s
    has_moved = max(abs(one - known.logged_mc) for one in (min(sight.window), max(sight.window))) >= LOG_MOVED_MC
    return waited_s >= LOG_AT_LATEST_S or (waited_s >= LOG_S and has_moved)


def log(scene: Scene, turn: Turn, drawer: Drawer, why: str) -> None:
    """Write down what was seen since the last log, if anything was."""
    sight = scene.sights.get(drawer.id)
    if sight is None or not sight.window or drawer.climate is None:
        return
    assert sight.window_since is not None
    window, sight.window = sight.window, []
    turn.record(
        TemperatureLogged(
            drawer.id, str(drawer.climate.probe), window[-1], min(window), max(window), len(window), utc_text(sight.window_since.utc), why
        )
    )  # fmt: skip


def stopping(scene: Scene, turn: Turn) -> None:
    """The controller ends in good order: no reading is lost by it."""
    for drawer in scene.world.layout.drawer_by_probe.values():
        log(scene, turn, drawer, "the controller stops")


def door_closed(scene: Scene, turn: Turn, lock: Lock, *, was_open: bool) -> None:
    """A fridge's door is shut: it is ajar no more, and what follows is still by its having been open."""
    for drawer in scene.world.layout.drawer_by_probe.values():
        if drawer.lock == lock and was_open:
            scene.sights.setdefault(drawer.id, Sight()).open_s = turn.at.mono_s
    if any(fault.code == AJAR for fault in scene.state.faults_at(lock.name)):
        turn.record(FaultCleared(lock.name, AJAR, "closed"))


def is_cooled(scene: Scene, lock: Lock) -> bool:
    """Whether a lock is that of a fridge that is watched."""
    return any(drawer.lock == lock for drawer in scene.world.layout.drawer_by_probe.values())


def decided(scene: Scene, turn: Turn, event: events.ContentsDecided) -> Refusal | None:
    """A pharmacist says what becomes of what was out of range. While it is seen to last there is nothing to decide about yet.

    Where the probe is dead or gone nobody sees an end: then the pharmacist's word is one. What is out of range after that begins anew.
    """
    session = speaking.who_may(scene, turn, event.session, "decide")
    if isinstance(session, Refusal):
        return session
    known = fridge_of(scene, event.drawer)
    if known.lasting is not None and known.state != "unknown":
        return Refusal("fridge.still_out")
    if not known.excursions:
        return Refusal("fridge.nothing_to_decide")
    turn.record(ExcursionDecided(event.drawer, "usable" if event.is_usable else "discard", event.reason), staff=session.staff)
    return None


def judge(scene: Scene, at: Instant, drawer: Drawer, item: Item, *, is_emergency: bool = False) -> Refusal | None:
    """Whether an item may be taken out of a fridge. What was out of range waits for a pharmacist; critical items and emergencies do not.

    What a pharmacist has said is not to be used is given in no emergency either, unless it is critical.
    """
    known = scene.state.fridges.get(drawer.id)
    if known is None or not known.excursions or item.is_critical:
        return None
    if all(one.verdict == "discard" for one in known.excursions):
        return Refusal("fridge.discarded")
    if is_emergency:
        return None
    return Refusal("fridge.undecided", Phrase("{minutes} minutes out of range", minutes=minutes_out(at, known)))


def minutes_out(at: Instant, known: FridgeState) -> int:
    """How long a fridge was out of range, in all excursions that stand, up to now."""
    return sum(one.minutes if one.ended_at else minutes_since(at, one.since) for one in known.excursions)


def in_degrees(milli_c: int) -> str:
    """A temperature as people read it: `8.3 °C`."""
    return f"{milli_c / 1000:.1f} °C"


def _limits(climate: Climate) -> str:
    return f"{climate.low_mc / 1000:.1f} to {climate.high_mc / 1000:.1f} °C"
