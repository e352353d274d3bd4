"""Messages of an invented hospital, written by hand, and how the tests read them.

Alone knows: what the invented hospital sends. Must not know: what should come of it.
"""

from central.hl7.book import Book, items_of
from central.hl7.framing import Cut, Piece
from central.hl7.reading import Reading, read

NOW = "2026-03-02T12:00:00.000000Z"
FORMULARY = (("oxycodone-5-tab", ["0406-9001-01"]), ("heparin-5000-vial", ["25021-9002-10"]), ("saline-1000-bag", ["0338-9003-04"]))
BOOK = Book(
    items=items_of(FORMULARY, {"LOCAL:4711": "oxycodone-5-tab"}),
    areas={"6N": "ward-1", "6N^12": "ward-1-annex", "ICU": "icu"},
)

MSH = "MSH|^~\\&|ADT|HOSP|ADC|PHARM|{at}||{kind}|{control}|P|2.5.1"
PID = "PID|1||MRN-77^^^HOSP^MR~123-45-6789^^^SSA^SS||VOSS^ELEANOR^M||19480314|F"


def message(kind: str, *segments: str, at: str = "20260302120000", control: str = "C1", head: str = MSH) -> bytes:
    """A message of the invented hospital."""
    return ("\r".join((head.format(kind=kind, at=at, control=control), *segments)) + "\r").encode()


def adt(trigger: str, where: str = "6N^14^A", *more: str, at: str = "20260302120000", visit: str = "V1", pid: str = PID) -> bytes:
    """News of the patient."""
    place = f"PV1|1|I|{where}" + "|" * 16 + visit
    return message(f"ADT^{trigger}^ADT_{trigger}", f"EVN|{trigger}|{at}", pid, place, *more, at=at, control=f"{trigger}-{at}")


def rde(control: str = "NW", *, at: str = "20260302120000", order: str = "RX9", more: tuple[str, ...] = (), rxe: str = "") -> bytes:
    """An encoded order: 5 to 10 mg of oxycodone every six hours as needed."""
    common = f"ORC|{control}|{order}^CPOE|P{order}^PHARM||||||20260302110000"
    encoded = rxe or "RXE|^Q6H^^20260302^20260305^PRN|0406-9001-01^oxycodone 5 mg^NDC|5|10|mg"
    return message("RDE^O11^RDE_O11", PID, common, encoded, "RXR|PO", *more, at=at, control=f"{order}-{control}-{at}")


def told(content: bytes, book: Book = BOOK) -> Reading:
    """What one whole message comes to."""
    return read(Cut(Piece.BLOCK, content), book, NOW)
