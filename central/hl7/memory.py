"""What is remembered of one cabinet between its facts, so that a transaction can name patient, order, witness and balance.

Alone knows: what a pocket holds by the facts so far, and what each access said of itself. Must not know: what a transaction is.

It is small and plain, so that it can be kept beside a cursor and taken up again: what was told once is not told twice.
"""

from typing import Any

import msgspec

MOST_ACCESSES = 2000
"""So many are remembered, for the returns and wastes that name them: a week and more of a busy cabinet."""


class Pocket(msgspec.Struct):
    """What a pocket, or an item in a return bin, holds."""

    item: str
    drawer: str = ""
    par: int = 0
    min: int = 0
    units: int = 0


class Access(msgspec.Struct):
    """What an access said of itself so far."""

    kind: str = ""
    patient: str = ""
    order: str = ""
    authority: str = ""
    said: str = ""
    witness: str = ""
    withdrawal: str = ""
    pocket: str = ""
    item: str = ""
    counted: int | None = None
    expected: int | None = None
    is_own: bool = False
    """A patient's own medicine."""
    is_open: bool = False
    has_moved: bool = False


class Memory(msgspec.Struct):
    """One cabinet, as far as it was told."""

    cabinet: str
    pockets: dict[str, Pocket] = msgspec.field(default_factory=dict)
    bins: dict[str, Pocket] = msgspec.field(default_factory=dict)
    accesses: dict[str, Access] = msgspec.field(default_factory=dict)

    def dump(self) -> bytes:
        """The memory, to be kept."""
        return msgspec.json.encode(self)

    @classmethod
    def load(cls, memory: bytes) -> "Memory":
        """As it was kept."""
        return msgspec.json.decode(memory, type=cls)

    def total(self, item: str) -> int:
        """What the whole cabinet holds of an item, outside of return bins."""
        return sum(pocket.units for pocket in self.pockets.values() if pocket.item == item)

    def held(self, place: str, item: str, *, is_bin: bool) -> Pocket:
        """What a place holds of an item; from now on known, if it was not."""
        return self.bins.setdefault(f"{place}/{item}", Pocket(item)) if is_bin else self.pockets.setdefault(place, Pocket(item))

    def begin(self, *, is_copy: bool) -> None:
        """A journal begins: one that goes on from a copy keeps what the copy held, a new one is empty."""
        if not is_copy:
            self.pockets, self.bins, self.accesses = {}, {}, {}

    def assign(self, body: dict[str, Any]) -> None:
        """A pocket gets an item, or its levels."""
        place, item = text_in(body, "pocket"), text_in(body, "item")
        known = self.pockets.get(place)
        units = known.units if known is not None and known.item == item else 0
        drawer = text_in(body, "drawer") or ("" if known is None else known.drawer)
        self.pockets[place] = Pocket(item, drawer, number_in(body, "par"), number_in(body, "min"), units)

    def request(self, access: str, body: dict[str, Any]) -> None:
        """An access is asked for."""
        said = text_in(body, "purpose") or text_in(body, "reason") or text_in(body, "indication")
        self.accesses[access] = Access(
            text_in(body, "kind"), text_in(body, "patient"), text_in(body, "order"), text_in(body, "authority"), said, "",
            text_in(body, "withdrawal"), text_in(body, "pocket"), text_in(body, "item"), is_own=bool(body.get("bag")),
        )  # fmt: skip
        while len(self.accesses) > MOST_ACCESSES:
            del self.accesses[next(iter(self.accesses))]

    def link(self, access: str, order: str) -> None:
        """An order was found for what was taken without one."""
        if access in self.accesses:
            self.accesses[access].order = order


def text_in(body: dict[str, Any], name: str) -> str:
    """A text of a fact's body; empty where there is none."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def number_in(body: dict[str, Any], name: str) -> int:
    """A whole number of a fact's body; 0 where there is none."""
    value = body.get(name)
    return value if isinstance(value, int) else 0
