"""The store of the interfaces in memory: for tests, and for a server that keeps nothing.

Alone knows: how rows lie in memory. Must not know: what a message means.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from central.hl7.port import Changed, Cursor, Kept, Outgoing
from central.hl7.roll import Roll


@dataclass(slots=True)
class MemoryArchive:
    """An Archive."""

    kept: list[Kept] = field(default_factory=list)
    known: Roll = field(default_factory=Roll)
    linked: dict[str, str] = field(default_factory=dict)

    def seen(self, link: str, sender: str, control: str, content: bytes) -> Kept | None:
        """The first message of this sender with this control id and these bytes."""
        same = (link, sender, control, content)
        return next((one for one in self.kept if (one.link, one.sender, one.control, one.content) == same and one.repeats is None), None)

    def keep(self, kept: Kept, changed: Changed) -> int:
        """Keep a piece and what it changed."""
        self.kept.append(replace(kept, number=len(self.kept) + 1))
        self.change(changed)
        return len(self.kept)

    def change(self, changed: Changed) -> None:
        """Keep standing records."""
        self.known.patients.update({one.patient: one for one in changed.patients})
        self.known.orders.update({one.order.order: one for one in changed.orders})

    def forget(self, patients: Sequence[str], orders: Sequence[str]) -> None:
        """Let standing records go."""
        for patient in patients:
            self.known.patients.pop(patient, None)
        for order in orders:
            self.known.orders.pop(order, None)

    def links(self) -> Mapping[str, str]:
        """What pharmacists linked."""
        return dict(self.linked)

    def link(self, said: str, item: str, by: str, at: str) -> None:  # noqa: ARG002 - memory asks nobody who it was
        """A pharmacist says which item a code means."""
        self.linked[said] = item

    def messages(self, after: int = 0, limit: int = 1000) -> Sequence[Kept]:
        """Pieces by number."""
        return self.kept[after : after + limit]

    def roll(self) -> Roll:
        """A copy: whoever changes it keeps nothing by that."""
        return Roll(dict(self.known.patients), dict(self.known.orders))


@dataclass(slots=True)
class _Queue:
    waiting: list[Outgoing] = field(default_factory=list)
    over: list[tuple[Outgoing, str, bytes, str]] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    count: int = 0


@dataclass(slots=True)
class MemoryOutbox:
    """An Outbox."""

    queues: dict[str, _Queue] = field(default_factory=dict)
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)

    def cursor(self, link: str, cabinet: str) -> Cursor | None:
        """Where a link stands with a cabinet."""
        return self.cursors.get((link, cabinet))

    def advance(self, link: str, cabinet: str, cursor: Cursor, messages: Iterable[Outgoing]) -> None:
        """Queue messages and move the cursor."""
        self.add(link, messages)
        self.cursors[link, cabinet] = cursor

    def add(self, link: str, messages: Iterable[Outgoing]) -> None:
        """Queue messages."""
        queue = self._queue(link)
        for message in messages:
            if message.source not in queue.sources:
                queue.count += 1
                queue.sources.add(message.source)
                queue.waiting.append(replace(message, number=queue.count))

    def first(self, link: str) -> Outgoing | None:
        """The oldest message that waits."""
        return next(iter(self._queue(link).waiting), None)

    def tried(self, link: str, number: int) -> None:
        """It was sent, and nothing was heard."""
        queue = self._queue(link)
        queue.waiting = [replace(one, tries=one.tries + 1) if one.number == number else one for one in queue.waiting]

    def settle(self, link: str, number: int, state: str, answer: bytes, at: str) -> None:
        """It is over."""
        queue = self._queue(link)
        queue.over += [(one, state, answer, at) for one in queue.waiting if one.number == number]
        queue.waiting = [one for one in queue.waiting if one.number != number]

    def waiting(self, link: str) -> int:
        """How many wait."""
        return len(self._queue(link).waiting)

    def settled(self, link: str, state: str, limit: int = 100) -> Iterator[tuple[Outgoing, bytes, str]]:
        """Messages that are over, newest first."""
        over = [(one, answer, at) for one, how, answer, at in reversed(self._queue(link).over) if how == state]
        return iter(over[:limit])

    def _queue(self, link: str) -> _Queue:
        return self.queues.setdefault(link, _Queue())
