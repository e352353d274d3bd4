"""What a scanner sent -> what it says about a package: product, lot, expiry, serial; or why it is not believed.

Alone knows: the AIM prefixes, what GS1 codes say of medicines, and how a lost separator gives itself away.
Must not know: any item, pocket or screen; HIBC's own grammar (`hibc.py`).

Sources: ISO/IEC 15424 (AIM prefixes); GS1 General Specifications (application identifiers, FNC1 as GS, day 00, sliding century),
parsed by biip; docs/wire/scanner.md.
"""

import calendar
import re
from collections.abc import Collection
from datetime import date

from cabinet.domain.package import hibc
from cabinet.domain.package.ndc import digits_in_gtin
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ScannedCode

GS = "\x1d"
LONGEST = 512

_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1 = {"]d2": "GS1 DataMatrix", "]C1": "GS1-128", "]e0": "GS1 DataBar", "]Q3": "GS1 QR", "]J1": "GS1 DotCode"}
_BARE = {"]E0": ("EAN-13", (13,)), "]E4": ("EAN-8", (8,)), "]I1": ("ITF-14", (14,))}
_PRINTABLE = re.compile(r"[\x1d\x20-\x7e]*")
_LOT, _SERIAL, _EXPIRY, _GTIN, _NDC = "10", "21", "17", "01", "715"
_DATED = frozenset(("11", "13", "15", "16", "17"))
_SWALLOWED = ("10", "21", "11", "15", "17")
_PREVIOUS, _NEXT = 51, -50


def read(text: str, year: int) -> ScannedCode | Refusal:
    """Read one scan, prefix and all. `year` is the present one: a code's own has two digits."""
    prefix, body = text[:3], text[3:]
    if not _PREFIX.fullmatch(prefix):
        return Refusal("scan.no_prefix")
    if len(text) > LONGEST or not body or not _PRINTABLE.fullmatch(body):
        return Refusal("scan.unreadable")
    if prefix in _GS1:
        return _gs1(_GS1[prefix], body.removeprefix(GS), text, year)
    if prefix in _BARE:
        name, lengths = _BARE[prefix]
        return _bare(name, body, text) if len(body) in lengths else Refusal("scan.unreadable")
    if body.startswith("+"):
        return hibc.read(body, text, year)
    return Refusal("scan.unreadable")


def prepare() -> None:
    """Load the library that knows the application identifiers, before the first scan waits for it."""
    _fields("")


def _bare(symbology: str, body: str, text: str) -> ScannedCode | Refusal:
    """A product number alone."""
    gtin = body.zfill(14)
    if not body.isdecimal() or not _is_sound(gtin):
        return Refusal("scan.unreadable")
    return ScannedCode(symbology, text, gtin=gtin, ndc=digits_in_gtin(gtin))


def _is_sound(gtin: str) -> bool:
    """Whether the check digit fits: weights 3 and 1 from the right (GS1 General Specifications, 7.9)."""
    return sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(gtin)) % 10 == 0


def _gs1(symbology: str, body: str, text: str, year: int) -> ScannedCode | Refusal:
    fields = _fields(body)
    if fields is None:
        return Refusal("scan.doubtful" if _ran_together(body) else "scan.unreadable")
    expiry = None
    for identifier in _DATED & fields.keys():
        day = day_of(fields[identifier], year)
        if day is None:
            return Refusal("scan.unreadable", f"({identifier}){fields[identifier]} is no date")
        expiry = day if identifier == _EXPIRY else expiry
    if GS not in body and any(_swallows(fields[one], fields) for one in (_LOT, _SERIAL) if one in fields):
        return Refusal("scan.doubtful")
    gtin = fields.get(_GTIN)
    ndc = digits_in_gtin(gtin) if gtin else None
    return ScannedCode(
        symbology, text, gtin=gtin, ndc=ndc or _digits(fields.get(_NDC)), lot=fields.get(_LOT), expiry=expiry, serial=fields.get(_SERIAL)
    )  # fmt: skip


def _digits(text: str | None) -> str | None:
    return "".join(filter(str.isdecimal, text)) if text else None


def _fields(body: str) -> dict[str, str] | None:
    """Application identifier -> value; None where it is no GS1 message, a check digit is wrong or a field says two things."""
    from biip import ParseError  # noqa: PLC0415 - a tenth of a second, which no start waits for
    from biip.gs1_messages import GS1Message  # noqa: PLC0415 - as above
    from biip.gtin import Gtin  # noqa: PLC0415 - as above

    try:
        elements = GS1Message.parse(body).element_strings
        fields: dict[str, str] = {}
        for element in elements:
            if fields.setdefault(element.ai.ai, element.value) != element.value:
                return None
        if _GTIN in fields:
            Gtin.parse(fields[_GTIN])
    except ParseError:
        return None
    return fields or None


def day_of(digits: str, year: int) -> str | None:
    """A date of six digits as YYYY-MM-DD; day 00 is the month's last. The century is the one that keeps it within 50 years of `year`."""
    if len(digits) < 6 or not digits[:6].isdecimal():  # noqa: PLR2004 - YYMMDD
        return None
    short, month, day = (int(digits[place : place + 2]) for place in (0, 2, 4))
    ahead = short - year % 100
    full = year - year % 100 + short + (-100 if ahead >= _PREVIOUS else 100 if ahead <= _NEXT else 0)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months
        return None
    try:
        return date(full, month, day or calendar.monthrange(full, month)[1]).isoformat()
    except ValueError:
        return None


def _swallows(value: str, present: Collection[str]) -> bool:
    """Whether a value of no fixed length may hold the next field too, its separator being lost.

    Only a message without any separator is asked: one that has some came from a scanner that sends them. A field that stands elsewhere in
    the message cannot have been swallowed.
    """
    return any(
        value.startswith(identifier, start) and _may_follow(identifier, value[start + len(identifier) :])
        for identifier in _SWALLOWED
        if identifier not in present
        for start in range(1, len(value) - len(identifier))
    )


def _may_follow(identifier: str, rest: str) -> bool:
    """Whether `rest` can be what stands behind an identifier: a date where there has to be one, else anything."""
    return identifier not in _DATED or day_of(rest, 2000) is not None


def _ran_together(body: str) -> bool:
    """Whether what cannot be read looks like a lot longer than a lot can be: two fields without their separator."""
    return GS not in body and re.match(r"(01\d{14})?((11|15|17)\d{6})*(10|21).{21,}", body) is not None
