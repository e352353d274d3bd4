"""When pick lists are made: rounds on days of the week at hours of the hospital, each with its way from cabinet to cabinet.

Alone knows: how a round's hour becomes a moment, and in which order it visits. Must not know: what is picked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Round:
    """A round at one hour of some days (0: Monday). `route` names cabinets and areas in order; none: every cabinet, by name.

    `tops_up`: pockets above min and below par are filled as well, since somebody goes there anyway.
    """

    id: str
    name: str
    at: time
    days: frozenset[int] = EVERY_DAY
    route: tuple[str, ...] = ()
    tops_up: bool = False

    def stops(self, areas: Mapping[str, Sequence[str]], cabinets: Iterable[str]) -> list[str]:
        """The cabinets that are visited, in order, each once; only such as there are."""
        known = sorted(cabinets)
        named = [cabinet for place in self.route for cabinet in areas.get(place, (place,))] if self.route else known
        return [cabinet for cabinet in dict.fromkeys(named) if cabinet in known]


@dataclass(frozen=True, slots=True)
class Turn:
    """A round on one day of the hospital's, and the moment (UTC) at which its lists are due."""

    round: Round
    day: date
    due: datetime


def turns(rounds: Iterable[Round], after: datetime, until: datetime, zone: tzinfo) -> list[Turn]:
    """Every turn of every round that falls due after one moment and no later than another, in order."""
    first, last = (moment.astimezone(zone).date() for moment in (after, until))
    days = [first + timedelta(days=number) for number in range(-1, (last - first).days + 2)]
    all_of_them = (_turn(one, day, zone) for one in rounds for day in days if day.weekday() in one.days)
    return sorted((turn for turn in all_of_them if after < turn.due <= until), key=lambda turn: (turn.due, turn.round.id))


def next_turns(rounds: Iterable[Round], now: datetime, zone: tzinfo) -> list[Turn]:
    """The next turn of each round, in order; none of a round that has no day."""
    found: dict[str, Turn] = {}
    for turn in turns(rounds, now, now + timedelta(days=8), zone):
        found.setdefault(turn.round.id, turn)
    return list(found.values())


def _turn(one: Round, day: date, zone: tzinfo) -> Turn:
    return Turn(one, day, datetime.combine(day, one.at, zone).astimezone(UTC))
