"""Figures of a time: all together, before that, by cabinet, and over time.

Alone knows: what is compared with what. Must not know: rows, HTTP, paper.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from central.database.place import Database
from central.figure.definition import Figure, figures
from central.figure.keeping import ALL, Keeping
from central.figure.reading import Reading, Tallies
from central.figure.tally import Tally, summed
from central.fleet.survey import Survey

USUAL_DAYS = 28
MOST_DAYS = 732
DAILY_UP_TO = 42
"""Longer times are told week by week."""
WEEK = 7
NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Span:
    """From the day `first` to the day `last`, both included (UTC)."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Span":
        """As long, up to the day before."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one cabinet, or of one day or week that begins on it."""

    of: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """All of it. `cabinet`: whose; None: everybody's."""

    first: str
    last: str
    cabinet: str | None
    total: tuple[Figure, ...]
    before: tuple[Figure, ...]
    cabinets: tuple[Row, ...]
    over_time: tuple[Row, ...]


class FigureRoom:
    """Of one pharmacy. Days that `keeping` added up are taken from there, others are read line by line."""

    def __init__(self, database: Database, now: Callable[[], datetime], controlled: Collection[str] = (), name: str = "Pharmacy") -> None:
        self._reading, self.now, self.name = Reading(database, controlled), now, name
        self._survey = Survey(database)
        self.keeping = Keeping(database, self._reading, now)

    def usual(self) -> Span:
        """The last four weeks, today left out: a day that is not over looks better than it is."""
        yesterday = self.now().date() - timedelta(days=1)
        return Span(yesterday - timedelta(days=USUAL_DAYS - 1), yesterday)

    def called(self) -> dict[str, str]:
        """What people call each cabinet, of which no two are called alike."""
        return self._survey.names()

    def tell(self, span: Span, cabinet: str | None = None, most: int | None = None) -> Told:
        """The figures of a time, beside each other for the first `most` cabinets; None: for all."""
        whose = cabinet or ALL
        names = None if most is None else set(self.keeping.cabinets(most))
        found, before = self._tallies(span, names, whose), self._tallies(span.before, (), whose)
        mine = {key: tally for key, tally in found.items() if key[0] == whose}
        shown = {key: found[key] for key in found if key[0] != ALL and (names is None or key[0] in names)}
        return Told(
            span.first.isoformat(), span.last.isoformat(), cabinet, figures(summed(mine.values())),
            figures(summed(tally for key, tally in before.items() if key[0] == whose)),
            _rows(shown, lambda key: key[0]), _rows(mine, lambda key: _step(key[1], span)),
        )  # fmt: skip

    def _tallies(self, span: Span, names: Collection[str] | None, whose: str) -> Tallies:
        """By cabinet and day, of those that are named (None: of each) and of `whose`."""
        days = [(span.first + timedelta(days=number)).isoformat() for number in range(span.days)]
        found = self.keeping.tallies(days, (ALL, whose))
        kept = [day for day in days if (ALL, day) in found]
        found |= self.keeping.tallies(kept, names) if names is None or names else {}
        rest = sorted(set(days) - set(kept))
        for (cabinet, day), tally in self._read(rest).items():
            if cabinet == whose or names is None or cabinet in names:
                found[cabinet, day] = tally
            if whose == ALL:
                found[ALL, day] = summed((found.get((ALL, day), Tally()), tally))
        return {key: tally for key, tally in found.items() if tally != NOTHING}

    def _read(self, days: Sequence[str]) -> Tallies:
        if not days:
            return {}
        read = self._reading.tallies(days[0], (date.fromisoformat(days[-1]) + timedelta(days=1)).isoformat())
        return {(cabinet, day): tally for (cabinet, day), tally in read.items() if day in days}


def _step(day: str, span: Span) -> str:
    if span.days <= DAILY_UP_TO:
        return day
    past = (date.fromisoformat(day) - span.first).days
    return (span.first + timedelta(days=past // WEEK * WEEK)).isoformat()


def _rows(found: Tallies, name: Callable[[tuple[str, str]], str]) -> tuple[Row, ...]:
    keys: dict[str, list[tuple[str, str]]] = {}
    for key in found:
        keys.setdefault(name(key), []).append(key)
    return tuple(Row(one, figures(summed(found[key] for key in mine))) for one, mine in sorted(keys.items()))


def value_of(found: Iterable[Figure], name: str) -> float | None:
    """One of them."""
    return next(one.value for one in found if one.id == name)
