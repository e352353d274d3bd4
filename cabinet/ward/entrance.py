"""Who looks in: a bearer token or cookie on one side, a ward session of the core on the other.

Alone knows: which token stands for which ward session, and how fast anybody may guess here. Tokens are kept hashed, in memory, and end with
the process. They are none of the kiosk's, and the kiosk's are none of these.
Must not know: badges and secrets beyond handing them on; any rule about what a person may do.

One secret is checked at a time, whoever's, so that a guesser on the network takes little from whoever signs in at the cabinet meanwhile;
what fails here is counted here and locks nobody out there (`cabinet/domain/person/lockout.py`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cabinet.domain.events import StaffNotRecognised, WardActive, WardArrived, WardLeft
from cabinet.domain.people import Staff
from cabinet.domain.person import lockout, standing
from cabinet.domain.person.memory import WARD
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import Instant, SessionId
from cabinet.kiosk.problem import Problem, recorded
from cabinet.kiosk.token import kept
from cabinet.ports import Directory, Recognition, TooManyAttempts
from cabinet.ward.desk import Desk, Said

WAITING = 4
"""So many secrets may wait to be checked or be checked; whoever comes then is told to try again."""


@dataclass
class Onlooker:
    """One person who looks in. The times are monotonic seconds: when they came, and when they last did something."""

    session: SessionId
    staff: Staff
    factors: tuple[str, ...]
    opened_s: float
    active_s: float


class Entrance:
    """Lets people in and out, and carries what they say to the cabinet."""

    def __init__(self, desk: Desk, directory: Directory, new_token: Callable[[], str], new_id: Callable[[], str]) -> None:
        self._desk, self._directory = desk, directory
        self._new_token, self._new_id = new_token, new_id
        self._onlookers: dict[str, Onlooker] = {}
        self._turn, self._waiting = asyncio.Lock(), 0

    def now(self) -> Instant:
        """The present moment."""
        return self._desk.clock.now()

    async def sign_in(self, *, badge: str | None, staff_id: str | None, secret: str) -> tuple[str, Onlooker]:
        """A fresh token for a person who proves who they are. Raises Problem."""
        found = await self._recognise(badge, staff_id, secret)
        staff = self._desk.core.scene.staff(found.staff)
        if found.staff is None or staff is None:
            await self.say(StaffNotRecognised(self.now(), found.claimed, WARD))
        assert staff is not None, "who is not recognised is refused"
        now, session = self.now(), SessionId(f"w-{self._new_id()}")
        await self.say(WardArrived(now, session, staff.id, found.factors, found.is_temporary))
        self._forget_gone()
        token, onlooker = self._new_token(), Onlooker(session, staff, found.factors, now.mono_s, now.mono_s)
        self._onlookers[kept(token)] = onlooker
        return token, onlooker

    async def _recognise(self, badge: str | None, staff_id: str | None, secret: str) -> Recognition:
        """Who it is. A lock is answered before anything is checked. Raises Problem."""
        scene = self._desk.core.scene
        if staff_id is not None and scene.state.people.is_locked(staff_id, WARD):
            raise Problem(lockout.locked(scene, self.now().mono_s, staff_id, WARD))
        if self._waiting >= WAITING:
            raise Problem(Refusal("session.too_many"))
        self._waiting += 1
        try:
            async with self._turn:
                if lockout.is_alarmed(scene, WARD):
                    await asyncio.sleep(scene.world.policy.people.slow_s)
                return await self._directory.recognise(badge=badge, staff_id=staff_id, secret=secret)
        except TooManyAttempts as many:
            raise Problem(Refusal("session.too_many")) from many
        finally:
            self._waiting -= 1

    def onlooker(self, token: str | None) -> Onlooker | None:
        """Who holds this token, as long as their session lasts and their account stands."""
        held = self._onlookers.get(kept(token)) if token else None
        if held is None or held.session not in self._desk.core.state.ward_sessions:
            return None
        scene = self._desk.core.scene
        return held if standing.judge(scene, self.now().utc, scene.staff(held.staff.id)) is None else None

    async def touch(self, onlooker: Onlooker) -> None:
        """They did something: their idle time starts afresh. Raises Problem."""
        now = self.now()
        onlooker.active_s = now.mono_s
        await self.say(WardActive(now, onlooker.session))

    def left_s(self, onlooker: Onlooker) -> float:
        """Seconds until their session ends by itself."""
        timing = self._desk.core.world.timing
        return min(onlooker.active_s + timing.ward_idle_s, onlooker.opened_s + timing.ward_limit_s) - self.now().mono_s

    async def sign_out(self, onlooker: Onlooker) -> None:
        """They leave."""
        await self.say(WardLeft(self.now(), onlooker.session))
        self._forget_gone()

    async def say(self, event: Said) -> None:
        """Let it happen. Raises Problem when the answer is no."""
        refusal = await self._desk.ask(event)
        if refusal is not None:
            raise Problem(refusal, recorded(event, refusal))

    def _forget_gone(self) -> None:
        alive = self._desk.core.state.ward_sessions
        self._onlookers = {key: held for key, held in self._onlookers.items() if held.session in alive}
