"""Moments as HL7 writes them (TS, DTM: `YYYYMMDDHHMMSS.ffff+ZZZZ`, as much of it as is known) <-> moments.

Alone knows: that form. Must not know: whose clock a moment without an offset is of (passed in).
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

FORM = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)(?:(?P<second>\d\d)(?:\.(?P<part>\d{1,6})\d*)?)?)?)?)?)?"
    r"(?:(?P<sign>[+-])(?P<off_h>\d\d)(?P<off_m>\d\d))?", re.ASCII
)  # fmt: skip


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The moment, in UTC; without an offset it is the clock of `zone` that is meant. None where it is none."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        return None
    part = {
        name: int(found[name] or least)
        for name, least in (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
    }
    try:
        if found["sign"]:
            offset = timedelta(hours=int(found["off_h"]), minutes=int(found["off_m"]))
            zone = timezone(-offset if found["sign"] == "-" else offset)
        said = datetime(**part, microsecond=int((found["part"] or "0").ljust(6, "0")), tzinfo=zone)
        return said.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def date_of(text: str) -> str | None:
    """A date of birth (YYYY-MM-DD) of the first eight digits; None where it is none."""
    try:
        return datetime.strptime(text.strip()[:8], "%Y%m%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return None


def hl7_text(at: datetime, zone: tzinfo = UTC) -> str:
    """A moment as we write it: to the second, with its offset, in `zone`."""
    return at.astimezone(zone).strftime("%Y%m%d%H%M%S%z")
