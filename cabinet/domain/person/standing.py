"""Whether a person may be here now: known, active, in their time, in this care area, trained for what they ask.

Alone knows: what makes a record count, and what a session may still begin. Must not know: how a person is recognised, or what their role
may do (`policy.py`). Nothing here changes anything.
"""

from datetime import datetime
from math import inf

from cabinet.domain.formulary import Item
from cabinet.domain.kinds import Kind
from cabinet.domain.people import Session, Staff
from cabinet.domain.person.memory import KIOSK
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.vocabulary import Instant, SessionId, StaffId, parse_utc, utc_text


def judge(scene: Scene, now: datetime, staff: Staff | None) -> Refusal | None:
    """Whether this person may be at this cabinet at all."""
    if staff is None:
        return Refusal("session.not_recognised")
    if not staff.is_active:
        return Refusal("session.revoked")
    if staff.until is not None and staff.until <= utc_text(now):
        return Refusal("session.expired")
    return None if is_of_area(staff, scene.world.layout.area) else Refusal("session.area", scene.world.layout.area)


def is_of_area(staff: Staff, area: str) -> bool:
    """Whether a person works in a care area; whoever names none works in all."""
    return not staff.areas or area in staff.areas


def judge_arrival(scene: Scene, now: datetime, person: StaffId, *, is_temporary: bool, screen: str = KIOSK) -> Refusal | None:
    """Whether somebody who proved who they are is let in. Whoever is locked is told so, whether or not their secret was right.

    Whoever is locked at the cabinet is locked everywhere; a lock at another screen holds there alone.
    """
    if any(scene.state.people.is_locked(person, where) for where in (KIOSK, screen)):
        return Refusal("session.locked")
    if is_temporary and scene.state.people.pins.get(person, "") <= utc_text(now):
        return Refusal("session.not_recognised")
    return judge(scene, now, scene.staff(person))


def left_s(scene: Scene, now: datetime, person: str, *, is_temporary: bool) -> float:
    """Seconds until an account, or the PIN for some hours that was used, comes to its end."""
    staff = scene.staff(person)
    ends = [staff.until if staff is not None else None, scene.state.people.pins.get(person) if is_temporary else None]
    return min(((parse_utc(end) - now).total_seconds() for end in ends if end is not None), default=inf)


def judge_pair(scene: Scene, now: datetime, person: str, witness: str) -> Refusal | None:
    """Whether two people are two to each other: nobody has a second person in an account that they made, or in a PIN that they set.

    Who let somebody in for a shift signs nothing of theirs either. A PIN of one's own ends the one, and not the other.
    """
    people = scene.state.people
    is_let_in = people.let_in_by.get(witness) == person or people.let_in_by.get(person) == witness
    is_issued = people.pins_by.get(witness) == person and people.pins.get(witness, "") > utc_text(now)
    is_made = is_let_in or is_issued or people.secrets_by.get(witness) == person
    return Refusal("witness.dependent") if is_made else None


def judge_session(scene: Scene, now: datetime, session_id: SessionId) -> Refusal | None:
    """Whether a session may begin anything new: asked before each thing, for records change while people work."""
    session = scene.state.sessions.get(session_id)
    if session is None:
        return Refusal("session.unknown")
    if session.is_covered:
        return Refusal("session.covered")
    if session.is_dismissed:
        return Refusal("session.dismissed")
    return judge(scene, now, scene.staff(session.staff))


def judge_kind(scene: Scene, at: Instant, session: Session, staff: Staff, kind: Kind, item: Item) -> Refusal | None:
    """Whether this person may begin such an access now: training that still counts, and for a controlled item a proof that is not long ago.

    Neither stands before an emergency.
    """
    if kind.is_urgent:
        return None
    rules = scene.world.policy.people
    if kind.name in rules.competency_for and staff.competent_until is not None and staff.competent_until < at.utc.date().isoformat():
        return Refusal("session.competency", staff.competent_until)
    proven_s = scene.proven_s.get(session.id, at.mono_s)
    return Refusal("session.prove_again") if item.is_controlled and at.mono_s - proven_s > rules.prove_again_s else None
