"""A stream of bytes <-> blocks of the minimal lower layer protocol (MLLP): where a message begins and where it ends. Bytes, nothing else.

Alone knows: the three bytes of MLLP, and what becomes of bytes that stand outside of a block or never end one.
Must not know: sockets, HL7, what is done with a piece.

A block is 0x0B, its content, 0x1C, 0x0D (HL7 Version 2.5.1, Implementation Guide: Lower Layer Protocols, 1.2). Read with more patience
than that: a block ends at its 0x1C, whatever follows; a block that begins within another one cuts it short. No byte is lost, except of
a piece that is longer than `limit`: its first `limit` bytes are kept. Any split of a stream makes the same pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

START, END, RETURN = 0x0B, 0x1C, 0x0D
BETWEEN = frozenset(b"\r\n\x00 \t")
"""What may stand between two blocks and means nothing."""


class Piece(StrEnum):
    """What a run of bytes turned out to be."""

    BLOCK = "block"
    HALF = "half"
    """A block that was never ended: another one began, or the connection was over."""
    JUNK = "junk"
    """Bytes outside of any block."""
    GIANT = "giant"
    """The first part of a block that is longer than anybody may send; what follows of it is passed over."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A run of bytes, without the bytes of the framing."""

    piece: Piece
    content: bytes


def framed(content: bytes) -> bytes:
    """A block as it goes out."""
    return bytes((START,)) + content + bytes((END, RETURN))


class Framer:
    """Cuts one connection's stream. `limit`: bytes of the longest content."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = bytearray()
        self._is_inside = False
        self._is_passing = False

    @property
    def is_waiting(self) -> bool:
        """Whether a block has begun and not ended."""
        return self._is_inside

    def feed(self, data: bytes) -> list[Cut]:
        """The pieces that these bytes complete, in order."""
        cuts: list[Cut] = []
        at = 0
        while at < len(data):
            at = self._run(data, at, cuts)
        return cuts

    def end(self) -> list[Cut]:
        """What is left when the connection is over."""
        return list(self._flush(Piece.HALF if self._is_inside else Piece.JUNK))

    def _run(self, data: bytes, at: int, cuts: list[Cut]) -> int:
        """Take what comes before the next byte that means something, then that byte; gives where to go on."""
        stops = (data.find(START, at), data.find(END, at) if self._is_inside else -1)
        stop = min((found for found in stops if found >= 0), default=len(data))
        self._hold(data[at:stop], cuts)
        if stop == len(data):
            return stop
        is_end = data[stop] == END
        whole = Piece.BLOCK if is_end else Piece.HALF
        cuts.extend(self._flush(whole if self._is_inside else Piece.JUNK))
        self._is_inside = not is_end
        return stop + 1

    def _hold(self, run: bytes, cuts: list[Cut]) -> None:
        if self._is_passing:
            return
        if not self._is_inside and not self._held:
            run = run.lstrip(bytes(BETWEEN))
        room = self._limit - len(self._held)
        self._held += run[:room]
        if len(run) > room:
            cuts.append(Cut(Piece.GIANT if self._is_inside else Piece.JUNK, bytes(self._held)))
            self._held.clear()
            self._is_passing = True

    def _flush(self, piece: Piece) -> Iterator[Cut]:
        """End of a piece. An empty block is a block; an empty run of anything else is nothing."""
        if not self._is_passing and (self._held or piece is Piece.BLOCK):
            yield Cut(piece, bytes(self._held))
        self._held.clear()
        self._is_passing = False
