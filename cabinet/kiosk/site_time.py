"""When something was, as people at this cabinet read it: instants of the journal in the site's time zone, with the zone said.

Alone knows: how an instant is written on a screen. Must not know: HTTP, HTML, which instants there are.

The journal, the API and the topics stay UTC; nothing here is ever stored.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from cabinet.domain.vocabulary import parse_utc, utc_text


class SiteTime:
    """The clock on the ward's wall, in one zone."""

    DAY = timedelta(hours=24)
    """What is longer ago than this is said with its day."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone

    def moment(self, at: str) -> str:
        """Day, time and zone, such as `2026-11-23 07:22 EST`."""
        local = self._local(at)
        return f"{local:%Y-%m-%d %H:%M} {_zone(local)}"

    def clock(self, at: str) -> str:
        """Time and zone, for what is not long ago or soon, such as `07:22 EST`."""
        local = self._local(at)
        return f"{local:%H:%M} {_zone(local)}"

    def day(self, at: str) -> str:
        """The day alone, as it is on the ward, such as `2026-11-23`."""
        return f"{self._local(at):%Y-%m-%d}"

    def field(self, now: datetime) -> str:
        """A moment as a form's field of date and time holds it, such as `2026-11-23 07:22`."""
        return f"{now.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def utc(self, field: str) -> str:
        """What was typed into such a field, as records write moments. Raises ValueError."""
        return utc_text(datetime.strptime(field.replace("T", " "), "%Y-%m-%d %H:%M").replace(tzinfo=self._zone).astimezone(UTC))

    def _local(self, at: str) -> datetime:
        return parse_utc(at).astimezone(self._zone)


def _zone(local: datetime) -> str:
    """What the zone is called; a zone that has no letters goes by its distance from UTC."""
    name = local.tzname() or ""
    return name if name[:1].isalpha() else f"UTC{name}"
