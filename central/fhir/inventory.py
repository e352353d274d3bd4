"""What a cabinet holds -> InventoryReport (R5), a snapshot.

Alone knows: which field of a pocket is which element. Must not know: tables, HTTP.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from central.fhir.word import Resource, concept, id_of, identifier, instant, reference
from central.inquiry.row import CabinetRow, StockRow
from config.schema import Item


def inventory_id(cabinet: str) -> str:
    """The id of a cabinet's report."""
    return id_of("inventory", cabinet)


def inventory_of(cabinet: CabinetRow, pockets: Sequence[StockRow], items: Mapping[str, Item], now: datetime) -> Resource:
    """Every pocket that holds an item, as the facts have it; the pocket's name is the listing's location."""
    made: Resource = {
        "resourceType": "InventoryReport", "id": inventory_id(cabinet.cabinet), "status": "active", "countType": "snapshot",
        "identifier": [identifier("inventory", f"{cabinet.cabinet}/{cabinet.epoch}/{cabinet.seq}")],
        "reportedDateTime": instant(utc_text(now)), "reporter": reference("cabinet", cabinet.cabinet, cabinet.name),
    }  # fmt: skip
    listings = [_listing(row, items) for row in pockets if row.item]
    return made | ({"inventoryListing": listings} if listings else {})


def _listing(row: StockRow, items: Mapping[str, Item]) -> Resource:
    text = " ".join(word for word in (row.name, row.strength, row.form) if word)
    made: Resource = {
        "location": reference("pocket", f"{row.cabinet}/{row.pocket}", row.pocket), "itemStatus": {"text": row.status},
        "item": [{"quantity": {"value": row.units, "unit": row.unit}, "item": {"concept": concept(row.item, items, text)}}],
    }  # fmt: skip
    if row.last_counted_at:
        made["countingDateTime"] = instant(row.last_counted_at)
    return made
