"""Who is at the cabinet: a bearer token or cookie on one side, a session of the core on the other.

Alone knows: which token stands for which session. Tokens are kept hashed, in memory, and end with the process.
Must not know: badges and secrets beyond handing them on; any rule about what a person may do.

The session's id stands in facts and is no secret; the token is one (256 bits) and stands nowhere.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cabinet.controller import Controller
from cabinet.domain.core import Timing
from cabinet.domain.events import Event, SignOutAsked, StaffNotRecognised, StaffRecognised
from cabinet.domain.people import Staff
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import SessionId
from cabinet.kiosk.problem import Problem, recorded
from cabinet.ports import Directory, TooManyAttempts


@dataclass
class Visit:
    """One person at the cabinet. The times are monotonic seconds: when they came, and when they last did something."""

    session: SessionId
    staff: Staff
    factors: tuple[str, ...]
    opened_s: float
    active_s: float

    def left_s(self, now_s: float, timing: Timing) -> float:
        """Seconds until the session ends by itself, if nothing is open. A drawer that is open then grants another idle time."""
        ends = (self.active_s + timing.session_idle_s, self.opened_s + timing.session_limit_s)
        return min(end - now_s if end > now_s else timing.session_idle_s - (now_s - end) % timing.session_idle_s for end in ends)

    def is_over(self, now_s: float, timing: Timing) -> bool:
        """Whether the session would have ended by now, had nothing held it: whoever acts here may be somebody else."""
        return now_s >= min(self.active_s + timing.session_idle_s, self.opened_s + timing.session_limit_s)


class Reception:
    """Lets people in and out, and carries what they ask to the controller."""

    def __init__(self, controller: Controller, directory: Directory, new_token: Callable[[], str], new_id: Callable[[], str]) -> None:
        self.controller = controller
        self._directory = directory
        self._new_token = new_token
        self._new_id = new_id
        self._visits: dict[str, Visit] = {}

    async def sign_in(self, *, badge: str | None, staff_id: str | None, secret: str) -> tuple[str, Visit]:
        """A fresh token for a person who proves who they are. Raises Problem."""
        try:
            found = await self._directory.recognise(badge=badge, staff_id=staff_id, secret=secret)
        except TooManyAttempts as many:
            raise Problem(Refusal("session.too_many")) from many
        staff = None if found.staff is None else self.controller.core.world.staff.get(found.staff)
        if staff is None:
            await self._ask(StaffNotRecognised(self.controller.clock.now(), found.claimed))
            raise Problem(Refusal("session.not_recognised"))
        now = self.controller.clock.now()
        visit = Visit(SessionId(f"s-{self._new_id()}"), staff, found.factors, now.mono_s, now.mono_s)
        await self._ask(StaffRecognised(now, visit.session, staff.id, found.factors))
        self._forget_gone()
        token = self._new_token()
        self._visits[_kept(token)] = visit
        return token, visit

    def visit(self, token: str | None) -> Visit | None:
        """Who holds this token, as long as their session lasts."""
        visit = self.former(token)
        return visit if visit is not None and visit.session in self.controller.core.state.sessions else None

    def former(self, token: str | None) -> Visit | None:
        """Who held this token last, whether or not their session lasts; forgotten once somebody else comes or goes."""
        return self._visits.get(_kept(token)) if token else None

    async def ask(self, visit: Visit, event: Event) -> None:
        """Let a person's event happen. Raises Problem when the answer is no."""
        visit.active_s = event.at.mono_s
        await self._ask(event)

    async def sign_out(self, visit: Visit) -> None:
        """End a session. Raises Problem while its drawer is open."""
        await self.ask(visit, SignOutAsked(self.controller.clock.now(), visit.session))
        self._forget_gone()

    async def _ask(self, event: Event) -> None:
        refusal = await self.controller.ask(event)
        if refusal is not None:
            raise Problem(refusal, recorded(event, refusal))

    def _forget_gone(self) -> None:
        alive = self.controller.core.state.sessions
        self._visits = {kept: visit for kept, visit in self._visits.items() if visit.session in alive}


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
