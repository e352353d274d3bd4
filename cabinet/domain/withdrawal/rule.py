"""What a hospital decides about units once they are out of their pocket.

Alone knows: these choices and their defaults. Must not know: how a return or a waste is judged by them (`returning.py`).
"""

from dataclasses import dataclass

from cabinet.domain.formulary import ControlClass, Item
from cabinet.domain.vocabulary import ItemId

CONTROLLED = frozenset(ControlClass) - {ControlClass.NONE}


@dataclass(frozen=True, slots=True)
class CustodyRules:
    """What units may be taken for, and what becomes of what is left."""

    purposes: tuple[str, ...] = ()
    """What units may be taken for without a patient."""
    waste_classes: frozenset[ControlClass] = CONTROLLED
    """Of which classes a part that is left over is wasted before a witness; of others nobody asks."""
    waste_items: frozenset[ItemId] = frozenset()
    """Further items of which it is, whatever their class."""
    scan_classes: frozenset[ControlClass] = frozenset()
    """Of which classes a package is scanned when it is removed."""
    scan_items: frozenset[ItemId] = frozenset()
    """Further items of which it is, whatever their class."""
    scan_confirms: bool = False
    """Whether a package that is scanned while it is removed, asked for or not, says that as many were taken as were asked for."""
    pocket_return_classes: frozenset[ControlClass] = frozenset()
    """Of which classes an unopened package may go back to its pocket; else to the bin."""
    sheet_classes: frozenset[ControlClass] = frozenset()
    """Of which classes units come and go on a numbered sheet only."""
    sheet_minutes: int = 120
    """How long what left the vault may be on its way."""
    sheet_by_two: bool = False
    """Whether who carried a sheet receives it before a second person only."""
    case_h: int = 24
    """A case that nobody ended ends by itself after so long."""
    pick_h: int = 4
    """What was picked and not taken waits so long."""
    waste_reasons: tuple[str, ...] = ()
    """What is offered as reason of a waste; another may be typed."""
    return_places: tuple[str, ...] = ()
    """The named places for what does not fit the return bin, or must stay cold."""
    own_item: ItemId | None = None
    """The item that a bag with a patient's own medicine is one unit of; its pockets are where bags lie."""
    listed_h: int = 24
    """For so long patients who left stay listed for return and waste."""

    def is_scanned(self, item: Item) -> bool:
        """Whether a package of this item is scanned when it is removed."""
        return item.control_class in self.scan_classes or item.id in self.scan_items
