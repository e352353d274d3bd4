"""What the pharmacy server does not hold yet, in the order in which it must get it.

Alone knows: what an acknowledgement does to what is sent next, and that only the outbox forgets.
Must not know: the wire, its quality of service, or how long to wait.

PUBACK means nothing here. An acknowledgement below what was sent, or below an earlier one, means: send again from there
(the pharmacy server may have been put back from yesterday's copy).
"""

from itertools import islice, takewhile

from cabinet.adapters.journal import SqliteJournal
from cabinet.adapters.journal_row import envelope_of_row
from cabinet.messages import Ack, JournalReport

BATCH = 500
"""Facts in one report, about 250 kB."""


class AckAhead(Exception):
    """The pharmacy server acknowledges a fact that this journal does not hold: two journals share a name, or one was put back."""


class Outbox:
    """The facts of `journal` that still have to be sent. `acked` survives a restart, `sent` does not."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.acked = journal.acked
        self._sent = self.acked

    @property
    def has_unsent(self) -> bool:
        """Whether there is a fact that was not handed out since the start or the last `rewind`."""
        return self._journal.head[:2] > self._sent

    def next_report(self, limit: int = BATCH) -> JournalReport | None:
        """The next facts, at most `limit`, all of one epoch; None when everything was handed out. Raises JournalBroken."""
        rows = list(islice(self._journal.rows(*self._sent), limit))
        if not rows:
            return None
        epoch, first_seq = rows[0][0], rows[0][1]
        facts = [envelope_of_row(row) for row in takewhile(lambda row: row[0] == epoch, rows)]
        self._sent = (epoch, first_seq + len(facts) - 1)
        return JournalReport(epoch, first_seq, facts)

    def rewind(self) -> None:
        """Hand out again everything that is not acknowledged: the connection was lost, or nobody answered."""
        self._sent = self.acked

    async def acknowledge(self, ack: Ack) -> None:
        """Take the pharmacy server's word for what it holds; durable on return.

        Raises AckAhead for a fact that is not in this journal (nothing changes then), JournalBroken.
        """
        place, head = (ack.epoch, ack.seq), self._journal.head
        if place > head[:2] or (ack.seq and self._journal.hash_at(*place) is None):
            raise AckAhead(f"acknowledged up to {ack.epoch}/{ack.seq}, the journal ends at {head.epoch}/{head.seq}")
        self._sent = min(self._sent, place)
        if place != self.acked:
            await self._journal.keep_acked(*place)
            self.acked = place
