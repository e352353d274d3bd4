"""R4DCB08 board of eight DS18B20 probes, as docs/wire/r4dcb08.md describes it.

Alone knows: this board's registers, and what stands in the register of a probe that is missing or has not measured yet.
Must not know: what a probe hangs in, or how its line is framed.
"""

from collections.abc import Callable, Sequence

from firmware_sim import modbus
from firmware_sim.modbus import Refusal

PROBES = 8
CORRECTIONS, SETTINGS = 8, 0xFE
NO_PROBE = 0x8000
JUST_STARTED_MC = 85_000.0
STEP_MC = 100
BAUD_CODE_9600 = 3
MOST_REGISTERS = 16
HIGHEST_ADDRESS = 247


class R4dcb08:
    """One board. `probes` are readings of thousandths of a degree (None where nothing is plugged in, or nothing answers)."""

    def __init__(self, board: str, address: int, probes: Sequence[Callable[[float], float | None] | None]) -> None:
        self.id = board
        self.address = address
        self._probes = probes
        self._baud_code = BAUD_CODE_9600
        self._has_measured = True
        self._functions = {modbus.READ_HOLDING: self._read, modbus.WRITE_REGISTER: self._write}

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard."""
        reply = modbus.serve(pdu, self._functions, at_s)
        return None if is_broadcast else reply

    def power_off(self, _at_s: float) -> None:
        """The probes' memories hold 85 C until they have measured again: the first answer after this carries it."""
        self._has_measured = False

    def _read(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, MOST_REGISTERS)
        words = [*(self._word(number, at_s) for number in range(PROBES)), *[0] * PROBES]
        first = request.address
        if first >= SETTINGS:
            words, first = [self.address, self._baud_code], first - SETTINGS
        elif first < CORRECTIONS:
            self._has_measured = True
        if first + request.word > len(words):
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return modbus.words_reply(pdu[0], words[first : first + request.word])

    def _write(self, pdu: bytes, _at_s: float) -> bytes:
        """A new address holds at once, a new baud after the next start. Corrections are not written to from here."""
        request = modbus.single(pdu)
        if request.address not in {SETTINGS, SETTINGS + 1}:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        if request.address != SETTINGS:
            self._baud_code = request.word
        elif 1 <= request.word <= HIGHEST_ADDRESS:
            self.address = request.word
        else:
            raise Refusal(modbus.ILLEGAL_VALUE)
        return pdu

    def _word(self, number: int, at_s: float) -> int:
        probe = self._probes[number] if number < len(self._probes) else None
        reading_mc = None if probe is None else probe(at_s)
        if reading_mc is None:
            return NO_PROBE
        return round((reading_mc if self._has_measured else JUST_STARTED_MC) / STEP_MC) & 0xFFFF
