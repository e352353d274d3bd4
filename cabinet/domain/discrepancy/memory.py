"""What is remembered between two counts of a pocket, and of discrepancies, so that an interval is told without reading the journal.

Alone knows: that shape and its bounds. Must not know: how facts fill it (`fold.py`), or what explains a difference (`cause.py`).
"""

from dataclasses import dataclass, field

MOST_VISITS = 60
"""How many accesses between two counts are remembered (the journal has them all)."""

FOUND_OPEN = "take_over"
"""The kind of a visit that is no access: somebody closed what another person had left open."""

MOST_SIGHTINGS = 40
MOST_OPENINGS = 120
"""How many openings of one lock are remembered."""

MOST_RESOLVED = 64
"""How many explained discrepancies are remembered."""


@dataclass
class Mark:
    """A count that bounds an interval: which fact, when, by whom, how many were counted, and what they weighed, where a scale told."""

    seq: int
    at: str
    staff: str
    units: int | None
    access: str = ""
    mass_mg: int | None = None
    milli_c: int | None = None


@dataclass
class Visit:
    """One access to the pocket, and what was said in it and seen after it.

    `counts` are all numbers that were entered, `put` what it moved into the pocket and `taken` what it moved out, by the word of its
    person; `sensed` and `verdict` what the scale made of it, `doubt` why not; `is_empty` what the eye saw.
    """

    access: str
    kind: str
    staff: str
    at: str
    opened_at: str = ""
    closed_at: str = ""
    end: str = ""
    counts: list[int] = field(default_factory=list)
    said: int | None = None
    put: int = 0
    taken: int = 0
    sensed: int | None = None
    verdict: str = ""
    doubt: str = ""
    is_empty: bool | None = None
    seq: int = 0


@dataclass
class Sighting:
    """Something was seen of the pocket while nobody had an access to it: `what` is scale, eye or owed."""

    at: str
    what: str
    why: str
    units: int | None = None
    verdict: str = ""


@dataclass
class Interval:
    """What happened at a pocket since a count (None: since the journal began). `dropped` visits are in the journal alone."""

    since: Mark | None = None
    visits: list[Visit] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    dropped: int = 0


@dataclass
class Opening:
    """One time in which a drawer or lid stood open. No `staff`: nobody is named, as with a key."""

    at: str
    staff: str
    access: str
    why: str
    until: str = ""


@dataclass
class Resolution:
    """How a discrepancy was explained."""

    at: str
    reason: str
    note: str
    cause: str
    staff: str
    witness: str
    together: list[str]
    by_policy: bool


@dataclass
class Discrepancy:
    """What was found is not what was expected.

    `sensed` and `verdict` are what the scale said of it, `is_empty` the eye. `told` are those before whom it was put as it grew old.
    """

    id: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int
    seq: int
    at: str
    access: str | None
    is_open: bool = True
    sensed: int | None = None
    verdict: str = ""
    is_empty: bool | None = None
    interval: Interval = field(default_factory=Interval)
    until: Mark | None = None
    told: list[str] = field(default_factory=list)
    counted_by: list[str] = field(default_factory=list)
    """Who has counted its pocket again since it was found."""
    resolution: Resolution | None = None

    @property
    def difference(self) -> int | None:
        """Counted less expected; None where nobody counted."""
        return None if self.counted is None else self.counted - self.expected

    @property
    def people(self) -> set[str]:
        """Everybody with an access in the interval, the one who counted at its end among them."""
        return {visit.staff for visit in self.interval.visits} | ({self.until.staff} if self.until is not None else set()) - {""}
