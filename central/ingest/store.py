"""Keep what cabinets report: a round of post is one transaction, and only then is anything acknowledged.

Alone knows: that a round is kept whole or not at all, and that a connection which failed is not used again.
Must not know: brokers, threads, pages, what a round does.
"""

from collections.abc import Sequence

from central.database.hand import Hand, Unreachable
from central.database.place import Database
from central.ingest.outcome import Outcome
from central.ingest.round import Round
from central.post import Post


class Store:
    """One writer of a database; several may write the same one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hand: Hand | None = None

    def close(self) -> None:
        """Let go of the database."""
        hand, self._hand = self._hand, None
        if hand is not None:
            hand.close()

    def take(self, post: Sequence[Post], now: str) -> Outcome:
        """Store a round of post in one transaction; `now` is UTC text. What the outcome says is durable when this returns.

        Raises Unreachable where the database's server went away: the round is to be taken again. Any other error is fatal for the process.
        """
        try:
            if self._hand is None:
                self._hand = self._database.hand()
            with self._hand.transaction():
                done = Round(self._hand, now)
                done.take(post)
        except Unreachable:
            self.close()
            raise
        return done.outcome
