"""The listening end survives whatever a network and its senders do, and answers only what it has kept."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from central.hl7.desk import Desk, replay
from central.hl7.framing import Cut, Framer, Piece, framed
from central.hl7.grammar import parse
from central.hl7.port import Changed, Kept
from central.hl7.server import MOST_JUNK, KeptNothing, Listening, Server
from central.hl7.twin import MemoryArchive
from tests.domain.hl7_message import BOOK, adt, rde

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LISTENING = Listening("adt", "127.0.0.1", 0, limit=20_000)


class Full(MemoryArchive):
    """A disk that is full while `is_full`."""

    is_full = False

    def keep(self, kept: Kept, changed: Changed) -> int:
        if Full.is_full:
            raise OSError("no space left on device")
        return super().keep(kept, changed)


class House:
    """A desk behind a server, and what it handed over."""

    def __init__(self) -> None:
        self.archive = MemoryArchive()
        self.told: list[Changed] = []
        ids = itertools.count(1)
        self.desk = Desk(self.archive, lambda: BOOK, lambda: AT, lambda: f"A{next(ids)}", self.told.append)

    async def take(self, link: str, cut: Cut) -> tuple[bytes, ...]:
        try:
            return self.desk.take(link, cut)
        except OSError as full:
            raise KeptNothing(str(full)) from full

    def pieces(self) -> list[str]:
        return [kept.piece for kept in self.archive.kept]


@asynccontextmanager
async def serving(house: House, listening: Listening = LISTENING) -> AsyncIterator[Server]:
    server = Server(listening, house.take)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def said(server: Server, *parts: bytes, answers: int) -> list[str]:
    """Send parts one after the other; gives the codes of so many answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    framer, heard = Framer(20_000), []
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    while len(heard) < answers:
        data = await reader.read(65_536)
        assert data, "the server hung up"
        heard += framer.feed(data)
    writer.close()
    await writer.wait_closed()
    return [parse(cut.content).segments[1].text(1) for cut in heard]


async def settled(server: Server) -> None:
    async with asyncio.timeout(5):
        await server.idle()


async def test_several_messages_in_one_write_are_answered_in_their_order() -> None:
    """And a message byte by byte is one message."""
    house = House()
    async with serving(house) as server:
        assert await said(server, framed(adt("A01")) + framed(rde()) + framed(b"junk"), answers=3) == ["AA", "AA", "AR"]
        assert await said(server, *(bytes((byte,)) for byte in framed(rde("DC"))), answers=1) == ["AA"]
        await settled(server)
    assert [(one.order.order, one.status) for one in house.desk.roll.orders.values()] == [("rx9", "stopped")]


async def test_what_comes_twice_is_answered_alike_and_acted_on_once() -> None:
    """A sender that lost our answer sends again; a counter that begins again is no repeat."""
    house = House()
    async with serving(house) as server:
        for content in (adt("A01"), adt("A01"), adt("A01").replace(b"ELEANOR", b"HELENA")):
            assert await said(server, framed(content), answers=1) == ["AA"]
        await settled(server)
    assert [kept.repeats for kept in house.archive.kept] == [None, 1, None]
    assert house.archive.kept[0].answers == house.archive.kept[1].answers
    assert len(house.told) == 2


async def test_half_messages_junk_and_giants_are_kept_and_the_next_sender_is_heard() -> None:
    """Cut wires, port scanners, runaway senders."""
    house = House()
    whole = framed(adt("A01"))
    async with serving(house) as server:
        await said(server, whole[:60], answers=0)
        await said(server, b"GET / HTTP/1.1\r\n\r\n", answers=0)
        assert await said(server, b"\x0bMSH|^~\\&|" + b"x" * 30_000 + b"\x1c\r" + whole, answers=2) == ["AR", "AA"]
        assert await said(server, whole[:-2] + whole, answers=1) == ["AA"]
        await settled(server)
    assert sorted(house.pieces()) == sorted([Piece.HALF, Piece.JUNK, Piece.GIANT, Piece.BLOCK, Piece.HALF, Piece.BLOCK])
    assert house.archive.kept[0].content in whole


async def test_half_a_message_that_never_ends_ends_its_connection() -> None:
    """A sender that hangs holds nothing for ever."""
    house = House()
    async with serving(house, replace(LISTENING, half_s=0.05)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(framed(adt("A01"))[:40])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        await settled(server)
    assert house.pieces() == [Piece.HALF]


async def test_who_sends_nothing_but_junk_is_cut_off() -> None:
    """A flood fills no disk."""
    house = House()
    async with serving(house) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"noise\x0b" * (MOST_JUNK * 5))
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        await settled(server)
    assert len(house.archive.kept) <= MOST_JUNK * 10


async def test_strangers_and_crowds_are_turned_away() -> None:
    """Peers are listed by network; connections are counted."""
    house = House()
    for listening in (replace(LISTENING, peers=(ip_network("10.0.0.0/8"),)), replace(LISTENING, most_connections=0)):
        async with serving(house, listening) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            assert server.figures.refused == 1


async def test_what_could_not_be_kept_is_not_answered_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No AA for what a power cut would forget: the sender sends it again."""
    house = House()
    house.archive = Full()
    house.desk = Desk(house.archive, lambda: BOOK, lambda: AT, lambda: "A", house.told.append)
    async with serving(house) as server:
        monkeypatch.setattr(Full, "is_full", True)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(framed(adt("A01")))
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        assert (house.desk.roll.patients, house.told) == ({}, [])
        monkeypatch.setattr(Full, "is_full", False)
        assert await said(server, framed(adt("A01")), answers=1) == ["AA"]
        await settled(server)


async def test_everything_that_was_kept_can_be_read_anew() -> None:
    """The roll is what the messages make of it, not what a program once thought."""
    house = House()
    contents: Sequence[bytes] = (
        adt("A01", at="20260302080000"),
        rde(),
        b"junk",
        adt("A03", at="20260302130000"),
        rde("HD", at="20260302140000"),
    )
    for content in contents:
        await house.take("adt", Cut(Piece.BLOCK, content))
    assert replay(house.archive, BOOK) == house.desk.roll == house.archive.roll()
