"""What every handler of the kiosk stands on: the controller, who is here, who listens.

Alone knows: how these are reached. Must not know: paths, HTML.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cabinet.controller import Controller
from cabinet.domain.core import Core, World
from cabinet.domain.refusal import Refusal
from cabinet.domain.search import Found
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import Instant
from cabinet.kiosk.access_view import AccessView, access_view
from cabinet.kiosk.live import Live
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Reception, Visit
from cabinet.kiosk.shown import ShownBadge
from cabinet.kiosk.wish import Wish
from cabinet.ports import Technics


@dataclass(frozen=True)
class Floor:
    """One kiosk."""

    controller: Controller
    world: World
    reception: Reception
    live: Live
    new_id: Callable[[], str]
    technics: Technics | None = None
    shown: ShownBadge = field(kw_only=True)
    marks: dict[tuple[str, str], int] = field(default_factory=dict)
    """From which weight (mg) a session at the bench follows a scale's change."""

    @property
    def core(self) -> Core:
        """The core, to be read."""
        return self.controller.core

    def now(self) -> Instant:
        """The present moment."""
        return self.controller.clock.now()

    def may(self, visit: Visit, kind: str) -> bool:
        """Whether a person's role may ask for this kind of access."""
        return kind in self.world.policy.kinds.get(visit.staff.role, frozenset())

    def refuse_unless(self, visit: Visit, kind: str) -> None:
        """Raises Problem when a person's role may not ask for this kind of access."""
        if not self.may(visit, kind):
            raise Problem(Refusal("policy.role", f"{visit.staff.role} asked for {kind}"))

    def access(self, visit: Visit, access_id: str) -> Access:
        """A person's own access. Raises Problem: nobody sees what another person takes, and for whom."""
        access = self.core.state.accesses.get(access_id)
        if access is None:
            raise Problem(Refusal("access.unknown"))
        if access.staff != visit.staff.id:
            raise Problem(Refusal("access.not_yours"))
        return access

    def view(self, visit: Visit, access_id: str) -> AccessView:
        """A person's own access as they may see it. Raises Problem."""
        return access_view(self.core, self.access(visit, access_id), self.live.newest(access_id))

    async def begin(self, visit: Visit, wish: Wish) -> None:
        """Ask for an access. Raises Problem."""
        await self.reception.ask(visit, wish.event(self.now(), visit.session, self.world))

    def answer(self, found: Found) -> str:
        """A sentence where the search shows nothing, or not all."""
        if found.absent:
            brands = found.absent[0].brands
            known_as = f" ({brands[0]})" if brands else ""
            return f"{found.absent[0].generic}{known_as} is not in this cabinet."
        if found.needs_more:
            return "Type more letters."
        return "" if found.items else "No item has this name."
