"""One end of a line in time: collects bytes into requests at the line's pace, and speaks the replies when they would have arrived.

Alone knows: when a frame has ended, when a reply is due, and how late the simulator itself was.
Must not know: which kind of end it serves (in-process cable, pseudo-terminal, network), or what a request asks.

A request's last byte arrives one character time per byte after it was handed over; silence of t3.5 ends it. The reply starts after the
board's latency, and is handed over whole, at the moment its last byte would arrive.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from firmware_sim.framing import LONGEST_RTU, MBAP_LENGTH, MbapHead
from firmware_sim.mishap import Arrival
from firmware_sim.pace import AT_ONCE, Pace
from firmware_sim.pair import Pair
from firmware_sim.scanner import ScannerSegment
from firmware_sim.segment import ModbusSegment, Segment, TextSegment

ASK_AGAIN_S = 0.02
LONGEST_LINE = 256
REMEMBERED = 4096
LINE_END = 0x0A


@dataclass(slots=True)
class Tally:
    """How many requests and replies passed, and how late each reply was spoken against the moment it was due (s), latest last."""

    requests: int = 0
    replies: int = 0
    lateness_s: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def note(self, due_s: float, spoken_s: float) -> None:
        """One reply went out."""
        self.replies += 1
        self.lateness_s.append((due_s, spoken_s - due_s))


class Conversation(Protocol):
    """What an end of a line drives."""

    def receive(self, data: bytes) -> None:
        """Bytes were handed over at the loop's present."""
        ...

    def wake(self) -> None:
        """A fault came or went: a balance whose supply returns says so."""
        ...

    def close(self) -> None:
        """The line is gone: what is under way is lost."""
        ...


class _Ended(Exception):  # not an error of ours: the other end talks nonsense
    """The other end sent what no server goes on listening to."""


@dataclass(slots=True)
class Ear:
    """What every conversation needs: how to speak, the pace, the plant's clock, and what to do when the other end talks nonsense."""

    speak: Callable[[bytes], None]
    pace: Pace
    clock: Callable[[], float]
    tally: Tally
    hang_up: Callable[[], None] = lambda: None
    speed: float = 1.0


class _Talk:
    """The half that all three kinds share: speaking replies in time."""

    def __init__(self, segment: Segment, ear: Ear) -> None:
        self._loop = asyncio.get_running_loop()
        self._latency_s = segment.latency_s / ear.speed
        self._ear = ear
        self._pending: set[asyncio.TimerHandle] = set()

    def wake(self) -> None:
        """See Conversation; Modbus boards never speak first."""

    def close(self) -> None:
        """See Conversation."""
        for handle in self._pending:
            handle.cancel()
        self._pending.clear()

    def _say(self, arrivals: list[Arrival], from_s: float) -> None:
        due_s = from_s + self._latency_s
        for delay_s, data in arrivals:
            due_s += delay_s / self._ear.speed + len(data) * self._ear.pace.char_s
            self._call_at(due_s, data)

    def _call_at(self, due_s: float, data: bytes) -> None:
        def spoken() -> None:
            self._pending.discard(handle)
            self._ear.tally.note(due_s, self._loop.time())
            self._ear.speak(data)

        handle = self._loop.call_at(due_s, spoken)
        self._pending.add(handle)


class RtuTalk(_Talk):
    """Modbus RTU: silence ends a frame."""

    def __init__(self, segment: ModbusSegment, ear: Ear) -> None:
        super().__init__(segment, ear)
        self._segment = segment
        self._heard = b""
        self._until_s = 0.0
        self._ending: asyncio.TimerHandle | None = None

    def receive(self, data: bytes) -> None:
        """See Conversation."""
        now_s, pace = self._loop.time(), self._ear.pace
        if self._ending is not None:
            self._ending.cancel()
            if now_s >= self._until_s + pace.gap_s:
                self._end()
        self._until_s = max(now_s, self._until_s) + len(data) * pace.char_s
        self._heard = (self._heard + data)[: LONGEST_RTU + 1]
        self._ending = self._loop.call_at(self._until_s + pace.gap_s, self._end)

    def close(self) -> None:
        """See Conversation."""
        super().close()
        if self._ending is not None:
            self._ending.cancel()
        self._ending, self._heard = None, b""

    def _end(self) -> None:
        frame, self._heard, self._ending = self._heard, b"", None
        self._ear.tally.requests += 1
        arrivals = self._segment.hear_rtu(frame, self._ear.clock())
        if arrivals:
            self._say(arrivals, self._until_s + self._ear.pace.gap_s)


