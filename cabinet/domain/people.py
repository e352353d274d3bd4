"""Staff, roles and sessions.

Alone knows: who a person is to the cabinet.
Must not know: any secret; what a role may do (`policy.py`); whether a person may be here now (`person/standing.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.vocabulary import SessionId, StaffId


class Role(StrEnum):
    """A bundle of rights."""

    NURSE = "nurse"
    CHARGE_NURSE = "charge_nurse"
    AGENCY_NURSE = "agency_nurse"
    STUDENT = "student"
    RESPIRATORY_THERAPIST = "respiratory_therapist"
    PHYSICIAN = "physician"
    TECHNICIAN = "technician"
    PHARMACIST = "pharmacist"
    VAULT = "vault"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account. Whoever names no care areas works in all of them.

    `until` (a moment as records write it) ends a temporary account; `competent_until` (YYYY-MM-DD) is the last day on which their training
    counts, where somebody keeps watch of it.
    """

    id: StaffId
    name: str
    role: Role
    areas: tuple[str, ...] = ()
    until: str | None = None
    competent_until: str | None = None
    is_active: bool = True


@dataclass
class Session:
    """A person recognised at the cabinet, until they leave or are timed out. `factors` says by what: badge, id, secret, passkey.

    `is_dismissed`: they may finish what stands open and begin nothing. `is_covered`: it waits, unseen, for its person to come back.
    `since` is when it began, as records write moments.
    """

    id: SessionId
    staff: StaffId
    factors: list[str]
    is_dismissed: bool = False
    is_covered: bool = False
    since: str = ""


def has_two_factors(factors: Iterable[str]) -> bool:
    """Whether a person showed two of what they have, know and are. A passkey asks for the second by itself, or it is not believed."""
    shown = set(factors)
    return "passkey" in shown or {"badge", "secret"} <= shown
