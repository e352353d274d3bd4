"""A journal told again, fact by fact: what every report listens to, with the state that the facts had led to at each of them.

Alone knows: how facts are folded for a report, where it stops, and how ids become the names that were good at that moment.
Must not know: any one report. It holds a state, never the facts.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Draft, Entry
from cabinet.domain.fold import apply
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Pocket
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.scene import Scene
from cabinet.domain.state import State
from cabinet.domain.vocabulary import Instant, ItemId, PocketId, parse_utc
from cabinet.report.asked import SCHEDULES, Setting


class Telling:
    """The cabinet as it was after the fact that was told last."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.world = setting.world
        self.scene = Scene(setting.world)
        self.last: Entry | None = None

    @property
    def state(self) -> State:
        """What is remembered after the fact that was told last."""
        return self.scene.state

    def follow(self, entries: Iterable[Entry], until: datetime | None = None) -> Iterator[Entry]:
        """Tell facts one after the other, up to the first that is later than `until`; each is given on once it is known.

        A journal that goes on from a copy has the copy's facts before it: what was known stands, as it does for the cabinet itself.
        """
        for entry in entries:
            if until is not None and entry.at > until:
                return
            if isinstance(entry.fact, facts.JournalBegun) and entry.fact.after_epoch is None:
                self.scene = Scene(self.world)
            apply(self.state, entry.seq, Draft(Instant(entry.at, 0.0), entry.fact, entry.access, entry.staff, entry.witness))
            self.last = entry
            yield entry

    def person(self, staff: str) -> Staff | None:
        """Who an id is: as changed at the cabinet or by the pharmacy, else as the site's file has it; None where neither knows it."""
        return self.scene.staff(staff)

    def name(self, staff: str | None) -> str:
        """What a person is called; their id where nobody knows the name, nothing where there is nobody."""
        if not staff:
            return ""
        known = self.person(staff)
        return staff if known is None else known.name

    def role(self, staff: str | None) -> str:
        """What a person is to the cabinet."""
        known = None if not staff else self.person(staff)
        return "" if known is None else str(known.role).replace("_", " ")

    def patient(self, patient: str | None) -> Patient | None:
        """Who a patient is."""
        return self.scene.patient(patient)

    def is_patient(self, patient: str | None, asked: str) -> bool:
        """Whether two ids are of one patient, who may have been merged since."""
        who = self.state.reference.who
        return patient is not None and who(patient) == who(asked)

    def patient_name(self, patient: str | None) -> str:
        """What a patient is called, with the record number: two identifiers. Who was merged into another bears that other's."""
        known = self.patient(patient)
        return (patient or "") if known is None else f"{known.name} ({known.record})"

    def item(self, item: str) -> Item | None:
        """An item of the formulary, as it was changed by then."""
        return self.scene.world.formulary.get(ItemId(item))

    def title(self, item: str) -> str:
        """Name, strength and form; the id of an item that is in no formulary any more."""
        known = self.item(item)
        return item if known is None else known.title

    def schedule(self, item: str) -> str:
        """The schedule of an item as paper calls it."""
        known = self.item(item)
        return "unknown" if known is None else SCHEDULES[known.control_class]

    def pocket(self, pocket: str | None) -> Pocket | None:
        """A pocket of the layout as it is today."""
        return None if pocket is None else self.world.layout.pockets.get(PocketId(pocket))

    def drawer_name(self, pocket: str | None) -> str:
        """The drawer that a pocket is in."""
        known = self.pocket(pocket)
        return "" if known is None else self.world.layout.drawer_of(known).name

    def units(self, item: str, units: int | None) -> int | str | None:
        """A balance or a count, unless it is kept from who asks."""
        return "hidden" if units is not None and self.setting.hides(self.item(item)) else units


def moment_of(text: str | None) -> datetime | None:
    """A moment as state remembers it."""
    return None if not text else parse_utc(text)
