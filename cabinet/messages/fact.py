"""Facts <-> JSON: the envelope, and the hash that chains one to the next.

Alone knows: the shape of an envelope and how its hash is made. Must not know: who numbers, stores or sends facts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from cabinet.domain.facts import ALPHABET, Draft, Entry, Fact
from cabinet.domain.phrase import plain
from cabinet.domain.vocabulary import AccessId, StaffId, parse_utc, utc_text
from cabinet.messages.canonical import Malformed, canonical, convert

CONTRACT = "v1"


def body_of(fact: Fact) -> dict[str, Any]:
    """A fact's own fields as a JSON object; absent ones are null."""
    body: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=plain)
    return body


def fact_of(type_name: str, body: object) -> Fact:
    """The fact that `body_of` wrote. Raises Malformed for an unknown type, field type or missing field."""
    kind = ALPHABET.get(type_name)
    if kind is None:
        raise Malformed(f"type: {type_name!r} is no fact of contract {CONTRACT}")
    return convert(body, kind, type_name)


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
    try:
        raw = msgspec.Raw(body.encode())
        text = msgspec.json.encode(_Chained(access, at, raw, epoch, fact_id, prev_hash, seq, staff, type_name, witness))
    except UnicodeEncodeError as problem:
        raise Malformed(f"fact: text is valid UTF-8, got {problem.object[problem.start : problem.end]!r}") from problem
    return hashlib.sha256(text).hexdigest()


class _Chained(msgspec.Struct):
    """What a hash is made over: the fields in the order of RFC 8785, so that writing them down is the canonical form."""

    access: str | None
    at: str
    body: msgspec.Raw
    epoch: int
    id: str
    prev_hash: str
    seq: int
    staff: str | None
    type: str
    witness: str | None


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
    raw = convert(envelope, _Envelope, "fact")
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
