"""What the hospital's systems told, as frozen values: patients, orders, administrations, master files. The end of reading.

Alone knows: the shape of each. Must not know: segments and fields, who keeps or shows a value, or which cabinet it goes to.

Moments are UTC text as records write them; amounts stay words, which the cabinet's dose reader knows ("0.5 to 1 tablet"). A text that is
None was not said and changes nothing; an empty one was said to be empty.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Stay(StrEnum):
    """What a message says of where a patient is."""

    HERE = "here"
    """Admitted, registered, moved, or back after a cancelled discharge: in `area` from now on."""
    EXPECTED = "expected"
    """Announced; not yet listed anywhere."""
    LEFT = "left"
    """Discharged, or the admission was cancelled: listed for return and waste for a while."""
    SAME = "same"
    """Nothing about it."""


@dataclass(frozen=True, slots=True)
class PatientHeard:
    """News of one patient. `patient` is the identifier by which all messages of the interface name them."""

    patient: str
    at: str
    """When it happened, by the sender: what is older than the last news of the patient's stay moves nobody."""
    trigger: str
    stay: Stay
    is_outpatient: bool = False
    visit: str | None = None
    name: str | None = None
    born: str | None = None
    record: str | None = None
    area: str | None = None
    place: str | None = None
    """Ward, room and bed as the sender writes them."""
    allergies: tuple[str, ...] | None = None
    weight_g: int | None = None
    weight_at: str | None = None


@dataclass(frozen=True, slots=True)
class PatientsMerged:
    """Two identifiers turned out to be one person: everything of `patient` is `into`'s from now on."""

    patient: str
    into: str
    at: str
    trigger: str


class Doing(StrEnum):
    """What an order message does to its order."""

    PUT = "put"
    """New or changed: the whole order as it is from now on."""
    HOLD = "hold"
    RELEASE = "release"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug as a sender names it: a code of a coding system, and words."""

    code: str
    text: str
    system: str = ""

    @property
    def said(self) -> str:
        """As a person at the pharmacy reads it."""
        return f"{self.text or 'without a name'} ({self.system + ' ' if self.system else ''}{self.code or 'no code'})"


MOST_PARTS = 30
"""No mixture has more components."""


def part_name(order: str, place: int) -> str:
    """The number of one component of a mixture, counted from 1."""
    return f"{order[:60]}_{place}"


@dataclass(frozen=True, slots=True)
class OrderHeard:
    """News of one order. `item` is None where the drug is no item that is known: then it belongs on the pharmacy's unmapped list.

    What follows `drug` is only told where `doing` is `put`.
    """

    order: str
    patient: str
    doing: Doing
    at: str
    placer: str = ""
    filler: str = ""
    drug: Drug = Drug("", "")
    item: str | None = None
    dose: str = ""
    low: str = ""
    high: str = ""
    """The two ends of a range, as numbers; the same where there is none."""
    unit: str = ""
    route: str = ""
    schedule: str = ""
    is_prn: bool = False
    is_verified: bool = False
    waiting_since: str | None = None
    starts: str | None = None
    stops: str | None = None
    indication: str = ""
    note: str = ""
    """The pharmacist's instructions, as text."""
    part_of: str = ""
    """The order of a mixture that this is one component of: whatever stops that one stops this one too."""

    @property
    def is_unmapped(self) -> bool:
        """Whether nobody can dispense it until the pharmacy says which item it means."""
        return self.doing is Doing.PUT and self.item is None


@dataclass(frozen=True, slots=True)
class DoseHeard:
    """A dose that was given, or was not, at the bedside: what the administration record says. `amount` and `unit` as written."""

    patient: str
    order: str
    drug: Drug
    item: str | None
    at: str
    amount: str
    unit: str
    is_given: bool
    by: str = ""
    lot: str = ""
    said: str = ""
    """Why it was not given, or how much of it."""


class Entry(StrEnum):
    """What a master file does to one of its records (HL7 table 0180)."""

    ADD = "add"
    CHANGE = "change"
    STOP = "stop"
    """Deleted or deactivated: nothing that is kept goes away, it is no longer used."""


@dataclass(frozen=True, slots=True)
class ItemHeard:
    """A record of the hospital's drug file. `item` is the formulary's item where the code is known."""

    drug: Drug
    entry: Entry
    at: str
    item: str | None = None
    record: str = ""
    """MFN-4, by which the answer names it."""


@dataclass(frozen=True, slots=True)
class PersonHeard:
    """A record of the hospital's staff file. Grants nothing by itself: roles and areas are given by the pharmacy."""

    person: str
    name: str
    entry: Entry
    at: str
    is_active: bool = True
    record: str = ""


Heard = PatientHeard | PatientsMerged | OrderHeard | DoseHeard | ItemHeard | PersonHeard


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that one message came to, and what was odd about it."""

    heard: tuple[Heard, ...] = ()
    notes: tuple[str, ...] = field(default=())
