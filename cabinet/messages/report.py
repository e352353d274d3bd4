"""What a cabinet reports beside its facts, and what the pharmacy server answers: the payloads of the contract's topics.

Alone knows: the shape of each payload, and how a topic is written. Must not know: when one is sent, or to whom.
"""

from dataclasses import dataclass
from typing import Any

from cabinet.messages.fact import CONTRACT


@dataclass(frozen=True)
class ItemSummary:
    """What a stock report says of an item."""

    id: str
    name: str
    strength: str
    form: str


@dataclass(frozen=True)
class StateReport:
    """`up/state`, retained, and the will: the newest (epoch, boot, session) counts. `name` and `area` are the site's words for people."""

    state: str
    mode: str
    epoch: int
    boot: int
    session: int
    since: str
    software: str
    config: str
    contract: str = CONTRACT
    name: str = ""
    area: str = ""


@dataclass(frozen=True)
class StockReport:
    """`up/stock/<pocket>`, retained: one pocket as it stood after fact (`epoch`, `seq`)."""

    pocket: str
    item: ItemSummary
    units: int
    unit: str
    count_mode: str
    par: int
    min: int
    critical_low: int
    status: str
    earliest_expiry: str | None
    last_counted_at: str | None
    count_basis: str
    epoch: int
    seq: int
    at: str
    capacity: int | None = None
    """The most that fits in, where the site says so."""


@dataclass(frozen=True)
class Need:
    """One line of a restock report. `asked_at`: when somebody at the cabinet asked for it; who it was, the fact `refill_asked` says."""

    pocket: str
    item: str
    units: int
    min: int
    par: int
    units_needed: int
    urgency: str
    why: str
    asked_at: str | None = None


@dataclass(frozen=True)
class RestockReport:
    """`up/restock`, retained: everything this cabinet needs, as of fact (`epoch`, `seq`)."""

    epoch: int
    seq: int
    at: str
    needs: list[Need]


@dataclass(frozen=True)
class PartHealth:
    """One line (`kind` line) or board (board): its state of health and why, and its exchanges since the start.

    A silence is one error however often it is asked into; `at_pulses` of the errors came while a coil's interference may be heard.
    `reply_ms`: a board thinks no longer than this in 99 of 100 exchanges; for a line, how long one scan of its doors takes.
    """

    part: str
    kind: str
    state: str
    why: str
    exchanges: int
    errors: int
    at_pulses: int
    reply_ms: int


@dataclass(frozen=True)
class LockCycles:
    """How often a lock has been released."""

    lock: str
    cycles: int


@dataclass(frozen=True)
class FridgeHealth:
    """How cold one fridge is kept: `milli_c` as last written down, at `at`; null and empty before the first time."""

    drawer: str
    state: str
    milli_c: int | None
    at: str


@dataclass(frozen=True)
class PowerHealth:
    """Where the power comes from, since when; `unknown` also where no supply is fitted."""

    state: str
    since: str


@dataclass(frozen=True)
class HealthReport:
    """`up/health`, retained: how lines, boards, locks, fridges and the power are, as of fact (`epoch`, `seq`)."""

    epoch: int
    seq: int
    at: str
    parts: list[PartHealth]
    locks: list[LockCycles]
    fridges: list[FridgeHealth]
    power: PowerHealth


@dataclass(frozen=True)
class JournalReport:
    """`up/journal`: facts in order, without a gap, the first of them numbered `first_seq`."""

    epoch: int
    first_seq: int
    facts: list[dict[str, Any]]


@dataclass(frozen=True)
class Ack:
    """`down/ack`: the highest fact without a gap that the pharmacy server holds durably."""

    epoch: int
    seq: int


def topic(cabinet: str, tail: str) -> str:
    """`adc/v1/<cabinet>/<tail>`, with tails such as `up/state` and `down/ack`."""
    return f"adc/{CONTRACT}/{cabinet}/{tail}"
