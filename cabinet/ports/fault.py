"""The family of device faults: what can go wrong between us and a device.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from cabinet.domain.vocabulary import FaultCode


class DeviceFault(Exception):
    """Something went wrong between us and a device; says where, and what was seen on the wire.

    `moved` tells what an order may have done all the same: False means that it surely did nothing (it was never sent, or the
    board refused it), True that it may have been carried out although its reply was lost.
    """

    code = FaultCode("device.fault")

    def __init__(self, where: str, detail: str, *, moved: bool = False) -> None:
        super().__init__(f"{where}: {detail}")
        self.where = where
        self.detail = detail
        self.moved = moved


class NoReply(DeviceFault):
    """The device stayed silent for as long as it was waited for."""

    code = FaultCode("device.no_reply")


class WrongReply(DeviceFault):
    """A reply came that does not answer the question: unit, function, count, echoed address or value differ."""

    code = FaultCode("device.wrong_reply")


class GarbledReply(DeviceFault):
    """Bytes came that are no frame: the check sum or the shape is wrong."""

    code = FaultCode("device.garbled_reply")


class DeviceRefused(DeviceFault):
    """The device answered with an exception; `reason` is its number on the wire."""

    code = FaultCode("device.refused")

    def __init__(self, where: str, detail: str, reason: int) -> None:
        super().__init__(where, detail, moved=False)
        self.reason = reason


class BoardRestarted(DeviceFault):
    """A board was without power, or switched itself off because nobody asked it: it is started again before it is used."""

    code = FaultCode("device.restarted")


class LineLost(DeviceFault):
    """The line itself is gone: unplugged, closed or never opened."""

    code = FaultCode("bus.lost")


class BusSilent(DeviceFault):
    """The line is there, and nobody on it answers."""

    code = FaultCode("bus.silent")


class Quarantined(DeviceFault):
    """A unit or its line is out of trust: it was asked nothing, and did nothing."""

    code = FaultCode("device.quarantined")


class BadReading(DeviceFault):
    """A scale answered, and its answer is no weight: cell error, overload, underload, no zero."""

    code = FaultCode("scale.bad_reading")


class ScaleRestarted(DeviceFault):
    """A scale was switched on while nobody watched its zero: what it says from now on may leave out what already lay on it."""

    code = FaultCode("scale.restarted")


class StaleReading(DeviceFault):
    """An instrument answered, and has nothing certain to say: it lost what it reads, or contradicts itself."""

    code = FaultCode("device.stale")


class ReaderPlain(DeviceFault):
    """A badge reader answers, and knows no secure channel: what it reads could be overheard and played again."""

    code = FaultCode("reader.plain")


class ReaderKeyRefused(DeviceFault):
    """A badge reader and this cabinet do not share a key of their own."""

    code = FaultCode("reader.key")


class ReaderTampered(DeviceFault):
    """A badge reader says that it was opened or taken off its wall."""

    code = FaultCode("reader.tamper")


class StaleInput(DeviceFault):
    """What a door's input told last is too old to release its lock by, and asking again brought nothing."""

    code = FaultCode("input.stale")


class GarbledScan(DeviceFault):
    """A bar code scanner sent something that is no scan: cut short, too long, or without its end."""

    code = FaultCode("scanner.bad_frame")
