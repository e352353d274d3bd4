"""Staff, roles and sessions.

Alone knows: who a person is to the cabinet.
Must not know: any secret; what a role may do (`policy.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.vocabulary import SessionId, StaffId


class Role(StrEnum):
    """A bundle of rights."""

    NURSE = "nurse"
    CHARGE_NURSE = "charge_nurse"
    TECHNICIAN = "technician"
    PHARMACIST = "pharmacist"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account."""

    id: StaffId
    name: str
    role: Role


@dataclass
class Session:
    """A person recognised at the cabinet, until they leave or are timed out. `factors` says by what: badge, id, secret."""

    id: SessionId
    staff: StaffId
    factors: list[str]
