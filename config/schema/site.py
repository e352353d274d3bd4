"""One cabinet as a whole: where it stands, whom it speaks with, how long it waits.

Alone knows: the tables of a site's file that are neither lines nor furniture. Must not know: any policy.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from config.schema.alphabet import Id, Name, Part, Zone
from config.schema.furniture import Drawer
from config.schema.ward import WardTable
from config.schema.wire import Board, Bus


class Timing(Part):
    """How long things take and how long they are waited for."""

    pulse_ms: int = Field(default=300, ge=100, le=1000, multiple_of=100, description="how long a lock is energised; the board times it")
    look_ms: int = Field(default=3000, ge=500, le=10000, description="how long an opening is looked for after a pulse")
    settle_ms: int = Field(default=40, ge=10, le=500, description="an input must hold its new value this long")
    scan_ms: int = Field(default=50, ge=5, le=1000, description="door inputs are read this often")
    bin_scan_ms: int = Field(default=400, ge=20, le=5000, description="the other inputs are read this often")
    session_idle_s: int = Field(default=60, ge=5, le=86_400, description="a session left alone ends after this")
    session_limit_s: int = Field(default=600, ge=30, le=86_400, description="a session ends after this at the latest")
    drawer_open_call_s: int = Field(default=60, ge=5, le=86_400, description="an open drawer calls out after this long")
    stuck_after_s: int = Field(default=15, ge=0, le=600, description="an open drawer may be said not to close after this long")
    temperature_read_s: int = Field(default=30, ge=5, le=300, description="fridges are read this often")
    power_read_s: int = Field(default=5, ge=1, le=60, description="the power supply is asked this often")


class PowerSource(Part):
    """What feeds the cabinet: the board that asks its uninterruptible supply."""

    supply: Id


class Mqtt(Part):
    """The broker between cabinet and pharmacy."""

    host: str = "127.0.0.1"
    port: int = Field(default=1883, ge=0, le=65535)
    protocol: Literal["5", "3.1.1"] = "5"
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


class Kiosk(Part):
    """The cabinet's own screen, on loopback and nothing else. `reader` and `scanner` stand beside it; without, all of them do."""

    port: int = Field(default=8080, ge=0, le=65535)
    reader: Id | None = None
    scanner: Id | None = None


def _checked_dea(number: str) -> str:
    """The seventh digit of a DEA number checks the six before it: d1 + d3 + d5 + 2 (d2 + d4 + d6) ends in it."""
    digits = [int(digit) for digit in number[2:]]
    if (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 != digits[6]:
        raise ValueError(f"{number!r} is no DEA number: its last digit does not check the others")
    return number


DeaNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z9][0-9]{7}$"), AfterValidator(_checked_dea)]


class Registration(Part):
    """Under whose registration controlled substances are kept here (21 CFR 1301.12, 1301.27). Inventories and notices of loss bear it."""

    registrant: Name
    address: Name
    dea_number: DeaNumber


class Simulator(Part):
    """Where the simulated hardware shows itself; the controller never reads this table."""

    page_port: int = Field(default=8082, ge=0, le=65535)


class Neighbour(Part):
    """Another cabinet, as far as somebody told: where it stands, and what it stocks."""

    id: Id
    name: Name
    where: Name = Field(description="the way there, in words: '4 South, by the lift'")
    items: tuple[Id, ...] = ()


Language = Literal["en", "es", "ar", "qps"]
"""Each has a file of messages in the kiosk; qps is none, and marks what is not translated."""


class Site(Part):
    """One cabinet. Paths are relative to the site file; `state` to the working folder."""

    cabinet: Id
    name: Name
    area: Id
    time_zone: Zone = Field(default="UTC", description="IANA name; people read times in it, while journal, API and topics stay UTC")
    state: Name = "state"
    formulary: Name
    people: Name | None = None
    policy: Name
    terms: Name | None = Field(default=None, description="the words that screens and reports show")
    paper: Literal["letter", "a4"] = Field(default="letter", description="what reports are printed on")
    languages: tuple[Language, ...] = Field(
        default=("en",), min_length=1, description="what the kiosk's pages are offered in; they begin in the first"
    )
    timing: Timing = Timing()
    mqtt: Mqtt = Mqtt()
    kiosk: Kiosk = Kiosk()
    ward: WardTable | None = Field(default=None, description="left out: nobody looks in from the ward")
    simulator: Simulator = Simulator()
    power: PowerSource | None = None
    registration: Registration | None = Field(default=None, description="left out: what bears it leaves a line to be filled in")
    buses: tuple[Bus, ...] = Field(alias="bus", min_length=1)
    boards: tuple[Board, ...] = Field(alias="board", min_length=1)
    drawers: tuple[Drawer, ...] = Field(alias="drawer", min_length=1)
    neighbours: tuple[Neighbour, ...] = Field(default=(), alias="neighbour")
