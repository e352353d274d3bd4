"""Numbers as they are mistyped and misread: what somebody may have meant who typed another one.

Alone knows: which numbers are a slip of the finger or of the eye apart. Must not know: what was counted, or by whom.
"""

PACKS = frozenset({2, 4, 5, 6, 10, 12, 14, 20, 24, 25, 28, 30, 50, 56, 60, 90, 100})
"""How many units packages usually hold."""

MANY_DIGITS = 2


def is_transposed(typed: int, meant: int) -> bool:
    """Two neighbouring digits changed places: 12 for 21."""
    return typed != meant and any(_swapped(str(typed).zfill(len(str(meant))), place) == meant for place in range(len(str(meant)) - 1))


def _swapped(digits: str, place: int) -> int:
    return int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])


def is_one_digit_off(typed: int, meant: int) -> bool:
    """One digit is another one, in numbers of two digits at least: 25 for 20."""
    first, second = str(typed), str(meant)
    differ = sum(one != other for one, other in zip(first, second, strict=False))
    return len(first) == len(second) >= MANY_DIGITS and differ == 1


def is_digit_lost(typed: int, meant: int) -> bool:
    """A digit was not struck, or struck twice: 3 for 30, 300 for 30."""
    shorter, longer = sorted((str(typed), str(meant)), key=len)
    return len(longer) - len(shorter) == 1 and any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def is_slip(typed: int, meant: int) -> bool:
    """Whether one number is typed for the other by a slip of the finger."""
    return typed != meant and (is_transposed(typed, meant) or is_one_digit_off(typed, meant) or is_digit_lost(typed, meant))


def packs_between(one: int, other: int) -> int:
    """How many units a package holds if one number counts units and the other packages; 0 where none fits."""
    fewer, more = sorted((one, other))
    return more // fewer if fewer > 0 and more % fewer == 0 and more // fewer in PACKS else 0
