"""What comes in from cabinets, read at the door: a topic and bytes become one typed piece of post, or a refusal.

Alone knows: which topics the pharmacy server listens to, and how strictly a message is read.
Must not know: what is stored, or what becomes of a piece of post.

A tolerant reader: fields that are not known are ignored and facts of unknown types are kept as they are, so that a cabinet may be
newer than its server.
"""

from dataclasses import dataclass
from typing import TypeVar

from cabinet.domain.vocabulary import is_id
from cabinet.messages import SAFE_INTEGER, HealthReport, Malformed, RestockReport, StateReport, StockReport, decode, topic
from central.record import Batch, Proof, prove

FACTS = (topic("+", "up/journal"),)
"""Any worker may hear these: a cabinet sends again what nobody acknowledged."""
REPORTS = tuple(topic("+", tail) for tail in ("up/state", "up/stock/+", "up/restock", "up/health"))
"""Retained: the broker repeats the last one to whoever comes new."""
TOPICS = (*REPORTS, *FACTS)


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a cabinet, each with its proof."""

    cabinet: str
    batch: Batch
    proofs: list[Proof]


@dataclass(frozen=True, slots=True)
class Presence:
    """A cabinet comes, goes or changes its mode."""

    cabinet: str
    report: StateReport


@dataclass(frozen=True, slots=True)
class Stock:
    """One pocket as its cabinet sees it; no report when the pocket is gone."""

    cabinet: str
    pocket: str
    report: StockReport | None


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a cabinet needs."""

    cabinet: str
    report: RestockReport


@dataclass(frozen=True, slots=True)
class Told:
    """A report that is kept whole, the newest of its kind: people read it, and no row follows from it."""

    cabinet: str
    kind: str
    epoch: int
    seq: int
    report: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is not what the contract says."""

    cabinet: str
    detail: str


Post = Facts | Presence | Stock | Needs | Told | Unreadable


def read(topic_text: str, payload: bytes) -> Post | None:
    """The post in a message; None for a topic that is nobody's business here."""
    parts = topic_text.split("/")
    if len(parts) < 5 or not is_id(parts[2]):  # noqa: PLR2004 - adc/v1/<cabinet>/up/<what>
        return None
    cabinet, what = parts[2], parts[4:]
    try:
        return _read(cabinet, what, payload)
    except Malformed as problem:
        return Unreadable(cabinet, f"{'/'.join(what)}: {problem}"[:500])


def _read(cabinet: str, what: list[str], payload: bytes) -> Post | None:
    match what:
        case ["journal"]:
            batch = decode(payload, Batch)
            return Facts(cabinet, batch, [prove(record) for record in batch.facts])
        case ["state"] if payload:
            return Presence(cabinet, _decode(payload, StateReport))
        case ["restock"] if payload:
            return Needs(cabinet, _decode(payload, RestockReport))
        case ["health"] if payload:
            health = _decode(payload, HealthReport)
            return Told(cabinet, "health", health.epoch, health.seq, payload.decode())
        case ["stock", pocket] if is_id(pocket):
            return Stock(cabinet, pocket, _decode(payload, StockReport) if payload else None)
    return None


T = TypeVar("T")


def _decode(payload: bytes, kind: type[T]) -> T:
    """A report whose whole numbers all fit a column."""
    report = decode(payload, kind)
    for name, value in vars(report).items():
        if isinstance(value, int) and abs(value) > SAFE_INTEGER:
            raise Malformed(f"{kind.__name__}: {name} lies within +-(2^53 - 1)")
    return report
