"""Downtime: the pharmacy is not heard for the policy's time, and is heard again.

Alone knows: when a downtime begins and ends, and when it becomes critical override by itself.
Must not know: how anybody is heard; that is the reporter's word.

A cabinet that never heard a pharmacy stands alone: it has no downtime.
"""

from datetime import timedelta

from cabinet.domain import cabinet_mode, events
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.facts import DowntimeBegan, DowntimeEnded, ModeDeclared, ModeLifted
from cabinet.domain.mode.memory import Contact
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Instant, parse_utc, utc_text

TIMER = "downtime"
ENTER, LEAVE, CRITICAL = (f"{TIMER}:{what}" for what in ("enter", "leave", "critical"))
OVERRIDE = "critical_override"


def lost(scene: Scene, turn: Turn, event: events.PharmacyLost) -> None:
    """The pharmacy is not heard from now on."""
    scene.contact = Contact(is_heard=False, until=scene.state.modes.down_since or event.until)
    turn.order(StopTimer(LEAVE))
    rules = scene.world.policy.downtime
    if scene.state.modes.down_since:
        _await_critical(scene, turn)
    elif rules.after_min and event.until:
        turn.order(StartTimer(ENTER, _left_s(turn.at, event.until, rules.after_min)))


def heard(scene: Scene, turn: Turn, _event: events.PharmacyHeard) -> None:
    """The pharmacy is heard."""
    scene.contact = Contact(is_heard=True, until=utc_text(turn.at.utc))
    turn.order(StopTimer(ENTER))
    if scene.state.modes.down_since:
        turn.order(StartTimer(LEAVE, 60 * scene.world.policy.downtime.leave_after_min))


def due(scene: Scene, turn: Turn, timer: str) -> None:
    """A threshold is reached."""
    contact = scene.contact
    if contact is None:
        return
    if timer == ENTER and contact.until and not contact.is_heard and not scene.state.modes.down_since:
        _begin(scene, turn, contact.until)
    elif timer == LEAVE and contact.is_heard and scene.state.modes.down_since:
        _end(scene, turn)
    elif timer == CRITICAL and scene.state.modes.down_since and OVERRIDE not in scene.state.modes.declared:
        why = f"The pharmacy has not been heard for {scene.world.policy.downtime.critical_after_min} minutes."
        turn.record(ModeDeclared(OVERRIDE, why))
        cabinet_mode.step("overridden", turn, why)


def _begin(scene: Scene, turn: Turn, since: str) -> None:
    turn.record(DowntimeBegan(since))
    cabinet_mode.step("lost", turn, f"the pharmacy was not heard for {scene.world.policy.downtime.after_min} min")
    _await_critical(scene, turn)


def _end(scene: Scene, turn: Turn) -> None:
    why = "the pharmacy is heard again"
    minutes = int((turn.at.utc - parse_utc(scene.state.modes.down_since)).total_seconds()) // 60
    override = scene.state.modes.declared.get(OVERRIDE)
    turn.record(DowntimeEnded(max(0, minutes)))
    turn.order(StopTimer(CRITICAL))
    if override is not None and override.is_of_downtime:
        turn.record(ModeLifted(OVERRIDE, why))
        cabinet_mode.step("relieved", turn, why)
    cabinet_mode.step("heard", turn, why)


def _await_critical(scene: Scene, turn: Turn) -> None:
    after_min = scene.world.policy.downtime.critical_after_min
    if after_min and OVERRIDE not in scene.state.modes.declared:
        turn.order(StartTimer(CRITICAL, _left_s(turn.at, scene.state.modes.down_since, after_min)))


def _left_s(now: Instant, since: str, after_min: int) -> float:
    return max(0.0, (parse_utc(since) + timedelta(minutes=after_min) - now.utc).total_seconds())
