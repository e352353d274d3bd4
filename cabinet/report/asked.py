"""What a report is asked for: an interval, a pocket, an item, a person, and the setting that it is drawn in.

Alone knows: these arguments and what each narrows. Must not know: any report, or where its arguments were typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, tzinfo

from cabinet.domain.formulary import ControlClass, Item
from cabinet.domain.world import World


class NotAnswerable(ValueError):
    """A report cannot be drawn as it was asked for; the text says what to ask instead."""


@dataclass(frozen=True)
class Setting:
    """What is known beside the journal: the site, its zone, the present moment, and whether who asks may see every balance."""

    world: World
    zone: tzinfo
    now: datetime
    sees_balances: bool = True
    drawn_by: str = ""
    paper: str = "letter"

    def hides(self, item: Item | None) -> bool:
        """Whether the balance of an item is kept from who asks: it is counted blind, and they may count it tomorrow."""
        return not self.sees_balances and item is not None and self.world.policy.is_counted_blind(item)


@dataclass(frozen=True)
class Asked:
    """The arguments of a report; None: not narrowed by this. Moments are aware; `end` is the moment of an "as of" too."""

    start: datetime | None = None
    end: datetime | None = None
    pocket: str | None = None
    item: str | None = None
    schedule: ControlClass | None = None
    person: str | None = None
    patient: str | None = None
    lot: str | None = None
    days: int | None = None
    discrepancy: str | None = None
    access: str | None = None

    def named(self) -> set[str]:
        """The arguments that were given."""
        return {field.name for field in fields(self) if getattr(self, field.name) is not None}

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in the interval that was asked for."""
        return (self.start is None or at >= self.start) and (self.end is None or at <= self.end)


SCHEDULES = {
    ControlClass.C2: "C-II",
    ControlClass.C3: "C-III",
    ControlClass.C4: "C-IV",
    ControlClass.C5: "C-V",
    ControlClass.NONE: "not controlled",
}
"""What a control class is called on paper, in the order in which it is listed."""


def asked_of(words: Mapping[str, str], zone: tzinfo) -> Asked:
    """Arguments as they are typed, by the names of `OPTIONS` without their dashes. Raises NotAnswerable."""
    given = {word: said for word, said in words.items() if said}
    known = {option.lstrip("-"): argument for argument, option in OPTIONS.items()}
    strange = sorted(given.keys() - known.keys())
    if strange:
        raise NotAnswerable(f"no report takes {', '.join(strange)}; there are {', '.join(known)}")
    plain = {known[word]: said for word, said in given.items() if word not in {"from", "to", "schedule", "days"}}
    return Asked(
        start=_moment("--from", given["from"], zone, time.min) if "from" in given else None,
        end=_moment("--to", given["to"], zone, time.max) if "to" in given else None,
        schedule=_schedule(given["schedule"]) if "schedule" in given else None,
        days=_days(given["days"]) if "days" in given else None,
        **plain,
    )


def _moment(option: str, said: str, zone: tzinfo, of_day: time) -> datetime:
    """A day or a moment in the site's zone; one that names its own offset keeps it."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as problem:
        raise NotAnswerable(f"{option}: {said!r} is no moment such as 2026-11-23 or 2026-11-23T07:00") from problem
    if len(said) == len("2026-11-23"):
        moment = datetime.combine(moment.date(), of_day)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _schedule(said: str) -> ControlClass:
    try:
        return ControlClass(said)
    except ValueError as problem:
        raise NotAnswerable(f"--schedule: {said!r} is none of {', '.join(ControlClass)}") from problem


def _days(said: str) -> int:
    if not said.isdecimal() or len(said) > len("36500"):
        raise NotAnswerable(f"--days: {said!r} is no number of days")
    return int(said)


OPTIONS = {
    "start": "--from",
    "end": "--to",
    **{word: f"--{word}" for word in ("pocket", "item", "schedule", "person", "patient", "lot", "days", "discrepancy", "access")},
}
"""What each argument is called where people type it."""
