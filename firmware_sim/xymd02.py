"""XY-MD02 temperature and humidity board, as docs/wire/xymd02.md describes it.

Alone knows: this board's registers, and how it writes a temperature.
Must not know: what its sensor hangs in, or how its line is framed.
"""

from collections.abc import Callable, Sequence

from firmware_sim import modbus
from firmware_sim.modbus import Refusal

FIRST, SETTINGS = 1, 0x0101
NO_SENSOR = 0x8000
STEP_MC = 100
HUMIDITY = 612
READ_INPUT = 0x04


class Xymd02:
    """One board. `probes` has one reading of thousandths of a degree (None: no sensor); the humidity is in tenths of a per cent."""

    def __init__(
        self, board: str, address: int, probes: Sequence[Callable[[float], float | None] | None], humidity: int = HUMIDITY
    ) -> None:
        self.id = board
        self._probe = probes[0]
        self._humidity = humidity
        self._address = address
        self._settings = [address, 9600, 0, 0]
        self._functions = {READ_INPUT: self._measured, modbus.READ_HOLDING: self._held, modbus.WRITE_REGISTER: self._write}

    @property
    def address(self) -> int:
        """The address that it answers at until its next start."""
        return self._address

    @address.setter
    def address(self, address: int) -> None:
        self._address = self._settings[0] = address

    def answer(self, pdu: bytes, at_s: float, *, is_broadcast: bool) -> bytes | None:
        """See ModbusBoard."""
        reply = modbus.serve(pdu, self._functions, at_s)
        return None if is_broadcast else reply

    def power_off(self, _at_s: float) -> None:
        """Its settings are kept, and hold from the next start on; it measures anew."""
        self._address = self._settings[0]

    def _measured(self, pdu: bytes, at_s: float) -> bytes:
        request = modbus.reading(pdu, 2)
        reading_mc = None if self._probe is None else self._probe(at_s)
        words = [NO_SENSOR if reading_mc is None else round(reading_mc / STEP_MC) & 0xFFFF, self._humidity]
        return modbus.words_reply(pdu[0], _part(words, request.address - FIRST, request.word))

    def _held(self, pdu: bytes, _at_s: float) -> bytes:
        request = modbus.reading(pdu, len(self._settings))
        return modbus.words_reply(pdu[0], _part(self._settings, request.address - SETTINGS, request.word))

    def _write(self, pdu: bytes, _at_s: float) -> bytes:
        """A new address or baud holds after the next start, so the reply is still the old board's."""
        request = modbus.single(pdu)
        place = request.address - SETTINGS
        if not 0 <= place < len(self._settings):
            raise Refusal(modbus.ILLEGAL_ADDRESS)
        self._settings[place] = request.word
        return pdu


def _part(words: list[int], first: int, count: int) -> list[int]:
    """Some words of a board. Raises Refusal(2) where it has none."""
    if first < 0 or first + count > len(words):
        raise Refusal(modbus.ILLEGAL_ADDRESS)
    return words[first : first + count]
