"""An infusion ends: only now is it known what is left of its bag, and whether that is to be wasted before a witness.

Alone knows: that. Must not know: how a waste is done (`custody.py`).
"""

from cabinet.domain import events
from cabinet.domain.debt import owing
from cabinet.domain.dose.plan import owes_waste
from cabinet.domain.facts import InfusionEnded
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.unit import portion
from cabinet.domain.vocabulary import ItemId


def end(scene: Scene, turn: Turn, event: events.BagEnded) -> Refusal | None:
    """Take a person's word for what is left; they owe its waste where class or list says so."""
    session, known = speaking.who_may(scene, turn, event.session, "waste"), scene.state.withdrawals.get(event.access)
    if isinstance(session, Refusal):
        return session
    if known is None:
        return Refusal("withdrawal.unknown")
    item = scene.world.formulary[ItemId(known.item)]
    if not 0 <= event.left_m <= known.left_m:
        return Refusal("withdrawal.more", portion(known.left_m, item.count_unit))
    turn.record(InfusionEnded(event.access, item.id, event.said, event.left_m), about=event.access, staff=session.staff)
    owing.settle_infusion(turn, event.access, session.staff)
    if event.left_m and owes_waste(item, scene.world.policy.custody):
        owing.owe_of(turn, known, session.staff, "left in the bag", event.left_m)
    return None
