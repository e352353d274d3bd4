"""The Health Industry Bar Code: labeler, product, lot, expiry and serial behind a plus sign, with a check character.

Alone knows: HIBC's grammar and its check.
Must not know: prefixes of scanners, or any item.

Source: ANSI/HIBC 2.6, Supplier Labeling Standard. Read are a primary code alone, a primary with its secondary behind `/`, and a secondary
alone; a month without a day ends on its last, as in GS1. Several codes glued together with their link characters are no scan.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ScannedCode

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_PRIMARY = re.compile(r"([A-Z][A-Z0-9]{3}[A-Z0-9]{1,18})([0-9])")
_QUANTITY = re.compile(r"8[0-9]{2}|9[0-9]{5}")
_CENTURY = 2000
NAME = "HIBC"


def check_character(text: str) -> str | None:
    """The modulo 43 check of everything before it, plus sign included; None where a character is not of the code's."""
    values = [_CHARACTERS.find(character) for character in text]
    return None if -1 in values else _CHARACTERS[sum(values) % len(_CHARACTERS)]


def read(body: str, text: str, year: int) -> ScannedCode | Refusal:  # noqa: ARG001 - HIBC's centuries do not slide
    """Read a code from its plus sign on; `text` is the whole scan."""
    inside, check = body[:-1], body[-1]
    if check_character(inside) != check or "+" in inside[1:].replace("$$+", "$$").replace("$+", "$"):
        return Refusal("scan.unreadable")
    fields: dict[str, str] = {}
    first, *others = inside[1:].split("/")
    primary = _PRIMARY.fullmatch(first)
    if primary is not None:
        fields["product"] = primary[1]
    elif others or not _take(first[:-1], fields):  # a secondary alone ends in the link character of its primary
        return Refusal("scan.unreadable")
    if not all(_take(part, fields) for part in others):
        return Refusal("scan.unreadable")
    return ScannedCode(NAME, text, **fields)


def _take(part: str, fields: dict[str, str]) -> bool:
    """Understand one part behind a slash; tells whether it could be."""
    if part.startswith("$$"):
        return _dated(part[2:], fields)
    if part.startswith("$"):
        return _named(part[1:], fields)
    if part.startswith("S"):
        fields["serial"] = part[1:]
        return True
    if re.fullmatch(r"1[46]D[0-9]{8}", part):
        return part.startswith("16D") or _keep(_day(part[3:7], part[7:9], part[9:11]), fields)
    if re.match(r"[0-9]{5}", part):
        return _keep(_day_of_year(part[:5]), fields) and _named(part[5:], fields)
    return re.fullmatch(r"Q[0-9]{1,5}", part) is not None


def _dated(rest: str, fields: dict[str, str]) -> bool:
    """Behind `$$`: perhaps `+`, perhaps a quantity, perhaps a date in one of seven forms, then a lot (with `+`: a serial)."""
    is_serial, rest = rest.startswith("+"), rest.removeprefix("+")
    quantity = _QUANTITY.match(rest)
    rest = rest[quantity.end() :] if quantity else rest
    for form, (length, read_day) in _FORMS.items():
        if re.match(form, rest):
            if not _keep(read_day(rest), fields):
                return False
            rest = rest[length:]
            break
    return _named(f"+{rest}" if is_serial else rest, fields)


def _named(rest: str, fields: dict[str, str]) -> bool:
    name = "serial" if rest.startswith("+") else "lot"
    if value := rest.removeprefix("+"):
        fields[name] = value
    return True


def _keep(day: str | None, fields: dict[str, str]) -> bool:
    if day:
        fields["expiry"] = day
    return day is not None


def _day(year: str, month: str, day: str = "00") -> str | None:
    full = int(year) + (_CENTURY if len(year) < 4 else 0)  # noqa: PLR2004 - YYYY
    try:
        return date(full, int(month), int(day) or calendar.monthrange(full, int(month))[1]).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return None


def _day_of_year(digits: str) -> str | None:
    """YYJJJ."""
    first = date(_CENTURY + int(digits[:2]), 1, 1)
    found = first + timedelta(days=int(digits[2:]) - 1)
    return found.isoformat() if found.year == first.year and found >= first else None


_FORMS: dict[str, tuple[int, Callable[[str], str | None]]] = {
    r"[01][0-9]{3}": (4, lambda d: _day(d[2:4], d[:2])),
    r"2[0-9]{6}": (7, lambda d: _day(d[5:7], d[1:3], d[3:5])),
    r"3[0-9]{6}": (7, lambda d: _day(d[1:3], d[3:5], d[5:7])),
    r"4[0-9]{8}": (9, lambda d: _day(d[1:3], d[3:5], d[5:7])),
    r"5[0-9]{5}": (6, lambda d: _day_of_year(d[1:6])),
    r"6[0-9]{7}": (8, lambda d: _day_of_year(d[1:6])),
    r"7": (1, lambda _: ""),
}
"""What a date begins with -> how long it is with its flag, and how it is read: MMYY, MMDDYY, YYMMDD, YYMMDDHH, YYJJJ, YYJJJHH, none."""
