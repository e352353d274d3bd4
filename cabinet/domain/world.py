"""What the core is told once: furniture, items, people, patients, rules and how long things take.

Alone knows: what belongs to the setting of one cabinet. Must not know: what happens in it, or which files it was read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cabinet.domain.formulary import Formulary
from cabinet.domain.layout import Layout
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.policy import Policy
from cabinet.domain.vocabulary import BoardId, PatientId, StaffId


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take and are waited for."""

    pulse_ms: int
    look_s: float
    session_idle_s: float
    session_limit_s: float
    drawer_open_call_s: int
    stuck_after_s: int = 15


@dataclass(frozen=True)
class World:
    """What the core is told once and does not change by itself."""

    layout: Layout
    formulary: Formulary
    staff: Mapping[StaffId, Staff]
    patients: Mapping[PatientId, Patient]
    policy: Policy
    timing: Timing
    supply: BoardId | None = None
    """The board that says where the cabinet's power comes from, where there is one."""
