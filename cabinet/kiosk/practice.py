"""Training, as the kiosk that serves it sees the real cabinet behind: how it ends, and what is heard of the real doors meanwhile.

Alone knows: that one touch of anybody ends it. Must not know: how the two cabinets are put together.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cabinet.domain.events import TrainingEndAsked
from cabinet.domain.phrase import Phrase, sentences
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk.whereabouts import alarms

if TYPE_CHECKING:
    from cabinet.kiosk.floor import Floor


@dataclass(frozen=True)
class Practice:
    """The real cabinet behind a kiosk in training."""

    real: "Floor"

    async def end(self, why: str, staff: StaffId | None = None) -> None:
        """The cabinet is the ward's again; ending twice is no error."""
        await self.real.controller.ask(TrainingEndAsked(self.real.now(), why, staff))

    def alarms(self) -> tuple[str, ...]:
        """The real doors that call out."""
        return tuple(sentences(alarm, Phrase("This is no training.")) for alarm in alarms(self.real.core, self.real.live.forgotten))
