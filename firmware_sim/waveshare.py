"""Waveshare Modbus relay and I/O boards, as docs/wire/waveshare.md describes them.

Alone knows: these boards' addresses, their timed flash, what an input does to an output in each mode, and when they keep silent.
Must not know: what their outputs drive, what their inputs sense, or how their line is framed.

A board has as many outputs and inputs as it is given; one without inputs has no output modes. The UART register is kept; the line keeps its
own speed.
"""

from collections.abc import Callable, Sequence
from functools import partial

from firmware_sim import modbus
from firmware_sim.agenda import Agenda, Appointment
from firmware_sim.coil import Coil
from firmware_sim.modbus import Refusal

QUANTUM_S = 0.1
LONGEST_FLASH = 0x7FFF
ON, OFF, TOGGLE = 0xFF00, 0x0000, 0x5500
ALL_RELAYS, TOGGLE_ALL, FLASH_ON, FLASH_OFF = 0x00FF, 0x01FF, 0x0200, 0x0400
OUTPUT_MODE, UART, ADDRESS, FIRMWARE = 0x1000, 0x2000, 0x4000, 0x8000
NORMAL, LINKAGE, TOGGLED, EDGE = range(4)
HIGHEST_ADDRESS = 255
HIGHEST_PARITY, HIGHEST_BAUD_CODE = 2, 7
FIRMWARE_VERSION = 200
READ_ADDRESS = bytes((modbus.READ_HOLDING, 0x40, 0x00, 0x00, 0x01))


