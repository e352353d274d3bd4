"""When an access of a sealed kit asks for a tag.

Alone knows: that one tag is due for each kit that is taken or put. Must not know: whether a tag is right (`tray.py`).
"""

from cabinet.domain.facts import Account
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.kit.memory import Tray
from cabinet.domain.state import Access, State


def read_in(state: State, access: Access) -> list[Tray]:
    """The kits whose tags were read in an access and that have not moved yet."""
    return [tray for tray in state.trays.values() if tray.read_in == access.id]


def is_due(state: State, access: Access, item: Item) -> bool:
    """Whether an access of a sealed kit still asks for a tag: one for each kit that is taken or put, before the quantity is confirmed."""
    row = row_of(access)
    moves = row.opens and Account.POCKET in {row.source, row.target}
    return bool(item.kit) and moves and access.confirmed is None and len(read_in(state, access)) < access.units
