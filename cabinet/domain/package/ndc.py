"""US National Drug Codes: text with dashes in a formulary, bare digits in a bar code.

Alone knows: the three layouts of ten digits, the padded ones of eleven and twelve, and how a GTIN carries ten of them.
Must not know: scanners, or which item a code belongs to.

A code is text, never a number: its zeros count. Sources: FDA, 21 CFR 207.33 (4-4-2, 5-3-2, 5-4-1); 5-4-2 as payers pad it; 91 FR 10749
(uniform 6-4-2 from 2033, which does not fit into a GTIN); GS1 US: GTIN-14 = indicator, 03, the ten digits, check digit.
"""

_TEN = 10
_US_DRUG = "03"
_LAYOUTS = frozenset(((4, 4, 2), (5, 3, 2), (5, 4, 1)))
_SHORTEST = (4, 3, 1)
"""How short each part can be; above it a zero in front may be padding."""


def digits_in_gtin(gtin: str) -> str | None:
    """The ten digits that a GTIN-14 carries, without the dashes, which no digit tells; None where it is no US drug's."""
    return gtin[3:13] if len(gtin) == 14 and gtin[1:3] == _US_DRUG else None  # noqa: PLR2004 - GTIN-14


def ten_digits(ndc: str) -> frozenset[str]:
    """Every ten digits that a code with dashes may stand for; several where one zero of a padded code is the padding."""
    found = {tuple(ndc.split("-"))}
    while any(_length(parts) > _TEN for parts in found):
        found = {shorter for parts in found for shorter in _unpadded(parts)}
    return frozenset("".join(parts) for parts in found if tuple(map(len, parts)) in _LAYOUTS)


def _length(parts: tuple[str, ...]) -> int:
    return sum(map(len, parts))


def _unpadded(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The same code with one zero less in front of one part."""
    if _length(parts) <= _TEN:
        return [parts]
    return [
        (*parts[:place], part[1:], *parts[place + 1 :])
        for place, (part, shortest) in enumerate(zip(parts, _SHORTEST, strict=False))
        if part.startswith("0") and len(part) > shortest
    ]
