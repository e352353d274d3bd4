"""Drawers, lids and pockets, and what hangs on them: locks, contacts, lights, scales, probes.

Alone knows: what a drawer and a pocket are told. Must not know: which board answers at a channel (`wire.py`), or what an item is.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.schema.alphabet import ChannelText, Id, Name, Part, Quantity


class Opening(Part):
    """What stands in a pocket when the cabinet is first started, in the item's smallest unit."""

    units: Quantity
    lot: str = ""
    expiry: date | None = None
    tags: tuple[Annotated[str, StringConstraints(min_length=1, max_length=32)], ...] = Field(default=(), description="tags of sealed kits")


class Weighed(Part):
    """A pocket on a scale: which board, what its pieces weigh (as learned from `sample` pieces), and the probe on the metal beside it."""

    scale: Id
    unit_mass_mg: int = Field(gt=0, le=10_000_000)
    spread_permille: int = Field(default=20, ge=0, le=500, description="standard deviation of one piece's mass, in thousandths of it")
    sample: int = Field(default=30, ge=1, le=10_000, description="pieces weighed together when the mass was learned")
    tray_mg: int = Field(default=0, ge=0, le=100_000_000, description="what the empty pocket weighs")
    drift_mg_per_h: int = Field(default=30, ge=0, le=100_000, description="how far this scale may wander in an hour (standard deviation)")
    drift_mg_per_k: int = Field(default=60, ge=1, le=100_000, description="how far it may move by a kelvin: the limit in its cell's paper")
    probe: ChannelText | None = Field(default=None, description="tells how warm it is there; without, a change is assumed")


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
    columns: int = Field(default=0, ge=0, le=64, description="pockets in one row, from the left; 0: all stand in one row")
    pockets: tuple[Pocket, ...] = Field(alias="pocket", min_length=1)
