"""Patients and their orders as callers of the API see them: frozen shapes, made by pure functions.

Alone knows: what is said of a patient, and of an order beside what its prescriber wrote. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass, replace

from cabinet.domain.caseload import choosing
from cabinet.domain.core import Core
from cabinet.domain.dose.amount import units_text
from cabinet.domain.dose.due import Due, due_of
from cabinet.domain.dose.plan import Question, owed_waste_m
from cabinet.domain.dose.request import plan_of
from cabinet.domain.dose.warning import Case, warnings
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.reference import roll
from cabinet.domain.vocabulary import Instant, utc_text
from cabinet.kiosk.strength_view import StrengthView, strengths
from cabinet.kiosk.view import ItemView, item_view


@dataclass(frozen=True)
class PatientView:
    """A patient of this ward."""

    id: str
    name: str
    born: str
    record: str
    bed: str
    allergies: tuple[str, ...]
    weight_g: int | None
    left: str | None = None
    """discharged or transferred, where they are not here any more; they stay listed for a while, for return and waste."""
    left_at: str | None = None
    is_mine: bool = False
    """Whether whoever asks chose them for this shift, or took something for them not long ago."""


@dataclass(frozen=True)
class OrderView:
    """An order, where its item is here, and what one dose takes of it: None before its questions are answered.

    `left` is what is left over of the units after the dose, in words, and `is_waste_owed` whether it is wasted with a witness; `weight` is
    what the dose was worked out with.
    """

    id: str
    item: ItemView
    dose: str
    units: int | None
    route: str
    schedule: str
    is_verified: bool
    left: str
    is_waste_owed: bool
    weight: str
    questions: tuple[Question, ...]
    phase: str
    waiting_since: str | None
    taken_at: str | None
    """When it was last taken out for this patient, as far as this cabinet remembers."""
    is_taken: bool
    """Whether that is so recent that taking it again asks for a reason."""
    warnings: tuple[str, ...]
    """What will be warned of, or asked, before a pocket opens."""
    due: Due | None
    """What remains due by its schedule, as far as this cabinet gave it out; null where the schedule does not tell."""
    strengths: tuple[StrengthView, ...]
    """Where there is a choice of strengths: the proposed one first. Asked for with the order and that `item`."""


def patient_view(patient: Patient) -> PatientView:
    """One patient, without orders."""
    return PatientView(patient.id, patient.name, patient.born, patient.record, patient.bed, patient.allergies, patient.weight_g)


def listed_views(core: Core, staff: str, now: Instant) -> list[PatientView]:
    """The patients of this ward and those who left not long ago, one person's own first."""
    mine = choosing.mine(core.scene, staff, utc_text(now.utc))
    views = [
        replace(patient_view(one.patient), left=one.how or None, left_at=one.left_at, is_mine=one.patient.id in mine)
        for one in roll.listed(core.scene, now.utc)
    ]
    return sorted(views, key=lambda view: not view.is_mine)


def order_view(core: Core, order: Order, now: Instant) -> OrderView:
    """One order, where its item is, and what one dose takes."""
    known, patient = core.world.formulary[order.item], core.scene.patient(order.patient)
    assert patient is not None, f"{order.id} belongs to nobody here"
    made = plan_of(known, order, patient, now)
    return OrderView(
        order.id, item_view(core, known, now), order.dose, made.units, order.route, order.schedule, order.is_verified,
        units_text(made.left_m, known.count_unit) if made.left_m else "",
        bool(made.units and owed_waste_m(known, order, made.units, core.world.policy.custody, made.dose)), made.weight, made.questions,
        order.phase(utc_text(now.utc)),
        None if order.is_verified else order.waiting_since,
        *_lately(core, known, order, patient, made.units, now),
        strengths(core, order, patient, now),
    )  # fmt: skip


def _lately(
    core: Core, item: Item, order: Order, patient: Patient, units: int | None, now: Instant
) -> tuple[str | None, bool, tuple[str, ...], Due | None]:
    """When an order was taken last, whether that was just now, what is warned of if it is taken now, and what remains due."""
    scene, policy = core.scene, core.world.policy
    case = Case(
        item, units or 1, patient, order, plan_of(item, order, patient, now), scene.state.withdrawals.values(), core.world.formulary,
        policy.dosing, utc_text(now.utc),
    )  # fmt: skip
    warned = warnings(case)
    same = [one.at for one in case.taken if one.order == order.id]
    return (
        same[0] if same else None, any(one.code == "warning.already_taken" for one in warned), tuple(one.sentence for one in warned),
        due_of(order, same, case.at),
    )  # fmt: skip
