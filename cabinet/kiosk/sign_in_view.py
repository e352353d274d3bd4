"""A session as whoever signed in sees it.

Alone knows: its shape. Must not know: HTTP, or how anybody was recognised.
"""

from dataclasses import dataclass

from cabinet.domain.kinds import KINDS
from cabinet.domain.vocabulary import utc_text
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.reception import Visit


@dataclass(frozen=True)
class StaffView:
    """Who signed in, and which kinds of access their role may ask for."""

    id: str
    name: str
    role: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class SessionView:
    """A session. It ends after `idle_s` seconds without a call, at `expires_at` at the latest, never while its drawer is open."""

    token: str
    session: str
    factors: tuple[str, ...]
    staff: StaffView
    idle_s: float
    expires_at: str


def session_view(floor: Floor, token: str, visit: Visit) -> SessionView:
    """A session that has just begun."""
    timing, staff = floor.world.timing, visit.staff
    kinds = tuple(sorted(floor.world.policy.may.get(staff.role, frozenset()) & KINDS.keys()))
    ends = floor.now().later(visit.opened_s + timing.session_limit_s - floor.now().mono_s)
    who = StaffView(staff.id, staff.name, staff.role, kinds)
    return SessionView(token, visit.session, visit.factors, who, timing.session_idle_s, utc_text(ends.utc))
