"""What people ask and say about their accesses: a request, another pulse, another pocket, a count, a quantity, a change of mind.

Alone knows: whose word is heard, and in which phase of their access.
Must not know: how a request is judged (`judgement.py`), what a word means for the stock (`custody.py`), or what is said of a drawer
that failed (`recovery.py`).
"""

from dataclasses import replace

from cabinet.domain import access as access_machine
from cabinet.domain import custody, events, granting, judgement, placing, sensing, service, walk, witness
from cabinet.domain.belonging import keeping
from cabinet.domain.debt import closing, owing
from cabinet.domain.delivery import working
from cabinet.domain.discrepancy import finding, hint, resolving
from cabinet.domain.facts import AccessRefused, WitnessRefused
from cabinet.domain.kinds import KINDS, LATE_ENTRY, row_of, subject_of
from cabinet.domain.layout import Lock
from cabinet.domain.lock import moving, recovery, setback
from cabinet.domain.mode import declaring, serving
from cabinet.domain.package import check as package
from cabinet.domain.people import Session
from cabinet.domain.person import speaking, standing, yielding
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.sheet import carrying
from cabinet.domain.state import FINAL, Access
from cabinet.domain.surroundings import power, room
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PatientId, SessionId, StaffId, Units
from cabinet.domain.withdrawal import container, returning


def asked(scene: Scene, turn: Turn, event: events.AccessAsked) -> Refusal | None:
    """A person wants a pocket opened. A repeated id is the same access, not another one."""
    session = speaking.touch(scene, turn, event.session)
    if session is None:
        return Refusal("session.unknown")
    sensing.call(scene, turn)
    if event.kind in KINDS and row_of(event).is_urgent:
        declaring.end_training(turn, "an emergency", session.staff)
        service.make_way(scene, turn, session)
    known = scene.state.accesses.get(event.access)
    if known is not None:
        return None if known.staff == session.staff else Refusal("access.repeated")
    granted = (
        standing.judge_session(scene, turn.at.utc, event.session)
        or yielding.judge_next(scene, turn, event.session)
        or _grant(scene, turn, event, session)
    )
    if granted is not None:
        turn.record(_refused(scene, event, granted.code), staff=session.staff)
    return granted


def _refused(scene: Scene, event: events.AccessAsked, code: str) -> AccessRefused:
    """What was asked for, as far as it is known: a request often names an order or a withdrawal alone."""
    units = event.units if 0 <= event.units <= custody.MOST_UNITS else None
    order, taken = scene.order(event.order), scene.state.withdrawals.get(event.withdrawal or "")
    line = scene.state.lines.get(event.pocket) if event.pocket is not None else None
    items = [event.item, *(known.item for known in (order, taken, line) if known is not None)]
    patients = [event.patient, *(known.patient for known in (order, taken) if known is not None)]
    item, patient = next(filter(None, items), None), next(filter(None, patients), None)
    return AccessRefused(
        event.kind, code, event.pocket, None if item is None else ItemId(item), units,
        None if patient is None else PatientId(patient), None if order is None else order.id,
    )  # fmt: skip


def _grant(scene: Scene, turn: Turn, event: events.AccessAsked, session: Session) -> Refusal | None:
    """Grant a request, or say why not."""
    if event.kind not in KINDS:
        return Refusal("access.kind_unknown", event.kind)
    if not row_of(event).opens:
        item = judgement.judge_on_paper(scene, event, session)
        if isinstance(item, Refusal):
            return item
        named = scene.world.layout.pockets.get(event.pocket) if event.pocket is not None and row_of(event) is LATE_ENTRY else None
        granting.grant(scene, turn, replace(event, item=item), session, named)
        return None
    first = judgement.choose(scene, event)
    if isinstance(first, Refusal):
        return first
    pocket = moving.choose(scene, turn, event, session, first)
    if isinstance(pocket, Refusal):
        return pocket
    item = ItemId(scene.state.lines[pocket.id].item if pocket.id in scene.state.lines else event.item or "")
    granting.grant(scene, turn, replace(event, item=item), session, pocket, instead_of=None if pocket is first else first.id)
    return None


