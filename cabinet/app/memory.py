"""Snapshots of the core's state, so that a start need not fold a million facts.

Alone knows: how a state is written down whole. Must not know: where it is kept.
A snapshot is a convenience: what does not read back as a state of this software is as good as none.
"""

import msgspec

from cabinet.domain.phrase import plain
from cabinet.domain.state import State


def freeze(state: State) -> bytes:
    """The whole state as bytes."""
    return msgspec.msgpack.encode(state, enc_hook=plain)


def thaw(data: bytes) -> State | None:
    """The state that `freeze` wrote, or None when these bytes are none."""
    try:
        return msgspec.msgpack.decode(data, type=State)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None
