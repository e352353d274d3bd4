"""Enrolling people and what they sign in with: each secret is judged, granted by the core, and only then kept.

Alone knows: that order. Must not know: paths and pages, how secrets are kept, or who may do what (the core says so).
"""

import hashlib

from cabinet.domain.events import CredentialAsked, FirstStaffAsked, StaffChangeAsked, UnlockAsked
from cabinet.domain.people import Staff
from cabinet.domain.person import enrolment, pin
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.ports import PasskeyRefused

DRAWS = 64
"""A drawn PIN is easy to guess in a few of a thousand cases; then another one is drawn."""


def needs_setup(floor: Floor) -> bool:
    """Whether nobody here could enrol anybody: the machine's setup code is asked for."""
    found = enrolment.any_enroller(floor.core.scene, floor.now().utc)
    if found is not None and floor.reception.directory.knows(found.id):
        return False
    may = floor.world.policy.allows
    return not any(
        may(staff.role, "enrol") and staff.is_active and floor.reception.directory.knows(staff.id) for staff in floor.core.scene.everybody()
    )


async def set_up(floor: Floor, code: str, record: Staff, badge: str, secret: str) -> None:
    """Enrol the first person who may enrol others. Raises Problem."""
    directory = floor.reception.directory
    if not needs_setup(floor):
        raise Problem(Refusal("setup.done"))
    if not directory.setup.is_right(code):
        raise Problem(Refusal("setup.code"))
    _judge(_judge_pin(floor, secret, record.id, badge) or _judge_badge(floor, record.id, badge))
    await floor.reception.tell(FirstStaffAsked(floor.now(), record))
    directory.set_badge(record.id, badge)
    await directory.set_pin(record.id, secret)
    directory.setup.spend()


async def change(floor: Floor, visit: Visit, record: Staff) -> None:
    """Enrol, change or switch off. Raises Problem."""
    await floor.reception.ask(visit, StaffChangeAsked(floor.now(), visit.session, record))


async def unlock(floor: Floor, visit: Visit, person: StaffId) -> None:
    """Let a locked person try again. Raises Problem."""
    await floor.reception.ask(visit, UnlockAsked(floor.now(), visit.session, person))


async def set_pin(floor: Floor, visit: Visit, person: StaffId, secret: str) -> None:
    """Set a person's PIN. Raises Problem."""
    _judge(_judge_pin(floor, secret, person))
    await _granted(floor, visit, person, "pin")
    await floor.reception.directory.set_pin(person, secret)


async def change_own_pin(floor: Floor, visit: Visit, old: str, new: str) -> None:
    """Change one's own PIN, which takes the old one. Raises Problem."""
    _judge(_judge_pin(floor, new, visit.staff.id))
    await floor.reception.prove(visit, old)
    await set_pin(floor, visit, visit.staff.id, new)


async def issue_pin(floor: Floor, visit: Visit, person: StaffId) -> str:
    """A PIN of chance that is good for some hours: told once, to whoever issued it. Raises Problem."""
    await _granted(floor, visit, person, "temporary_pin")
    drawn = _draw(floor)
    await floor.reception.directory.set_pin(person, drawn, is_temporary=True)
    return drawn


def _draw(floor: Floor) -> str:
    digits = floor.world.policy.people.pin_digits
    for _ in range(DRAWS):
        number = int.from_bytes(hashlib.sha256(floor.reception.new_token().encode()).digest())
        drawn = f"{number % 10**digits:0{digits}d}"
        if pin.judge(drawn, digits) is None:
            break
    return drawn


async def set_badge(floor: Floor, visit: Visit, person: StaffId, badge: str | None) -> None:
    """Let a person show this badge from now on; None: no badge. Raises Problem."""
    if badge is not None:
        _judge(_judge_badge(floor, person, badge))
    await _granted(floor, visit, person, "badge", is_set=badge is not None)
    floor.reception.directory.set_badge(person, badge)


async def keep_passkey(floor: Floor, visit: Visit, person: StaffId, answer: str, origin: str) -> None:
    """Keep a passkey that was made at this screen for a person. Raises Problem."""
    ceremony = await floor.reception.ceremony()
    floor.refuse_unless(visit, "enrol")
    try:
        ceremony.register(person, answer, origin)
    except PasskeyRefused as why:
        raise Problem(Refusal("passkey.refused", str(why))) from why
    await _granted(floor, visit, person, "passkey")


async def drop_passkeys(floor: Floor, visit: Visit, person: StaffId) -> None:
    """Keep none of a person's passkeys. Raises Problem."""
    await _granted(floor, visit, person, "passkey", is_set=False)
    floor.reception.directory.drop_passkeys(person)


async def _granted(floor: Floor, visit: Visit, person: StaffId, what: str, *, is_set: bool = True) -> None:
    await floor.reception.ask(visit, CredentialAsked(floor.now(), visit.session, person, what, is_set))


def _judge(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Problem(refusal)


def _judge_pin(floor: Floor, secret: str, *belongings: str) -> Refusal | None:
    return pin.judge(secret, floor.world.policy.people.pin_digits, belongings)


def _judge_badge(floor: Floor, person: StaffId, badge: str) -> Refusal | None:
    return None if floor.reception.directory.is_badge_free(person, badge) else Refusal("staff.badge_taken")
