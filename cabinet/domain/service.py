"""A technician's acts at the bench: maintenance begins and ends, one lock is pulsed, one light is lit, results are kept.

Alone knows: who may serve a cabinet, when it may be taken from the ward and when it goes back by itself, and what an act at the bench owes.
Must not know: how a board is asked anything, or what a screen shows.

Nobody is kept from a medicine: maintenance does not begin while an access is under way, ends by itself after the policy's time, and
anybody who is signed in may end it; an emergency ends it by itself. A pulse at the bench is an intent with one outcome like every other,
and what it exposes owes a count unless the journal holds nothing there. Nothing here holds, toggles or opens more than one lock.
"""

from cabinet.domain import cabinet_mode, events, walk
from cabinet.domain.commands import StartTimer, StopTimer, SwitchLight
from cabinet.domain.debt import owing
from cabinet.domain.facts import AddressChanged, Fact, MaintenanceBegun, MaintenanceEnded, SelftestDone
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.lock import drawer
from cabinet.domain.mode import serving
from cabinet.domain.people import Session, has_two_factors
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.state import Maintenance
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, SessionId, parse_utc, utc_text

TIMER = "maintenance"
LONGEST_LIGHT_S = 30


def judge_person(scene: Scene, session: Session | None) -> Refusal | None:
    """Whether somebody may serve this cabinet: their role, and badge and PIN."""
    staff = None if session is None else scene.staff(session.staff)
    if session is None or staff is None:
        return Refusal("session.unknown")
    if not scene.world.policy.allows(staff.role, "maintain"):
        return not_of_role(staff.role, "maintenance")
    return None if has_two_factors(session.factors) else Refusal("policy.factors")


def begin(scene: Scene, turn: Turn, event: events.MaintenanceAsked) -> Refusal | None:
    """Somebody takes the cabinet from the ward, or, once they have it, asks for the whole time afresh, perhaps from another session."""
    session = speaking.who_may(scene, turn, event.session, "maintain", by_two=True)
    if isinstance(session, Refusal):
        return session
    held = scene.state.maintenance
    if held is not None and held.staff != session.staff:
        return Refusal("cabinet.maintenance", in_words(scene, held))
    if held is None and (closed := serving.judge(scene.state)) is not None:
        return closed
    if held is None and scene.state.mode == "critical_override":
        return Refusal("mode.not_now", scene.state.mode)
    if scene.state.active():
        return Refusal("cabinet.in_use")
    limit_s = scene.world.policy.maintenance_s
    until = utc_text(turn.at.later(limit_s).utc)
    turn.record(MaintenanceBegun(event.session, until), staff=session.staff)
    if held is None:
        cabinet_mode.step("serviced", turn, "a technician is at work", session.staff)
    turn.order(StartTimer(TIMER, limit_s))
    return None


def in_words(scene: Scene, held: Maintenance) -> str:
    """Who has the cabinet, since when and until when at the latest, for people who wait for it."""
    staff = scene.staff(held.staff)
    since, until = parse_utc(held.since), parse_utc(held.until)
    return f"by {held.staff if staff is None else staff.name} since {since:%H:%M} UTC, back at {until:%H:%M} UTC at the latest"


def end(scene: Scene, turn: Turn, event: events.MaintenanceEndAsked) -> Refusal | None:
    """Somebody gives the cabinet back to the ward. Whoever is signed in may: a medicine comes before a repair."""
    session = scene.state.sessions.get(event.session)
    if session is None:
        return Refusal("session.unknown")
    held = scene.state.maintenance
    if held is None:
        return Refusal("service.not_in_maintenance")
    if _is_moving(scene):
        return Refusal("access.looking")
    give_back(turn, "finished" if held.session == event.session else "the ward needed the cabinet", session.staff)
    return None


def _is_moving(scene: Scene) -> bool:
    return any(state.state == "releasing" for state in scene.state.drawers.values())


def give_back(turn: Turn, why: str, staff: str | None = None) -> None:
    """The cabinet belongs to the ward again."""
    if turn.state.maintenance is None:
        return
    turn.record(MaintenanceEnded(why), staff=staff)
    cabinet_mode.step("returned", turn, why, staff)
    turn.order(StopTimer(TIMER))


def make_way(scene: Scene, turn: Turn, session: Session) -> None:
    """Somebody asks for what an emergency needs, and may: the cabinet goes back to the ward without being asked for."""
    staff = scene.staff(session.staff)
    if staff is not None and scene.world.policy.allows(staff.role, "emergency"):
        give_back(turn, "an emergency", session.staff)


def due(scene: Scene, turn: Turn, name: str) -> None:
    """The policy's time is over (`maintenance`), or a light has burned for long enough (`dark:` and its pocket)."""
    if not name:
        give_back(turn, "its time was over")
        return
    pocket = next((one for one in scene.world.layout.pockets.values() if one.id == name), None)
    if pocket is not None:
        walk.darken(turn, pocket)


