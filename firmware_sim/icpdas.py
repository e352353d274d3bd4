"""ICP DAS tM-R5 and M-7000 digital modules, as docs/wire/icpdas.md describes them.

Alone knows: these modules' coils and registers, their host watchdog, their one-shot reset bit and their latches.
Must not know: what their outputs drive, what their inputs sense, or how their line is framed.

Every request for the module feeds its watchdog. After it fired, orders for outputs are echoed and not carried out until the status is
cleared (mode 0), or the first one clears it (mode 1). Settings outlive the supply. A latch follows levels: right after a clearing the one
of the present level is set again. The reply's delay and the serial settings are kept and not acted upon.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from firmware_sim import modbus
from firmware_sim.agenda import Agenda, Appointment
from firmware_sim.coil import Coil
from firmware_sim.modbus import Refusal

OUTPUT, INPUT, HIGH_IN, HIGH_OUT, LOW_IN, LOW_OUT, SAFE, POWER_ON = 0x00, 0x20, 0x40, 0x48, 0x60, 0x68, 0x80, 0xA0
MODE, ENABLE, CLEAR_LATCHES, FIRED, RESET = 0x103, 0x104, 0x107, 0x10D, 0x110
IDENTITY, ADDRESS, SERIAL, DELAY, TIMEOUT, COUNT = 0x1E0, 0x1E4, 0x1E5, 0x1E7, 0x1E8, 0x1EB
ON, OFF = 0xFF00, 0x0000
TENTH_S = 0.1
LIMITS = {ADDRESS: (1, 247), SERIAL: (0, 0xFF), DELAY: (0, 30), TIMEOUT: (0, 0xFF), COUNT: (0, 0)}
"""Registers that can be written, and from what to what; the count of the watchdog's firings only to 0."""


