"""A weight that is typed for a dose is the patient's weight from then on, for everybody whose role may say so.

Alone knows: what may be a weight, and that one typed for a dose is written into the record with its age and where it came from.
Must not know: how a dose is worked out with it (`dose/plan.py`).
"""

from dataclasses import replace

from cabinet.domain.dose.amount import Dose
from cabinet.domain.dose.plan import weight_of
from cabinet.domain.dose.reading import parse
from cabinet.domain.events import AccessAsked
from cabinet.domain.orders import Patient
from cabinet.domain.people import Session
from cabinet.domain.reference import record
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import StaffId, utc_text

ACT = "weigh"
SOURCE = "typed at the cabinet"
AGAIN = "typed at the cabinet, near the one before"
UNCHECKED = "the dose went by a weight that was typed, and that nothing on record bears out"
LEAST_G, MOST_G = 200, 650_000
"""Lighter than any who lived, and heavier than any who was weighed: beyond these it is a slip of the finger."""


def judge(event: AccessAsked) -> Refusal | None:
    """Whether the weight in a request, where there is one, can be somebody's."""
    weight_g = weight_of(event.said or "")
    return None if weight_g is None or LEAST_G <= weight_g <= MOST_G else Refusal("dose.weight_range", event.said or "")


def note(scene: Scene, turn: Turn, event: AccessAsked, session: Session) -> None:
    """Keep the weight that a granted withdrawal was asked for with. Whose role may not say so weighed for this one dose alone.

    One that is far from what is on record was asked about and changes no record: that is for whoever weighs the patient again.
    """
    weight_g, patient, staff = weight_of(event.said or ""), scene.patient(event.patient), scene.staff(session.staff)
    if weight_g is None or patient is None or staff is None or not scene.world.policy.allows(staff.role, ACT):
        return
    if patient.weight_g and scene.world.policy.dosing.is_other_weight(weight_g, patient.weight_g):
        return
    source = AGAIN if patient.weight_g else SOURCE
    weighed = replace(patient, weight_g=weight_g, weight_at=utc_text(turn.at.utc), weight_source=source)
    origin = scene.state.reference.origins.get(patient.id, "site")
    turn.record(record.patient_fact(weighed, origin), staff=StaffId(staff.id))


def is_unchecked(scene: Scene, access: Access) -> bool:
    """Whether the dose of an access went by a weight that its own person typed, and that nothing on record bears out."""
    weight_g, patient, order = weight_of(access.said or ""), scene.patient(access.patient), scene.order(access.order)
    said = None if order is None else parse(order.dose)
    if weight_g is None or patient is None or not (isinstance(said, Dose) and said.is_per_kg):
        return False
    is_own = patient.weight_source == SOURCE and (patient.weight_at or "") >= access.asked_at
    return is_own or not patient.weight_g or scene.world.policy.dosing.is_other_weight(weight_g, patient.weight_g)


def kept(known: Patient, received: Patient) -> Patient:
    """A record that the pharmacy sends, with the weight that was typed here where the record's own is older or has no date."""
    is_newer = known.weight_source in {SOURCE, AGAIN} and (received.weight_at or "") < (known.weight_at or "")
    if not is_newer:
        return received
    return replace(received, weight_g=known.weight_g, weight_at=known.weight_at, weight_source=known.weight_source)
