"""A sealed kit with something controlled in it that was handed out: owed until it comes back, or what was in it is accounted for.

Alone knows: when that is owed, and what settles it. Must not know: how a tag is read (`tray.py`), or who may close a debt.
"""

from cabinet.domain.debt import owing
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import DebtSettled, KitBroken
from cabinet.domain.formulary import Item
from cabinet.domain.kit.memory import Tray
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import DebtId, ItemId

KIND = "kit"
"""The kind of the debt. It is told with the tags, and a count of what is left inside settles it."""


def owe(scene: Scene, turn: Turn, access: Access) -> None:
    """A kit was handed out by the quantity that was stated last; of one whose tag nobody read it is owed as well."""
    item, debt = scene.item_of(access), debt_of(access.id)
    if not access.confirmed and debt in turn.state.debts:
        turn.record(DebtSettled(debt, "done", owing.CORRECTED), access=access)
    if access.confirmed and _holds_controlled(scene, item):
        tags = ", ".join(tray.tag for tray in out_of(turn.state, access.id))
        owing.owe(turn, access, KIND, f"tray {tags} is out" if tags else "a tray is out whose tag was not read")


def settle(turn: Turn, withdrawal: str | None, staff: str | None) -> None:
    """It came back, or the last of what went out was counted."""
    debt, known = debt_of(withdrawal or ""), turn.state.withdrawals.get(withdrawal or "")
    if debt not in turn.state.debts or known is None:
        return
    trays = out_of(turn.state, known.access)
    is_accounted_for = bool(trays) and all(tray.is_counted for tray in trays) and len(trays) >= known.units - known.returned
    if known.left_m <= 0 or is_accounted_for:
        turn.record(DebtSettled(debt, "done"), about=known.access, staff=staff)


def note_opened(turn: Turn, access: Access, event: AccessAsked) -> None:
    """What comes back opened is no sealed kit any more, wherever it is laid."""
    if event.kind != "return" or event.is_intact or event.withdrawal is None:
        return
    for tray in out_of(turn.state, event.withdrawal)[: event.units]:
        if tray.is_sealed:
            turn.record(KitBroken(tray.tag, ItemId(tray.item), None), access=access)


def out_of(state: State, access: str) -> list[Tray]:
    """The kits that an access handed out and that are not back."""
    return [tray for tray in state.trays.values() if tray.out_in == access]


def debt_of(access: str) -> DebtId:
    """The debt of the kits that an access handed out."""
    return DebtId(f"{KIND}-{access}"[:64])


def _holds_controlled(scene: Scene, item: Item) -> bool:
    held = (scene.world.formulary.get(one) for one, _ in item.kit)
    return any(one is not None and one.is_controlled for one in held)
