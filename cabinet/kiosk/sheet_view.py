"""Numbered sheets as they are shown: those that are on their way, and what an access that used one says at its end.

Alone knows: these words. Must not know: HTTP, HTML, clocks; when a sheet is late or closed.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.phrase import Phrase
from cabinet.domain.sheet.memory import Sheet
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import ItemId, StaffId, Units
from cabinet.kiosk.unit_view import amount


@dataclass(frozen=True)
class SheetRow:
    """A numbered sheet that is open; people, and the cabinet that it goes to, by their names as far as they are known here.

    `amount` is what was issued.
    """

    sheet: Sheet
    title: str
    amount: str
    issued_by: str
    carried_by: str
    place: str


def sheet_rows(core: Core) -> tuple[SheetRow, ...]:
    """The open sheets, those that are late first."""
    known = sorted(core.state.sheets.values(), key=lambda sheet: (not sheet.is_late, sheet.due))
    return tuple(_row(core, one) for one in known)


def _row(core: Core, sheet: Sheet) -> SheetRow:
    item = core.world.formulary.get(ItemId(sheet.item))
    title, much = (sheet.item, str(sheet.issued)) if item is None else (item.title, amount(sheet.issued, item))
    return SheetRow(sheet, title, much, _name(core, sheet.issued_by), _name(core, sheet.carried_by), place_name(core, sheet.place or ""))


def place_name(core: Core, place: str) -> str:
    """Another cabinet by its name, where it is known here."""
    return next((one.name for one in core.world.neighbours if one.id == place), place)


def _name(core: Core, who: str) -> str:
    """Whoever is a colleague here is named; a vault's buyer stands on the sheet in words of its own."""
    person = core.scene.staff(StaffId(who))
    return who if person is None else person.name


def sent(core: Core, item: Item, access: Access, units: Units) -> Phrase:
    """What a transfer came to."""
    much = amount(units, item)
    if access.place is None:
        return Phrase("{amount} of {item} sent away.", amount=much, item=item.title)
    return Phrase("{amount} of {item} sent to {place}.", amount=much, item=item.title, place=place_name(core, access.place))


def onward(core: Core, access: Access) -> str:
    """What is still to be done about an access's sheet; "" where it has none, or nothing is."""
    sheet = core.state.sheets.get(access.sheet or "")
    if sheet is None:
        return ""
    name = sheet.id.upper()
    if sheet.is_inbound:
        return Phrase(
            "Sheet {sheet}: {number} of {issued} arrived. Look for the rest; who did not carry it closes it under Sheets, with a reason.",
            sheet=name, number=sheet.received, issued=sheet.issued,
        )  # fmt: skip
    return Phrase("Sheet {sheet} is on its way. A colleague closes it under Sheets, with the number that was counted there.", sheet=name)
