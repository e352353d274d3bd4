"""Facts and reports <-> versioned JSON: the whole contract with the pharmacy server, and the journal's canonical form.

Alone knows: topics, payload shapes, the canonical bytes of a fact and how its hash is made.
Must not know: who sends, stores or shows a message.

Canonical JSON here is RFC 8785 restricted to what a fact may hold: no floats, integers within +-(2^53 - 1), ASCII keys.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any, TypeVar

import msgspec

from cabinet.domain.facts import ALPHABET, Draft, Entry, Fact
from cabinet.domain.vocabulary import AccessId, StaffId, parse_utc, utc_text

CONTRACT = "v1"
SAFE_INTEGER = 2**53 - 1

T = TypeVar("T")


class Malformed(ValueError):
    """Bytes or JSON that are not what the contract says; the text names the field and what was expected."""


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value. Raises Malformed for a float, an unsafe integer, a key that is not ASCII or a lone surrogate."""
    _check(value, "$")
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        raise Malformed(f"$: text is valid UTF-8, got {problem.object[problem.start : problem.end]!r}") from problem


def _check(value: object, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Malformed(f"{where}: keys are ASCII text, got {key!r}")
            _check(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, f"{where}[{index}]")
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise Malformed(f"{where}: an integer lies within +-(2^53 - 1), got {value}")
    elif not isinstance(value, str):
        raise Malformed(f"{where}: expected text, a whole number, a boolean, null, a list or an object, got {type(value).__name__}")


def body_of(fact: Fact) -> dict[str, Any]:
    """A fact's own fields as a JSON object; absent ones are null."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    return body


def fact_of(type_name: str, body: object) -> Fact:
    """The fact that `body_of` wrote. Raises Malformed for an unknown type, field type or missing field."""
    kind = ALPHABET.get(type_name)
    if kind is None:
        raise Malformed(f"type: {type_name!r} is no fact of contract {CONTRACT}")
    return _convert(body, kind, type_name)


def _convert(value: object, kind: type[T], where: str) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise Malformed(f"{where}: {problem}") from problem


def seal(draft: Draft, *, epoch: int, seq: int, fact_id: str, prev_hash: str) -> Entry:
    """Number a draft and chain it to the fact before it."""
    entry = Entry(epoch, seq, fact_id, draft.at.utc, draft.fact, draft.access, draft.staff, draft.witness, prev_hash, "")
    return Entry(
        epoch, seq, fact_id, draft.at.utc, draft.fact, draft.access, draft.staff, draft.witness, prev_hash, hash_of(envelope_of(entry))
    )


def hash_of(envelope: dict[str, Any]) -> str:
    """SHA-256, in lower-case hex, over the canonical JSON of an envelope without its `hash`."""
    return hashlib.sha256(canonical({key: value for key, value in envelope.items() if key != "hash"})).hexdigest()


def hash_of_text(  # noqa: PLR0913, PLR0917 - the envelope's ten fields
    epoch: int,
    seq: int,
    fact_id: str,
    at: str,
    type_name: str,
    access: str | None,
    staff: str | None,
    witness: str | None,
    body: str,
    prev_hash: str,
) -> str:
    """`hash_of`, of an envelope whose `body` is canonical text already; several times faster, for a million facts at a time.

    Raises Malformed for text that is not valid UTF-8.
    """
    text = (
        f'{{"access":{_quoted(access)},"at":{_quoted(at)},"body":{body},"epoch":{epoch},"id":{_quoted(fact_id)},'
        f'"prev_hash":{_quoted(prev_hash)},"seq":{seq},"staff":{_quoted(staff)},"type":{_quoted(type_name)},"witness":{_quoted(witness)}}}'
    )
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as problem:
        raise Malformed(f"fact: text is valid UTF-8, got {problem.object[problem.start : problem.end]!r}") from problem


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def envelope_of(entry: Entry) -> dict[str, Any]:
    """An entry as the JSON object of the contract."""
    return {
        "epoch": entry.epoch,
        "seq": entry.seq,
        "id": entry.id,
        "at": utc_text(entry.at),
        "type": entry.fact.type,
        "access": entry.access,
        "staff": entry.staff,
        "witness": entry.witness,
        "body": body_of(entry.fact),
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def entry_of(envelope: object) -> Entry:
    """The entry that `envelope_of` wrote. Raises Malformed; does not check the hash (`hash_of` does)."""
    raw = _convert(envelope, _Envelope, "fact")
    try:
        at: datetime = parse_utc(raw.at)
    except ValueError as problem:
        raise Malformed(f"fact.at: expected YYYY-MM-DDTHH:MM:SS.ffffffZ, got {raw.at!r}") from problem
    access = None if raw.access is None else AccessId(raw.access)
    staff = None if raw.staff is None else StaffId(raw.staff)
    witness = None if raw.witness is None else StaffId(raw.witness)
    return Entry(raw.epoch, raw.seq, raw.id, at, fact_of(raw.type, raw.body), access, staff, witness, raw.prev_hash, raw.hash)


@dataclass(frozen=True)
class _Envelope:
    epoch: int
    seq: int
    id: str
    at: str
    type: str
    body: dict[str, Any]
    prev_hash: str
    hash: str
    access: str | None = None
    staff: str | None = None
    witness: str | None = None


@dataclass(frozen=True)
class ItemSummary:
    """What a stock report says of an item."""

    id: str
    name: str
    strength: str
    form: str


@dataclass(frozen=True)
class StateReport:
    """`up/state`, retained, and the will: the newest (epoch, boot, session) counts."""

    state: str
    mode: str
    epoch: int
    boot: int
    session: int
    since: str
    software: str
    config: str
    contract: str = CONTRACT


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


@dataclass(frozen=True)
class Need:
    """One line of a restock report."""

    pocket: str
    item: str
    units: int
    min: int
    par: int
    units_needed: int
    urgency: str
    why: str


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


def encode(message: object) -> bytes:
    """A report as JSON in UTF-8."""
    return msgspec.json.encode(message)


def decode(payload: bytes, kind: type[T]) -> T:
    """Read a report. Raises Malformed with the field and what was expected; fields that are not known are ignored."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(f"{kind.__name__}: {problem}") from problem


def topic(cabinet: str, tail: str) -> str:
    """`adc/v1/<cabinet>/<tail>`, with tails such as `up/state` and `down/ack`."""
    return f"adc/{CONTRACT}/{cabinet}/{tail}"
