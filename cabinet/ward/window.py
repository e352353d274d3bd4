"""What every handler of the ward's listener stands on: the cabinet to be read, who looks in, what changes.

Alone knows: how these are reached, and how somebody picks and drops. Must not know: paths, HTML.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cabinet.domain.core import Core
from cabinet.domain.events import PickAsked, PickDropAsked
from cabinet.domain.orders import Patient
from cabinet.domain.reference import roll
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, Instant, ItemId, OrderId
from cabinet.kiosk.language import Languages
from cabinet.kiosk.live import Live
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.site_time import SiteTime
from cabinet.ward.entrance import Entrance, Onlooker


@dataclass(frozen=True)
class Window:
    """One cabinet, seen from the ward."""

    core: Core
    entrance: Entrance
    live: Live
    new_id: Callable[[], str]
    site_time: SiteTime = field(default_factory=SiteTime)
    languages: Languages = field(default_factory=Languages)

    def now(self) -> Instant:
        """The present moment."""
        return self.entrance.now()

    def patient(self, patient_id: str) -> Patient:
        """A patient who is listed here. Raises Problem."""
        scene = self.core.scene
        patient = scene.patient(patient_id)
        if patient is None or not roll.is_listed(scene, patient.id, self.now().utc):
            raise Problem(Refusal("access.patient_unknown"))
        return patient

    async def pick(self, onlooker: Onlooker, access: str, order: str, item: str | None, said: str | None) -> None:
        """Choose an order for the way through the drawers. Raises Problem."""
        chosen = None if item is None else ItemId(item)
        await self.entrance.say(PickAsked(self.now(), None, onlooker.staff.id, AccessId(access), OrderId(order), chosen, said))

    async def drop(self, onlooker: Onlooker, access: str) -> None:
        """Think better of it. Raises Problem."""
        await self.entrance.say(PickDropAsked(self.now(), None, onlooker.staff.id, AccessId(access)))
