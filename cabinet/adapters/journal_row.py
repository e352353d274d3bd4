"""One row of the journal <-> a fact with its envelope.

Alone knows: the order of the columns, and that `body` is kept as its canonical text.
Must not know: the database, or who asks.
"""

import json
from typing import Any, NamedTuple

import msgspec

from cabinet.domain.facts import ALPHABET, Draft, Entry
from cabinet.domain.vocabulary import AccessId, StaffId, parse_utc, utc_text
from cabinet.messages import Malformed, body_of, canonical, hash_of_text


class Head(NamedTuple):
    """The last fact: all that a chain promises hangs on this hash."""

    epoch: int
    seq: int
    hash: str


Row = tuple[int, int, str, str, str, str | None, str | None, str | None, str, str, str]
"""`epoch, seq, id, at, type, access, staff, witness, body, prev_hash, hash`, as they stand in the table."""


def seal_row(draft: Draft, *, epoch: int, seq: int, fact_id: str, prev_hash: str) -> tuple[Row, Entry]:
    """Number a draft and chain it to the fact before it, as `cabinet.messages.seal` does. Raises Malformed."""
    at, fact = utc_text(draft.at.utc), draft.fact
    body = canonical(body_of(fact)).decode()
    text = (epoch, seq, fact_id, at, fact.type, draft.access, draft.staff, draft.witness, body, prev_hash)
    fact_hash = hash_of_text(*text)
    entry = Entry(epoch, seq, fact_id, draft.at.utc, fact, draft.access, draft.staff, draft.witness, prev_hash, fact_hash)
    return (*text, fact_hash), entry


def entry_of_row(row: Row) -> Entry:
    """The fact of a row. Raises Malformed when the row is not what the contract says; does not check the hash."""
    epoch, seq, fact_id, at, type_name, access, staff, witness, body, prev_hash, fact_hash = row
    kind = ALPHABET.get(type_name)
    if kind is None:
        raise Malformed(f"type: {type_name!r} is no fact that this software knows")
    try:
        fact, moment = msgspec.json.decode(body, type=kind), parse_utc(at)
    except (msgspec.DecodeError, ValueError) as problem:
        raise Malformed(f"{type_name}: {problem}") from problem
    return Entry(
        epoch,
        seq,
        fact_id,
        moment,
        fact,
        None if access is None else AccessId(access),
        None if staff is None else StaffId(staff),
        None if witness is None else StaffId(witness),
        prev_hash,
        fact_hash,
    )


def envelope_of_row(row: Row) -> dict[str, Any]:
    """A row as the JSON object of the contract, without a look at what the fact means: what is exported and sent."""
    epoch, seq, fact_id, at, type_name, access, staff, witness, body, prev_hash, fact_hash = row
    return {
        "epoch": epoch,
        "seq": seq,
        "id": fact_id,
        "at": at,
        "type": type_name,
        "access": access,
        "staff": staff,
        "witness": witness,
        "body": json.loads(body),
        "prev_hash": prev_hash,
        "hash": fact_hash,
    }


def row_of_envelope(envelope: object) -> Row:
    """The row of an exported fact. Raises Malformed for anything that is not exactly an envelope."""
    if not isinstance(envelope, dict) or set(envelope) != set(_SHAPE):
        raise Malformed(f"a fact is an object with exactly these fields: {', '.join(_SHAPE)}")
    for name, kinds in _SHAPE.items():
        if type(envelope[name]) not in kinds:
            raise Malformed(f"{name}: {envelope[name]!r} is of the wrong kind")
    values = {**envelope, "body": canonical(envelope["body"]).decode()}
    return tuple(values[name] for name in _SHAPE)


_TEXT = (str,)
_TEXT_OR_NULL = (str, type(None))
_SHAPE: dict[str, tuple[type, ...]] = {
    "epoch": (int,),
    "seq": (int,),
    "id": _TEXT,
    "at": _TEXT,
    "type": _TEXT,
    "access": _TEXT_OR_NULL,
    "staff": _TEXT_OR_NULL,
    "witness": _TEXT_OR_NULL,
    "body": (dict,),
    "prev_hash": _TEXT,
    "hash": _TEXT,
}
