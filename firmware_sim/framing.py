"""How a request or reply is wrapped on a line: Modbus RTU with its check sum, and the MBAP header of Modbus TCP.

Alone knows: CRC-16, the MBAP header, the limits of a frame.
Must not know: what a PDU says, or when its bytes come and go.

Sources: Modbus over Serial Line V1.02 section 2.5.1 and appendix B; Modbus Messaging on TCP/IP V1.0b section 3.1.3.
"""

from dataclasses import dataclass
from functools import lru_cache

SHORTEST_RTU, LONGEST_RTU = 4, 256
MBAP_LENGTH = 7
SHORTEST_MBAP, LONGEST_MBAP = 2, 254
"""The values that the length field may have: unit and PDU."""


def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = entry >> 1 ^ 0xA001 if entry & 1 else entry >> 1
        entries.append(entry)
    return tuple(entries)


_CRC = _table()


@lru_cache(maxsize=4096)
def check_sum(data: bytes) -> bytes:
    """CRC-16 of Modbus (start FFFF, reflected A001), low byte first. It remembers: the same few frames come again and again."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return bytes((crc & 0xFF, crc >> 8))


def rtu(unit: int, pdu: bytes) -> bytes:
    """Wrap a PDU for a serial line."""
    body = bytes((unit,)) + pdu
    return body + check_sum(body)


def rtu_parts(frame: bytes) -> tuple[int, bytes] | None:
    """Unit and PDU of a frame, or None for what a board does not hear: too short, too long, wrong check sum."""
    if not SHORTEST_RTU <= len(frame) <= LONGEST_RTU or check_sum(frame[:-2]) != frame[-2:]:
        return None
    return frame[0], frame[1:-2]


@dataclass(frozen=True, slots=True)
class MbapHead:
    """The header of one Modbus TCP message; `length` counts unit and PDU."""

    transaction: int
    protocol: int
    length: int
    unit: int

    @classmethod
    def parse(cls, data: bytes | bytearray) -> "MbapHead":
        """Read the first seven bytes."""
        return cls(data[0] << 8 | data[1], data[2] << 8 | data[3], data[4] << 8 | data[5], data[6])

    @property
    def is_sound(self) -> bool:
        """Whether a server goes on listening after it."""
        return self.protocol == 0 and SHORTEST_MBAP <= self.length <= LONGEST_MBAP


def mbap(transaction: int, unit: int, pdu: bytes) -> bytes:
    """Wrap a PDU for Modbus TCP."""
    return transaction.to_bytes(2, "big") + b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes((unit,)) + pdu
