"""Surveillance of one pharmacy: nobody sees a figure of a person before it is kept who looks, and why.

Alone knows: that order, and what a look is at. Must not know: rows, scores, HTTP.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cabinet.domain.vocabulary import utc_text
from central.activity.line import Line
from central.database.place import Database
from central.surveillance.peer import Grouping, compare
from central.surveillance.signal import SIGNALS, Case, cases
from central.surveillance.store import Look, SurveillanceStore
from config.surveillance import Surveillance

Staff = Callable[[], Mapping[str, Mapping[str, Any]]]
"""The records of the staff document, by id."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown after a look: everybody's standing, of which days, and how many withdrawals it rests on."""

    begin: str
    end: str
    withdrawals: int
    standings: Sequence[Any]
    names: Mapping[str, str]
    is_controlled: bool
    """Whether only controlled items count."""


class SurveillanceRoom:
    """Of one pharmacy. `controlled`: the items that count; none named: all."""

    def __init__(
        self, database: Database, settings: Surveillance, staff: Staff, now: Callable[[], datetime], controlled: Collection[str] = ()
    ) -> None:  # fmt: skip
        self.store = SurveillanceStore(database)
        self._settings, self._staff, self._now = settings, staff, now
        self._controlled = controlled

    def look(self, *, by: str, why: str) -> Seen:
        """Everybody beside their peers, over the last days. Raises ImportError where scipy is missing."""
        from central.surveillance.standing import standings  # noqa: PLC0415 - scipy takes a second, and a server may do without

        begin, end = self._span()
        self.store.note(Look(utc_text(self._now()), by, why, "everybody"))
        lines, found = self._cases(begin, end)
        compared = compare(found, self._grouping())
        names = {person: str(record.get("name", person)) for person, record in self._staff().items()}
        return Seen(begin, end, len(lines), standings(compared), names, bool(self._controlled))

    def look_at(self, person: str, signal: str, *, by: str, why: str) -> list[Line]:
        """The accesses behind one person's one signal, the latest first."""
        begin, end = self._span()
        self.store.note(Look(utc_text(self._now()), by, why, f"{person}: {signal}"))
        _, found = self._cases(begin, end)
        mine = [case.line for case in found if case.is_one and case.signal == signal and case.line.staff == person]
        return sorted(mine, key=lambda line: line.at, reverse=True)

    def _span(self) -> tuple[str, str]:
        """Up to four hours ago: what was taken since may still be charted."""
        end = self._now() - timedelta(hours=4)
        return utc_text(end - timedelta(days=self._settings.days)), utc_text(end)

    def _cases(self, begin: str, end: str) -> tuple[list[Line], list[Case]]:
        lines = self.store.lines(begin, end, frozenset(self._controlled))
        return lines, list(cases(lines, self.store.given(begin, utc_text(self._now()))))

    def _grouping(self) -> Grouping:
        zone = ZoneInfo(self._settings.zone or "UTC")
        roles = {person: str(record.get("role", "unknown")) for person, record in self._staff().items()}
        return Grouping(roles, self.store.areas(), self._settings.starts, lambda at: at.astimezone(zone))


def signal_named(name: str) -> bool:
    """Whether there is such a signal."""
    return any(one.id == name for one in SIGNALS)
