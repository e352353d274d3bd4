"""What comes in from cabinets, read at the door: a topic and bytes become one typed piece of post, or a refusal.

Alone knows: which topics the pharmacy server listens to, and how strictly a message is read.
Must not know: what is stored, or what becomes of a piece of post.

A tolerant reader: fields that are not known are ignored and facts of unknown types are kept as they are, so that a cabinet may be
newer than its server.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec

from cabinet.domain.vocabulary import is_id
from cabinet.messages import SAFE_INTEGER, Malformed, RestockReport, StateReport, StockReport, decode, topic

TOPICS = tuple(topic("+", tail) for tail in ("up/state", "up/stock/+", "up/restock", "up/journal"))


Count = Annotated[int, msgspec.Meta(ge=1, le=SAFE_INTEGER)]


class Record(msgspec.Struct, frozen=True):
    """One fact as it stands in a cabinet's journal."""

    epoch: Count
    seq: Count
    id: str
    at: str
    type: str
    body: dict[str, Any]
    prev_hash: str
    hash: str
    access: str | None = None
    staff: str | None = None
    witness: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """The payload of `up/journal`."""

    epoch: Count
    first_seq: Count
    facts: list[Record]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a cabinet."""

    cabinet: str
    batch: Batch


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
class Unreadable:
    """A message that is not what the contract says."""

    cabinet: str
    detail: str


Post = Facts | Presence | Stock | Needs | Unreadable


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
            return Facts(cabinet, decode(payload, Batch))
        case ["state"] if payload:
            return Presence(cabinet, _decode(payload, StateReport))
        case ["restock"] if payload:
            return Needs(cabinet, _decode(payload, RestockReport))
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