def open_again(scene: Scene, turn: Turn, event: events.OpenAsked) -> Refusal | None:
    """A person wants a lock pulsed again."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if access.phase != "authorised" and not scene.is_shut_out(access):
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    if "open" not in scene.asks(access):
        return Refusal("access.not_now")
    if (closed := serving.judge(scene.state, row_of(access))) is not None:
        return closed
    pocket = scene.pocket_of(access)
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
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if "count_before" not in scene.asks(access):
        return Refusal("access.not_now")
    sensed = finding.sense(scene, turn, access, scene.pocket_of(access))
    refusal = custody.enter_count(turn, access, scene.item_of(access), event, sensed)
    resolving.after_count(scene, turn, access)
    walk.finish_if_done(scene, turn, access)
    return refusal


def quantity(scene: Scene, turn: Turn, event: events.QuantityEntered) -> Refusal | None:
    """A person says how many units they took or put."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if "confirm" not in scene.asks(access):
        return Refusal("access.not_now")
    dated, is_first, bag = room.dated(scene, access, event), access.confirmed is None, scene.state.bags.get(access.bag or "")
    refusal = (
        keeping.judge_quantity(access, event.units)
        or container.judge_drawn(access, scene.item_of(access), scene.world.policy.custody, event)
        or package.judge_scanned(access, scene.item_of(access), scene.world.policy, event.units)
        or placing.judge_units(scene, access, event)
        or custody.enter_quantity(turn, access, scene.item_of(access), dated, placing.acknowledged(scene, access, event))
    )
    if refusal is None and is_first:
        room.note(turn, access, event, dated)
    if refusal is None:
        hint.ask(scene, turn, access)
    if refusal is None:
        carrying.note(scene, turn, access, event.units)
        working.note(turn, access)
        keeping.note(turn, access, bag)
        closing.taken(scene, turn, access)
    walk.finish_if_done(scene, turn, access)
    return refusal


def scan(scene: Scene, turn: Turn, event: events.PackageShown) -> Refusal | None:
    """A package was held to a scanner, for an access that puts in or removes. Policy may let it say that what was asked for was taken."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if not package.is_due(access):
        return Refusal("access.not_asked")
    item = scene.item_of(access)
    says_taken = package.says_taken(access, item, scene.world.policy)
    refusal = package.take(turn, access, item, scene.world.formulary, event.read)
    if refusal is None and says_taken and "confirm" in scene.asks(access):
        return quantity(scene, turn, events.QuantityEntered(event.at, event.session, event.access, Units(access.units)))
    return refusal


def unscanned(scene: Scene, turn: Turn, event: events.ScanMissing) -> Refusal | None:
    """No code of what is removed can be read: the person goes on, and somebody else looks at it. A refill parks its line instead."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    item = scene.item_of(access)
    if not row_of(access).wants_scan or not package.is_asked_for(access, item, scene.world.policy):
        return Refusal("access.not_asked")
    return package.miss(turn, access, item)


