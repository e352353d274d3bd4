"""Facts that are held -> messages in a queue: each link tells of each cabinet, in order, once.

Alone knows: where a link begins, and how cursor, memory and messages are kept together. Must not know: sockets, where facts are held.

A link that is new tells nothing of the past: it reads what is held, to know the balances, and tells from then on; of a cabinet that comes
later it tells from its first fact. So it is where the file has it tell of further cabinets: of what those did before it tells nothing. A
cursor of no cabinet (`BEGUN`) says that the link has begun, and of whom. Cursor, memory and messages are one transaction, and a message's
control id follows from its fact: a crash at any moment loses and doubles nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from central.hl7 import charge, dispense, pade
from central.hl7.heard import DoseHeard
from central.hl7.ledger import transactions
from central.hl7.memory import Memory
from central.hl7.outward import Charging, Names, Peer, control_of
from central.hl7.port import Cursor, Outbox, Outgoing
from central.hl7.transaction import Transaction
from central.record import Record

Note = Callable[[Transaction], None]

BEGUN = ""
MOST_AT_ONCE = 500
"""Facts that are told in one transaction."""


class Source(Protocol):
    """Where facts are held."""

    def cabinets(self) -> Sequence[str]:
        """All that have any."""
        ...

    def epochs(self, cabinet: str) -> Sequence[int]:
        """A cabinet's epochs, in order."""
        ...

    def facts(self, cabinet: str, epoch: int, after: int, limit: int) -> Sequence[Record]:
        """Facts of an epoch after a number, in order and without gaps."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """One peer that is told something: `tells` is vista (OMS^O05), charges (DFT^P03), dispenses (RDS^O13), or nothing: it only follows."""

    name: str
    tells: str
    peer: Peer
    charging: Charging = Charging.WITHDRAWAL
    cabinets: frozenset[str] = frozenset()
    """Whose facts; empty: everybody's."""


def message_of(one: Transaction, link: Link, names: Names) -> bytes | None:
    """What a link says of a transaction; None where it says nothing."""
    match link.tells:
        case "vista":
            return pade.message_of(one, names, link.peer, link.name)
        case "charges":
            return charge.message_of(one, names, link.peer, link.name, link.charging)
        case "dispenses":
            return dispense.message_of(one, names, link.peer, link.name)
        case _:
            return None


class Teller:
    """Links that tell of facts. `note` hears of every transaction before it counts as told: twice, where a crash came in between."""

    def __init__(self, links: Sequence[Link], source: Source, outbox: Outbox, names: Names, note: Note = lambda _one: None) -> None:
        self._note = note
        self._links = links
        self._source = source
        self._outbox = outbox
        self._names = names

    def tell(self, cabinets: Iterable[str] | None = None) -> int:
        """Queue what is held and not told yet; gives how many messages. `cabinets`: where something is new (all, if not said)."""
        queued = 0
        wanted = list(self._source.cabinets() if cabinets is None else cabinets)
        for link in self._links:
            whose = " ".join(sorted(link.cabinets)).encode()
            begun = self._outbox.cursor(link.name, BEGUN)
            is_beginning = begun is None or begun.memory != whose
            for cabinet in wanted:
                if not link.cabinets or cabinet in link.cabinets:
                    queued += self._tell(link, cabinet, is_beginning=is_beginning)
            if is_beginning and cabinets is None:
                self._outbox.advance(link.name, BEGUN, Cursor(memory=whose), ())
        return queued

    def charge(self, doses: Iterable[DoseHeard]) -> None:
        """Queue the charges of doses that were given, on every link that charges them."""
        for link in self._links:
            if link.tells == "charges" and link.charging is Charging.ADMINISTRATION:
                found = [(dose, charge.message_of_dose(dose, self._names, link.peer, link.name)) for dose in doses]
                self._outbox.add(
                    link.name, [_outgoing(link.name, charge.source_of(dose), content) for dose, content in found if content is not None]
                )

    def _tell(self, link: Link, cabinet: str, *, is_beginning: bool) -> int:
        cursor = self._outbox.cursor(link.name, cabinet)
        is_new = is_beginning and cursor is None
        cursor = Cursor() if cursor is None else cursor
        memory = Memory.load(cursor.memory) if cursor.memory else Memory(cabinet)
        queued = 0
        for epoch in self._source.epochs(cabinet):
            if epoch < cursor.epoch:
                continue
            cursor = cursor if epoch == cursor.epoch else Cursor(epoch)
            while records := self._source.facts(cabinet, epoch, cursor.seq, MOST_AT_ONCE):
                found = transactions(memory, records)
                messages = [] if is_new else self._messages(link, found)
                cursor = Cursor(epoch, records[-1].seq, memory.dump())
                if not is_new:
                    self._outbox.advance(link.name, cabinet, cursor, messages)
                queued += len(messages)
        if is_new and cursor.epoch:
            self._outbox.advance(link.name, cabinet, cursor, ())
        return queued

    def _messages(self, link: Link, found: Sequence[Transaction]) -> list[Outgoing]:
        messages = []
        for one in found:
            self._note(one)
            content = message_of(one, link, self._names)
            if content is not None:
                messages.append(_outgoing(link.name, one.source, content))
        return messages


def _outgoing(link: str, source: str, content: bytes) -> Outgoing:
    return Outgoing(control_of(link, source), content, source)
