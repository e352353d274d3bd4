"""What a cabinet's facts say of the lists that are on their way to it, and what that makes of them.

Alone knows: which facts tell of a delivery, and how they are read line by line. Must not know: where facts are held.

A refill that works a delivery off names it when it is asked for; what it then moves is told without it, so the accesses under way are
remembered in between. Counts that correct a balance fill nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from central.restock.rule.picklist import OVER, Line, PickList, Stage, moved

TYPES = frozenset({"delivery_announced", "delivery_closed", "access_requested", "units_moved", "line_not_filled", "code_parked"})
"""The facts that are read here."""
REASONS = {"not_in_bag": "not in the bag", "jammed": "jammed", "full": "full", "short": "short"}


@dataclass(frozen=True, slots=True)
class News:
    """Something that became of a list: of the line of a pocket and item, where it names these."""

    list: str
    what: str
    at: str
    by: str = ""
    pocket: str = ""
    item: str = ""
    units: int = 0
    said: str = ""


@dataclass(slots=True)
class Memory:
    """The accesses that work lists off: by access the list, the pocket and the item."""

    accesses: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def forget(self, lists: Collection[str]) -> None:
        """Lists that are over."""
        self.accesses = {access: told for access, told in self.accesses.items() if told[0] not in lists}


def read(facts: Iterable[Mapping[str, Any]], memory: Memory, ours: Collection[str]) -> list[News]:
    """The news in a run of facts, in order; `ours` are the lists that are on their way."""
    return [one for fact in facts if fact["type"] in TYPES and (one := _read(fact, memory, ours)) is not None]


def _read(fact: Mapping[str, Any], memory: Memory, ours: Collection[str]) -> News | None:
    body, at, by = fact["body"], str(fact["at"]), str(fact["staff"] or "")
    name, pocket, item = str(body.get("delivery") or ""), str(body.get("pocket") or ""), str(body.get("item") or "")
    held = memory.accesses.get(str(fact["access"]))
    match fact["type"]:
        case "access_requested" if name in ours:
            memory.accesses[str(fact["access"])] = name, pocket, item
        case "delivery_announced" if name in ours:
            return News(name, "announced", at)
        case "delivery_closed" if name in ours:
            return News(name, "closed", at, by, units=int(body.get("missing", 0)))
        case "line_not_filled" if name in ours:
            said = REASONS.get(str(body.get("reason")), str(body.get("reason")))
            return News(name, "not_filled", at, by, pocket, item, said=": ".join(filter(None, (said, body.get("note")))))
        case "units_moved" if held is not None and "variance" not in {body.get("source"), body.get("target")}:
            sign = (body.get("target") == "pocket") - (body.get("source") == "pocket")
            return News(held[0], "moved", at, by, pocket, item, units=sign * int(body["units"]))
        case "code_parked" if held is not None:
            return News(held[0], "parked", at, by, pocket, item, said=str(body.get("key")))
    return None


def heard(given: PickList, news: News) -> PickList:
    """The list, once this is known of it; one that is over stays as it is."""
    if given.stage in OVER:
        return given
    if news.what == "announced":
        return replace(given, announced_at=news.at)
    if news.what == "closed":
        return moved(given, Stage.CLOSED, news.at, news.by or given.cabinet)
    line = _line(given, news)
    if line is None:
        return given
    match news.what:
        case "moved":
            now = replace(line, filled=max(0, line.filled + news.units), why_not="", waits="")
        case "not_filled":
            now = replace(line, why_not=news.said, waits="")
        case _:
            now = replace(line, waits=news.said)
    return replace(given, lines=tuple(now if one is line else one for one in given.lines))


def _line(given: PickList, news: News) -> Line | None:
    """The line of the pocket; a cabinet that keeps the item elsewhere by now has put it there."""
    of_item = [line for line in given.lines if line.item == news.item and line.goes]
    return next((line for line in of_item if line.pocket == news.pocket), of_item[0] if of_item else None)
