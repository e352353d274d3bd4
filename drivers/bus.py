"""Modbus: what is asked and what is answered. The only door through which pymodbus enters.

Alone knows: pymodbus, of which it uses the PDUs and the check sum, but neither the client nor the framers
(docs/decisions/0003-pymodbus-behind-one-file.md).
Must not know: any board's registers, how frames are cut out of a line, or whose turn it is.

Source: Modbus Application Protocol V1.1b3. Addresses count from 0, as on the wire.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadCoilsResponse,
    ReadDiscreteInputsRequest,
    WriteMultipleCoilsRequest,
)
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadHoldingRegistersResponse,
    ReadInputRegistersRequest,
    WriteSingleRegisterRequest,
)

from cabinet.ports import DeviceRefused, NoReply, WrongReply
from drivers.exchange import Question

_ERROR = 0x80
_SURELY_NOTHING = {1: "illegal function", 2: "illegal address", 3: "illegal value", 6: "busy"}
"""Exceptions that a board answers before it does anything; after any other, what was ordered may have been done."""
_GATEWAY = {10: "gateway path unavailable", 11: "gateway target does not answer"}


class _RawCoil(ModbusPDU):
    """Function 05 with a value of its own, such as the duration of a flash, which pymodbus' own request cannot carry."""

    function_code = 5

    def __init__(self, address: int, value: int) -> None:
        super().__init__(address=address)
        self._value = value

    def encode(self) -> bytes:
        """The request's data: address and value."""
        self.verifyAddress()
        return struct.pack(">HH", self.address, self._value)


def _body(pdu: ModbusPDU) -> bytes:
    return bytes((pdu.function_code,)) + pdu.encode()


def _reading(where: str, unit: int, pdu: ModbusPDU, data_length: int) -> Question:
    """A question whose answer is function, byte count and data; raises ValueError where the protocol's limits are broken."""
    return Question(where, unit, _body(pdu), bytes((pdu.function_code, data_length)), 2 + data_length)


def reading_coils(where: str, unit: int, address: int, count: int) -> Question:
    """Ask for `count` (1-2000) coils, function 01."""
    return _reading(where, unit, ReadCoilsRequest(address=address, count=count), (count + 7) // 8)


def reading_inputs(where: str, unit: int, address: int, count: int) -> Question:
    """Ask for `count` (1-2000) discrete inputs, function 02."""
    return _reading(where, unit, ReadDiscreteInputsRequest(address=address, count=count), (count + 7) // 8)


def reading_registers(where: str, unit: int, address: int, count: int) -> Question:
    """Ask for `count` (1-125) holding registers, function 03."""
    return _reading(where, unit, ReadHoldingRegistersRequest(address=address, count=count), 2 * count)


def reading_input_registers(where: str, unit: int, address: int, count: int) -> Question:
    """Ask for `count` (1-125) input registers, function 04; their answer is read by `registers` too."""
    return _reading(where, unit, ReadInputRegistersRequest(address=address, count=count), 2 * count)


@lru_cache(maxsize=1024)
def writing_coil(where: str, unit: int, address: int, value: int, *, moves: bool) -> Question:
    """Write one coil with a raw 16-bit `value`, function 05; the answer must echo address and value."""
    body = _body(_RawCoil(address, value))
    return Question(where, unit, body, body, len(body), moves)


def writing_coils(where: str, unit: int, address: int, values: Sequence[bool]) -> Question:
    """Write some coils, function 0F; the answer must echo address and count. For settings and for switching off, so it may be repeated."""
    body = _body(WriteMultipleCoilsRequest(address=address, bits=list(values)))
    return Question(where, unit, body, body[:5], 5)


def writing_register(where: str, unit: int, address: int, value: int) -> Question:
    """Write one holding register, function 06; the answer must echo address and value."""
    body = _body(WriteSingleRegisterRequest(address=address, registers=[value]))
    return Question(where, unit, body, body, len(body), moves=True)


@lru_cache(maxsize=4096)
def bits(answer: bytes, count: int) -> tuple[bool, ...]:
    """The first `count` bits of an answer to `reading_coils` or `reading_inputs`, lowest address first."""
    pdu = ReadCoilsResponse()
    pdu.decode(answer[1:])
    return tuple(pdu.bits[:count])


def registers(answer: bytes) -> tuple[int, ...]:
    """The unsigned 16-bit registers of an answer to `reading_registers`."""
    pdu = ReadHoldingRegistersResponse()
    try:
        pdu.decode(answer[1:])
    except ModbusException as error:
        raise AssertionError("an answer is judged before it is decoded") from error
    return tuple(pdu.registers)


def judge(question: Question, answer: bytes) -> bytes:
    """Return `answer` if it answers `question`: function, byte count, echoed address and value.

    Raises DeviceRefused for an exception, NoReply where a gateway says that the unit is silent, and WrongReply otherwise.
    """
    if answer.startswith(question.echo) and len(answer) == question.answer_length:
        return answer
    if len(answer) == 2 and answer[0] == question.body[0] | _ERROR:  # noqa: PLR2004 - function and reason, no more
        reason = answer[1]
        if reason in _GATEWAY:
            raise NoReply(question.where, _GATEWAY[reason], moved=question.moves)
        fault = DeviceRefused(question.where, _SURELY_NOTHING.get(reason, f"exception {reason}"), reason)
        fault.moved = question.moves and reason not in _SURELY_NOTHING
        raise fault
    raise WrongReply(question.where, f"asked {question.body.hex()}, answered {answer.hex()}", moved=question.moves)


def check_sum(frame: bytes) -> bytes:
    """The two bytes of CRC-16 (polynomial A001 reflected, start FFFF), low byte first, that end an RTU frame."""
    return FramerRTU.compute_CRC(frame).to_bytes(2, "big")
