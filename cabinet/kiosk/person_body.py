"""What callers send about people: parsed at the door, and a field that is not known is an error.

Alone knows: these bodies. Must not know: what is done with them.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import StaffId, utc_text
from cabinet.kiosk.body import Body

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Badge = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Answer = Annotated[str, StringConstraints(min_length=2, max_length=20_000)]


class StaffBody(Body):
    """A person's whole record. No `areas`: all. `until` ends a temporary account; `competent_until` is the last day of a training."""

    name: Name
    role: Role
    areas: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    until: AwareDatetime | None = None
    competent_until: date | None = None
    active: bool = True

    def record(self, person: str) -> Staff:
        """The record as the core has it."""
        until = None if self.until is None else utc_text(self.until)
        competent = None if self.competent_until is None else self.competent_until.isoformat()
        return Staff(StaffId(person), self.name, self.role, self.areas, until, competent, self.active)


class SetupBody(Body):
    """The first administrator, with the code that stands at the machine."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    id: Id
    name: Name
    badge: Badge
    secret: Secret


class SecretBody(Body):
    """A PIN."""

    secret: Secret


class OwnSecretBody(Body):
    """One's PIN up to now, and the one from now on."""

    old: Secret
    new: Secret


class BadgeBody(Body):
    """A badge's number; null: none."""

    badge: Badge | None


class AnswerBody(Body):
    """What the browser's `navigator.credentials` gave, as JSON text."""

    answer: Answer
