"""Records of staff come, change and go: by somebody who enrols, by a charge nurse until the end of the shift, or from the pharmacy.

Alone knows: who may change which record, and that a changed person's sessions end at once.
Must not know: any secret; badges, PINs and passkeys are kept elsewhere once the core has granted them.
"""

from datetime import datetime, timedelta

from cabinet.domain import attendance
from cabinet.domain.events import CredentialAsked, FirstStaffAsked, StaffChangeAsked
from cabinet.domain.facts import CredentialChanged, StaffChanged
from cabinet.domain.people import Staff
from cabinet.domain.person import lockout, speaking, standing
from cabinet.domain.phrase import Phrase, coded
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId, StaffId, is_id, parse_utc, utc_text
from cabinet.domain.ward import presence

LONGEST_NAME = 200
WHATS = ("badge", "pin", "temporary_pin", "passkey")


def first(scene: Scene, turn: Turn, event: FirstStaffAsked) -> Refusal | None:
    """The first person who may enrol others. Whoever asks holds the setup code, which was looked at before."""
    refusal = judge_form(event.record)
    if refusal is not None:
        return refusal
    if not scene.world.policy.allows(event.record.role, "enrol"):
        return Refusal("staff.form", Phrase("the first person enrols others; {role} may not", role=coded(event.record.role)))
    if any_enroller(scene, turn.at.utc) is not None:
        return Refusal("setup.done")
    _record(turn, event.record, "setup", event.record.id)
    for way in event.ways:
        turn.record(CredentialChanged(event.record.id, way, True), staff=event.record.id)
    return None


def any_enroller(scene: Scene, now: datetime) -> Staff | None:
    """Somebody who was enrolled here, may enrol others, and can sign in."""
    for staff in scene.everybody():
        if scene.world.policy.allows(staff.role, "enrol") and standing.judge(scene, now, staff) is None:
            ways = scene.state.people.provable.get(staff.id, [])
            if "passkey" in ways or "pin" in ways:
                return staff
    return None


def change(scene: Scene, turn: Turn, event: StaffChangeAsked) -> Refusal | None:
    """Enrol, change, switch off; or let in until the end of the shift."""
    by = _by(scene, turn, event.session)
    if isinstance(by, Refusal):
        return by
    refusal = judge_form(event.record) or _judge_change(scene, turn.at.utc, by, event.record)
    if refusal is None:
        _record(turn, event.record, "cabinet", by.id)
        attendance.dismiss_all(scene, turn, event.record.id, "the account was changed")
    return refusal


def _by(scene: Scene, turn: Turn, session_id: SessionId) -> Staff | Refusal:
    """Who changes a record. What they may change is judged by whose it is."""
    session = speaking.heard(scene, turn, session_id)
    if isinstance(session, Refusal):
        return session
    staff = scene.staff(session.staff)
    assert staff is not None, "an account that stands has its record"
    return staff


def judge_form(record: Staff) -> Refusal | None:
    """Whether a record of staff is one."""
    if not is_id(record.id) or not record.name.strip() or not record.name.isprintable() or len(record.name) > LONGEST_NAME:
        return Refusal("staff.form")
    if not all(is_id(area) for area in record.areas):
        return Refusal("staff.form", Phrase("care areas"))
    try:
        if record.until is not None:
            parse_utc(record.until)
        if record.competent_until is not None:
            datetime.fromisoformat(f"{record.competent_until}T00:00:00+00:00")
    except ValueError:
        return Refusal("staff.form", Phrase("moments and dates"))
    return None


def _judge_change(scene: Scene, now: datetime, by: Staff, record: Staff) -> Refusal | None:
    policy = scene.world.policy
    if record.id == by.id:
        return Refusal("staff.own_record")
    if policy.allows(by.role, "enrol"):
        return None
    if not policy.allows(by.role, "temporary"):
        return not_of_role(by.role, "enrol")
    known, rules = scene.staff(record.id), policy.people
    was_let_in = known is None or (known.until is not None and known.role in rules.temporary_roles)
    if record.role not in rules.temporary_roles or not was_let_in or not record.is_active:
        return Refusal("staff.temporary_only")
    latest = utc_text(now + timedelta(seconds=rules.temporary_s))
    return None if record.until is not None and utc_text(now) < record.until <= latest else Refusal("staff.until")


def _record(turn: Turn, record: Staff, origin: str, by: StaffId | None) -> None:
    turn.record(
        StaffChanged(
            record.id, record.name, record.role, list(record.areas), record.until, record.competent_until, record.is_active, origin
        ),
        staff=by,
    )  # fmt: skip


def receive(scene: Scene, turn: Turn, record: Staff) -> None:
    """The pharmacy's word on a person, whose form was judged. Only what differs is written down."""
    if scene.staff(record.id) != record:
        _record(turn, record, "pharmacy", None)
        attendance.dismiss_all(scene, turn, record.id, "the pharmacy changed the account")


def credential(scene: Scene, turn: Turn, event: CredentialAsked) -> Refusal | None:
    """Whether somebody may set what a person signs in with; where they may, it is written down that it was."""
    by, person = _by(scene, turn, event.session), scene.staff(event.person)
    if isinstance(by, Refusal):
        return by
    if person is None or event.what not in WHATS:
        return Refusal("staff.unknown")
    refusal = _judge_credential(scene, by, person, event.what)
    if refusal is not None:
        return refusal
    until = utc_text(turn.at.later(scene.world.policy.people.pin_s).utc) if event.what == "temporary_pin" else None
    turn.record(CredentialChanged(person.id, event.what, event.is_set, until), staff=by.id)
    if event.what != "badge" and by.id != person.id:
        lockout.free(scene, turn, person.id, f"{event.what} set by {by.id}", by.id)
    if not event.is_set:
        attendance.dismiss_all(scene, turn, person.id, f"{event.what} removed")
    presence.end_all(turn, person.id, f"{event.what} set")  # whoever holds the screen elsewhere knew the former one
    return None


def _judge_credential(scene: Scene, by: Staff, person: Staff, what: str) -> Refusal | None:
    """One's own PIN anybody changes; a PIN for some hours a charge nurse issues; the rest is for who enrols, and who let somebody in."""
    policy = scene.world.policy
    if what == "pin" and by.id == person.id:
        return None
    if by.id == person.id and what == "temporary_pin":
        return Refusal("staff.own_record")
    if policy.allows(by.role, "enrol"):
        return None
    has_let_in = person.until is not None and person.role in policy.people.temporary_roles
    if policy.allows(by.role, "temporary") and (what == "temporary_pin" or (has_let_in and what in {"badge", "pin"})):
        return None
    return not_of_role(by.role, "enrol")
