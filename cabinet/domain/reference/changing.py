"""Reference data comes and changes: a patient added in a hurry, an order entered, verified or stopped, an item, a pocket's levels.

Alone knows: who may change what, and when a record is one. Must not know: whose word a request stands on (`authority.py`).

What the pharmacy sends is judged for its form alone. Only what differs from what is known is written down.
"""

from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date

from cabinet.domain import events
from cabinet.domain.belonging import keeping
from cabinet.domain.debt import settling
from cabinet.domain.facts import LevelsChanged, OrderUnmapped, PatientMerged
from cabinet.domain.formulary import CountMode, Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.person import speaking
from cabinet.domain.reference import record, weight
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, SessionId, is_id, utc_text

UNKNOWN = "unknown"
"""What stands for a date of birth that nobody could tell."""

LONGEST_NAME, LONGEST_BED, LONGEST_ID = 200, 40, 64


def add_patient(scene: Scene, turn: Turn, event: events.PatientAddAsked) -> Refusal | None:
    """A patient who is not listed, in a quarter of a minute. The same again is the same patient."""
    who = speaking.speaker(scene, turn, event.session, "add_patient")
    if isinstance(who, Refusal):
        return who
    if not (is_id(event.patient) and _is_text(event.name, LONGEST_NAME) and _is_born(event.born) and _is_text(event.bed, LONGEST_BED)):
        return Refusal("patient.form")
    patient = Patient(event.patient, event.name.strip(), event.born, "", event.bed.strip(), (), None, ())
    known = scene.patient(event.patient)
    if known is not None:
        return None if (known.name, known.born) == (patient.name, patient.born) else Refusal("patient.taken")
    turn.record(record.patient_fact(patient, "cabinet"), staff=who)
    return None


def merge_patient(scene: Scene, turn: Turn, event: events.PatientMergeAsked) -> Refusal | None:
    """A patient who was added here is one who is listed: all that was withdrawn for the one was withdrawn for the other."""
    who = speaking.speaker(scene, turn, event.session, "add_patient")
    if isinstance(who, Refusal):
        return who
    known = scene.state.reference
    if scene.patient(event.patient) is None or scene.patient(event.into) is None:
        return Refusal("access.patient_unknown")
    if event.into in known.merged or known.who(event.patient) == event.into:
        return Refusal("patient.same")
    if known.origins.get(event.patient) != "cabinet":
        return Refusal("patient.listed")
    turn.record(PatientMerged(event.patient, event.into), staff=who)
    return None


def receive_patient(scene: Scene, turn: Turn, event: events.PatientReceived) -> None:
    """The pharmacy's word on a patient: come, moved, discharged."""
    known = scene.patient(event.record.id)
    received = event.record if known is None else weight.kept(known, event.record)
    if known is None or replace(known, orders=()) != replace(received, orders=()):
        turn.record(record.patient_fact(received, "pharmacy"))
        keeping.patient_changed(scene, turn, received.id)


def change_order(scene: Scene, turn: Turn, event: events.OrderChangeAsked) -> Refusal | None:
    """An order as it is from now on. One that the pharmacy sends and that names no item goes to the unmapped list."""
    who, order = speaking.speaker(scene, turn, event.session, "orders"), event.record
    if isinstance(who, Refusal):
        return who
    if not is_order(order):
        return Refusal("order.form")
    if event.session is not None and scene.patient(order.patient) is None:
        return Refusal("access.patient_unknown")
    if order.item not in scene.world.formulary:
        if event.session is not None:
            return Refusal("item.unknown", order.item)
        turn.record(OrderUnmapped(order.id, order.patient, event.said or order.item, order.dose))
        return None
    if scene.order(order.id) != order or order.id in scene.state.reference.unmapped:
        turn.record(record.order_fact(order, _origin(event.session)), staff=who)
        settling.arrived(scene, turn, order.id, who)
    return None


def sent_orders(scene: Scene, patient: PatientId) -> tuple[OrderId, ...]:
    """The orders of a patient that the pharmacy sent and that are not stopped."""
    known = scene.state.reference
    mine = (known.orders[order] for order in known.orders_of.get(known.who(patient), ()))
    return tuple(order.id for order in mine if order.status != "stopped" and known.order_origins.get(order.id) == "pharmacy")


def verify_order(scene: Scene, turn: Turn, event: events.OrderVerifyAsked) -> Refusal | None:
    """A pharmacist looked at it: it is offered from now on."""
    return _amend(scene, turn, event, lambda order: replace(order, is_verified=True, waiting_since=None))


