"""Baykon MX08 weighing system with one digitiser, as docs/wire/baykon.md describes it (Command Set 1).

Alone knows: this instrument's registers, status bits and controls, and how it digitises.
Must not know: what lies on its cell, or how its line is framed.

Calibration is not simulated: its registers can be written and read, and do nothing.
"""

from firmware_sim import modbus
from firmware_sim.cell import Cell, Sample
from firmware_sim.display import Shown, State
from firmware_sim.modbus import Refusal

REGISTERS = 13
CONTROL, CALIBRATION, SPAN = 8, 9, 10
NONE, ZERO, TARE, CLEAR = 0, 1, 2, 3
IS_SOUND, MOVES, IS_NET, AT_ZERO = 1 << 1, 1 << 2, 1 << 3, 1 << 12
ERROR_SHIFT = 13
OUT_OF_RANGE, OVER = 1, 2
READY = 1
_OUNCE_DIGITS_PER_DIGIT = 1 / 28.349523125


class Baykon:
    """One instrument. `trouble` of its cell is an error code of the manual (1-7); `is_low_first` is its setting of the word order."""

    def __init__(self, board: str, address: int, cell: Cell, digit_mg: int, step: int, *, is_low_first: bool = False) -> None:
        self.id = board
        self.address = address
        self._cell = cell
        self._digit_mg, self._step, self._is_low_first = digit_mg, step, is_low_first
        self._zero_mg = 0.0
        self._tare = 0
        self._kept = {CALIBRATION: 0, SPAN: 0, SPAN + 1: 0}
        self._functions = {modbus.READ_HOLDING: self._read, modbus.WRITE_REGISTERS: self._write}

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard."""
        reply = modbus.serve(pdu, self._functions, at_s)
        return None if is_broadcast else reply

    def face(self, at_s: float) -> Shown:
        """See Weighing."""
        sample = self._cell.look(at_s)
        state: State = "broken" if sample.is_broken else "over" if sample.is_overloaded else "weight"
        digits = 0 if sample.is_broken else self._digits(sample) - self._tare
        places = max(0, 4 - len(str(self._digit_mg)))
        return Shown(
            state, f"{digits * self._digit_mg / 1000:.{places}f}", "oz" if sample.is_other_unit else "g", sample.is_steady, sample.trouble
        )

    def power_off(self, _at_s: float) -> None:
        """Lose the supply: zero and tare are forgotten."""
        self._zero_mg, self._tare = 0.0, 0

    def _read(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_REGISTERS_READ)
        if request.address + request.word > REGISTERS:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        words = self._words(self._cell.read(at_s))
        return modbus.words_reply(pdu[0], words[request.address : request.address + request.word])

    def _words(self, sample: Sample) -> list[int]:
        gross = 0 if sample.is_broken else self._digits(sample)
        status = self._status(sample)
        shown, tare, gross_words = (self._halves(value) for value in (gross - self._tare, self._tare, gross))
        return [*shown, status, *tare, *gross_words, status, NONE, *self._kept.values(), READY]

    def _status(self, sample: Sample) -> int:
        error = sample.trouble or (OUT_OF_RANGE if sample.is_broken else OVER if sample.is_overloaded else 0)
        rules = (
            (IS_SOUND, not error),
            (MOVES, not sample.is_steady),
            (IS_NET, bool(self._tare)),
            (AT_ZERO, not error and abs(sample.mass_mg - self._zero_mg) <= self._digit_mg * self._step / 4),
        )
        return sum(bit for bit, is_so in rules if is_so) | error << ERROR_SHIFT

    def _digits(self, sample: Sample) -> int:
        digits = (sample.mass_mg - self._zero_mg) / self._digit_mg
        return round(digits * (_OUNCE_DIGITS_PER_DIGIT if sample.is_other_unit else 1.0) / self._step) * self._step

    def _halves(self, value: int) -> tuple[int, int]:
        high, low = value >> 16 & 0xFFFF, value & 0xFFFF
        return (low, high) if self._is_low_first else (high, low)

    def _write(self, pdu: bytes, at_s: float) -> bytes:
        address, words = modbus.written_words(pdu)
        if address == CONTROL and len(words) == 1:
            self._control(words[0], at_s)
        elif address >= CALIBRATION and address + len(words) <= SPAN + 2:
            self._kept.update(zip(range(address, SPAN + 2), words, strict=False))
        else:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return pdu[:5]

    def _control(self, command: int, at_s: float) -> None:
        sample = self._cell.read(at_s)
        if command == ZERO:
            self._zero_mg = sample.mass_mg
        elif command == TARE:
            self._tare = self._digits(sample)
        elif command == CLEAR:
            self._tare = 0
        elif command != NONE:
            raise Refusal(modbus.ILLEGAL_VALUE)
