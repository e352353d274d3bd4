"""What the interfaces need of a store: every message kept with its verdict, the roll, and queues of what goes out.

Alone knows: these Protocols and the rows that pass through them. Must not know: tables, files, sockets.

Every method is one transaction, and what it says is durable when it returns. A store that cannot write raises (and nothing is answered).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from central.hl7.heard import Heard
from central.hl7.roll import Roll, Standing, StandingOrder


@dataclass(frozen=True, slots=True)
class Kept:
    """One piece of a connection as it came, and what became of it. `number` counts from 1 over all links; 0: not kept yet."""

    number: int
    link: str
    received_at: str
    piece: str
    content: bytes
    sender: str
    control: str
    name: str
    code: str
    reason: str
    words: str
    answers: tuple[bytes, ...]
    repeats: int | None = None
    """The number of the message that this one repeats, byte for byte: answered alike, and acted on once."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a message changed: the standing records as they are from now on, and what else was heard."""

    patients: tuple[Standing, ...] = ()
    orders: tuple[StandingOrder, ...] = ()
    heard: tuple[Heard, ...] = ()


class Archive(Protocol):
    """Where messages are kept, and the roll that follows from them."""

    def seen(self, link: str, sender: str, control: str, content: bytes) -> Kept | None:
        """The first message of this sender with this control id and these bytes."""
        ...

    def keep(self, kept: Kept, changed: Changed) -> int:
        """Keep a piece and what it changed; gives its number."""
        ...

    def change(self, changed: Changed) -> None:
        """Keep standing records that changed without a message."""
        ...

    def forget(self, patients: Sequence[str], orders: Sequence[str]) -> None:
        """Let standing records go; messages stay."""
        ...

    def links(self) -> Mapping[str, str]:
        """What pharmacists linked: a drug's code, or system:code -> the item."""
        ...

    def link(self, said: str, item: str, by: str, at: str) -> None:
        """A pharmacist says which item a code means."""
        ...

    def messages(self, after: int = 0, limit: int = 1000) -> Sequence[Kept]:
        """Pieces by number, those after `after`."""
        ...

    def roll(self) -> Roll:
        """All that is known of patients and orders."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out. `source` names what it tells of, so that it is queued once however often that is told."""

    control: str
    content: bytes
    source: str
    number: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a link has told of one epoch of one cabinet, and what it remembers of it (`memory`, its own bytes)."""

    epoch: int = 0
    seq: int = 0
    memory: bytes = b""


class Outbox(Protocol):
    """Queues of what goes out, one for each link, in order."""

    def cursor(self, link: str, cabinet: str) -> Cursor | None:
        """Where a link stands with a cabinet; None before it ever told of it."""
        ...

    def advance(self, link: str, cabinet: str, cursor: Cursor, messages: Iterable[Outgoing]) -> None:
        """Queue messages and move the cursor in one transaction. A source that is queued or settled already is not queued again."""
        ...

    def add(self, link: str, messages: Iterable[Outgoing]) -> None:
        """Queue messages that tell of no cabinet's fact."""
        ...

    def first(self, link: str) -> Outgoing | None:
        """The oldest message that waits."""
        ...

    def tried(self, link: str, number: int) -> None:
        """It was sent, and nothing was heard."""
        ...

    def settle(self, link: str, number: int, state: str, answer: bytes, at: str) -> None:
        """It is over: `sent` or `refused`, with the answer as it came."""
        ...

    def waiting(self, link: str) -> int:
        """How many wait."""
        ...

    def settled(self, link: str, state: str, limit: int = 100) -> Iterator[tuple[Outgoing, bytes, str]]:
        """Messages that are over, newest first, with their answer and when it came."""
        ...
