"""What people ask and say: a request, another pulse, a count, a quantity, a change of mind, a drawer that was freed.

Alone knows: whose word is heard, and in which phase of their access.
Must not know: how a request is judged (`judgement.py`), or what a word means for the stock (`custody.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import attendance, custody, drawer, events, judgement, package, sensing, walk
from cabinet.domain.commands import SwitchLight, WeighPocket
from cabinet.domain.facts import AccessRefused, AccessRequested
from cabinet.domain.layout import Pocket
from cabinet.domain.people import Session
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL, Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, SessionId


def asked(scene: Scene, turn: Turn, event: events.AccessAsked) -> Refusal | None:
    """A person wants a pocket opened. A repeated id is the same access, not another one."""
    session = attendance.touch(scene, turn, event.session)
    if session is None:
    sensing.call(scene, turn)
        return Refusal("session.unknown")
    known = scene.state.accesses.get(event.access)
    if known is not None:
        return None if known.staff == session.staff else Refusal("access.repeated")
    pocket = judgement.choose(scene, event)
    refusal = pocket if isinstance(pocket, Refusal) else judgement.judge(scene, turn, event, session, pocket)
    if refusal is not None:
        units = event.units if 0 <= event.units <= custody.MOST_UNITS else None
        turn.record(AccessRefused(event.kind, refusal.code, event.pocket, event.item, units), staff=session.staff)
        return refusal
    assert isinstance(pocket, Pocket)
    _grant(scene, turn, event, session, pocket)
    return None


def _grant(scene: Scene, turn: Turn, event: events.AccessAsked, session: Session, pocket: Pocket) -> None:
    line = scene.state.lines[pocket.id]
    turn.record(
        AccessRequested(
            event.kind, pocket.id, ItemId(line.item), event.units, event.authority, event.session, event.patient, event.order,
            event.reason,
        ),
        access=_named(event.access, session),
    )  # fmt: skip
    access = scene.state.accesses[event.access]
    access_machine.step(access, "granted", turn, "policy")
    if pocket.weighed is not None:
        turn.order(WeighPocket(event.access, pocket.id, False, pocket.weighed.scale))
    walk.release(scene, turn, access, pocket)
    if pocket.light is not None:
        turn.order(SwitchLight(pocket.light, True))


def _mine(scene: Scene, turn: Turn, session_id: SessionId, access_id: AccessId) -> tuple[Access, Pocket] | Refusal:
    session = attendance.touch(scene, turn, session_id)
    if session is None:
        return Refusal("session.unknown")
    access = scene.state.accesses.get(access_id)
    if access is None:
        return Refusal("access.unknown")
    if access.staff != session.staff:
        return Refusal("access.not_yours")
    if access.phase in FINAL:
        return Refusal("access.not_now")
    refusal = scene.world.policy.judge_factors(session.factors, scene.item_of(access))
    return refusal or (access, scene.pocket_of(access))


def open_again(scene: Scene, turn: Turn, event: events.OpenAsked) -> Refusal | None:
    """A person wants a lock pulsed again."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if access.phase != "authorised" and not scene.is_shut_out(access):
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    refusal = judgement.judge_way(scene, pocket)
    if refusal is None:
        walk.release(scene, turn, access, pocket)
    return refusal


def count(scene: Scene, turn: Turn, event: events.CountEntered) -> Refusal | None:
    """A person says how many units they found."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if "count_before" not in scene.asks(access):
        return Refusal("access.not_now")
    refusal = custody.enter_count(turn, access, scene.item_of(access), event)
    walk.finish_if_done(scene, turn, access, pocket)
    return refusal


def quantity(scene: Scene, turn: Turn, event: events.QuantityEntered) -> Refusal | None:
    """A person says how many units they took or put."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if "confirm" not in scene.asks(access):
        return Refusal("access.not_now")
    refusal = custody.enter_quantity(turn, access, pocket, event)
    walk.finish_if_done(scene, turn, access, pocket)
    return refusal


def scan(scene: Scene, turn: Turn, event: events.PackageShown) -> Refusal | None:
    """A package was held to a scanner, for an access that is told lot and expiry."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, _ = mine
    if not package.is_due(access):
        return Refusal("access.not_asked")
    return package.take(turn, access, scene.item_of(access), scene.world.formulary, event.read)


def cancel(scene: Scene, turn: Turn, event: events.CancelRequested) -> Refusal | None:
    """A person changed their mind."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if access.phase == "released":
        return Refusal("access.looking")
    if access.confirmed is not None or not access_machine.step(access, "cancel", turn, "the person changed their mind"):
        return Refusal("access.not_now")
    if access.phase in FINAL:
        walk.end(scene, turn, access, pocket)
    walk.finish_if_done(scene, turn, access, pocket)
    return None


def recover(scene: Scene, turn: Turn, event: events.RecoveryAsked) -> Refusal | None:
    """Somebody cleared the obstruction and pushed the drawer closed: it may be released again, and what it holds is counted."""
    if attendance.touch(scene, turn, event.session) is None:
        return Refusal("session.unknown")
    lock = scene.world.layout.locks.get(event.lock)
    if lock is not None and (lock.closed in scene.unseen or lock.closed.board in scene.state.failures):
        return Refusal("drawer.unknown")
    if lock is None or not drawer.step(scene.drawer(lock), "recovered", turn, "recovered by hand"):
        return Refusal("drawer.not_failed")
    sensing.owe_within_reach(scene, turn, lock, "the drawer was recovered")
    return None


def _named(access_id: AccessId, session: Session) -> Access:
    """The envelope of a request: its access does not exist before the fact is applied."""
    return Access(access_id, "", "", "", 0, "", session.id, session.staff, None, "")
