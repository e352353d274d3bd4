"""What people ask and say about their accesses: a request, another pulse, another pocket, a count, a quantity, a change of mind.

Alone knows: whose word is heard, and in which phase of their access.
Must not know: how a request is judged (`judgement.py`), what a word means for the stock (`custody.py`), or what is said of a drawer
that failed (`recovery.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import attendance, custody, events, granting, judgement, sensing, walk
from cabinet.domain.facts import AccessRefused
from cabinet.domain.layout import Pocket
from cabinet.domain.lock import moving, recovery, setback
from cabinet.domain.package import check as package
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL, Access
from cabinet.domain.surroundings import power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, SessionId


def asked(scene: Scene, turn: Turn, event: events.AccessAsked) -> Refusal | None:
    """A person wants a pocket opened. A repeated id is the same access, not another one."""
    session = attendance.touch(scene, turn, event.session)
    if session is None:
        return Refusal("session.unknown")
    sensing.call(scene, turn)
    known = scene.state.accesses.get(event.access)
    if known is not None:
        return None if known.staff == session.staff else Refusal("access.repeated")
    first = judgement.choose(scene, event)
    pocket = first if isinstance(first, Refusal) else moving.choose(scene, turn, event, session, first)
    if isinstance(first, Refusal) or isinstance(pocket, Refusal):
        refusal = first if isinstance(first, Refusal) else pocket
        assert isinstance(refusal, Refusal)
        units = event.units if 0 <= event.units <= custody.MOST_UNITS else None
        turn.record(AccessRefused(event.kind, refusal.code, event.pocket, event.item, units), staff=session.staff)
        return refusal
    granting.grant(scene, turn, event, session, pocket, instead_of=None if pocket is first else first.id)
    return None


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
    if access.phase == "authorised" and (refusal := power.judge(scene.state.power)) is not None:
        return refusal
    refusal = judgement.judge_way(scene, pocket)
    if refusal is None:
        walk.release(scene, turn, access, pocket)
    elif moving.find(scene, turn, access, pocket) is not None:
        setback.leave(scene, turn, access, pocket, "the drawer cannot be opened now")
        return None
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


def move(scene: Scene, turn: Turn, event: events.MoveAsked) -> Refusal | None:
    """A person wants another pocket than the one that did not open."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if access.phase != "authorised":
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    if moving.find(scene, turn, access, pocket) is None:
        return Refusal("stock.nowhere_else")
    setback.leave(scene, turn, access, pocket, "the person chose another pocket")
    return None


def did_open(scene: Scene, turn: Turn, event: events.OpenedSaid) -> Refusal | None:
    """A person says that the drawer of their access did open."""
    mine = _mine(scene, turn, event.session, event.access)
    if isinstance(mine, Refusal):
        return mine
    access, pocket = mine
    if access.phase != "authorised":
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    shut = [lock for lock in scene.path(access) if scene.drawer(lock).state != "open"]
    if not shut:  # it opened late, and was seen in the meantime
        walk.release(scene, turn, access, pocket)
        return None
    return recovery.did_open(scene, turn, scene.state.sessions[event.session], shut[0])
