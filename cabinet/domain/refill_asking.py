"""Asking the pharmacy for a refill: one touch of whoever wants what is low or out, said once and kept until something is put in.

Alone knows: who may ask, and for which pockets there is something to ask. Must not know: what the pharmacy does about it, any list.

The need stands on the refill list anyway (`stock.need`); what an ask adds is that somebody waits for it, and who.
"""

from cabinet.domain import events, stock
from cabinet.domain.facts import RefillAsked
from cabinet.domain.package.memory import RefillAsk
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Line, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId

ACTS = ("withdraw", "count", "refill")
"""Whoever may do one of these may ask."""


def ask(scene: Scene, turn: Turn, event: events.RefillWanted) -> Refusal | None:
    """Ask once: while it is asked already, by whomever, nothing new is said."""
    session = speaking.who_may(scene, turn, event.session, *ACTS)
    if isinstance(session, Refusal):
        return session
    line = scene.state.lines.get(event.pocket)
    if line is None:
        return Refusal("pocket.unassigned", event.pocket)
    if asked(scene.state, line) is not None:
        return None
    if stock.need(line, turn.at.utc.date().isoformat(), scene.world.policy.refill_interval_h) is None:
        return Refusal("refill.not_low", event.pocket)
    turn.record(RefillAsked(event.pocket, ItemId(line.item)), staff=session.staff)
    return None


def asked(state: State, line: Line) -> RefillAsk | None:
    """Who asked for what a pocket holds now, if anybody did since it was last filled."""
    found = state.refill_asks.get(line.pocket)
    return found if found is not None and found.item == line.item else None
