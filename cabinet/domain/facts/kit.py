"""What is true for ever of a sealed kit: what went into it, that its tag was read, that its seal was found broken, what was left inside.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId, PocketId, Units


@dataclass(frozen=True)
class KitContent:
    """One line of what a sealed kit holds. No fact by itself."""

    item: ItemId
    units: Units
    lot: str | None
    expiry: str | None


@dataclass(frozen=True)
class KitSealed(Fact):
    """A kit was sealed with a numbered tag; `pocket` is where it stood when this cabinet first heard of it, None: not here yet."""

    tag: str
    item: ItemId
    contents: list[KitContent]
    pocket: PocketId | None = None


@dataclass(frozen=True)
class KitRead(Fact):
    """In an access the tag of a kit was read and its seal found intact, or broken where it goes back anyhow. Moves nothing by itself."""

    tag: str
    item: ItemId
    pocket: PocketId
    is_intact: bool


@dataclass(frozen=True)
class KitBroken(Fact):
    """The seal of a kit was found broken: it is used for nobody any more, and goes back to the pharmacy."""

    tag: str
    item: ItemId
    pocket: PocketId | None


@dataclass(frozen=True)
class KitContentsCounted(Fact):
    """A controlled item inside an opened kit was counted; `given` of it was used for whom the kit was handed out for."""

    tag: str
    item: ItemId
    counted: Units
    expected: Units
    given: int = 0
