"""Which PINs are not taken: too short, or among those that are tried first.

Alone knows: what makes a PIN easy to guess. Must not know: whose it is beyond what they carry, or how it is kept.

Repeats, runs, dates and patterns of the pad cover the most used PINs of published lists without a list of our own.
"""

import re
from datetime import date
from itertools import pairwise

from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal

LONGEST = 16
PADS = ("147", "258", "369", "741", "852", "963", "123", "456", "789", "321", "654", "987", "159", "357", "951", "753")
"""The lines of a keypad: a PIN that is made of them alone is drawn, not remembered."""


def judge(pin: str, fewest: int, belongings: tuple[str, ...] = ()) -> Refusal | None:
    """Whether a PIN may be chosen. `belongings` are numbers that others can see, such as the badge's."""
    if not (pin.isascii() and pin.isdigit() and fewest <= len(pin) <= LONGEST):
        return Refusal("pin.form", Phrase("{fewest} to {most} digits", fewest=fewest, most=LONGEST))
    is_easy = _repeats(pin) or _runs(pin) or _is_drawn(pin) or _is_date(pin) or any(_shows(pin, other) for other in belongings)
    return Refusal("pin.easy") if is_easy else None


def _repeats(pin: str) -> bool:
    """One piece over and over (121212, 123123), every digit twice (112233), or no more than two digits at all."""
    return re.fullmatch(r"(\d{1,4}?)\1+", pin) is not None or re.fullmatch(r"((\d)\2)+", pin) is not None or len(set(pin)) <= 2  # noqa: PLR2004


def _runs(pin: str) -> bool:
    """All steps alike: 123456, 987654, 246802; also half way up and down again: 123321."""
    half = pin[: (len(pin) + 1) // 2]
    return _is_run(pin) or (pin == pin[::-1] and _is_run(half))


def _is_run(digits: str) -> bool:
    return len({(int(after) - int(before)) % 10 for before, after in pairwise(digits)}) == 1


def _is_drawn(pin: str) -> bool:
    return len(pin) % 3 == 0 and all(pin[at : at + 3] in PADS for at in range(0, len(pin), 3))


def _is_date(pin: str) -> bool:
    """A birthday, in any order, with two or four digits of the year."""
    if len(pin) == 6:  # noqa: PLR2004 - ddmmyy
        orders = ((pin[0:2], pin[2:4], pin[4:6]), (pin[2:4], pin[0:2], pin[4:6]), (pin[4:6], pin[2:4], pin[0:2]))
        return any(_is_day(f"20{year}", month, day) for day, month, year in orders)
    if len(pin) == 8:  # noqa: PLR2004 - ddmmyyyy
        orders = ((pin[0:2], pin[2:4], pin[4:8]), (pin[2:4], pin[0:2], pin[4:8]), (pin[6:8], pin[4:6], pin[0:4]))
        return any(year[:2] in {"19", "20"} and _is_day(year, month, day) for day, month, year in orders)
    return False


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _shows(pin: str, other: str) -> bool:
    digits = "".join(filter(str.isdigit, other))
    return len(digits) >= 4 and (digits in pin or pin in digits)  # noqa: PLR2004 - fewer are in every PIN