def owner(scene: Scene, session_id: SessionId) -> Session | Refusal:
    """The session that has the cabinet in maintenance, if it is this one."""
    session = scene.state.sessions.get(session_id)
    refusal = judge_person(scene, session)
    if refusal is not None or session is None:
        return refusal or Refusal("session.unknown")
    held = scene.state.maintenance
    if held is None:
        return Refusal("service.not_in_maintenance")
    return session if held.session == session_id else Refusal("cabinet.maintenance", in_words(scene, held))


def pulse(scene: Scene, turn: Turn, event: events.ServicePulseAsked) -> Refusal | None:
    """One lock is pulsed once, without an access. It must be seen shut, for only then can looking tell what came of it."""
    session = owner(scene, event.session)
    if isinstance(session, Refusal):
        return session
    lock = scene.world.layout.locks.get(event.lock)
    if lock is None:
        return Refusal("service.no_lock", event.lock)
    if _is_moving(scene):
        return Refusal("access.looking")
    refusal = _judge_stock(scene, session, lock) or _judge_lock(scene, lock)
    if refusal is None:
        timing = scene.world.timing
        drawer.serve(scene.drawer(lock), lock, session.staff, turn, hold_ms=timing.pulse_ms, look_s=timing.look_s)
        walk.attend(scene, turn)
    return refusal


def _judge_stock(scene: Scene, session: Session, lock: Lock) -> Refusal | None:
    """Who never fills a controlled pocket has no business in one that holds something, at the bench neither."""
    staff = scene.staff(session.staff)
    if staff is not None and scene.world.policy.allows(staff.role, "refill"):
        return None
    for pocket in scene.world.layout.exposed_by(lock):
        line = scene.state.lines.get(pocket.id)
        item = None if line is None or not line.units else scene.world.formulary.get(ItemId(line.item))
        if item is not None and item.is_controlled:
            return Refusal("service.controlled", pocket.id)
    return None


def _judge_lock(scene: Scene, lock: Lock) -> Refusal | None:
    """A lid that is freed under its shut drawer has no room to open; that it shows so would prove the drawer's contact wrong."""
    outer = scene.world.layout.outer_of(lock)
    if outer is not None and scene.drawer(outer).state != "open":
        return Refusal("service.drawer_first")
    return {
        "unknown": Refusal("drawer.unknown"),
        "failed": Refusal("service.failed_first"),
        "open": Refusal("service.reads_open"),
        "releasing": Refusal("access.looking"),
    }.get(scene.drawer(lock).state)


def light(scene: Scene, turn: Turn, event: events.ServiceLightAsked) -> Refusal | None:
    """One guide light burns for some seconds."""
    session = owner(scene, event.session)
    if isinstance(session, Refusal):
        return session
    pocket = scene.world.layout.pockets.get(event.pocket)
    if pocket is None:
        return Refusal("pocket.unknown", event.pocket)
    if pocket.light is None:
        return Refusal("service.no_light", event.pocket)
    turn.order(SwitchLight(pocket.light, True), StartTimer(f"dark:{pocket.id}", min(event.for_s, LONGEST_LIGHT_S)))
    return None


def commissioned(scene: Scene, turn: Turn, event: events.CommissioningDone) -> Refusal | None:
    """A walk through the cabinet is over, and its signed result lies in the state folder."""
    return _keep(scene, turn, event.session, event.result)


def address_changed(scene: Scene, turn: Turn, event: events.AddressWasChanged) -> Refusal | None:
    """A board answers at another address from now on."""
    return _keep(scene, turn, event.session, AddressChanged(event.bus, event.source, event.target))


def _keep(scene: Scene, turn: Turn, session_id: SessionId, fact: Fact) -> Refusal | None:
    session = owner(scene, session_id)
    if isinstance(session, Refusal):
        return session
    turn.record(fact, staff=session.staff)
    return None


def selftested(_scene: Scene, turn: Turn, event: events.SelftestFinished) -> None:
    """The boards were looked at one by one; who asked for it is named where somebody did."""
    turn.record(SelftestDone(event.software, event.is_passed, list(event.findings)), staff=event.staff)


def may_tell_weight(scene: Scene, pocket: Pocket) -> bool:
    """Whether what a scale says of a pocket may be shown: not where a blind count is due, unless the journal holds nothing there."""
    line = scene.state.lines.get(pocket.id)
    if line is None or not line.units:
        return True
    item = scene.world.formulary.get(pocket.item) if pocket.item is not None else None
    return not line.owes and item is not None and not scene.world.policy.is_counted_blind(item)


def owe(scene: Scene, turn: Turn, lock: Lock) -> None:
    """What a pulse at the bench exposed owes a count, unless the journal holds nothing there."""
    for pocket in scene.world.layout.exposed_by(lock):
        line = scene.state.lines.get(pocket.id)
        if line is not None and line.units:
            owing.owe_count(turn, pocket.id, owing.OPENED_AT_BENCH)
