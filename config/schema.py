"""The shape of a site: everything an engineer may write about one cabinet, as frozen typed values.

Alone knows: the keys of `config/sites/*.toml`, the formulary, people and policy files, their types and limits.
Must not know: how a file is found or an error is worded (`load.py`), or what any value is used for.

Units stand last in a name. Channels are written `board:number` and count from 0, as on the wire.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
ChannelText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}:[0-9]{1,2}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000, description="units of the item, counted in its smallest unit")]
Role = Literal["nurse", "charge_nurse", "technician", "pharmacist", "service"]
CountMode = Literal["units", "containers", "volume", "bulk"]
ControlClass = Literal["none", "c2", "c3", "c4", "c5"]


class Part(BaseModel):
    """What every table of a site has in common: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    settings: dict[str, bool | int | str] = {}


class Opening(Part):
    """What stands in a pocket when the cabinet is first started, in the item's smallest unit."""

    units: Quantity
    lot: str = ""
    expiry: date | None = None


class Weighed(Part):
    """A pocket on a scale: which board, and what its pieces weigh (as learned from `sample` pieces)."""

    scale: Id
    unit_mass_mg: int = Field(gt=0, le=10_000_000)
    spread_permille: int = Field(default=20, ge=0, le=500, description="standard deviation of one piece's mass, in thousandths of it")
    sample: int = Field(default=30, ge=1, le=10_000, description="pieces weighed together when the mass was learned")
    tray_mg: int = Field(default=0, ge=0, le=100_000_000, description="what the empty pocket weighs")
    drift_mg_per_h: int = Field(default=30, ge=0, le=100_000, description="how far this scale may wander in an hour (standard deviation)")


class Pocket(Part):
    """The smallest addressed storage space. With a `lock` it is lidded, and `lid` says that the lid is closed."""

    id: Id
    item: Id | None = None
    par: Quantity = 0
    min: Quantity = 0
    critical_low: Quantity = 0
    capacity: int | None = Field(default=None, ge=1, le=1_000_000, description="the most that fits in")
    lock: ChannelText | None = None
    lid: ChannelText | None = Field(default=None, description="input that is on while the lid is closed")
    bin: ChannelText | None = Field(default=None, description="input of the photo-eye, on while something lies in the pocket")
    light: ChannelText | None = None
    weighed: Weighed | None = None
    opening: Opening | None = None


class Temperature(Part):
    """What must be so inside a fridge: which probe hangs in it, and the limits in thousandths of a degree Celsius."""

    probe: ChannelText
    low_mc: int = Field(default=2000, ge=-80_000, le=60_000)
    high_mc: int = Field(default=8000, ge=-80_000, le=60_000)
    alarm_after_s: int = Field(default=600, ge=0, le=86_400, description="out of range for longer is an excursion")
    alarm_after_open_s: int = Field(
        default=1800, ge=0, le=86_400, description="the same where the door was open meanwhile; the record is never delayed"
    )


class Drawer(Part):
    """A lockable drawer (or fridge door) and its pockets."""

    id: Id
    name: Name
    kind: Literal["matrix", "lidded", "fridge"]
    lock: ChannelText
    closed: ChannelText = Field(description="input that is on while the drawer is closed and latched")
    home: ChannelText | None = Field(default=None, description="input that is on while the drawer is pushed home, latched or not")
    temperature: Temperature | None = Field(default=None, description="for what is cooled: what the cabinet watches inside")
    pockets: tuple[Pocket, ...] = Field(alias="pocket", min_length=1)


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


class Simulator(Part):
    """Where the simulated hardware shows itself; the controller never reads this table."""

    page_port: int = Field(default=8082, ge=0, le=65535)


class Site(Part):
    """One cabinet. Paths are relative to the site file; `state` to the working folder."""

    cabinet: Id
    name: Name
    area: Id
    state: Name = "state"
    formulary: Name
    people: Name | None = None
    policy: Name
    timing: Timing = Timing()
    mqtt: Mqtt = Mqtt()
    kiosk: Kiosk = Kiosk()
    simulator: Simulator = Simulator()
    power: PowerSource | None = None
    buses: tuple[Bus, ...] = Field(alias="bus", min_length=1)
    boards: tuple[Board, ...] = Field(alias="board", min_length=1)
    drawers: tuple[Drawer, ...] = Field(alias="drawer", min_length=1)


