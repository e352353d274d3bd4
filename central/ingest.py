"""Which facts of a batch are new, and which must be refused: the rules, without a database.

Alone knows: what continues a chain, what repeats it, what leaves a gap and what contradicts it.
Must not know: tables, topics, when or how often a batch arrives.

A fact is known by (cabinet, epoch, seq) and by its hash. Whatever is held already changes nothing; whatever comes too early is left for
the cabinet to send again. So any order and any repetition of batches end in the same store.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cabinet.domain.vocabulary import ZERO_HASH
from cabinet.messages import Malformed, canonical, hash_of_text
from central.post import Batch, Record


@dataclass(frozen=True, slots=True)
class Head:
    """How far one epoch of one cabinet is held without a gap: `seq` 0 and no journal before its first fact."""

    epoch: int
    seq: int = 0
    hash: str = ZERO_HASH
    journal: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A new fact with its body as canonical text, as it is stored."""

    record: Record
    body: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person must look at; the same alert is raised once."""

    cabinet: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a batch comes to: the head afterwards, the facts to store, and an alert where the rest of the batch was refused."""

    head: Head
    new: tuple[Held, ...]
    alert: Alert | None = None


class _Refused(Exception):
    """A fact that contradicts what is held or itself; `code` names how."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def judge(cabinet: str, head: Head, batch: Batch, hash_at: Callable[[int], str | None]) -> Verdict:
    """Judge a batch against the head of its epoch. `hash_at` gives the hash of a fact of that epoch that is held."""
    new: list[Held] = []
    alert = None
    try:
        for place, record in enumerate(batch.facts):
            _check_number(record, batch.epoch, batch.first_seq + place)
            if record.seq > head.seq + 1:
                break
            body = _verified_body(record)
            if record.seq <= head.seq:
                _check_repeat(record, hash_at(record.seq))
            else:
                head = _follow(cabinet, head, record)
                new.append(Held(record, body))
    except _Refused as refused:
        alert = Alert(cabinet, refused.code, refused.detail)
    return Verdict(head, tuple(new), alert)


def _check_number(record: Record, epoch: int, seq: int) -> None:
    if (record.epoch, record.seq) != (epoch, seq):
        raise _Refused("fact.misnumbered", f"fact {record.epoch}/{record.seq} stands where {epoch}/{seq} belongs")


def _verified_body(record: Record) -> str:
    name = f"fact {record.epoch}/{record.seq}"
    try:
        body = canonical(record.body).decode()
        found = hash_of_text(
            record.epoch, record.seq, record.id, record.at, record.type, record.access, record.staff, record.witness, body, record.prev_hash
        )
    except Malformed as problem:
        raise _Refused("fact.malformed", f"{name}: {problem}") from problem
    if found != record.hash:
        raise _Refused("fact.wrong_hash", f"{name} says its hash is {record.hash[:64]}, its content makes {found}")
    return body


def _check_repeat(record: Record, held: str | None) -> None:
    if held == record.hash:
        return
    if record.seq == 1:
        raise _Refused("journal.second", f"a second journal claims epoch {record.epoch}: {record.body.get('journal')!r}")
    raise _Refused("fact.conflict", f"fact {record.epoch}/{record.seq} comes again with other content: held {held}, came {record.hash}")


def _follow(cabinet: str, head: Head, record: Record) -> Head:
    if record.prev_hash != head.hash:
        raise _Refused("chain.broken", f"fact {record.epoch}/{record.seq} follows {record.prev_hash[:64]}, held is {head.hash}")
    if record.seq == 1:
        if record.type != "journal_begun":
            raise _Refused("journal.unbegun", f"epoch {record.epoch} begins with {record.type}")
        if record.body.get("cabinet") != cabinet:
            raise _Refused("journal.stranger", f"epoch {record.epoch} is the journal of cabinet {record.body.get('cabinet')!r}")
        head = replace(head, journal=str(record.body.get("journal")))
    return replace(head, seq=record.seq, hash=record.hash)
