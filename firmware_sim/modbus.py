"""The request side of Modbus, as any board of the simulator obeys it: shapes of requests, limits, exceptions.

Alone knows: how a PDU is taken apart, and in which order it is judged (function, quantity, address, value).
Must not know: any board's addresses, or how a PDU is framed.

Source: Modbus Application Protocol V1.1b3, sections 6 and 7.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

READ_COILS, READ_INPUTS, READ_HOLDING = 0x01, 0x02, 0x03
WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS = 0x05, 0x06, 0x0F, 0x10
MOST_BITS_READ, MOST_BITS_WRITTEN = 2000, 1968
MOST_REGISTERS_READ, MOST_REGISTERS_WRITTEN = 125, 123
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
BROADCAST = 0
_EXCEPTION = 0x80
_SINGLE_LENGTH = 5
_HEAD_LENGTH = 6


class Refusal(Exception):
    """The board answers with an exception; `code` is its number on the wire."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code:02X}")
        self.code = code


class ModbusBoard(Protocol):
    """A board on a Modbus line."""

    id: str
    address: int

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """Carry out a request of at least one byte that arrived whole at `at_s`; the reply's PDU, or None for silence."""
        ...

    def power_off(self, at_s: float) -> None:
        """Lose the supply: what is not kept in its memory is forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class Single:
    """A request of an address and one 16-bit word: a read's quantity, a single write's value."""

    address: int
    word: int


def single(pdu: bytes) -> Single:
    """Take apart 01, 02, 03, 05, 06. Raises Refusal(3) for another length."""
    if len(pdu) != _SINGLE_LENGTH:
        raise Refusal(ILLEGAL_VALUE)
    return Single(pdu[1] << 8 | pdu[2], pdu[3] << 8 | pdu[4])


def reading(pdu: bytes, most: int) -> Single:
    """Take apart a read of 1 to `most` things. Raises Refusal(3)."""
    request = single(pdu)
    if not 1 <= request.word <= most:
        raise Refusal(ILLEGAL_VALUE)
    return request


def written_bits(pdu: bytes) -> tuple[int, list[bool]]:
    """Take apart 0F: first address and values. Raises Refusal(3)."""
    address, count = _head(pdu, MOST_BITS_WRITTEN)
    if pdu[5] != (count + 7) // 8 or len(pdu) != _HEAD_LENGTH + pdu[5]:
        raise Refusal(ILLEGAL_VALUE)
    return address, [bool(pdu[_HEAD_LENGTH + index // 8] >> index % 8 & 1) for index in range(count)]


def written_words(pdu: bytes, most: int = MOST_REGISTERS_WRITTEN) -> tuple[int, list[int]]:
    """Take apart 10: first address and values. Raises Refusal(3)."""
    address, count = _head(pdu, most)
    if pdu[5] != 2 * count or len(pdu) != _HEAD_LENGTH + pdu[5]:
        raise Refusal(ILLEGAL_VALUE)
    return address, [pdu[at] << 8 | pdu[at + 1] for at in range(_HEAD_LENGTH, len(pdu), 2)]


def _head(pdu: bytes, most: int) -> tuple[int, int]:
    if len(pdu) < _HEAD_LENGTH:
        raise Refusal(ILLEGAL_VALUE)
    count = pdu[3] << 8 | pdu[4]
    if not 1 <= count <= most:
        raise Refusal(ILLEGAL_VALUE)
    return pdu[1] << 8 | pdu[2], count


def bits_reply(function: int, bits: Sequence[bool]) -> bytes:
    """The reply to 01 and 02: byte count, then the first bit lowest."""
    packed = bytearray((len(bits) + 7) // 8)
    for index, bit in enumerate(bits):
        packed[index // 8] |= bit << index % 8
    return bytes((function, len(packed))) + packed


def words_reply(function: int, words: Sequence[int]) -> bytes:
    """The reply to 03: byte count, then each word high byte first."""
    return bytes((function, 2 * len(words))) + b"".join(word.to_bytes(2, "big") for word in words)


def serve(pdu: bytes, functions: Mapping[int, Callable[[bytes, float], bytes]], at_s: float) -> bytes:
    """Let the function's handler answer, or answer with the exception it raises; without a handler exception 01."""
    handler = functions.get(pdu[0])
    code = ILLEGAL_FUNCTION
    if handler is not None:
        try:
            return handler(pdu, at_s)
        except Refusal as refusal:
            code = refusal.code
    return bytes((pdu[0] | _EXCEPTION, code))
