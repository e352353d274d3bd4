"""What the tables of every file share: names, amounts, roles and classes as an engineer writes them, and the root of all tables.

Alone knows: the form of these words. Must not know: any one table (the other files of this room).
"""

import unicodedata
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
ChannelText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}:[0-9]{1,2}$")]
Code = Annotated[str, StringConstraints(pattern=r"^([0-9]{8,14}|[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}|\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9])$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _legible(said: object) -> object:
    """A name as it can be read aloud: no control characters, none that turn what follows around, no blanks but between words."""
    if not isinstance(said, str):
        return said
    return " ".join("".join(" " if letter in UNREAD or unicodedata.category(letter) == "Cc" else letter for letter in said).split())


UNREAD = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""What embeds, overrides and isolates directions (Unicode UAX 9, 3.1), and the mark of a file's bytes."""
PersonName = Annotated[str, BeforeValidator(_legible), StringConstraints(min_length=1, max_length=200)]
AmountText = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]*)(\.[0-9]*[1-9])? (ng|mcg|mg|g|mL|L|units|mEq|mmol|puffs|sprays|drops)$"),
    Field(description="an amount as ISMP writes it: a zero before the point and none after it, 'units' in full"),
]
Quantity = Annotated[int, Field(ge=0, le=1_000_000, description="units of the item, counted in its smallest unit")]
Role = Literal[
    "nurse", "charge_nurse", "agency_nurse", "student", "respiratory_therapist", "physician", "technician", "pharmacist", "vault",
    "auditor", "administrator", "service",
]  # fmt: skip
CountMode = Literal["units", "containers", "volume", "bulk"]
ControlClass = Literal["none", "c2", "c3", "c4", "c5"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError) as unknown:
        raise ValueError(f"{name!r} is no time zone; the names are IANA's, such as America/New_York, or UTC") from unknown
    return name


Zone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_known_zone)]


class Part(BaseModel):
    """What every table of a site has in common: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
