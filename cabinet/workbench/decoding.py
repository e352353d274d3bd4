"""What bytes on a line say, in words: for a technician who follows the talk of a line.

Alone knows: how each framing looks to a reader. Must not know: any driver: a second reading of the same papers shows where one is wrong.

Bytes that are no whole frame are shown as they are. Sources: Modbus Application Protocol V1.1b3; docs/wire/*.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

GAP_S = 0.005
"""Bytes of one direction that come within this are one frame in pieces."""

_FUNCTIONS = {
    1: "read outputs", 2: "read inputs", 3: "read registers", 4: "read input registers", 5: "write output", 6: "write register",
    15: "write outputs", 16: "write registers",
}  # fmt: skip
_EXCEPTIONS = {
    1: "illegal function", 2: "illegal address", 3: "illegal value", 4: "device failed", 5: "acknowledged", 6: "busy",
    10: "gateway path unavailable", 11: "gateway target does not answer",
}  # fmt: skip
_READS, _WRITES_ONE = (1, 2, 3, 4), (5, 6)
_KERONG = {0x30: "read status", 0x31: "unlock", 0x33: "unlock all", 0x35: "status", 0x37: "energise time", 0x38: "energise time"}
_ERROR = 0x80
_SHOWN = 32


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes as they came or went."""

    number: int
    at: str
    at_s: float
    bus: str
    framing: str
    is_ours: bool
    data: bytes


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same bytes with what came in pieces put together."""
    open_: dict[str, Piece] = {}
    last_s: dict[str, float] = {}
    for piece in pieces:
        held = open_.get(piece.bus)
        if held is not None and not piece.is_ours and not held.is_ours and piece.at_s - last_s[piece.bus] < GAP_S:
            open_[piece.bus] = replace(held, data=held.data + piece.data)
        else:
            if held is not None:
                yield held
            open_[piece.bus] = piece
        last_s[piece.bus] = piece.at_s
    yield from sorted(open_.values(), key=lambda piece: piece.number)


def describe(framing: str, data: bytes, *, is_ours: bool) -> str:
    """One line about some bytes; never raises, whatever they are."""
    reader = _READERS.get(framing, _text)
    said = reader(data, is_ours)
    return said or f"{len(data)} bytes that are no frame"


def _rtu(data: bytes, is_ours: bool) -> str:
    if len(data) < 4 or _crc(data[:-2]) != data[-2:]:  # noqa: PLR2004 - unit, function, check sum
        return "" if len(data) < 4 else "check sum wrong, or part of a frame"  # noqa: PLR2004 - as above
    return f"unit {data[0]}: {_pdu(data[1:-2], is_ours)}"


def _mbap(data: bytes, is_ours: bool) -> str:
    if len(data) < 8 or data[2:4] != b"\0\0" or len(data) < 6 + int.from_bytes(data[4:6], "big"):  # noqa: PLR2004 - header and function
        return ""
    end = 6 + int.from_bytes(data[4:6], "big")
    more = f" (+{len(data) - end} bytes)" if len(data) > end else ""
    return f"#{int.from_bytes(data[:2], 'big')} unit {data[6]}: {_pdu(data[7:end], is_ours)}{more}"


def _pdu(pdu: bytes, is_ours: bool) -> str:
    function = pdu[0]
    name = _FUNCTIONS.get(function & ~_ERROR, f"function {function & ~_ERROR}")
    if function & _ERROR:
        reason = pdu[1] if len(pdu) > 1 else 0
        return f"{name} refused: {_EXCEPTIONS.get(reason, f'exception {reason}')}"
    words = [int.from_bytes(pdu[at : at + 2], "big") for at in range(1, len(pdu) - 1, 2)]
    if function in _WRITES_ONE and len(words) == 2:  # noqa: PLR2004 - address and value
        return f"{name} {words[0]:04X} = {words[1]:04X}"
    if function in _READS and is_ours and len(words) == 2:  # noqa: PLR2004 - address and count
        return f"{name} {words[0]:04X}, {words[1]} of them"
    if function in _READS and not is_ours:
        return f"{name}: {pdu[2:].hex(' ')}"
    return f"{name} {pdu[1:].hex(' ')}"


def _kerong(data: bytes, is_ours: bool) -> str:
    del is_ours
    if len(data) < 5 or data[0] != 0x02 or data[-2] != 0x03:  # noqa: PLR2004 - STX, address, command, ETX, sum
        return ""
    total = "" if sum(data[:-1]) & 0xFF == data[-1] else ", check sum wrong"
    board, lock = data[1] >> 4, data[1] & 0x0F
    rest = data[3:-2].hex(" ")
    return f"board {board} lock {lock}: {_KERONG.get(data[2], f'command {data[2]:02X}')}{' ' + rest if rest else ''}{total}"


def _text(data: bytes, is_ours: bool) -> str:
    del is_ours
    shown = data[: _SHOWN * 4].decode("ascii", "backslashreplace")
    return " | ".join(repr(line)[1:-1] for line in shown.splitlines() if line)


_READERS: dict[str, Callable[[bytes, bool], str]] = {"rtu": _rtu, "mbap": _mbap, "kerong": _kerong}


def _crc(data: bytes) -> bytes:
    """CRC-16 of Modbus over Serial Line V1.02, 6.2.2, low byte first."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register.to_bytes(2, "little")
