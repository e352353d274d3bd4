"""Does the chain hold? Walks facts in order and names the first one that does not follow.

Alone knows: the rules of the chain: `seq` from 1 without gaps in each epoch, `prev_hash` is the hash before (64 zeros at first),
`hash` is that of the fact, every epoch begins with `journal_begun`, which names the end of the epoch before.
Must not know: where the facts come from.

A chain alone cannot tell that its end was cut off, nor that all of it was written anew: that takes a head kept elsewhere.
"""

import json
from collections.abc import Iterable, Iterator

from cabinet.adapters.journal_row import Head, Row, row_of_envelope
from cabinet.domain.vocabulary import ZERO_HASH
from cabinet.messages import Malformed, hash_of_text


class ChainBroken(Exception):
    """The first fact (`epoch`, `seq`) that is missing, was changed or does not follow the one before, and why."""

    def __init__(self, epoch: int, seq: int, why: str) -> None:
        super().__init__(f"fact {epoch}/{seq}: {why}")
        self.epoch = epoch
        self.seq = seq
        self.why = why


def follow(rows: Iterable[Row], before: Head | None = None) -> Iterator[Head]:
    """Check each fact against the one before it and yield its place; `before` is the fact that the first row must follow.

    Raises ChainBroken at the first fact that does not.
    """
    place = before or Head(0, 0, ZERO_HASH)
    for row in rows:
        try:
            place = _next(row, place)
        except TypeError as problem:  # a damaged file yields values of any kind
            raise ChainBroken(place.epoch, place.seq + 1, f"no fact: {problem}") from problem
        yield place


def _next(row: Row, before: Head) -> Head:
    epoch, seq, last_hash = before
    if row[0] > epoch:
        _check_beginning(row, before)
        epoch, seq, last_hash = row[0], 0, ZERO_HASH
    seq += 1
    if (row[0], row[1]) != (epoch, seq):
        raise ChainBroken(epoch, seq, f"missing: {row[0]}/{row[1]} stands in its place")
    if row[9] != last_hash:
        raise ChainBroken(epoch, seq, "prev_hash is not the hash of the fact before")
    if _hash(row) != row[10]:
        raise ChainBroken(epoch, seq, "the hash is not that of the fact: it was changed after it was written")
    return Head(epoch, seq, row[10])


def _check_beginning(row: Row, before: Head) -> None:
    """A first fact is `journal_begun`, and names the fact that its epoch goes on from, where that epoch stands before it."""
    if before.seq and row[1] == before.seq + 1:
        raise ChainBroken(before.epoch, row[1], f"missing: {row[0]}/{row[1]} stands in its place")
    if row[1] != 1:
        raise ChainBroken(row[0], 1, f"missing: {row[0]}/{row[1]} stands in its place")
    if row[4] != "journal_begun":
        raise ChainBroken(row[0], 1, f"an epoch begins with journal_begun, this is {row[4]}")
    if before.seq:
        try:
            said = json.loads(row[8])
            after = (said["after_epoch"], said["after_seq"], said["after_hash"])
        except (ValueError, KeyError, TypeError) as problem:
            raise ChainBroken(row[0], 1, f"journal_begun cannot be read: {problem!r}") from problem
        if after != before:
            raise ChainBroken(
                before.epoch, before.seq + 1, f"missing, or changed: epoch {row[0]} goes on after {after[0]}/{after[1]} {after[2]}"
            )


def verify(rows: Iterable[Row], *, known: Head | None = None) -> tuple[int, Head]:
    """Walk the whole chain; returns how many facts it has, and the last. `known` is a head kept elsewhere, which it must contain.

    Raises ChainBroken.
    """
    count, last, is_known_met = 0, None, known is None
    for last in follow(rows):
        count += 1
        if known is not None and last[:2] == known[:2]:
            is_known_met = True
            if last.hash != known.hash:
                raise ChainBroken(last.epoch, last.seq, f"the head kept elsewhere says {known.hash}: the chain was written anew")
    if last is None:
        raise ChainBroken(0, 1, "there is no fact at all")
    if known is not None and not is_known_met:
        missing = last.seq + 1 if last.epoch == known.epoch else 1
        raise ChainBroken(known.epoch, missing, f"missing: the head kept elsewhere reaches {known.epoch}/{known.seq}")
    return count, last


def rows_of_export(lines: Iterable[str]) -> Iterator[Row]:
    """The facts of a JSON Lines export. Raises ChainBroken, naming the place after the last readable fact, for a line that is none."""
    epoch, seq = 0, 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = row_of_envelope(json.loads(line))
        except (ValueError, RecursionError) as problem:
            raise ChainBroken(epoch, seq + 1, f"line {number} is no fact: {problem}") from problem
        epoch, seq = row[0], row[1]
        yield row


def _hash(row: Row) -> str | None:
    try:
        return hash_of_text(*row[:10])
    except Malformed:
        return None
