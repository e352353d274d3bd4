"""Laumas TLB load-cell transmitter, as docs/wire/laumas.md describes it.

Alone knows: this transmitter's registers, status bits and commands, and how it digitises.
Must not know: what lies on its cell, or how its line is framed.
"""

from firmware_sim import modbus
from firmware_sim.cell import Cell, Sample
from firmware_sim.display import Shown, State
from firmware_sim.modbus import Refusal

LAST_REGISTER = 42
MOST_REGISTERS = 32
COMMAND, STATUS, GROSS, NET, PEAK, DIVISION, SETPOINT = 5, 6, 7, 9, 11, 13, 16
TARE, ZERO, FORGET_TARE, SAVE = 7, 8, 9, 99
CELL_ERROR, OVERLOAD, GROSS_BEYOND, NET_BEYOND = 1 << 0, 1 << 2, 1 << 4, 1 << 5
GROSS_NEGATIVE, NET_NEGATIVE, STABLE, AT_ZERO = 1 << 7, 1 << 8, 1 << 11, 1 << 12
TROUBLE = 0x003F
MOST_DIGITS = 999_999
GRAM, POUND = 1, 3
POUND_MG = 453_592.37
DIVISION_CODES = {
    100_000: 0, 50_000: 1, 20_000: 2, 10_000: 3, 5000: 4, 2000: 5, 1000: 6, 500: 7,
    200: 8, 100: 9, 50: 10, 20: 11, 10: 12, 5: 13, 2: 14, 1: 15,
}  # fmt: skip
"""Division (mg) -> its code with the unit gram."""

FIRMWARE, INSTRUMENT, YEAR, SERIAL, PROGRAM = 104, 27, 2024, 4711, 0


class Laumas:
    """One transmitter and its cell. `division_mg` is one of DIVISION_CODES; a cell that is overloaded or cut shows in the status."""

    def __init__(self, board: str, address: int, cell: Cell, division_mg: int = 10) -> None:
        self.id = board
        self.address = address
        self._cell = cell
        self._division_mg = division_mg
        self._digits_per_division = int(str(division_mg)[0])
        self._zero_mg = 0.0
        self._tare = 0
        self._peak = 0
        self._settings = [0] * (LAST_REGISTER + 1 - SETPOINT)
        self._functions = {
            modbus.READ_HOLDING: self._read,
            modbus.WRITE_REGISTER: self._write_one,
            modbus.WRITE_REGISTERS: self._write_many,
        }

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard."""
        reply = modbus.serve(pdu, self._functions, at_s)
        return None if is_broadcast else reply

    def face(self, at_s: float) -> Shown:
        """See Weighing."""
        sample = self._cell.look(at_s)
        state: State = "broken" if sample.is_broken else "over" if sample.is_overloaded else "weight"
        digits = 0 if sample.is_broken else self._digits(sample) - self._tare
        text = f"{digits * self._division_mg / self._digits_per_division / 1000:.{4 - len(str(self._division_mg))}f}"
        return Shown(state, text, "lb" if sample.is_other_unit else "g", sample.is_steady, sample.trouble)

    def power_off(self, _at_s: float) -> None:
        """Lose the supply: zero and tare are forgotten."""
        self._zero_mg, self._tare, self._peak = 0.0, 0, 0

    def _read(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, MOST_REGISTERS)
        if request.address + request.word > LAST_REGISTER + 1:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        words = self._words(self._cell.read(at_s))
        return modbus.words_reply(pdu[0], words[request.address : request.address + request.word])

    def _words(self, sample: Sample) -> list[int]:
        gross = 0 if sample.is_broken else self._digits(sample)
        net = 0 if sample.is_broken else gross - self._tare
        self._peak = max(self._peak, gross)
        division = (POUND if sample.is_other_unit else GRAM) << 8 | DIVISION_CODES[self._division_mg]
        weights = [half for value in (gross, net, self._peak) for half in (abs(value) >> 16 & 0xFFFF, abs(value) & 0xFFFF)]
        head = [FIRMWARE, INSTRUMENT, YEAR, SERIAL, PROGRAM, 0, self._status(sample, gross, net)]
        return [*head, *weights, division, 0, 0, *self._settings]

    def _status(self, sample: Sample, gross: int, net: int) -> int:
        rules = (
            (CELL_ERROR, sample.is_broken),
            (OVERLOAD, sample.is_overloaded),
            (GROSS_BEYOND, abs(gross) > MOST_DIGITS),
            (NET_BEYOND, abs(net) > MOST_DIGITS),
            (GROSS_NEGATIVE, gross < 0),
            (NET_NEGATIVE, net < 0),
            (STABLE, sample.is_steady),
            (AT_ZERO, not sample.is_broken and abs(sample.mass_mg - self._zero_mg) <= self._division_mg / 4),
        )
        return sum(bit for bit, is_so in rules if is_so) | sample.trouble & TROUBLE

    def _digits(self, sample: Sample) -> int:
        divisions = (sample.mass_mg - self._zero_mg) / self._division_mg
        return round(divisions * (1000 / POUND_MG if sample.is_other_unit else 1)) * self._digits_per_division

    def _write_one(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.single(pdu)
        self._write(request.address, [request.word], at_s)
        return pdu

    def _write_many(self, pdu: bytes, at_s: float) -> bytes:
        address, words = modbus.written_words(pdu, MOST_REGISTERS)
        self._write(address, words, at_s)
        return pdu[:5]

    def _write(self, address: int, words: list[int], at_s: float) -> None:
        if address == COMMAND and len(words) == 1:
            self._command(words[0], at_s)
        elif address >= SETPOINT and address + len(words) <= LAST_REGISTER + 1:
            self._settings[address - SETPOINT : address - SETPOINT + len(words)] = words
        else:
            raise Refusal(modbus.ILLEGAL_ADDRESS)

    def _command(self, command: int, at_s: float) -> None:
        if command in {TARE, ZERO}:
            sample = self._cell.read(at_s)
            if not sample.is_steady or sample.is_broken or sample.is_overloaded:
                raise Refusal(modbus.ILLEGAL_VALUE)
            if command == TARE:
                self._tare = self._digits(sample)
            else:
                self._zero_mg = sample.mass_mg
        elif command == FORGET_TARE:
            self._tare = 0
        elif command != SAVE:
            raise Refusal(modbus.ILLEGAL_VALUE)
