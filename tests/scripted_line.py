"""A cable whose other end follows a script: an in-memory twin of drivers.line.SerialLine and TcpLine, for real or virtual time."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from cabinet.ports import LineLost
from drivers.bus import check_sum

Reply = tuple[float, bytes]
"""Seconds after the question's last byte, and what is said."""
Script = Callable[[bytes], Sequence[Reply]]


def _at_9600(frame: bytes) -> float:
    return len(frame) * 10 / 9600


class ScriptedLine:
    """Hears frames, notes when they were sent, and answers as the script says."""

    def __init__(self, script: Script, asking_s: Callable[[bytes], float] = _at_9600) -> None:
        self.script, self.asking_s = script, asking_s
        self.sent: list[tuple[float, bytes]] = []
        self.heard: list[float] = []
        self.is_there = True
        self.opened_at: list[float] = []
        self._is_open = False

    def attach(self, on_bytes: Callable[[bytes], None], on_lost: Callable[[str], None]) -> None:
        """See Line."""
        self._on_bytes, self._on_lost = on_bytes, on_lost

    async def open(self) -> None:
        """See Line; raises LineLost while the cable is out."""
        self.opened_at.append(asyncio.get_running_loop().time())
        if not self.is_there:
            raise LineLost("script", "no such port")
        self._is_open = True

    def write(self, data: bytes) -> None:
        """See Line; notes the frame and plays the script."""
        loop = asyncio.get_running_loop()
        self.sent.append((loop.time(), data))
        for delay_s, said in self.script(data):
            loop.call_later(self.asking_s(data) + delay_s, self.say, said)

    def close(self) -> None:
        """See Line."""
        self._is_open = False

    def say(self, data: bytes) -> None:
        """Say something, asked or not."""
        if self._is_open:
            self.heard.append(asyncio.get_running_loop().time())
            self._on_bytes(data)

    def cut(self) -> None:
        """Pull the cable out."""
        self.is_there = self._is_open = False
        self._on_lost("pulled out")

    @property
    def frames(self) -> list[bytes]:
        """What was sent, without the times."""
        return [frame for _, frame in self.sent]


def rtu(text: str) -> bytes:
    """An RTU frame from its hexadecimal digits, with the check sum added."""
    frame = bytes.fromhex(text)
    return frame + check_sum(frame)


def in_turn(replies: Iterable[Sequence[Reply]]) -> Script:
    """A script that answers the first question with the first item, and so on; silent when the list has run out."""
    waiting = iter(replies)
    return lambda _: next(waiting, ())
