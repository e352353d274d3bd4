"""What goes out goes out in order, once, and is never lost: whatever the peer, the network or a crash does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from central.hl7.framing import Framer, framed
from central.hl7.grammar import parse
from central.hl7.heard import DoseHeard, Drug
from central.hl7.outward import Charging, Names, Peer
from central.hl7.port import Outgoing
from central.hl7.roll import Roll
from central.hl7.sender import MOST_REJECTS, Calling, Sender
from central.hl7.telling import Link, Teller
from central.hl7.twin import MemoryOutbox
from central.record import Record
from tests.domain.test_hl7_outward import ASSIGN, LOADED, OVERRIDE, VEND, records

LINK = "bill"


def content(control: str) -> bytes:
    return f"MSH|^~\\&|ADC|W|B|H|20260302||DFT^P03|{control}|P|2.5|||AL|NE\r".encode()


@dataclass
class Peers:
    """A peer that answers as the story says; `heard` is what it got, by control id."""

    script: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer(100_000)
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                for cut in framer.feed(data):
                    control = parse(cut.content).header.text(10)
                    self.heard.append(control)
                    self.news.set()
                    code = self.script.pop(0) if self.script else "CA"
                    if code == "hang up":
                        writer.close()
                        return
                    if code == "other first":
                        writer.write(framed(b"junk") + framed(b"MSH|^~\\&|B\rMSA|AA|nobody\r"))
                        code = "CA"
                    if code != "silence":
                        writer.write(framed(f"MSH|^~\\&|B|H|ADC|W|20260302||ACK|a|P|2.5\rMSA|{code}|{control}\r".encode()))
        writer.close()


@asynccontextmanager
async def sending(peer: Peers, outbox: MemoryOutbox, answer_s: float = 5) -> AsyncIterator[Sender]:
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = Sender(Calling(LINK, "127.0.0.1", port, answer_s, 0.001, 0.01), outbox, inline, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        server.close()
        await server.wait_closed()


async def inline(job: Callable[[], object]) -> object:
    return job()


async def until(peer: Peers, count: int) -> None:
    async with asyncio.timeout(10):
        while len(peer.heard) < count:
            peer.news.clear()
            await peer.news.wait()


class Queue(MemoryOutbox):
    """A queue that says when it is empty."""

    def settle(self, link: str, number: int, state: str, answer: bytes, at: str) -> None:
        super().settle(link, number, state, answer, at)
        if not self.waiting(link):
            self.empty.set()

    def __init__(self) -> None:
        super().__init__()
        self.empty = asyncio.Event()


async def drained(outbox: Queue) -> None:
    async with asyncio.timeout(10):
        await outbox.empty.wait()


def queue_of(*controls: str) -> Queue:
    outbox = Queue()
    outbox.add(LINK, [Outgoing(control, content(control), control) for control in controls])
    return outbox


SCRIPTS: list[tuple[list[str], list[str], dict[str, list[str]]]] = [
    ([], ["1", "2", "3"], {"sent": ["3", "2", "1"]}),
    (["hang up", "CA"], ["1", "1", "2", "3"], {"sent": ["3", "2", "1"]}),
    (["AE"], ["1", "2", "3"], {"sent": ["3", "2"], "refused": ["1"]}),
    (["AR", "AR", "AA"], ["1", "1", "1", "2", "3"], {"sent": ["3", "2", "1"]}),
    (["AR"] * MOST_REJECTS, ["1", "1", "1", "2", "3"], {"sent": ["3", "2"], "refused": ["1"]}),
    (["other first"], ["1", "2", "3"], {"sent": ["3", "2", "1"]}),
]


@pytest.mark.parametrize(("script", "heard", "over"), SCRIPTS)
async def test_each_message_waits_for_the_answer_to_the_one_before(script: list[str], heard: list[str], over: dict[str, list[str]]) -> None:
    """VistA refuses what comes after something newer; a refusal that will not change is put aside for a person."""
    peer, outbox = Peers(script), queue_of("1", "2", "3")
    async with sending(peer, outbox):
        await drained(outbox)
    assert peer.heard == heard
    assert {state: [one.control for one, _, _ in outbox.settled(LINK, state)] for state in over} == over


async def test_a_peer_that_says_nothing_is_asked_again_with_the_same_number() -> None:
    """It may have taken it: the number is how it knows."""
    peer, outbox = Peers(["silence"]), queue_of("1")
    async with sending(peer, outbox, answer_s=0.05):
        await drained(outbox)
    assert peer.heard == ["1", "1"]


async def test_what_is_queued_later_goes_at_once() -> None:
    """Nobody polls."""
    peer, outbox = Peers(), queue_of()
    async with sending(peer, outbox) as sender:
        outbox.add(LINK, [Outgoing("9", content("9"), "9")])
        sender.wake()
        await until(peer, 1)
        await drained(outbox)
    assert peer.heard == ["9"]


class Held:
    """Facts of one cabinet."""

    def __init__(self, facts: list[Record]) -> None:
        self.held = facts

    def cabinets(self) -> Sequence[str]:
        return ["w1"]

    def epochs(self, cabinet: str) -> Sequence[int]:
        assert cabinet == "w1"
        return sorted({record.epoch for record in self.held})

    def facts(self, cabinet: str, epoch: int, after: int, limit: int) -> Sequence[Record]:
        assert cabinet == "w1"
        return [record for record in self.held if record.epoch == epoch and record.seq > after][:limit]


NAMES = Names(Roll)


def teller(source: Held, outbox: MemoryOutbox, charging: Charging = Charging.WITHDRAWAL) -> Teller:
    return Teller([Link(LINK, "charges", Peer(), charging)], source, outbox, NAMES)


def test_a_new_link_tells_nothing_of_the_past_and_everything_from_then_on() -> None:
    """A billing system that is connected today is not sent last year."""
    facts, outbox = records(ASSIGN, *LOADED, *VEND, *OVERRIDE), MemoryOutbox()
    held = Held(facts[:6])
    assert teller(held, outbox).tell() == 0
    held.held = facts
    assert teller(held, outbox).tell(["w1"]) == 1
    assert teller(held, outbox).tell() == 0
    assert outbox.waiting(LINK) == 1


class HeldOfTwo(Held):
    """The same facts, of two cabinets; the second comes later."""

    def __init__(self, facts: list[Record]) -> None:
        super().__init__(facts)
        self.known = ["w1"]

    def cabinets(self) -> Sequence[str]:
        return self.known

    def epochs(self, cabinet: str) -> Sequence[int]:
        return super().epochs("w1") if cabinet in self.known else ()

    def facts(self, cabinet: str, epoch: int, after: int, limit: int) -> Sequence[Record]:
        return super().facts(cabinet and "w1", epoch, after, limit)


def test_of_a_cabinet_that_comes_to_a_link_that_is_there_everything_is_told() -> None:
    """What is new is the link, not the cabinet: its first charge is as owed as its hundredth, on every link of a server."""
    held, outbox = HeldOfTwo(records(ASSIGN, *LOADED, *VEND)), MemoryOutbox()
    held.known = []
    assert teller(held, outbox).tell() == 0
    held.known = ["w1"]
    assert teller(held, outbox).tell(["w1"]) == 1
    held.known = ["w1", "w2"]
    assert teller(held, outbox).tell() == 1


def test_a_link_that_is_to_tell_of_a_further_cabinet_tells_nothing_of_what_that_did_before() -> None:
    """A ward that is added to a link's list is not billed for last year."""
    facts, outbox = records(ASSIGN, *LOADED, *VEND, *OVERRIDE), MemoryOutbox()
    held = HeldOfTwo(facts[:6])
    held.known = ["w1", "w2"]
    for whose in ({"w1"}, {"w1", "w2"}):
        link = Link(LINK, "charges", Peer(), Charging.WITHDRAWAL, frozenset(whose))
        assert Teller([link], held, outbox, NAMES).tell() == 0
    held.held = facts
    assert Teller([link], held, outbox, NAMES).tell() == 2


