"""Real cables: a pseudo-terminal and a TCP connection behave alike towards the owner of a line."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import pytest

from cabinet.ports import LineLost, NoReply
from drivers.bus import reading_inputs
from drivers.exchange import Pace, Rank
from drivers.framing import Rtu
from drivers.line import Line, Port, SerialLine, TcpLine
from drivers.owner import Owner
from tests.scripted_line import rtu
from tests.virtual import running

QUESTION, ANSWER = rtu("01 02 00 00 00 08"), rtu("01 02 01 0D")
ASKED = reading_inputs("door-a", 1, 0, 8)
LATENCY_S = 0.003
"""What a board takes to answer, and the frame to come over the wire: nothing answers faster than its baud allows."""
PACE = Pace(reply_timeout_s=0.2, quiet_s=0.02, reopen_s=(0.02, 0.1))


class FarEnd(Protocol):
    """The other end of a cable: answers every frame with ANSWER while it is there."""

    def line(self) -> Line:
        """Our end, not opened yet."""
        ...

    async def plug(self) -> None:
        """Put the cable in."""
        ...

    async def pull(self) -> None:
        """Pull the cable out, if it is in."""
        ...

    def say(self, data: bytes) -> None:
        """Say something unasked."""
        ...


class PtyEnd:
    """A board on the master side of a pseudo-terminal, behind a link that stays when the device changes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bus-a"
        self.heard = bytearray()
        self._master = -1

    def line(self) -> Line:
        """See FarEnd."""
        return SerialLine(Port(str(self.path), 115200))

    async def plug(self) -> None:
        """See FarEnd."""
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)

    async def pull(self) -> None:
        """See FarEnd."""
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            self._master = -1
            self.path.unlink()

    def say(self, data: bytes) -> None:
        """See FarEnd."""
        os.write(self._master, data)

    def _read(self) -> None:
        try:
            self.heard += os.read(self._master, 512)
        except OSError:  # nobody has the other side open just now
            asyncio.get_running_loop().remove_reader(self._master)
            asyncio.get_running_loop().call_later(0.005, self._listen_again, self._master)
            return
        while len(self.heard) >= len(QUESTION):
            del self.heard[: len(QUESTION)]
            asyncio.get_running_loop().call_later(LATENCY_S, self._answer, self._master)

    def _answer(self, master: int) -> None:
        if self._master == master:
            self.say(ANSWER)

    def _listen_again(self, master: int) -> None:
        if self._master == master:
            asyncio.get_running_loop().add_reader(master, self._read)


class TcpEnd:
    """A gateway that speaks RTU inside TCP, always at the same port."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._port = 0

    def line(self) -> Line:
        """See FarEnd."""
        return TcpLine("127.0.0.1", self._port)

    async def plug(self) -> None:
        """See FarEnd."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """See FarEnd."""
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            await self._server.wait_closed()
            await asyncio.sleep(0)
            self._server = None

    def say(self, data: bytes) -> None:
        """See FarEnd."""
        for writer in self._writers:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                await reader.readexactly(len(QUESTION))
                await asyncio.sleep(LATENCY_S)
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


@pytest.fixture(params=["pty", "tcp"])
async def far_end(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FarEnd]:
    """The other end, plugged in."""
    end: FarEnd = PtyEnd(tmp_path) if request.param == "pty" else TcpEnd()
    await end.plug()
    yield end
    await end.pull()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that real parts bring about."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.002)


@pytest.mark.real
async def test_exchanges_over_a_real_cable(far_end: FarEnd) -> None:
    """The same owner, the same frames."""
    owner = Owner("bus-a", far_end.line(), Rtu(115200), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        assert await owner.ask(ASKED, Rank.DOOR, tries=2) == ANSWER[1:-2]
        for _ in range(50):
            assert await owner.ask(ASKED, Rank.DOOR) == ANSWER[1:-2]


@pytest.mark.real
async def test_cable_pulled_out_and_put_back(far_end: FarEnd) -> None:
    """Noticed at once, and found again by itself, also where the device comes back under another name."""
    owner = Owner("bus-a", far_end.line(), Rtu(115200), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        await owner.ask(ASKED, Rank.DOOR, tries=2)
        await far_end.pull()
        await until(lambda: not owner.is_open)
        with pytest.raises(LineLost):
            await owner.ask(ASKED, Rank.DOOR)
        await far_end.plug()
        await until(lambda: owner.is_open)
        assert await owner.ask(ASKED, Rank.DOOR, tries=2) == ANSWER[1:-2]


@pytest.mark.real
async def test_cable_that_is_not_there_yet(far_end: FarEnd) -> None:
    """The cabinet starts before its adapter: asking fails at once, and works once it is there."""
    await far_end.pull()
    owner = Owner("bus-a", far_end.line(), Rtu(115200), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(LineLost):
            await owner.ask(ASKED, Rank.DOOR)
        await far_end.plug()
        await until(lambda: owner.is_open)
        assert await owner.ask(ASKED, Rank.DOOR, tries=2) == ANSWER[1:-2]


@pytest.mark.real
async def test_what_was_said_before_the_opening_is_no_answer(far_end: FarEnd) -> None:
    """Leftovers of another program's exchange fall into the quiet window of the opening."""
    owner = Owner("bus-a", far_end.line(), Rtu(115200), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        far_end.say(rtu("01 02 01 FF"))
        assert await owner.ask(ASKED, Rank.DOOR, tries=2) == ANSWER[1:-2]


@pytest.mark.real
async def test_port_is_ours_alone(tmp_path: Path) -> None:
    """Two programs on one bus garble each other's frames: the second one is refused."""
    end = PtyEnd(tmp_path)
    await end.plug()
    first, second = end.line(), end.line()
    await first.open()
    with pytest.raises(LineLost):
        await second.open()
    first.close()
    await end.pull()


@pytest.mark.real
async def test_silent_cable_is_not_lost(tmp_path: Path) -> None:
    """A board that says nothing is not a cable pulled out."""
    master, slave = os.openpty()
    path = os.ttyname(slave)
    os.close(slave)
    owner = Owner("bus-a", SerialLine(Port(path, parity="even")), Rtu(19200, 11), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(NoReply):
            await owner.ask(ASKED, Rank.DOOR)
        assert owner.is_open
    os.close(master)
