"""One fact as its cabinet wrote it, and whether it is what it says it is.

Alone knows: the shape of a fact on the wire, and the hash over it. Must not know: what a fact follows, what it means.

Whether a fact is whole depends on nothing but the fact, so it is found out at the door, while the database is busy with what came before.
"""

from typing import Annotated, Any

import msgspec

from cabinet.messages import SAFE_INTEGER, Malformed, canonical, hash_of_text

Count = Annotated[int, msgspec.Meta(ge=1, le=SAFE_INTEGER)]


class Record(msgspec.Struct, frozen=True, gc=False):
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


class Batch(msgspec.Struct, frozen=True, gc=False):
    """The payload of `up/journal`."""

    epoch: Count
    first_seq: Count
    facts: list[Record]


class Refused(Exception):
    """A fact that contradicts what is held or itself; `code` names how."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


Proof = str | Refused
"""The body of a fact that is whole, as canonical text; or why the fact is not."""


def prove(one: Record) -> Proof:
    """Whether a fact's hash is the hash of its content."""
    try:
        body = canonical(one.body).decode()
        found = hash_of_text(one.epoch, one.seq, one.id, one.at, one.type, one.access, one.staff, one.witness, body, one.prev_hash)
    except Malformed as problem:
        return Refused("fact.malformed", f"fact {one.epoch}/{one.seq}: {problem}")
    if found != one.hash:
        return Refused("fact.wrong_hash", f"fact {one.epoch}/{one.seq} says its hash is {one.hash[:64]}, its content makes {found}")
    if "\0" in one.id + one.at + one.type + (one.access or "") + (one.staff or "") + (one.witness or ""):
        return Refused("fact.malformed", f"fact {one.epoch}/{one.seq}: no text of its envelope holds U+0000")
    return body
