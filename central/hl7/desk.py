"""A piece of a connection in, answers out: read, folded into the roll, kept, handed over, and only then answered.

Alone knows: that order, and what a repeat is. Must not know: sockets, tables, how a message is read.

A message that comes again, byte for byte and with the same control id of the same sender, is answered as the first time and acted on
once. The same id with other bytes is another message: many systems begin their numbers again, and a lost order is worse than a doubled
one, which changes nothing. What could not be kept is not answered: its sender sends it again.
"""

from collections.abc import Callable
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from central.hl7.answer import answers
from central.hl7.book import Book
from central.hl7.forgetting import Old, old_of
from central.hl7.framing import Cut, Piece
from central.hl7.port import Archive, Changed, Kept
from central.hl7.reading import Reading, read
from central.hl7.roll import Roll

HandOver = Callable[[Changed], None]
"""Told of everything that changed, after it is kept: the documents of cabinets, charges, the page that shows interfaces."""

ANSWERED = frozenset({Piece.BLOCK, Piece.GIANT})
"""What stands in no block has nobody who waits for an answer; what was cut short is sent again whole."""


class Desk:
    """Everything that comes in, from all links. `book` and `now` are asked at each message; `new_id` makes control ids of answers."""

    def __init__(
        self, archive: Archive, book: Callable[[], Book], now: Callable[[], datetime], new_id: Callable[[], str], hand_over: HandOver
    ) -> None:
        self.roll: Roll = archive.roll()
        self._archive = archive
        self._book = book
        self._now = now
        self._new_id = new_id
        self._hand_over = hand_over

    def take(self, link: str, cut: Cut) -> tuple[bytes, ...]:
        """The answers to one piece, once it is kept. Whatever the archive raises ends it, with nothing answered and nothing changed."""
        now, book = self._now(), self._book()
        reading = read(cut, book, utc_text(now))
        first = self._first(link, cut, reading)
        if first is not None:
            self._archive.keep(_kept(link, cut, reading, utc_text(now), first.answers, first.number), Changed())
            return first.answers
        said = tuple(answers(reading, now, self._new_id(), book.zone)) if cut.piece in ANSWERED else ()
        changed = self._hear(reading)
        try:
            self._archive.keep(_kept(link, cut, reading, utc_text(now), said), changed)
        except BaseException:
            self.roll = self._archive.roll()
            raise
        if reading.heard:
            self._hand_over(changed)
        return said

    def forget(self) -> Old:
        """Let go of who left, and what ended, long ago; gives what that was."""
        old = old_of(self.roll, utc_text(self._now()))
        self._archive.forget(old.patients, old.orders)
        for patient in old.patients:
            del self.roll.patients[patient]
        for order in old.orders:
            del self.roll.orders[order]
        return old

    def link(self, said: str, item: str, by: str) -> None:
        """A pharmacist says which item a code means (`code`, or `system:code`). The book must know it before `relink` is called."""
        self._archive.link(said, item, by, utc_text(self._now()))

    def relink(self) -> Changed:
        """Look at all unmapped orders again, after the pharmacy linked a code; gives those that are items now."""
        orders = self.roll.relink(self._book())
        changed = Changed(orders=tuple(self.roll.orders[order] for order in sorted(orders)))
        if orders:
            self._archive.change(changed)
            self._hand_over(changed)
        return changed

    def reread(self) -> int:
        """Make the roll anew from all messages that are kept, as a mended mapping reads them; gives how many records it has."""
        made = replay(self._archive, self._book())
        old = sorted(self.roll.patients.keys() - made.patients.keys()), sorted(self.roll.orders.keys() - made.orders.keys())
        changed = Changed(tuple(made.patients.values()), tuple(made.orders.values()))
        self._archive.forget(*old)
        self._archive.change(changed)
        self.roll = made
        self._hand_over(changed)
        return len(made.patients) + len(made.orders)

    def _first(self, link: str, cut: Cut, reading: Reading) -> Kept | None:
        envelope = reading.envelope
        if envelope is None or not envelope.control or cut.piece is not Piece.BLOCK:
            return None
        return self._archive.seen(link, envelope.sender, envelope.control, cut.content)

    def _hear(self, reading: Reading) -> Changed:
        ids: set[str] = set()
        for heard in reading.heard:
            ids |= self.roll.hear(heard)
        patients = tuple(self.roll.patients[one] for one in sorted(ids) if one in self.roll.patients)
        orders = tuple(self.roll.orders[one] for one in sorted(ids) if one in self.roll.orders)
        return Changed(patients, orders, reading.heard)


def replay(archive: Archive, book: Book) -> Roll:
    """The roll that follows from all messages that are kept, read anew: what a mended table would have made of them."""
    roll, after = Roll(), 0
    while messages := archive.messages(after):
        for kept in messages:
            after = kept.number
            if kept.repeats is None:
                for heard in read(Cut(Piece(kept.piece), kept.content), book, kept.received_at).heard:
                    roll.hear(heard)
    return roll


def _kept(link: str, cut: Cut, reading: Reading, at: str, said: tuple[bytes, ...], repeats: int | None = None) -> Kept:
    envelope, verdict = reading.envelope, reading.verdict
    sender, control, name = ("", "", "") if envelope is None else (envelope.sender, envelope.control, envelope.name)
    return Kept(0, link, at, cut.piece, cut.content, sender, control, name, verdict.code, verdict.reason, verdict.words, said, repeats)