def stop_order(scene: Scene, turn: Turn, event: events.OrderStopAsked) -> Refusal | None:
    """It is not offered any more; what is owed of it stays owed."""
    now = utc_text(turn.at.utc)
    return _amend(scene, turn, event, lambda order: order if order.status == "stopped" else replace(order, status="stopped", stops=now))


def _amend(
    scene: Scene, turn: Turn, event: events.OrderVerifyAsked | events.OrderStopAsked, amend: Callable[[Order], Order]
) -> Refusal | None:
    who, order = speaking.speaker(scene, turn, event.session, "orders"), scene.order(event.order)
    if isinstance(who, Refusal):
        return who
    if order is None:
        return Refusal("order.not_known")
    if amend(order) != order:
        turn.record(record.order_fact(amend(order), _origin(event.session)), staff=who)
        settling.arrived(scene, turn, order.id, who)
    return None


def change_item(scene: Scene, turn: Turn, event: events.ItemChangeAsked) -> Refusal | None:
    """An item as it is from now on. What one counted unit is never changes while a pocket holds some: its balance would mean another."""
    who, item = speaking.speaker(scene, turn, event.session, "items"), event.record
    if isinstance(who, Refusal):
        return who
    refusal = judge_item(scene, item)
    if refusal is None:
        keep_item(scene, turn, item, _origin(event.session), who)
    return refusal


def keep_item(scene: Scene, turn: Turn, item: Item, origin: str, who: str | None = None) -> None:
    """Write an item down that was judged, where it differs from what is known."""
    if scene.world.formulary.get(item.id) != item:
        turn.record(record.item_fact(item, origin), staff=who)


def judge_item(scene: Scene, item: Item, listed: Container[str] = ()) -> Refusal | None:
    """Whether an item is one, and may stand for what is held of it; `listed` are others that come with it."""
    if not (is_id(item.id) and all(_is_text(text, LONGEST_NAME) for text in (item.name, item.generic, item.strength, item.form))):
        return Refusal("item.form")
    if item.is_controlled and item.count_mode is CountMode.BULK:  # nobody would ever count it
        return Refusal("item.form")
    named = (*item.look_alikes, *(content for content, _ in item.kit))
    missing = [one for one in named if one not in scene.world.formulary and one not in listed]
    if missing:
        return Refusal("item.unknown", missing[0])
    known = scene.world.formulary.get(item.id)
    is_held = any(line.item == item.id and (line.units or line.count_mode == "bulk") for line in scene.state.lines.values())
    if known is not None and is_held and (known.count_mode, known.count_unit) != (item.count_mode, item.count_unit):
        return Refusal("item.held", item.id)
    return None


def change_levels(scene: Scene, turn: Turn, event: events.LevelsChangeAsked) -> Refusal | None:
    """How much a pocket should hold of what it holds."""
    who = speaking.speaker(scene, turn, event.session, "pars")
    if isinstance(who, Refusal):
        return who
    refusal = judge_levels(scene, event)
    if refusal is not None:
        return refusal
    line = scene.state.lines[event.pocket]
    if (line.par, line.min, line.critical_low) != (event.par, event.min, event.critical_low):
        said = LevelsChanged(event.pocket, ItemId(line.item), event.par, event.min, event.critical_low, _origin(event.session))
        turn.record(said, staff=who)
    return None


def judge_levels(scene: Scene, event: events.LevelsChangeAsked) -> Refusal | None:
    """Whether levels are in order, and fit the pocket and what it holds."""
    place, line = scene.world.layout.pockets.get(event.pocket), scene.state.lines.get(event.pocket)
    if place is None or line is None:
        return Refusal("pocket.unknown" if place is None else "pocket.unassigned", event.pocket)
    if not 0 <= event.critical_low <= event.min <= event.par:
        return Refusal("levels.order", event.pocket)
    if place.capacity is not None and event.par > place.capacity:
        return Refusal("levels.capacity", f"{event.pocket}: {place.capacity}")
    return None


def _origin(session: SessionId | None) -> str:
    return "pharmacy" if session is None else "cabinet"


def _is_text(text: str, most: int) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= most


def _is_born(text: str) -> bool:
    try:
        return text == UNKNOWN or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_order(order: Order) -> bool:
    """Whether an order says what one says."""
    has_id = _is_text(order.id, LONGEST_ID)
    has_words = all(_is_text(text, LONGEST_NAME) for text in (order.dose, order.route, order.schedule))
    return has_id and has_words and order.units >= 0 and order.interval_min >= 0 and order.status in {"active", "held", "stopped"}
