"""The queue, seen from the ward: who is at the cabinet and since when, who picked ahead before you, and how long that may take.

Alone knows: how a wait is guessed. Must not know: HTTP, HTML; what anybody takes, or for whom: a first name and a role are told.
"""

from dataclasses import dataclass
from statistics import median

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import Instant, parse_utc

ENOUGH = 3
"""Of fewer visits nothing is said of how long one takes."""


@dataclass(frozen=True)
class Present:
    """Somebody at the cabinet: a first name, a role, and since when (as records write moments)."""

    name: str
    role: str
    since: str
    is_me: bool


@dataclass(frozen=True)
class QueueView:
    """`waiting` is how many picked ahead and have not come, `before_me` how many of them did so before this person.

    `visit_s` is the median of the last visits, and `wait_s` what that makes of the wait; None while there were too few.
    """

    here: tuple[Present, ...]
    waiting: int
    before_me: int
    visit_s: int | None
    wait_s: int | None


def queue_view(core: Core, me: Staff, now: Instant) -> QueueView:
    """The queue as one person sees it."""
    here = tuple(_present(core, session.staff, session.since, me) for session in core.state.sessions.values() if not session.is_covered)
    first = _first_picks(core)
    before = [who for who, at in first.items() if who != me.id and (me.id not in first or at < first[me.id])]
    visits = core.state.people.visits_s
    visit_s = int(median(visits)) if len(visits) >= ENOUGH else None
    wait_s = None if visit_s is None else _left_s(here, visit_s, now) + visit_s * len(before)
    return QueueView(here, len(first.keys() - {me.id}), len(before), visit_s, wait_s)


def _present(core: Core, staff_id: str, since: str, me: Staff) -> Present:
    staff = core.scene.staff(staff_id)
    name, role = ("", "") if staff is None else (staff.name.split()[0], staff.role)
    return Present(name, role, since, staff_id == me.id)


def _first_picks(core: Core) -> dict[str, str]:
    """Who picked ahead and is not at the cabinet yet, and when they first did."""
    there = {session.staff for session in core.state.sessions.values()}
    first: dict[str, str] = {}
    for one in core.state.picks.values():
        if one.is_ahead and one.staff not in there:
            first[one.staff] = min(one.at, first.get(one.staff, one.at))
    return first


def _left_s(here: tuple[Present, ...], visit_s: int, now: Instant) -> int:
    """What is left of the visits under way, by the median; nothing of one that lasts longer already."""
    lasted_s = [(now.utc - parse_utc(one.since)).total_seconds() for one in here if one.since and not one.is_me]
    return max((max(0, visit_s - int(lasted)) for lasted in lasted_s), default=0)
