"""Which facts of a batch are new, which come too early, and which must be refused: the rules, without a database.

Alone knows: what continues a chain, what repeats it, what leaves a gap and what contradicts it.
Must not know: tables, topics, when or how often a batch arrives.

A fact is known by (cabinet, epoch, seq) and by its hash. Whatever is held already changes nothing; whatever follows a gap waits until the
gap is filled, since several workers share a cabinet's post and overtake each other. So any order and any repetition of batches end in the
same store.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cabinet.domain.vocabulary import ZERO_HASH
from central.record import Batch, Proof, Record, Refused

REACH = 5000
"""Facts further ahead of a gap than this are not kept waiting; their cabinet sends them again."""


class Head(NamedTuple):
    """How far one epoch of one cabinet is held without a gap: `seq` 0 and no journal before its first fact.

    `waiting`: the highest fact that waits behind a gap, 0 where none does.
    """

    epoch: int
    seq: int = 0
    hash: str = ZERO_HASH
    journal: str = ""
    waiting: int = 0


class Held(NamedTuple):
    """A new fact with its body as canonical text, as it is stored."""

    record: Record
    body: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person must look at; the same alert is raised once."""

    cabinet: str
    code: str
    detail: str


class Verdict(NamedTuple):
    """What a batch comes to: the head afterwards, the facts to store, those to keep waiting, and why the rest was refused."""

    head: Head
    new: tuple[Held, ...]
    early: tuple[Record, ...] = ()
    alert: Alert | None = None


def judge(cabinet: str, head: Head, batch: Batch, proofs: Sequence[Proof], hash_at: Callable[[int], str | None]) -> Verdict:
    """Judge a batch, each fact with its proof, against the head of its epoch. `hash_at` gives the hash of a fact that is held."""
    new: list[Held] = []
    early: list[Record] = []
    alert = None
    try:
        for place, (record, proof) in enumerate(zip(batch.facts, proofs, strict=True)):
            _check_number(record, batch.epoch, batch.first_seq + place)
            if record.seq > head.seq + REACH:
                break
            if isinstance(proof, Refused):
                raise proof
            if record.seq <= head.seq:
                _check_repeat(record, hash_at(record.seq))
            elif record.seq == head.seq + 1:
                head = _follow(cabinet, head, record)
                new.append(Held(record, proof))
            else:
                early.append(record)
    except Refused as refused:
        alert = Alert(cabinet, refused.code, refused.detail)
    if early:
        head = head._replace(waiting=max(head.waiting, early[-1].seq))
    return Verdict(head, tuple(new), tuple(early), alert)


def _check_number(record: Record, epoch: int, seq: int) -> None:
    if (record.epoch, record.seq) != (epoch, seq):
        raise Refused("fact.misnumbered", f"fact {record.epoch}/{record.seq} stands where {epoch}/{seq} belongs")


def _check_repeat(record: Record, held: str | None) -> None:
    if held == record.hash:
        return
    if record.seq == 1:
        raise Refused("journal.second", f"a second journal claims epoch {record.epoch}: {record.body.get('journal')!r}")
    raise Refused("fact.conflict", f"fact {record.epoch}/{record.seq} comes again with other content: held {held}, came {record.hash}")


def _follow(cabinet: str, head: Head, record: Record) -> Head:
    if record.prev_hash != head.hash:
        raise Refused("chain.broken", f"fact {record.epoch}/{record.seq} follows {record.prev_hash[:64]}, held is {head.hash}")
    journal = head.journal
    if record.seq == 1:
        if record.type != "journal_begun":
            raise Refused("journal.unbegun", f"epoch {record.epoch} begins with {record.type}")
        if record.body.get("cabinet") != cabinet:
            raise Refused("journal.stranger", f"epoch {record.epoch} is the journal of cabinet {record.body.get('cabinet')!r}")
        journal = str(record.body.get("journal"))
    return Head(head.epoch, record.seq, record.hash, journal, 0 if record.seq >= head.waiting else head.waiting)
