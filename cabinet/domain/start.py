"""What a start means: the boot is a fact, the site's pockets are assigned, and whatever was cut in the middle is said to be so.

Alone knows: how an access that a restart cut comes back. Must not know: how the journal was read.
"""

from cabinet.domain import access as access_machine
from cabinet.domain.debt import owing
from cabinet.domain.events import Started
from cabinet.domain.facts import Account, CabinetStarted, PocketAssigned, PocketUnassigned, UnitsMoved
from cabinet.domain.formulary import Formulary
from cabinet.domain.layout import Levels, Pocket
from cabinet.domain.lock import drawer
from cabinet.domain.scale import teaching
from cabinet.domain.scene import Scene
from cabinet.domain.state import Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId, Units

PUT_BACK = "the journal was put back from a copy"
GONE = "the site has taken it away, and the journal holds units in it"


def begin(scene: Scene, turn: Turn, event: Started) -> None:
    """Record the start; settle what is open as unknown; bring the pockets in line with the site."""
    is_put_back = turn.state.is_put_back
    turn.record(CabinetStarted(event.boot, event.software, event.config))
    for state in list(turn.state.drawers.values()):
        drawer.step(state, "blind", turn, "the controller restarted")
    for access in turn.state.active():
        access_machine.step(access, "abandon", turn, "the controller restarted")
    layout, formulary = scene.world.layout, scene.world.formulary
    assigned = turn.state.assigned
    for pocket in layout.pockets.values():
        if pocket.id in assigned:  # loaded or unloaded by hand: the shelf is what people made it
            continue
        known = turn.state.lines.get(pocket.id)
        held = None if known is None else known.item
        _assign(turn, pocket, formulary, levels_of(turn, pocket))
        line = turn.state.lines.get(pocket.id)
        teaching.begin(scene, turn, pocket, is_new=line is not None and held != line.item)
    meant = {pocket.id for pocket in layout.pockets.values() if pocket.item is not None or assigned.get(pocket.id) is not None}
    for line in [line for line in turn.state.lines.values() if line.pocket not in meant]:
        if line.units:
            owing.owe_count(turn, line.pocket, GONE)
        else:
            turn.record(PocketUnassigned(PocketId(line.pocket), ItemId(line.item)))
    if is_put_back:
        for line in list(turn.state.lines.values()):
            owing.owe_count(turn, line.pocket, PUT_BACK)


def levels_of(turn: Turn, pocket: Pocket) -> Levels:
    """How much a pocket should hold: as it was changed since for the item that the site gives it, else as the site says."""
    changed = turn.state.reference.levels.get(pocket.id)
    if changed is None or changed.item != pocket.item:
        return pocket.levels
    return Levels(Units(changed.par), Units(changed.min), Units(changed.critical_low))


def _assign(turn: Turn, pocket: Pocket, formulary: Formulary, levels: Levels) -> None:
    """Assign a pocket as the site says. A pocket that still holds another item is not reassigned: it owes a count instead."""
    if pocket.item is None:
        return
    line = turn.state.lines.get(pocket.id)
    if line is not None and line.item != pocket.item and line.units:
        owing.owe_count(turn, pocket.id, f"the site assigns {pocket.item}, but {line.units} of {line.item} are in it")
        return
    mode = formulary[pocket.item].count_mode
    if line is not None and _is_same(line, pocket, levels, mode):
        return
    is_new = line is None
    turn.record(PocketAssigned(pocket.id, pocket.drawer, pocket.item, levels.par, levels.min, levels.critical_low, mode))
    if is_new and pocket.opening is not None and pocket.opening.units:
        opening = pocket.opening
        turn.record(
            UnitsMoved(pocket.id, pocket.item, opening.units, Account.PHARMACY, Account.POCKET, opening.lot, opening.expiry)
        )  # fmt: skip


def _is_same(line: Line, pocket: Pocket, levels: Levels, mode: str) -> bool:
    return (line.item, line.par, line.min, line.critical_low, line.count_mode) == (
        pocket.item, levels.par, levels.min, levels.critical_low, mode,
    )  # fmt: skip
