"""The append-only record, and who hears of it.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from cabinet.domain.facts import Draft, Entry


class JournalBroken(Exception):
    """The journal could not be written or does not verify; memory may be ahead of disk, so the process must stop."""


class Journal(Protocol):
    """The append-only record. One writer; what `append` returned is durable."""

    @property
    def epoch(self) -> int:
        """The epoch of this journal."""
        ...

    def entries(self, after_seq: int = 0) -> Iterator[Entry]:
        """All facts of this epoch in order, from `after_seq` + 1."""
        ...

    async def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Number, chain and durably write `drafts` in one transaction. Raises JournalBroken; then nothing was written."""
        ...


class CommitListener(Protocol):
    """Who hears of facts once they are durable. Called on the event loop after each round, in the order of the journal."""

    def committed(self, entries: tuple[Entry, ...]) -> None:
        """These facts are durable."""
        ...
