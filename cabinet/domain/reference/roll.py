"""Who is listed at this cabinet now: the patients of its care area, and for a day those who have left.

Alone knows: when somebody is here, has left, or is listed no more. Must not know: what may be done for them (`judgement.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cabinet.domain.orders import Patient
from cabinet.domain.scene import Scene
from cabinet.domain.vocabulary import PatientId, parse_utc, utc_text


@dataclass(frozen=True, slots=True)
class Listed:
    """One patient on the list. `left_at` is when they were discharged or moved to another care area; None: they are here."""

    patient: Patient
    left_at: str | None
    how: str = ""
    """discharged or transferred, where they left."""


def left(scene: Scene, patient: Patient, now: str) -> tuple[str, str] | None:
    """When a patient left and how; None while they are here. A moment that nobody knows is "": long ago."""
    if patient.discharged_at is not None and patient.discharged_at <= now:
        return patient.discharged_at, "discharged"
    if patient.area not in {"", scene.world.layout.area}:
        return scene.state.reference.moved.get(patient.id, ""), "transferred"
    return None


def listed(scene: Scene, now: datetime) -> list[Listed]:
    """Who is here, and after them who left not long ago: their returns and wastes are still to be done."""
    limit = utc_text(now - timedelta(hours=scene.world.policy.custody.listed_h))
    found = []
    for patient in scene.patients():
        gone = left(scene, patient, utc_text(now))
        if gone is None or gone[0] > limit:
            found.append(Listed(patient, *(gone or (None,))))
    return sorted(found, key=lambda one: (one.left_at is not None, one.patient.bed))


def is_listed(scene: Scene, patient: PatientId, now: datetime) -> bool:
    """Whether a patient is on the list now."""
    known = scene.patient(patient)
    if known is None:
        return False
    gone = left(scene, known, utc_text(now))
    return gone is None or (gone[0] != "" and now - parse_utc(gone[0]) < timedelta(hours=scene.world.policy.custody.listed_h))
