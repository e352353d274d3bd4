"""What is true for ever of what lies in pockets: counts, movements between accounts, and where the two disagree.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Account, Basis, Fact, Moment
from cabinet.domain.vocabulary import AccessId, DiscrepancyId, ItemId, PocketId, Units


@dataclass(frozen=True)
class PocketCounted(Fact):
    """A person counted a pocket. `expected` is the balance by the journal at that moment.

    A first count that differs is not final: it is kept, and asked for once more. `doubted_by` is what it differs from: the journal,
    or a sensor that can be believed.
    """

    pocket: PocketId
    item: ItemId
    counted: Units
    expected: Units
    basis: Basis
    moment: Moment
    attempt: int
    is_final: bool
    doubted_by: Basis | None = None


@dataclass(frozen=True)
class UnitsMoved(Fact):
    """Units went from one account to another; `pocket` names which pocket where an account is `pocket`.

    `part_m` is a part of one more unit, in thousandths, which no pocket ever holds: `units` and `part_m` are not both zero. `withdrawal`
    is the access that took them out first, where they come back or are wasted; `place` where in the account `return_bin` they lie, or the
    other cabinet of what is in `transit`.
    """

    pocket: PocketId | None
    item: ItemId
    units: Units
    source: Account
    target: Account
    lot: str | None = None
    expiry: str | None = None
    part_m: int = 0
    withdrawal: AccessId | None = None
    place: str | None = None


@dataclass(frozen=True)
class DiscrepancyFound(Fact):
    """What was found is not what was expected. `counted` is absent where a bin sensor only told empty from not empty.

    `since_seq` is the fact of the last good count (0: none): the interval in which it happened, and no person. Evidence beside it, told
    after the count was in: `sensed` and `verdict` by the scale, `is_empty` by the photo-eye.
    """

    discrepancy: DiscrepancyId
    pocket: PocketId
    item: ItemId
    expected: Units
    counted: Units | None
    basis: Basis
    since_seq: int
    sensed: Units | None = None
    verdict: str = ""
    is_empty: bool | None = None


@dataclass(frozen=True)
class CountOwed(Fact):
    """A pocket's balance is in doubt until somebody counts it."""

    pocket: PocketId
    why: str


@dataclass(frozen=True)
class BinSensed(Fact):
    """Evidence beside a count: what the photo-eye saw. Changes no balance."""

    pocket: PocketId
    moment: Moment
    is_empty: bool


@dataclass(frozen=True)
class ExpiryStated(Fact):
    """A person looked at what is left in a pocket: the first of it expires on `expiry` (YYYY-MM-DD), sooner or later than was recorded."""

    pocket: PocketId
    item: ItemId
    expiry: str


@dataclass(frozen=True)
class RoomExpirySet(Fact):
    """Units that are kept in a fridge were put where it is warm: `expiry` counts from now on. `labelled` is what their label says."""

    pocket: PocketId
    item: ItemId
    units: Units
    expiry: str
    labelled: str | None


@dataclass(frozen=True)
class ContainerOpened(Fact):
    """A container that gives many doses was opened, used and put back; it may be used up to and including `use_by` (YYYY-MM-DD)."""

    pocket: PocketId
    item: ItemId
    use_by: str


@dataclass(frozen=True)
class DoseDrawn(Fact):
    """A dose was drawn out of a container that was put back: `said`, and the same in thousandths of the item's counted unit."""

    pocket: PocketId
    item: ItemId
    said: str
    drawn_m: int


@dataclass(frozen=True)
class ContainerDiscarded(Fact):
    """The opened container of a pocket is gone."""

    pocket: PocketId
    item: ItemId