def witnessed(scene: Scene, turn: Turn, event: events.WitnessShown) -> Refusal | None:
    """A second person signs this one act, and gets no session by it."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if "witness" not in scene.asks(access):
        return Refusal("access.not_asked")
    staff, item = scene.staff(access.staff), scene.item_of(access)
    assert staff is not None
    rule = witness.rule_for(scene.world.policy.witness, subject_of(access), item, staff.role)
    refusal = (
        witness.judge(rule, access.staff, scene.staff(event.witness), event.factors)
        or (_judge_witness(scene, event.witness) if rule is None else None)
        or standing.judge_arrival(scene, turn.at.utc, event.witness, is_temporary=False)
        or standing.judge_pair(scene, turn.at.utc, access.staff, event.witness)
    )
    if refusal is not None:
        turn.record(WitnessRefused(subject_of(access), item.id, event.witness, refusal.code), access=access)
        return refusal
    gone = returning.judge_signed(scene.state, access, item)
    if gone is not None:
        return gone
    custody.sign(turn, access, item, event.witness, event.factors)
    _go_on(scene, turn, access)
    return None


def _go_on(scene: Scene, turn: Turn, access: Access) -> None:
    """The signature was the first thing that was asked, or the last."""
    if access.phase == "authorised":
        granting.go(scene, turn, access)
    else:
        walk.finish_if_done(scene, turn, access)


def _judge_witness(scene: Scene, person: StaffId) -> Refusal | None:
    """Where no row says who signs, whoever may sign at all does."""
    staff = scene.staff(person)
    assert staff is not None
    return None if scene.world.policy.allows(staff.role, "witness") else Refusal("witness.role", staff.role)


def unwitnessed(scene: Scene, turn: Turn, event: events.WitnessMissing) -> Refusal | None:
    """Nobody is there to sign: where policy lets it be owed the act goes on, and the signature is owed."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if "witness" not in scene.asks(access):
        return Refusal("access.not_asked")
    if access.witness_rule != witness.MAY_BE_OWED:
        return Refusal("witness.needed")
    gone = returning.judge_signed(scene.state, access, scene.item_of(access))
    if gone is not None:
        return gone
    owing.owe_signature(turn, access)
    _go_on(scene, turn, access)
    return None


def cancel(scene: Scene, turn: Turn, event: events.CancelRequested) -> Refusal | None:
    """A person changed their mind."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if access.phase == "released":
        return Refusal("access.looking")
    is_said = access.confirmed is not None or ("witness" in scene.asks(access) and owing.is_stated(access))
    if is_said or not access_machine.step(access, "cancel", turn, "the person changed their mind"):
        return Refusal("access.not_now")
    if access.phase in FINAL:
        walk.end(scene, turn, access)
    walk.finish_if_done(scene, turn, access)
    return None


def move(scene: Scene, turn: Turn, event: events.MoveAsked) -> Refusal | None:
    """A person wants another pocket than the one that did not open."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    if access.phase != "authorised":
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    if "open" not in scene.asks(access):
        return Refusal("access.not_now")
    pocket = scene.pocket_of(access)
    if moving.find(scene, turn, access, pocket) is None:
        return Refusal("stock.nowhere_else")
    setback.leave(scene, turn, access, pocket, "the person chose another pocket")
    return None


def did_open(scene: Scene, turn: Turn, event: events.OpenedSaid) -> Refusal | None:
    """A person says that the drawer of their access did open."""
    looked = _looked_at(scene, turn, event.session, event.access)
    if isinstance(looked, Refusal):
        return looked
    access, shut = looked
    if not shut:  # it opened late, and was seen in the meantime
        walk.release(scene, turn, access, scene.pocket_of(access))
        return None
    return recovery.did_open(scene, turn, scene.state.sessions[event.session], shut[0])


def did_not_open(scene: Scene, turn: Turn, event: events.NotOpenedSaid) -> Refusal | None:
    """A person says that it did not, as the cabinet saw: no further pulse is waited for."""
    looked = _looked_at(scene, turn, event.session, event.access)
    if isinstance(looked, Refusal):
        return looked
    access, shut = looked
    if not shut or not access.misses:
        return Refusal("access.not_now")
    recovery.did_not_open(scene, turn, access, shut[0])
    return None


def _looked_at(scene: Scene, turn: Turn, session: SessionId, access_id: AccessId) -> tuple[Access, list[Lock]] | Refusal:
    """An access that waits to be asked for another pulse, and the locks on its way that are not open."""
    access = speaking.mine(scene, turn, session, access_id)
    if isinstance(access, Refusal):
        return access
    if access.phase != "authorised":
        return Refusal("access.looking" if access.phase == "released" else "access.not_now")
    if "open" not in scene.asks(access):
        return Refusal("access.not_now")
    return access, [lock for lock in scene.path(access) if scene.drawer(lock).state != "open"]
