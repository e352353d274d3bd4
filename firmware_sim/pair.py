"""What befalls a whole line, whoever is on it: a cut pair, a solenoid's interference, a gateway that holds replies back.

Alone knows: what the line itself does to bytes on their way.
Must not know: frames, boards, or which kind of end the line has.
"""

from collections.abc import Callable

from firmware_sim.fault import Faults

INTERFERENCE_S = 0.3
"""So long after a coil switched its interference is on the line."""


class Pair:
    """One line's two wires, in both directions: `pass_in` before a board hears, `pass_out` before the other end does."""

    def __init__(self, bus: str, faults: Faults, clock: Callable[[], float], speak: Callable[[bytes], None]) -> None:
        self._bus, self._faults, self._clock, self._speak = bus, faults, clock, speak
        self._kept: bytes | None = None

    def pass_in(self, data: bytes) -> bytes:
        """What the boards hear of `data`."""
        return b"" if self._faults and self._faults.holds("line_dead", self._bus) else data

    def pass_out(self, data: bytes) -> None:
        """Let the other end hear what becomes of `data`."""
        faults = self._faults
        if faults:
            if faults.holds("line_dead", self._bus):
                return
            if faults.holds("gateway_buffers", self._bus):
                kept, self._kept = self._kept, data
                if kept is None:
                    return
                data = kept
            else:
                self._kept = None
            if faults.holds("line_disturbed", self._bus) and self._clock() < faults.switched_s + INTERFERENCE_S:
                data = _spoilt(data, faults)
        self._speak(data)


def _spoilt(data: bytes, faults: Faults) -> bytes:
    spoilt = bytearray(data)
    spoilt[faults.rng.randrange(len(spoilt))] ^= 1 << faults.rng.randrange(8)
    return bytes(spoilt)