def test_a_crash_between_any_two_writes_loses_and_doubles_no_charge() -> None:
    """The cursor and the messages are one transaction; what is told again is queued already."""

    class Crash(Exception):
        pass

    class Failing(MemoryOutbox):
        left = 0

        def advance(self, *args: object) -> None:
            if not Failing.left:
                raise Crash
            Failing.left -= 1
            super().advance(*args)  # type: ignore[arg-type]

    facts = records(ASSIGN, *LOADED, *VEND, *OVERRIDE)
    outbox = Failing()
    Failing.left = 2
    teller(Held(facts[:1]), outbox).tell()
    for count in range(2, len(facts) + 1):
        with pytest.raises(Crash):
            teller(Held(facts[:count]), outbox).tell()
        Failing.left = 1
        teller(Held(facts[:count]), outbox).tell()
    assert outbox.waiting(LINK) == 2


def test_a_dose_that_is_told_twice_is_charged_once() -> None:
    """Where the bedside charges, its record may come again."""
    dose = DoseHeard("p", "o", Drug("x", "y"), "oxy", "2026-03-02T07:30:00.000000Z", "1", "tablet", is_given=True)
    for charging, expected in ((Charging.ADMINISTRATION, 1), (Charging.WITHDRAWAL, 0)):
        outbox = MemoryOutbox()
        for _ in range(2):
            teller(Held([]), outbox, charging).charge([dose])
        assert outbox.waiting(LINK) == expected


def test_a_new_journal_begins_a_new_telling() -> None:
    """A cabinet that starts over, with another epoch."""
    first = records(ASSIGN, *LOADED, *VEND)
    second = [
        Record(2, record.seq, record.id, record.at, record.type, record.body, "", "", record.access, record.staff) for record in first
    ]
    outbox = MemoryOutbox()
    teller(Held(first), outbox).tell()
    assert teller(Held(first + second), outbox).tell() == 1
