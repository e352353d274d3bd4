"""What the core is told once: furniture, items, people, patients, rules and how long things take.

Alone knows: what belongs to the setting of one cabinet. Must not know: what happens in it, or which files it was read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cabinet.domain.formulary import Formulary
from cabinet.domain.kit.order_set import OrderSet
from cabinet.domain.layout import Layout
from cabinet.domain.neighbour import Neighbour
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.policy import Policy
from cabinet.domain.term import Terms
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
    ward_idle_s: float = 180
    ward_limit_s: float = 3600


@dataclass(frozen=True, slots=True)
class Registration:
    """Under whose registration controlled substances are kept here."""

    registrant: str
    address: str
    dea_number: str


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
    order_sets: tuple[OrderSet, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    """Other cabinets, as far as the site's file tells of them."""
    registration: Registration | None = None
    """What papers about controlled substances bear; None: the site does not say."""
    terms: Terms = field(default_factory=Terms)
    """The words that people read."""