class Waveshare:
    """Outputs (`coils`) and inputs (each told the moment it is read at) at one address."""

    def __init__(self, board: str, address: int, coils: Sequence[Coil], inputs: Sequence[Callable[[float], bool]], agenda: Agenda) -> None:
        assert len(inputs) in {0, len(coils)}
        self.id = board
        self.address = address
        self._coils = coils
        self._inputs = inputs
        self._agenda = agenda
        self._flashes: list[Appointment | None] = [None] * len(coils)
        self._modes = [NORMAL] * len(inputs)
        self._levels: list[bool] = []
        self._uart = 0x0001
        self._functions = {
            modbus.READ_COILS: self._read_coils,
            **({modbus.READ_INPUTS: self._read_inputs} if inputs else {}),
            modbus.READ_HOLDING: self._read_registers,
            modbus.WRITE_COIL: self._write_coil,
            modbus.WRITE_REGISTER: self._write_register,
            modbus.WRITE_COILS: self._write_coils,
            modbus.WRITE_REGISTERS: self._write_registers,
        }

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard. A broadcast is carried out in silence; only the question for the address is answered."""
        self.sense(at_s)
        reply = modbus.serve(pdu, self._functions, at_s)
        return reply if not is_broadcast or pdu == READ_ADDRESS else None

    def power_off(self, at_s: float) -> None:
        """Lose the supply: relays open, timers gone. Modes and address are kept."""
        for number in range(len(self._coils)):
            self._switch(number, False, at_s)

    def sense(self, at_s: float) -> None:
        """Something about the inputs may have changed: outputs in other modes than normal follow, without a host."""
        if not any(self._modes):
            return
        before, self._levels = self._levels, [read(at_s) for read in self._inputs]
        for number, (was_on, is_on) in enumerate(zip(before or self._levels, self._levels, strict=True)):
            mode = self._modes[number]
            if mode == LINKAGE and self._coils[number].is_commanded != is_on:
                self._switch(number, is_on, at_s)
            elif was_on != is_on and (mode == EDGE or (mode == TOGGLED and is_on)):
                self._switch(number, not self._coils[number].is_commanded, at_s)

    def _read_coils(self, pdu: bytes, _at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_BITS_READ)
        channels = self._channels(request.address, request.word)
        return modbus.bits_reply(pdu[0], [self._coils[number].is_commanded for number in channels])

    def _read_inputs(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_BITS_READ)
        return modbus.bits_reply(pdu[0], [self._inputs[number](at_s) for number in self._channels(request.address, request.word)])

    def _write_coil(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.single(pdu)
        address, value = request.address, request.word
        count = len(self._coils)
        if address < count:
            self._command((address,), value, at_s)
        elif address == ALL_RELAYS:
            self._command(range(count), value, at_s)
        elif address == TOGGLE_ALL:
            if value not in {ON, OFF}:
                raise Refusal(modbus.ILLEGAL_VALUE)
            self._command(range(count) if value == ON else (), TOGGLE, at_s)
        elif FLASH_ON <= address < FLASH_ON + count:
            self._flash(address - FLASH_ON, True, value, at_s)
        elif FLASH_OFF <= address < FLASH_OFF + count:
            self._flash(address - FLASH_OFF, False, value, at_s)
        else:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return pdu

    def _write_coils(self, pdu: bytes, at_s: float) -> bytes:
        address, bits = modbus.written_bits(pdu)
        for number, bit in zip(self._channels(address, len(bits)), bits, strict=True):
            self._order(number, bit, at_s)
        return pdu[:5]

    def _command(self, numbers: Sequence[int], value: int, at_s: float) -> None:
        if value not in {ON, OFF, TOGGLE}:
            raise Refusal(modbus.ILLEGAL_VALUE)
        for number in numbers:
            self._order(number, not self._coils[number].is_commanded if value == TOGGLE else value == ON, at_s)

    def _flash(self, number: int, is_on: bool, tenths: int, at_s: float) -> None:
        if not 1 <= tenths <= LONGEST_FLASH:
            raise Refusal(modbus.ILLEGAL_VALUE)
        if not self._order(number, is_on, at_s):
            return
        self._flashes[number] = self._agenda.at(at_s + tenths * QUANTUM_S, partial(self._switch, number, not is_on))

    def _order(self, number: int, is_on: bool, at_s: float) -> bool:
        """Do what a host orders, unless the output is its input's alone."""
        if self._modes and self._modes[number] == LINKAGE:
            return False
        self._switch(number, is_on, at_s)
        return True

    def _switch(self, number: int, is_on: bool, at_s: float) -> None:
        flash = self._flashes[number]
        if flash is not None:
            flash.cancel()
            self._flashes[number] = None
        self._coils[number].switch(is_on, at_s)

    def _read_registers(self, pdu: bytes, _at_s: float) -> bytes:
        request = modbus.reading(pdu, modbus.MOST_REGISTERS_READ)
        return modbus.words_reply(pdu[0], [self._register(request.address + offset) for offset in range(request.word)])

    def _register(self, address: int) -> int:
        if OUTPUT_MODE <= address < OUTPUT_MODE + len(self._modes):
            return self._modes[address - OUTPUT_MODE]
        others = {UART: self._uart, ADDRESS: self.address, FIRMWARE: FIRMWARE_VERSION}
        if address not in others:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return others[address]

    def _write_register(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.single(pdu)
        self._set_all(request.address, [request.word], at_s)
        return pdu

    def _write_registers(self, pdu: bytes, at_s: float) -> bytes:
        address, words = modbus.written_words(pdu)
        self._set_all(address, words, at_s)
        return pdu[:5]

    def _set_all(self, address: int, words: Sequence[int], at_s: float) -> None:
        for offset, word in enumerate(words):
            self._judge_setting(address + offset, word)
        for offset, word in enumerate(words):
            place = address + offset
            if place == ADDRESS:
                self.address = word
            elif place == UART:
                self._uart = word
            else:
                self._levels = [] if not any(self._modes) else self._levels
                self._modes[place - OUTPUT_MODE] = word
        self.sense(at_s)

    def _channels(self, address: int, count: int) -> range:
        if address + count > len(self._coils):
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        return range(address, address + count)

    def _judge_setting(self, address: int, word: int) -> None:
        if OUTPUT_MODE <= address < OUTPUT_MODE + len(self._modes):
            is_taken = word <= EDGE
        elif address == UART:
            is_taken = word >> 8 <= HIGHEST_PARITY and word & 0xFF <= HIGHEST_BAUD_CODE
        elif address == ADDRESS:
            is_taken = 1 <= word <= HIGHEST_ADDRESS
        else:
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        if not is_taken:
            raise Refusal(modbus.ILLEGAL_VALUE)