class MbapTalk(_Talk):
    """Modbus TCP: the header tells the length; there is no pace."""

    def __init__(self, segment: ModbusSegment, ear: Ear) -> None:
        super().__init__(segment, ear)
        assert ear.pace == AT_ONCE
        self._segment = segment
        self._heard = bytearray()

    def receive(self, data: bytes) -> None:
        """See Conversation. What no header can be closes the connection, as a server does that lost its place."""
        self._heard += data
        try:
            while len(self._heard) >= MBAP_LENGTH + 1:
                if not self._next():
                    return
        except _Ended:
            self._heard.clear()
            self._ear.hang_up()

    def _next(self) -> bool:
        head = MbapHead.parse(self._heard)
        if not head.is_sound:
            raise _Ended
        end = MBAP_LENGTH - 1 + head.length
        if len(self._heard) < end:
            return False
        pdu = bytes(self._heard[MBAP_LENGTH:end])
        del self._heard[:end]
        self._ear.tally.requests += 1
        self._say(self._segment.hear_mbap(head, pdu, self._ear.clock()), self._loop.time())
        return True


class TextTalk(_Talk):
    """Lines of text: a line feed ends a command; a balance may take its time."""

    def __init__(self, segment: TextSegment, ear: Ear) -> None:
        super().__init__(segment, ear)
        self._segment = segment
        self._heard = bytearray()
        self._until_s = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """See Conversation."""
        greeting = self._segment.greeting()
        if greeting is not None:
            self._say([(0.0, greeting)], self._loop.time())

    def receive(self, data: bytes) -> None:
        """See Conversation. A new command ends the waiting for an earlier one."""
        self._until_s = max(self._loop.time(), self._until_s) + len(data) * self._ear.pace.char_s
        self._heard += data
        while (end := self._heard.find(LINE_END)) >= 0:
            line = bytes(self._heard[:end]).rstrip(b"\r")
            del self._heard[: end + 1]
            self._ear.tally.requests += 1
            self._ask_at(self._until_s, line, self._until_s)
        del self._heard[:-LONGEST_LINE]

    def close(self) -> None:
        """See Conversation."""
        super().close()
        if self._waiting is not None:
            self._waiting.cancel()
        self._heard.clear()

    def _ask_at(self, at_s: float, line: bytes, since_s: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self._loop.call_at(at_s, self._ask, at_s, line, since_s)

    def _ask(self, at_s: float, line: bytes, since_s: float) -> None:
        self._waiting = None
        arrivals = self._segment.hear_line(line, self._ear.clock(), (at_s - since_s) * self._ear.speed)
        if arrivals is None:
            self._ask_at(at_s + ASK_AGAIN_S / self._ear.speed, line, since_s)
        else:
            self._say(arrivals, at_s)


class ScannerTalk(_Talk):
    """A line on which only the scanner speaks."""

    def __init__(self, segment: ScannerSegment, ear: Ear) -> None:
        super().__init__(segment, ear)
        self._say_lines = segment.scanner.say
        self._say_lines.append(self._hold)

    def receive(self, data: bytes) -> None:
        """See Conversation; a scanner hears nothing."""

    def close(self) -> None:
        """See Conversation."""
        super().close()
        if self._hold in self._say_lines:
            self._say_lines.remove(self._hold)

    def _hold(self, arrivals: list[Arrival]) -> None:
        self._say(arrivals, self._loop.time())


TALKS: dict[str, Callable[[Any, Ear], Conversation]] = {
    "rtu": RtuTalk,
    "mbap": MbapTalk,
    "mtsics": TextTalk,
    "kerong": RtuTalk,
    "osdp": RtuTalk,
    "scanner": ScannerTalk,
    "nut": TextTalk,
    "and": TextTalk,
    "ohaus": TextTalk,
    "sbi": TextTalk,
}
"""framing -> the conversation on its line."""


class _Paired:
    """A conversation over a line that may itself be broken."""

    def __init__(self, pair: Pair, talk: Conversation) -> None:
        self._pair, self._talk = pair, talk
        self.wake, self.close = talk.wake, talk.close

    def receive(self, data: bytes) -> None:
        """See Conversation."""
        heard = self._pair.pass_in(data)
        if heard:
            self._talk.receive(heard)


def converse(segment: Segment, framing: str, ear: Ear) -> Conversation:
    """The conversation for a site's framing with this line's boards."""
    pair = Pair(segment.bus, segment.faults, ear.clock, ear.speak)
    talk = TALKS[framing](segment, replace(ear, speak=pair.pass_out))
    return _Paired(pair, talk)
