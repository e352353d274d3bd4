"""How a hospital's words are to be understood: which code is which item, which ward which care area, whose clock. Mapping tables as data.

Alone knows: how a code, a ward or an identifier of theirs becomes one of ours. Must not know: which field a word stands in.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo

from cabinet.domain.vocabulary import utc_text
from central.hl7.heard import Drug
from central.hl7.moment import moment_of

LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Book:
    """One interface's tables. Codes of `items` are written as `plain` writes them, their coding system before a colon where it matters."""

    items: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    identifiers: tuple[str, ...] = ("MR", "PI", "M10", "PT")
    """Types of identifier (PID-3.5) that name a patient, the best first."""
    authority: str = ""
    """The assigning authority (PID-3.4) whose identifiers count; empty: anybody's."""
    is_filler_first: bool = False
    """Whether an order is known by its filler's number (ORC-3) and not by its placer's (ORC-2)."""
    rde_is_verified: bool = True
    """Whether an encoded order (RDE) comes from a pharmacist's hands; otherwise RXE-14 or ORC-11 must name one."""
    processing: tuple[str, ...] = ("P",)
    """Processing ids (MSH-11) that are acted on: training messages are not, on a link of the real ward."""
    takes_unknown_types: bool = True
    """Whether a message of a type that nothing here acts on is answered with AA (else AR): many senders stop their queue at an AR."""

    def item(self, drug: Drug) -> str | None:
        """The item that a drug is; None where nobody said so."""
        bare = plain(drug.code)
        return self.items.get(f"{drug.system.upper()}:{bare}") or self.items.get(bare)

    def first_item(self, drugs: Iterable[Drug]) -> tuple[Drug, str | None]:
        """The first of several names of one drug that is an item, or the first name."""
        named = [drug for drug in drugs if drug.code or drug.text]
        if not named:
            return Drug("", ""), None
        return next(((drug, found) for drug in named if (found := self.item(drug)) is not None), (named[0], None))

    def area(self, *words: str) -> str:
        """The care area of a location, its most particular word first; empty: none of ours."""
        return next((self.areas[word.upper()] for word in words if word.upper() in self.areas), "")

    def moment(self, text: str) -> str | None:
        """A moment as the sender writes it, as UTC text; None where none is written, or none that can be read."""
        found = moment_of(text, self.zone)
        return None if found is None else utc_text(found)

    def later(self, text: str, seconds: int) -> str:
        """A moment and so many seconds, in the sender's own form of `text`."""
        found = moment_of(text, self.zone)
        assert found is not None, text
        return utc_text(found + timedelta(seconds=seconds))


def plain(code: str) -> str:
    """A code without what people write differently: case, dashes and spaces. An NDC of 5-4-2 or 11 digits is the same then."""
    return re.sub(r"[\s-]", "", code).upper()


def items_of(formulary: Iterable[tuple[str, Iterable[str]]], linked: Mapping[str, str]) -> dict[str, str]:
    """The table of codes: every item under its own id and codes, and what a pharmacist linked above that.

    A code that two items claim is nobody's: it goes to the unmapped list, for a person to decide.
    """
    table: dict[str, str] = {}
    doubtful: set[str] = set()
    for item, codes in formulary:
        for code in {spelled for said in (item, *codes) for spelled in spellings(said)}:
            if table.setdefault(code, item) != item:
                doubtful.add(code)
    kept = {code: item for code, item in table.items() if code not in doubtful}
    return kept | {":".join((*system, plain(code))): item for (*system, code), item in _split(linked)}


def _split(linked: Mapping[str, str]) -> Iterable[tuple[list[str], str]]:
    for said, item in linked.items():
        system, colon, code = said.rpartition(":")
        yield ([system.upper(), code] if colon else [code]), item


def spellings(code: str) -> set[str]:
    """The ways in which one code is written: as it is, and a dashed NDC also with its eleven digits (FDA: 5-4-2)."""
    parts = code.split("-")
    found = {plain(code)}
    if len(parts) == 3 and all(part.isdecimal() for part in parts):  # noqa: PLR2004 - labeler, product, package
        found.add(f"{parts[0]:0>5}{parts[1]:0>4}{parts[2]:0>2}")
    return found


def ident(text: str) -> str:
    """An identifier of theirs as an id of ours (`[a-z0-9_-]{1,64}`): small letters, the rest by number, so that no two become one."""
    said = "".join(letter if re.fullmatch("[a-z0-9-]", letter) else f"_{ord(letter):x}_" for letter in text.casefold())
    if len(said) <= LONGEST_ID:
        return said
    return f"{said[:31]}_{hashlib.sha256(text.casefold().encode()).hexdigest()[:32]}"