class Item(Part):
    """One formulary entry. `count_unit` is the word for its smallest counted unit, such as tablet or mL."""

    id: Id
    generic: Name
    brands: tuple[Name, ...] = ()
    tall_man: Name = Field(description="the name as screens write it: hydrOXYzine")
    strength: Name
    form: Name
    ndc: str = Field(pattern=r"^[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}$")
    control_class: ControlClass = "none"
    count_mode: CountMode = "units"
    count_unit: Name
    high_alert: bool = False
    critical: bool = Field(default=False, description="nobody may wait for it: it stands in two pockets on different locks and lines")
    look_alikes: tuple[Id, ...] = ()
    therapeutic_class: str = ""
    refrigerated: bool = False
    kit: tuple["KitLine", ...] = ()


class KitLine(Part):
    """What a sealed kit holds."""

    item: Id
    units: int = Field(gt=0, le=1_000_000)


class Formulary(Part):
    """All items that this hospital stocks somewhere."""

    items: tuple[Item, ...] = Field(alias="item", min_length=1)


class StaffMember(Part):
    """A person of the demo ward. Their PINs are drawn at random for each state folder, never written here."""

    id: Id
    name: Name
    role: Role
    badge: Id


class Order(Part):
    """A prescriber's instruction, verified by a pharmacist or waiting for one."""

    id: Id
    item: Id
    dose: Name
    units: int = Field(gt=0, le=1_000_000)
    route: Name
    schedule: Name
    verified: bool = True


class Patient(Part):
    """A person treated on this ward (invented) with their orders."""

    id: Id
    name: Name
    born: date
    record: Name
    bed: Name
    allergies: tuple[Name, ...] = ()
    weight_g: int | None = Field(default=None, gt=0, le=1_000_000)
    orders: tuple[Order, ...] = Field(default=(), alias="order")


class People(Part):
    """Staff and patients of the demo ward."""

    staff: tuple[StaffMember, ...]
    patients: tuple[Patient, ...] = Field(default=(), alias="patient")


AccessKind = Literal[
    "withdraw", "return", "waste", "load", "refill", "unload", "count", "expire", "transfer", "empty_bin", "inspect", "emergency"
]


class RoleRule(Part):
    """What one role may do: the kinds of access it may ask for."""

    role: Role
    kinds: tuple[AccessKind, ...]
    recovers: Literal["none", "own", "any"] = Field(default="own", description="failed drawers it may bring back; own: failed under it")


class AreaRule(Part):
    """Rules of one care area."""

    area: Id
    needs_order: bool = True


class CountRule(Part):
    """How one control class is counted at a withdrawal: blind, verify or none."""

    control_class: ControlClass
    at_withdrawal: Literal["blind", "verify", "none"]


class Policy(Part):
    """Who may do what here: data, not code."""

    roles: tuple[RoleRule, ...] = Field(alias="role")
    areas: tuple[AreaRule, ...] = Field(alias="area")
    counts: tuple[CountRule, ...] = Field(alias="count")
    max_pulses: int = Field(default=3, ge=1, le=3, description="pulses of one lock in one access before the drawer is marked failed")
    service_roles: tuple[Role, ...] = Field(default=("technician", "service"), description="who may take the cabinet into maintenance")
    maintenance_min: int = Field(default=30, ge=1, le=240, description="then a cabinet in maintenance goes back to the ward by itself")
    selftest_hour: int = Field(default=4, ge=0, le=23, description="hour of the day (UTC) of the daily self-test")
    battery_minutes: int = Field(default=20, ge=1, le=1440, description="minutes that pockets open on battery after the mains is lost")
    miscount_ppm: int = Field(default=1000, ge=1, le=100_000, description="a confident count by weight is wrong less often, in a million")
    scale_check_days: int = Field(default=365, ge=1, le=3_650, description="a scale is checked with a test mass this often")
    scale_tolerance_divisions: int = Field(default=2, ge=1, le=100, description="how far a scale may be off at such a check")
    refill_interval_h: int = Field(default=24, ge=1, le=8_760, description="hours between refills; what expires sooner is a restock need")
