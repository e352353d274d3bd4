"""People as those who enrol, let in and unlock see them.

Alone knows: what of a record is shown. Must not know: any secret, HTTP, HTML.
"""

from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.person import standing
from cabinet.domain.vocabulary import Instant
from cabinet.ports import Directory


@dataclass(frozen=True)
class PersonView:
    """A person's record, and `state`: ok, or the code of why they cannot be here.

    `can_sign_in`: there is a PIN or a passkey. `pin_until` is until when an issued PIN is good.
    """

    id: str
    name: str
    role: str
    areas: tuple[str, ...]
    until: str | None
    competent_until: str | None
    active: bool
    state: str
    sentence: str
    is_locked: bool
    can_sign_in: bool
    passkeys: int
    pin_until: str | None


def person_view(core: Core, directory: Directory, staff: Staff, now: datetime) -> PersonView:
    """One person."""
    people = core.state.people
    refusal = standing.judge(core.scene, now, staff)
    code, sentence = ("ok", "") if refusal is None else (refusal.code, refusal.sentence)
    return PersonView(
        staff.id, staff.name, staff.role, staff.areas, staff.until, staff.competent_until, staff.is_active, code, sentence,
        people.is_locked_somewhere(staff.id), directory.knows(staff.id), len(directory.passkeys(staff.id)), people.pins.get(staff.id),
    )  # fmt: skip


def people_view(core: Core, directory: Directory, now: Instant) -> list[PersonView]:
    """Everybody on record, by name."""
    return [person_view(core, directory, staff, now.utc) for staff in sorted(core.scene.everybody(), key=lambda one: one.name.casefold())]
