"""The lines of a cabinet and the boards on them.

Alone knows: what a bus and a board are told. Must not know: what a model of board can do (`config/boards`), or what hangs on it.
"""

from typing import Annotated, Literal

from pydantic import Field

from config.schema.alphabet import Id, Part

Framing = Literal["rtu", "mbap", "mtsics", "and", "ohaus", "sbi", "kerong", "osdp", "scanner", "nut"]
"""How a line is cut into messages. Which of them a model of board speaks stands in its file; `mbap` and `nut` exist on networks alone."""


class SerialBus(Part):
    """A line on a serial port. `port` is a device path, or empty for `<state>/lines/<id>`, where `adc sim` links its pty."""

    id: Id
    kind: Literal["serial"]
    framing: Framing
    port: str = ""
    baud: Literal[4800, 9600, 19200, 38400, 57600, 115200] = 19200
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    reply_timeout_ms: int = Field(default=200, ge=20, le=5000)
    quiet_ms: int = Field(default=250, ge=0, le=5000, description="silence kept after a time-out, at least the worst lateness of a board")


class TcpBus(Part):
    """A line over TCP: `mbap` is Modbus TCP, `rtu` is RTU frames with their check sum inside TCP, as gateways speak it."""

    id: Id
    kind: Literal["tcp"]
    framing: Framing
    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535, description="0: `adc sim` chooses a free one and tells the controller through the state folder")
    reply_timeout_ms: int = Field(default=200, ge=20, le=5000)
    quiet_ms: int = Field(default=250, ge=0, le=5000)


Bus = Annotated[SerialBus | TcpBus, Field(discriminator="kind")]


class Board(Part):
    """One device at one address of one bus. `model` is one of `config/boards`; `settings` are what that model lets a site choose."""

    id: Id
    bus: Id
    address: int = Field(default=1, ge=0, le=247)
    model: Id
    settings: dict[str, bool | int | str] = Field(default={})
