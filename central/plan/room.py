"""Everything about pars at the pharmacy over one database, put together: advice, plans and pharmacists' words.

Alone knows: who is plugged into whom. Must not know: what any part does, HTTP.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from central.activity.store import Store
from central.database.place import Database
from central.document.office import DocumentOffice
from central.par.rule import Criticality
from central.plan.advising import Advising
from central.plan.case import Stood
from central.plan.desk import NotNow, PlanDesk
from central.plan.store import Mark, PlanStore, Word
from central.plan.value import Numbers
from config.pars import Pars
from config.restock import Restock
from config.schema import Item


class PlanRoom:
    """Of one pharmacy."""

    def __init__(
        self, database: Database, documents: DocumentOffice, settings: Pars, restock: Restock, items: Mapping[str, Item],
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.store = PlanStore(database)
        self.advising = Advising(self.store, settings, restock, items, now)
        self.desk = PlanDesk(self.store, documents, now, self.advising.marks, self._stood)
        self._lines, self._now = Store(database), now

    def cabinets(self) -> list[str]:
        """Every cabinet of which a fact is held."""
        return self._lines.cabinets()

    def pockets(self, cabinet: str) -> list[Stood]:
        """Pockets that hold an item, with their levels."""
        return self.store.pockets(cabinet, self.advising.names)

    def _stood(self, cabinet: str) -> dict[str, Numbers]:
        found = ((one.pocket, one.levels) for one in self.pockets(cabinet))
        return {pocket: Numbers(levels.par, levels.min, levels.critical_low) for pocket, levels in found}

    def hold(self, cabinet: str, pocket: str, *, by: str, reason: str, until: str = "") -> None:
        """A pharmacist says that a pocket's levels stand: pinned, or frozen until then. Raises NotNow."""
        found = next((one for one in self.pockets(cabinet) if one.pocket == pocket), None)
        if found is None:
            raise NotNow(f"{cabinet} has no pocket {pocket} that holds an item.")
        self.store.say(Word(0, cabinet, pocket, found.item, until, by, utc_text(self._now()), reason))

    def lift(self, number: int, *, by: str, why: str) -> None:
        """It stands no more. Raises NotNow."""
        if not self.store.lift(number, by=by, why=why, at=utc_text(self._now())):
            raise NotNow("That word does not stand any more.")

    def mark(self, item: str, criticality: Criticality, *, by: str, reason: str) -> None:
        """A pharmacist says how much hangs on an item."""
        self.store.mark(Mark(item, str(criticality), by, utc_text(self._now()), reason))
