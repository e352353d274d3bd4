"""Choosing before taking: several orders for one way through the drawers, or ahead, from another screen of the ward.

Alone knows: who may choose, how many, and for how long a choice stands. Must not know: whether it may be taken: that is asked when it is,
as of any withdrawal, for by then the order may be stopped, changed or followed by somebody else.
"""

from datetime import timedelta

from cabinet.domain import events
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.facts import OrderPicked, PickDropped
from cabinet.domain.layout import Layout
from cabinet.domain.orders import Order, Phase
from cabinet.domain.person import speaking, standing
from cabinet.domain.pick.memory import Pick
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.state import State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, PocketId, SessionId, StaffId, is_id, parse_utc, utc_text

TIMER = "pick"
MOST = 40
"""Of one person at one time."""


def pick(scene: Scene, turn: Turn, event: events.PickAsked) -> Refusal | None:
    """Choose an order. The same order again is the same choice."""
    refusal = _judge(scene, turn, event.session, event.staff)
    if refusal is not None:
        return refusal
    order = scene.order(event.order)
    if order is None or scene.patient(order.patient) is None:
        return Refusal("order.unknown", event.order)
    if order.phase(utc_text(turn.at.utc)) is Phase.STOPPED:
        return Refusal("order.stopped", event.order)
    mine = of_person(scene.state, event.staff)
    if any(one.order == event.order for one in mine):
        return None
    if not is_id(event.pick) or event.pick in scene.state.picks or event.pick in scene.state.accesses:
        return Refusal("access.repeated", event.pick)
    if len(mine) >= MOST:
        return Refusal("pick.many", str(MOST))
    chosen = OrderPicked(event.pick, order.patient, order.id, event.item or order.item, event.said, event.session is None, said_by(order))
    turn.record(chosen, staff=event.staff)
    turn.order(StartTimer(f"{TIMER}:{event.pick}", 3600.0 * scene.world.policy.custody.pick_h))
    return None


def said_by(order: Order) -> str:
    """What an order says, so that a change between the choice and the cabinet is seen."""
    return " · ".join(part for part in (order.dose, order.route, order.schedule) if part)


def drop(scene: Scene, turn: Turn, event: events.PickDropAsked) -> Refusal | None:
    """Think better of it; what is gone already is gone."""
    refusal = _judge(scene, turn, event.session, event.staff)
    if refusal is not None:
        return refusal
    known = scene.state.picks.get(event.pick)
    if known is None:
        return None
    if known.staff != event.staff:
        return Refusal("access.not_yours")
    _end(turn, known, "dropped")
    return None


def _judge(scene: Scene, turn: Turn, session: SessionId | None, staff: StaffId) -> Refusal | None:
    """Whoever may withdraw may choose: at the cabinet in their session, elsewhere as somebody whose account stands."""
    if session is not None:
        heard = speaking.who_may(scene, turn, session, "withdraw")
        return heard if isinstance(heard, Refusal) else None
    person = scene.staff(staff)
    refusal = standing.judge_arrival(scene, turn.at.utc, staff, is_temporary=False)
    if refusal is not None or person is None:
        return refusal or Refusal("session.not_recognised")
    return None if scene.world.policy.allows(person.role, "withdraw") else not_of_role(person.role, "withdraw")


def due(scene: Scene, turn: Turn, name: str) -> None:
    """Nobody came for it."""
    known = scene.state.picks.get(name)
    if known is not None:
        _end(turn, known, "nobody came")


def resume(scene: Scene, turn: Turn) -> None:
    """After a start the time of every pick runs on."""
    for one in scene.state.picks.values():
        ends = parse_utc(one.at) + timedelta(hours=scene.world.policy.custody.pick_h)
        turn.order(StartTimer(f"{TIMER}:{one.id}", max(1.0, (ends - turn.at.utc).total_seconds())))


def of_person(state: State, staff: str, layout: Layout | None = None) -> list[Pick]:
    """What a person chose; with a layout in the order of one way through its drawers, what is not here last."""
    mine = [one for one in state.picks.values() if one.staff == staff]
    return mine if layout is None else sorted(mine, key=lambda one: _way(state, layout, one.item))


def _way(state: State, layout: Layout, item: str) -> int:
    places = [
        number for number, pocket in enumerate(layout.pockets) if PocketId(pocket) in state.lines and state.lines[pocket].item == item
    ]
    return min(places, default=len(layout.pockets))


def _end(turn: Turn, known: Pick, why: str) -> None:
    turn.record(PickDropped(AccessId(known.id), why), staff=known.staff)
    turn.order(StopTimer(f"{TIMER}:{known.id}"))
