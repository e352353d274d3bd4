"""Who is at the cabinet: a bearer token or cookie on one side, a session of the core on the other.

Alone knows: which token stands for which session, and when a directory's word becomes one. Tokens are kept hashed, in memory, and end
with the process.
Must not know: badges and secrets beyond handing them on; any rule about what a person may do.

The session's id stands in facts and is no secret; the token is one (256 bits) and stands nowhere.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cabinet.controller import Controller
from cabinet.domain import attendance
from cabinet.domain.core import Timing
from cabinet.domain.events import Event, ProofGiven, SecondShown, SignOutAsked, StaffNotRecognised, StaffRecognised, TakeOverAsked
from cabinet.domain.people import Staff
from cabinet.domain.person import lockout, yielding
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import AccessId, SessionId, StaffId
from cabinet.kiosk.problem import Problem, recorded
from cabinet.kiosk.token import kept
from cabinet.ports import Directory, PasskeyCeremony, PasskeyRefused, Recognition, TooManyAttempts


@dataclass
class Visit:
    """One person at the cabinet. The times are monotonic seconds: when they came, and when they last did something."""

    session: SessionId
    staff: Staff
    factors: tuple[str, ...]
    opened_s: float
    active_s: float


class Reception:
    """Lets people in and out, and carries what they ask to the controller."""

    def __init__(self, controller: Controller, directory: Directory, new_token: Callable[[], str], new_id: Callable[[], str]) -> None:
        self.controller = controller
        self.directory = directory
        self.new_token = new_token
        self._new_id = new_id
        self._visits: dict[str, Visit] = {}

    @property
    def _scene(self) -> Scene:
        return self.controller.core.scene

    @property
    def _timing(self) -> Timing:
        return self.controller.core.world.timing

    @property
    def is_fresh(self) -> bool:
        """Whether nobody can sign in here at all: then the first administrator is enrolled."""
        return not any(self.directory.knows(StaffId(staff.id)) for staff in self._scene.everybody() if staff.is_active)

    async def sign_in(self, *, badge: str | None, staff_id: str | None, secret: str) -> tuple[str, Visit]:
        """A fresh token for a person who proves who they are; their own session where it made way for others. Raises Problem."""
        return await self.let_in(await self.recognise(badge=badge, staff_id=staff_id, secret=secret))

    async def recognise(self, *, badge: str | None, staff_id: str | None, secret: str, access: AccessId | None = None) -> Recognition:
        """Who somebody is, by badge or id and secret; without a session. What fails is kept, and counts. Raises Problem.

        `access`: the one that a second person is asked for by.
        """
        if lockout.is_alarmed(self._scene):
            await asyncio.sleep(self.controller.core.world.policy.people.slow_s)
        try:
            found = await self.directory.recognise(badge=badge, staff_id=staff_id, secret=secret)
        except TooManyAttempts as many:
            raise Problem(Refusal("session.too_many")) from many
        if found.staff is None or self._scene.staff(found.staff) is None:
            await self.not_recognised(found.claimed, access)
        return found

    async def not_recognised(self, claimed: StaffId | None, access: AccessId | None = None) -> None:
        """Somebody did not prove who they are. Raises Problem, always."""
        await self._ask(StaffNotRecognised(self.controller.clock.now(), claimed, access=access))

    async def let_in(self, found: Recognition) -> tuple[str, Visit]:
        """A fresh token for somebody who was recognised. Raises Problem where their record does not let them in."""
        staff = self._scene.staff(found.staff)
        assert staff is not None, "recognise() lets nobody through without a record"
        now = self.controller.clock.now()
        waiting = next((one for one in self.controller.core.state.sessions.values() if one.is_covered and one.staff == staff.id), None)
        session = SessionId(f"s-{self._new_id()}" if waiting is None else waiting.id)
        await self._ask(StaffRecognised(now, session, staff.id, found.factors, found.is_temporary))
        self._forget_gone()
        self._visits = {key: visit for key, visit in self._visits.items() if visit.session != session}
        token, visit = self.new_token(), Visit(session, staff, found.factors, now.mono_s, now.mono_s)
        self._visits[kept(token)] = visit
        return token, visit

    async def prove(self, visit: Visit, secret: str) -> None:
        """The person who is signed in enters their PIN once more. Raises Problem."""
        found = await self.recognise(badge=None, staff_id=visit.staff.id, secret=secret)
        await self.prove_by(visit, Recognition(found.staff, found.claimed, ("secret",), found.is_temporary))

    async def prove_by(self, visit: Visit, found: Recognition) -> None:
        """The person who is signed in was recognised once more. Raises Problem where it is somebody else."""
        assert found.staff is not None
        await self.ask(visit, ProofGiven(self.controller.clock.now(), visit.session, found.staff, found.factors, found.is_temporary))

    async def witness(
        self, *, badge: str | None, staff_id: str | None, secret: str, access: AccessId | None = None,
    ) -> tuple[StaffId, tuple[str, ...]]:  # fmt: skip
        """Who a second person is, and by what they proved it: for one act, without a session. Raises Problem."""
        found = await self.recognise(badge=badge, staff_id=staff_id, secret=secret, access=access)
        assert found.staff is not None
        await self._ask(SecondShown(self.controller.clock.now(), found.staff, found.is_temporary, access))
        return found.staff, found.factors

    async def take_over(self, visit: Visit, access: str) -> None:
        """Close what another person left open. Raises Problem."""
        await self.ask(visit, TakeOverAsked(self.controller.clock.now(), visit.session, AccessId(access)))
        self._forget_gone()

    def visit(self, token: str | None) -> Visit | None:
        """Who holds this token, as long as their session lasts and does not wait for them unseen."""
        visit = self.former(token)
        session = None if visit is None else self.controller.core.state.sessions.get(visit.session)
        return visit if session is not None and not session.is_covered else None

    def former(self, token: str | None) -> Visit | None:
        """Who held this token last, whether or not their session lasts; forgotten once somebody else comes or goes."""
        return self._visits.get(kept(token)) if token else None

    def left_s(self, visit: Visit) -> float:
        """Seconds until a session ends by itself, if nothing is open. A drawer that is open then grants another idle time.

        One that was shut since then grants what is left for reading.
        """
        now_s = self.controller.clock.now().mono_s
        read_s = max(0.0, attendance.reading_s(self._scene, visit.session, now_s))
        return max(read_s, min(self._rings_s(visit, end, now_s, read_s) for end in self._ends(visit)))

    def _rings_s(self, visit: Visit, end: float, now_s: float, read_s: float) -> float:
        if end > now_s:
            return end - now_s
        since_s, shut_s = (now_s - end) % self._timing.session_idle_s, self._scene.shut_s.get(visit.session)
        return read_s if shut_s is not None and now_s - since_s >= shut_s else self._timing.session_idle_s - since_s

    def is_over(self, visit: Visit) -> bool:
        """Whether a session would have ended by now, had nothing held it: whoever acts here may be somebody else."""
        return self.controller.clock.now().mono_s >= min(self._ends(visit))

    def _ends(self, visit: Visit) -> tuple[float, ...]:
        idle_s = visit.active_s + self._timing.session_idle_s
        return (idle_s,) if yielding.has_no_limit(self._scene, visit.session) else (idle_s, visit.opened_s + self._timing.session_limit_s)

    def left_open(self, visit: Visit) -> Access | None:
        """The access that stands open in the hands of a session whose person has long done nothing, or was shut by whoever came by.

        That one shuts a drawer proves nobody: what was left unsaid, and for whom it was, is its person's alone.
        """
        now_s, scene = self.controller.clock.now().mono_s, self._scene
        if now_s < visit.active_s + self._timing.session_idle_s:
            return None
        theirs = [one for one in scene.state.accesses.values() if one.session == visit.session]
        held = next((one for one in theirs if one.phase not in FINAL and scene.holds_open(one)), None)
        is_shut = held is None and attendance.reading_s(scene, visit.session, now_s) > 0
        return theirs[-1] if is_shut and theirs else held

    def left_behind(self) -> Visit | None:
        """Whose drawer stands open here although they have long done nothing; for a screen that knows nobody, having begun anew."""
        return next((visit for visit in self._visits.values() if self.left_open(visit) is not None), None)

    def welcome_back(self, visit: Visit) -> str:
        """A fresh token for somebody who proved who they are, and whose screen has forgotten them."""
        token = self.new_token()
        self._visits[kept(token)] = visit
        return token

    async def ask(self, visit: Visit, event: Event) -> None:
        """Let a person's event happen. Raises Problem when the answer is no."""
        visit.active_s = event.at.mono_s
        await self._ask(event)

    async def sign_out(self, visit: Visit) -> None:
        """End a session. Raises Problem while its drawer is open."""
        await self.ask(visit, SignOutAsked(self.controller.clock.now(), visit.session))
        self._forget_gone()

    async def tell(self, event: Event) -> None:
        """Let an event happen that no session stands behind. Raises Problem when the answer is no."""
        await self._ask(event)

    async def ceremony(self) -> PasskeyCeremony:
        """How passkeys are made and shown. Its library is read at the first use, on a thread, so that no door goes unwatched."""
        return await asyncio.to_thread(lambda: self.directory.ceremony)

    async def recognise_passkey(self, answer: str, origin: str) -> Recognition:
        """Who showed a passkey. Raises Problem."""
        ceremony = await self.ceremony()
        try:
            found = ceremony.recognise(answer, origin)
        except PasskeyRefused as why:
            raise Problem(Refusal("passkey.refused", str(why))) from why
        if found.staff is None or self._scene.staff(found.staff) is None:
            await self.not_recognised(found.claimed)
        return found

    async def _ask(self, event: Event) -> None:
        refusal = await self.controller.ask(event)
        if refusal is not None:
            raise Problem(refusal, recorded(event, refusal))

    def _forget_gone(self) -> None:
        alive = self.controller.core.state.sessions
        self._visits = {key: visit for key, visit in self._visits.items() if visit.session in alive}
