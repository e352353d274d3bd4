"""When and how often a dose is due, of TQ1 (2.5 and later) or of the quantity/timing field of ORC-7 and RXE-1 (2.1 to 2.4).

Alone knows: where each of the two writes pattern, start, end, duration and "as needed". Must not know: how words of a schedule are read.
"""

import re
from dataclasses import dataclass

from central.hl7.book import Book
from central.hl7.grammar import Segment

SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86_400, "W": 604_800}
"""TQ.3: a letter and a number. Months (L) have no fixed length: they end nothing."""

LONGEST_S = 366 * 86_400
PRN = re.compile(r"\bPRN\b|\bas needed\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Timing:
    """`words` as a screen shows the schedule; moments as UTC text."""

    words: str = ""
    is_prn: bool = False
    starts: str | None = None
    stops: str | None = None


def timing_of(group: tuple[Segment, ...], book: Book) -> Timing:
    """Of the segments of one order: TQ1 where it is there, else RXE-1, and of ORC-7 what that leaves out."""
    found = next((segment for segment in group if segment.name == "TQ1"), None)
    if found is not None:
        times = ", ".join(found.text(4, repetition=n)[:4] for n in range(1, found.repetitions(4) + 1))
        said = [found.text(3), *([f"at {times}"] if times else []), found.text(10), found.text(11)]
        return _timing(said, found.text(9), found.text(7), found.text(8), f"{found.text(6, 2)[:1]}{found.text(6)}", book)
    common, encoded = group[0], next((segment for segment in group if segment.name == "RXE"), None)
    places = [(segment, field) for segment, field in ((encoded, 1), (common, 7)) if segment is not None]

    def told(component: int, subcomponent: int = 1) -> str:
        return next((text for segment, field in places if (text := segment.text(field, component, subcomponent=subcomponent))), "")

    times = told(2, 2)
    said = [told(2), *([f"at {times}"] if times else []), told(7), told(8)]
    return _timing(said, told(6), told(4) or common.text(15), told(5), told(3), book)


def _timing(said: list[str], priority: str, start: str, end: str, lasts: str, book: Book) -> Timing:
    words = " ".join(word for word in said if word)
    is_prn = bool(PRN.search(f"{words} {priority}")) or words.upper().endswith("PRN")
    starts, stops = book.moment(start), book.moment(end)
    duration_s = _seconds(lasts)
    if stops is None and starts is not None and duration_s:
        stops = book.later(start, duration_s)
    return Timing(words if not is_prn or "PRN" in words.upper() or "as needed" in words else f"{words} PRN".strip(), is_prn, starts, stops)


def _seconds(lasts: str) -> int:
    found = re.fullmatch(r"([A-Za-z])(\d{1,6})", lasts)
    if found is None:
        return 0
    total = SECONDS.get(found[1].upper(), 0) * int(found[2])
    return total if total <= LONGEST_S else 0
