"""OSDP messages as bytes, and the arithmetic of their secure channel, as docs/wire/osdp.md tells them.

Alone knows: framing, check sum, padding, cryptograms and message authentication codes.
Must not know: what a command does, or which reader is spoken to.

The cipher modes are the protocol's own: AES-128 block by block for keys and cryptograms, in a chain for codes and data.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

SOM = 0x53
REPLY = 0x80
LONGEST = 1440
DEFAULT_KEY = bytes(range(0x30, 0x40))
"""SCBK-D: what a reader has before anybody gave it a key of its own."""

_HEADER = 5
_CRC = 2
_MAC = 4
_SEQUENCE, _HAS_CRC, _HAS_BLOCK = 0x03, 0x04, 0x08
_SHORTEST = _HEADER + 1 + _CRC
_FIRST_MAC_BLOCK = 0x15


def check_sum(data: bytes) -> bytes:
    """CRC-16, polynomial 1021, begun with 1D0F, not reflected; low byte first."""
    value = 0x1D0F
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value.to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `block` is the security block without its length; `mac` is empty where none came; `signed` is what it covers."""

    address: int
    sequence: int
    code: int
    data: bytes = b""
    block: bytes = b""
    mac: bytes = b""
    signed: bytes = b""


def build(message: Message, key: "Keys | None" = None, chain: bytes = b"") -> tuple[bytes, bytes]:
    """The bytes of a message, and its whole authentication code (empty without `key`), which the next one is chained to."""
    block = bytes((len(message.block) + 1,)) + message.block if message.block else b""
    has_mac = key is not None
    length = _HEADER + len(block) + 1 + len(message.data) + (_MAC if has_mac else 0) + _CRC
    control = message.sequence | _HAS_CRC | (_HAS_BLOCK if block else 0)
    header = bytes((SOM, message.address)) + length.to_bytes(2, "little") + bytes((control,))
    signed = header + block + bytes((message.code,)) + message.data
    code = b"" if key is None else key.code(signed, chain)
    frame = signed + code[:_MAC]
    return frame + check_sum(frame), code


def parse(frame: bytes) -> Message | None:
    """The message in a whole frame, or None where its check sum or its shape is wrong."""
    if len(frame) < _SHORTEST or frame[0] != SOM or not frame[4] & _HAS_CRC or check_sum(frame[:-_CRC]) != frame[-_CRC:]:
        return None
    start = _HEADER
    block = b""
    if frame[4] & _HAS_BLOCK:
        start += frame[_HEADER]
        block = frame[_HEADER + 1 : start]
        if not block or start >= len(frame) - _CRC:
            return None
    end = len(frame) - _CRC - (_MAC if block and block[0] >= _FIRST_MAC_BLOCK else 0)
    if start >= end:
        return None
    return Message(frame[1], frame[4] & _SEQUENCE, frame[start], frame[start + 1 : end], block, frame[end:-_CRC], frame[:end])


def cut(heard: bytearray) -> Iterator[bytes]:
    """Take every whole frame out of `heard`; noise before a start is dropped."""
    while (start := heard.find(SOM)) >= 0:
        del heard[:start]
        if len(heard) < _HEADER:
            return
        length = int.from_bytes(heard[2:4], "little")
        if not _SHORTEST <= length <= LONGEST:
            del heard[:1]
            continue
        if len(heard) < length:
            return
        yield bytes(heard[:length])
        del heard[:length]
    heard.clear()


def _blocks(key: bytes, data: bytes) -> bytes:
    coder = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - the protocol's own
    return coder.update(data) + coder.finalize()


def _chained(key: bytes, chain: bytes, data: bytes) -> bytes:
    coder = Cipher(AES(key), CBC(chain)).encryptor()
    return coder.update(data) + coder.finalize()


def _padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % 16)


@dataclass(frozen=True, slots=True)
class Keys:
    """The three keys of one session."""

    encryption: bytes
    first: bytes
    second: bytes

    @classmethod
    def of(cls, base: bytes, challenge: bytes) -> "Keys":
        """From the base key and the panel's random number, of which six bytes count."""
        seeds = (bytes((1, kind)) + challenge[:6] + bytes(8) for kind in (0x82, 0x01, 0x02))
        return cls(*(_blocks(base, seed) for seed in seeds))

    def cryptogram(self, mine: bytes, yours: bytes) -> bytes:
        """Proof that both random numbers and the key are known."""
        return _blocks(self.encryption, mine + yours)

    def first_chain(self, cryptogram: bytes) -> bytes:
        """What the first code of a session is chained to (R-MAC I)."""
        return _blocks(self.second, _blocks(self.first, cryptogram))

    def code(self, signed: bytes, chain: bytes) -> bytes:
        """The authentication code of a message: all blocks but the last under one key, the last under the other."""
        data = signed if len(signed) % 16 == 0 else _padded(signed)
        if len(data) > 16:  # noqa: PLR2004 - one block
            chain = _chained(self.first, chain, data[:-16])[-16:]
        return _chained(self.second, chain, data[-16:])

    def lock(self, data: bytes, chain: bytes) -> bytes:
        """Data under encryption; its chain begins with the complement of the other side's last code."""
        return _chained(self.encryption, bytes(byte ^ 0xFF for byte in chain), _padded(data))

    def unlock(self, data: bytes, chain: bytes) -> bytes | None:
        """The data again, or None where it cannot be."""
        if not data or len(data) % 16:
            return None
        coder = Cipher(AES(self.encryption), CBC(bytes(byte ^ 0xFF for byte in chain))).decryptor()
        padded = coder.update(data) + coder.finalize()
        plain, mark, rest = padded.rpartition(b"\x80")
        return plain if mark and not any(rest) else None
