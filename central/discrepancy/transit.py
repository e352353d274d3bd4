"""Discrepancies in transit, by their sheets: what arrives short at another cabinet is one at either end, and both are the same units.

Alone knows: which sheet a discrepancy in transit is about, and which others are of it. Must not know: HTTP, HTML.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from central.discrepancy.clue import TRANSIT
from central.inquiry import Inquiry
from central.inquiry.row import DiscrepancyRow

Key = tuple[str, str]
"""Cabinet and discrepancy."""


@dataclass(frozen=True, slots=True)
class End:
    """Of which sheet one is, and the discrepancies of the same sheet at other cabinets."""

    sheet: str
    others: tuple[DiscrepancyRow, ...]


def ends(ask: Inquiry, wanted: Iterable[DiscrepancyRow], among: Iterable[DiscrepancyRow]) -> Mapping[Key, End]:
    """What is known of those of `wanted` that are in transit; their other ends are looked for `among` these."""
    mine = [row for row in wanted if row.pocket == TRANSIT]
    items = {row.item for row in mine}
    rows = {_key(row): row for row in (*mine, *among) if row.pocket == TRANSIT and row.item in items}
    sheets = {key: _sheet(ask, row) for key, row in rows.items()}
    found = {}
    for row in mine:
        sheet = sheets[_key(row)]
        alike = (other for key, other in rows.items() if sheet and sheets[key] == sheet and other.item == row.item)
        found[_key(row)] = End(sheet, tuple(other for other in alike if other.cabinet != row.cabinet))
    return found


def _key(row: DiscrepancyRow) -> Key:
    return row.cabinet, row.discrepancy


def _sheet(ask: Inquiry, row: DiscrepancyRow) -> str:
    """The sheet that was closed with it, which its cabinet says in the next fact."""
    told = ask.facts(row.cabinet, row.seq, epoch=row.epoch, limit=1)
    return str(told[0]["body"]["sheet"]) if told and told[0]["type"] == "sheet_closed" else ""
