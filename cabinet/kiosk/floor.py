"""What every handler of the kiosk stands on: the controller, who is here, who listens.

Alone knows: how these are reached. Must not know: paths, HTML.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cabinet.controller import Controller
from cabinet.domain.core import Core, World
from cabinet.domain.neighbour import Whereabouts
from cabinet.domain.person import standing
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import Instant
from cabinet.kiosk.access_view import AccessView, access_view
from cabinet.kiosk.finder import Finder
from cabinet.kiosk.language import Languages
from cabinet.kiosk.live import Live
from cabinet.kiosk.practice import Practice
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Reception, Visit
from cabinet.kiosk.shown import ShownBadge
from cabinet.kiosk.site_time import SiteTime
from cabinet.kiosk.wish import Unclear, Wish
from cabinet.ports import ReportDesk, Technics


@dataclass(frozen=True)
class Floor:
    """One kiosk."""

    controller: Controller
    site: World
    reception: Reception
    live: Live
    new_id: Callable[[], str]
    technics: Technics | None = None
    shown: ShownBadge = field(kw_only=True)
    site_time: SiteTime = field(default_factory=SiteTime)
    marks: dict[tuple[str, str], int] = field(default_factory=dict)
    """From which weight (mg) a session at the bench follows a scale's change."""
    finder: Finder = field(default_factory=Finder)
    languages: Languages = field(default_factory=Languages)
    """What the pages are offered in."""
    reports: ReportDesk | None = None
    """Who draws reports up; where there is nobody, none are offered."""
    practice: Practice | None = None
    """The real cabinet, where this kiosk is in training."""

    @property
    def world(self) -> World:
        """What the core was told, as it was changed since."""
        return self.core.world

    @property
    def core(self) -> Core:
        """The core, to be read."""
        return self.controller.core

    @property
    def whereabouts(self) -> Whereabouts:
        """What is known of other cabinets."""
        return Whereabouts(self.world.neighbours)

    def now(self) -> Instant:
        """The present moment."""
        return self.controller.clock.now()

    def may(self, visit: Visit, *acts: str) -> bool:
        """Whether a person's role may do one of these: kinds of access, or other acts of the policy."""
        return any(self.world.policy.allows(visit.staff.role, act) for act in acts)

    def refuse_unless(self, visit: Visit, *acts: str) -> None:
        """Raises Problem when a person's role may do none of these, or their account counts no more."""
        refusal = standing.judge_session(self.core.scene, self.now().utc, visit.session)
        if refusal is not None:
            raise Problem(refusal)
        if not self.may(visit, *acts):
            raise Problem(not_of_role(visit.staff.role, *acts))

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
        """Ask for an access. An emergency is never practised: it ends training. Raises Problem."""
        if self.practice is not None and wish.kind == "emergency":
            await self.practice.end("an emergency", visit.staff.id)
            raise Problem(Refusal("cabinet.training_over"))
        try:
            event = wish.event(self.now(), visit.session, self.core.scene)
        except Unclear as unclear:
            raise Problem(unclear.refusal) from unclear
        await self.reception.ask(visit, event)
