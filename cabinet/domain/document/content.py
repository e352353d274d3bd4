"""What the records of each document mean: staff, items, policy, levels, patients with their orders, recalls, sheets, codes, deliveries.

Alone knows: which room takes each kind of record, and what becomes of a record that is no more.
Must not know: versions (`receiving.py`), or how a room judges what it is told.

`judge` looks at all of a document before `apply` begins; what it lets pass, no room refuses.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from cabinet.domain import events
from cabinet.domain.delivery import working
from cabinet.domain.events import Par, Recall, SentCode, SentDelivery, SentPolicy, SentSheet
from cabinet.domain.facts import PolicyChanged
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Patient
from cabinet.domain.package import parking
from cabinet.domain.people import Staff
from cabinet.domain.person import enrolment
from cabinet.domain.quarantine import asking as quarantine
from cabinet.domain.quarantine.memory import Quarantine
from cabinet.domain.reference import changing
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.sheet import carrying
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import PatientId, PocketId, StaffId, utc_text

LIFTED, CHANGED = "the pharmacy called it off", "the pharmacy changed it"


@dataclass(frozen=True, slots=True)
class Came:
    """A document whose turn it is: its records, the ids that its last version named, and those that are no more."""

    records: tuple[Any, ...]
    before: AbstractSet[str]
    gone: tuple[str, ...]
    is_whole: bool


def judge(scene: Scene, turn: Turn, event: events.DocumentReceived) -> Refusal | None:
    """Whether every record may be applied: the first that may not says why."""
    judge_one = KINDS[event.document].judge
    named = frozenset(str(one.id) for one in event.records)
    return next((refusal for one in event.records if (refusal := judge_one(scene, turn, one, named)) is not None), None)


def apply(scene: Scene, turn: Turn, event: events.DocumentReceived, before: AbstractSet[str], gone: tuple[str, ...]) -> None:
    """Apply a document that was judged. `before`: the ids that its last version named; `gone`: those of them that are no more."""
    KINDS[event.document].apply(scene, turn, Came(event.records, before, gone, event.from_version is None))


def _told(refusal: Refusal | None) -> None:
    assert refusal is None, f"a document that was judged is refused: {refusal}"


# --- staff: who is no more is switched off, and their sessions end


def _judge_staff(_scene: Scene, _turn: Turn, one: Staff, _named: AbstractSet[str]) -> Refusal | None:
    refusal = enrolment.judge_form(one)
    return None if refusal is None else Refusal(refusal.code, one.id)


def _apply_staff(scene: Scene, turn: Turn, came: Came) -> None:
    left = (scene.staff(StaffId(name)) for name in came.gone)
    for one in (*came.records, *(replace(staff, is_active=False) for staff in left if staff is not None)):
        enrolment.receive(scene, turn, one)


# --- items: one that is no more stays known, for a pocket may hold it; what must not be used is recalled


def _judge_item(scene: Scene, _turn: Turn, one: Item, named: AbstractSet[str]) -> Refusal | None:
    refusal = changing.judge_item(scene, one, named)
    return None if refusal is None else Refusal(refusal.code, refusal.detail or one.id)


def _apply_items(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        changing.keep_item(scene, turn, one, "pharmacy")


# --- policy: never under the hands of somebody who is at a drawer


def _judge_policy(scene: Scene, _turn: Turn, _one: SentPolicy, _named: AbstractSet[str]) -> Refusal | None:
    return Refusal("document.busy") if scene.state.active() else None


def _apply_policy(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        turn.record(PolicyChanged(one.text))
        scene.go_by(one.rules)


# --- levels: those that are no more are the site's again


def _levels(turn: Turn, one: Par) -> events.LevelsChangeAsked:
    return events.LevelsChangeAsked(turn.at, None, one.id, one.par, one.min, one.critical_low)


def _judge_par(scene: Scene, turn: Turn, one: Par, _named: AbstractSet[str]) -> Refusal | None:
    refusal = changing.judge_levels(scene, _levels(turn, one))
    if refusal is None and scene.state.lines[one.id].item != one.item:
        return Refusal("levels.item", one.id)
    return refusal


def _apply_pars(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        _told(changing.change_levels(scene, turn, _levels(turn, one)))
    for name in came.gone:
        place, line = scene.world.layout.pockets.get(PocketId(name)), scene.state.lines.get(name)
        if place is not None and line is not None and line.item == place.item:
            site = place.levels
            _told(changing.change_levels(scene, turn, _levels(turn, Par(place.id, place.item, site.par, site.min, site.critical_low))))


# --- patients with their orders: an order that is no more is stopped, a patient who is no more has left


def _judge_patient(_scene: Scene, _turn: Turn, one: Patient, _named: AbstractSet[str]) -> Refusal | None:
    wrong = next((order for order in one.orders if not changing.is_order(order)), None)
    return None if wrong is None else Refusal("order.form", wrong.id)


def _apply_orders(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        changing.receive_patient(scene, turn, events.PatientReceived(turn.at, replace(one, orders=())))
        for order in one.orders:
            _told(changing.change_order(scene, turn, events.OrderChangeAsked(turn.at, None, order)))
        named = {order.id for order in one.orders}
        for held in changing.sent_orders(scene, one.id):
            if held not in named:
                _told(changing.stop_order(scene, turn, events.OrderStopAsked(turn.at, None, held)))
    for name in came.gone:
        patient = scene.patient(PatientId(name))
        if patient is not None and patient.discharged_at is None:
            left = replace(patient, orders=(), discharged_at=utc_text(turn.at.utc))
            changing.receive_patient(scene, turn, events.PatientReceived(turn.at, left))


# --- recalls: blocked at once; one that is no more is lifted, unless a person here began it


def _block(turn: Turn, one: Recall) -> events.QuarantineAsked:
    return events.QuarantineAsked(turn.at, None, one.id, one.scope, one.value, one.why, one.item, one.recall)


def _judge_recall(scene: Scene, turn: Turn, one: Recall, _named: AbstractSet[str]) -> Refusal | None:
    return None if quarantine.is_sensible(scene, _block(turn, one)) else Refusal("document.recall", one.id)


def _apply_recalls(scene: Scene, turn: Turn, came: Came) -> None:
    said = {one.id: one for one in came.records}
    for name in (*came.gone, *said):
        held, now = scene.state.quarantines.get(name), said.get(name)
        if held is not None and held.staff is None and (now is None or not _is_same(held, now)):
            _told(quarantine.lift(scene, turn, events.QuarantineLiftAsked(turn.at, None, name, LIFTED if now is None else CHANGED)))
    for one in came.records:
        _told(quarantine.begin(scene, turn, _block(turn, one)))


def _is_same(held: Quarantine, said: Recall) -> bool:
    return (held.scope, held.value, held.item, held.why, held.recall) == (said.scope, said.value, said.item, said.why, said.recall)


# --- sheets: announced once; one that is no more was closed, by count


def _judge_sheet(scene: Scene, _turn: Turn, one: SentSheet, _named: AbstractSet[str]) -> Refusal | None:
    return None if one.item in scene.world.formulary and one.units > 0 else Refusal("sheet.form", f"{one.id}: {one.item}")


def _apply_sheets(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        if one.id not in came.before:  # what was announced and received must not be due again
            said = events.SheetAnnounced(turn.at, None, one.id, one.item, one.units, one.issued_by, one.carried_by, one.issued_at)
            _told(carrying.announce(scene, turn, said))


# --- codes of packages: known from now on, or not to be put in; one that is no more is known no longer


def _judge_code(scene: Scene, _turn: Turn, one: SentCode, _named: AbstractSet[str]) -> Refusal | None:
    return parking.judge_sent(scene, one)


def _apply_codes(scene: Scene, turn: Turn, came: Came) -> None:
    for one in (*came.records, *(SentCode(name, None, LIFTED) for name in came.gone)):
        parking.receive(scene, turn, one)


# --- deliveries: announced once; one that is no more was closed here


def _judge_delivery(scene: Scene, _turn: Turn, one: SentDelivery, _named: AbstractSet[str]) -> Refusal | None:
    return working.judge_sent(scene, one)


def _apply_deliveries(scene: Scene, turn: Turn, came: Came) -> None:
    for one in came.records:
        if one.id not in came.before:  # what was worked off must not be due again
            lines = tuple(working.as_it_stands(scene, line) for line in one.lines)
            _told(working.announce(scene, turn, events.DeliveryAnnounceAsked(turn.at, None, one.id, lines)))


@dataclass(frozen=True, slots=True)
class _Kind:
    judge: Callable[[Scene, Turn, Any, AbstractSet[str]], Refusal | None]
    apply: Callable[[Scene, Turn, Came], None]


KINDS = {
    "staff": _Kind(_judge_staff, _apply_staff),
    "formulary": _Kind(_judge_item, _apply_items),
    "policy": _Kind(_judge_policy, _apply_policy),
    "pars": _Kind(_judge_par, _apply_pars),
    "orders": _Kind(_judge_patient, _apply_orders),
    "recall": _Kind(_judge_recall, _apply_recalls),
    "sheets": _Kind(_judge_sheet, _apply_sheets),
    "codes": _Kind(_judge_code, _apply_codes),
    "deliveries": _Kind(_judge_delivery, _apply_deliveries),
}
"""What each document is judged and applied by."""