class Icpdas:
    """One module: its outputs and inputs; `numbers` are the four words of firmware and name."""

    def __init__(
        self,
        board: str,
        address: int,
        coils: Sequence[Coil],
        inputs: Sequence[Callable[[float], bool]],
        agenda: Agenda,
        numbers: Mapping[str, Any],
    ) -> None:
        self.id = board
        self.address = address
        self._coils, self._inputs, self._agenda = coils, inputs, agenda
        self._bits: dict[int, list[bool]] = {block: [False] * len(coils) for block in (SAFE, POWER_ON, HIGH_OUT, LOW_OUT)}
        self._bits |= {block: [False] * len(inputs) for block in (HIGH_IN, LOW_IN)}
        self._flags = {MODE: False, ENABLE: False, FIRED: False}
        self._words = {SERIAL: 0x06, DELAY: 0, TIMEOUT: 0, COUNT: 0}
        self._words |= {IDENTITY + place: word for place, word in enumerate(numbers["identity"])}
        self._was_reset = True
        self._is_dark = False
        self._dog: Appointment | None = None
        self._functions = {
            modbus.READ_COILS: self._read_bits,
            modbus.READ_INPUTS: self._read_bits,
            modbus.READ_HOLDING: self._read_words,
            modbus.WRITE_COIL: self._write_coil,
            modbus.WRITE_REGISTER: self._write_word,
            modbus.WRITE_COILS: self._write_coils,
            modbus.WRITE_REGISTERS: self._write_words,
        }

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard. A broadcast is carried out in silence."""
        if self._is_dark:
            self._is_dark = False
            for number, is_on in enumerate(self._bits[POWER_ON]):
                self._switch(number, is_on, at_s)
        self.sense(at_s)
        reply = modbus.serve(pdu, self._functions, at_s)
        self._feed(at_s)
        return None if is_broadcast else reply

    def power_off(self, at_s: float) -> None:
        """Lose the supply: outputs off, latches and watchdog gone; the next reading of the reset bit tells."""
        for number in range(len(self._coils)):
            self._switch(number, False, at_s)
        for block in (HIGH_IN, LOW_IN, HIGH_OUT, LOW_OUT):
            self._bits[block] = [False] * len(self._bits[block])
        if self._dog is not None:
            self._dog.cancel()
        self._flags[FIRED] = False
        self._was_reset = self._is_dark = True

    def sense(self, at_s: float) -> None:
        """Something about the inputs may have changed: latch what they are."""
        if self._is_dark:
            return
        for number, read in enumerate(self._inputs):
            self._bits[HIGH_IN if read(at_s) else LOW_IN][number] = True

    def _feed(self, at_s: float) -> None:
        if self._dog is not None:
            self._dog.cancel()
        if self._flags[ENABLE] and self._words[TIMEOUT] and not self._flags[FIRED]:
            self._dog = self._agenda.at(at_s + self._words[TIMEOUT] * TENTH_S, self._fire)

    def _fire(self, at_s: float) -> None:
        self._flags[FIRED] = True
        self._words[COUNT] += 1
        for number, is_on in enumerate(self._bits[SAFE]):
            self._switch(number, is_on, at_s)

    def _switch(self, number: int, is_on: bool, at_s: float) -> None:
        self._coils[number].switch(is_on, at_s)
        self._bits[HIGH_OUT if is_on else LOW_OUT][number] = True

    def _order(self, number: int, is_on: bool, at_s: float) -> None:
        """What a host orders; see above for what the watchdog's firing does to it."""
        if self._flags[FIRED]:
            if not self._flags[MODE]:
                return
            self._flags[FIRED] = False
        self._switch(number, is_on, at_s)

    def _read_bits(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_BITS_READ)
        return modbus.bits_reply(pdu[0], self._block(request.address, request.word, at_s))

    def _block(self, first: int, count: int, at_s: float) -> list[bool]:
        if first == RESET and count == 1:
            was_reset, self._was_reset = self._was_reset, False
            return [was_reset]
        if first in self._flags and count == 1:
            return [self._flags[first]]
        blocks = {**self._bits, OUTPUT: [coil.is_commanded for coil in self._coils], INPUT: [read(at_s) for read in self._inputs]}
        for start, values in blocks.items():
            if start <= first and first + count <= start + len(values):
                return values[first - start : first - start + count]
        raise Refusal(modbus.ILLEGAL_ADDRESS)

    def _write_coil(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.single(pdu)
        self._judge(request.address, 1)
        if request.word not in {ON, OFF}:
            raise Refusal(modbus.ILLEGAL_VALUE)
        self._set(request.address, request.word == ON, at_s)
        return pdu

    def _write_coils(self, pdu: bytes, at_s: float) -> bytes:
        first, values = modbus.written_bits(pdu)
        self._judge(first, len(values))
        for offset, value in enumerate(values):
            self._set(first + offset, value, at_s)
        return pdu[:5]

    def _judge(self, first: int, count: int) -> None:
        is_there = any(block <= first and first + count <= block + len(self._coils) for block in (OUTPUT, SAFE, POWER_ON))
        if not is_there and (count != 1 or first not in {*self._flags, CLEAR_LATCHES}):
            raise Refusal(modbus.ILLEGAL_ADDRESS)

    def _set(self, address: int, value: bool, at_s: float) -> None:
        if address == CLEAR_LATCHES:
            if value:
                for block in (HIGH_IN, LOW_IN, HIGH_OUT, LOW_OUT):
                    self._bits[block] = [False] * len(self._bits[block])
                self.sense(at_s)
        elif address == FIRED:
            self._flags[FIRED] = self._flags[FIRED] and not value
        elif address in self._flags:
            self._flags[address] = value
        elif address < INPUT:
            self._order(address, value, at_s)
        else:
            block = SAFE if address < POWER_ON else POWER_ON
            self._bits[block][address - block] = value

    def _read_words(self, pdu: bytes, _at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_REGISTERS_READ)
        words = {**self._words, ADDRESS: self.address}
        wanted = range(request.address, request.address + request.word)
        if any(place not in words for place in wanted):
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return modbus.words_reply(pdu[0], [words[place] for place in wanted])

    def _write_word(self, pdu: bytes, _at_s: float) -> bytes:
        request = modbus.single(pdu)
        self._put(request.address, [request.word])
        return pdu

    def _write_words(self, pdu: bytes, _at_s: float) -> bytes:
        first, words = modbus.written_words(pdu)
        self._put(first, words)
        return pdu[:5]

    def _put(self, first: int, words: Sequence[int]) -> None:
        for place, word in enumerate(words, first):
            if place not in LIMITS:
                raise Refusal(modbus.ILLEGAL_ADDRESS)
            lowest, highest = LIMITS[place]
            if not lowest <= word <= highest:
                raise Refusal(modbus.ILLEGAL_VALUE)
        for place, word in enumerate(words, first):
            if place == ADDRESS:
                self.address = word
            else:
                self._words[place] = word
