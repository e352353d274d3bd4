"""Every "no" that leaves by HTTP: problem details (RFC 9457) with the code, what happened, what to do, and what was recorded.

Alone knows: which status a code answers with. Must not know: when a code applies, or how a page shows it.
"""

from dataclasses import dataclass

from cabinet.domain.events import (
    AccessAsked,
    DebtWitnessed,
    Event,
    PackageShown,
    ResolutionEntered,
    SecondShown,
    StaffNotRecognised,
    WardArrived,
    WitnessShown,
)
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "session.missing": 401,
    "session.unknown": 401,
    "session.not_recognised": 401,
    "session.too_many": 429,
    "session.badge_gone": 409,
    "session.locked": 403,
    "session.expired": 403,
    "session.revoked": 403,
    "session.area": 403,
    "session.dismissed": 403,
    "session.covered": 403,
    "session.prove_again": 403,
    "session.competency": 403,
    "staff.unknown": 404,
    "staff.own_record": 403,
    "staff.temporary_only": 403,
    "staff.until": 422,
    "staff.form": 422,
    "pin.form": 422,
    "pin.differ": 422,
    "pin.easy": 422,
    "passkey.refused": 401,
    "setup.code": 403,
    "session.drawer_open": 409,
    "access.unknown": 404,
    "access.repeated": 409,
    "access.not_now": 409,
    "access.not_asked": 409,
    "access.not_yours": 403,
    "access.looking": 409,
    "access.kind_unknown": 422,
    "access.purpose": 422,
    "access.units": 422,
    "access.date": 422,
    "access.lot": 422,
    "access.lot_expired": 422,
    "access.authority": 422,
    "access.patient_unknown": 404,
    "policy.role": 403,
    "policy.needs_order": 403,
    "policy.factors": 403,
    "policy.recovery": 403,
    "order.unknown": 404,
    "bag.unknown": 404,
    "bag.form": 422,
    "delivery.form": 422,
    "dose.weight_range": 422,
    "dose.drawn": 422,
    "dose.drawn_more": 422,
    "bag.taken": 409,
    "bag.elsewhere": 409,
    "bag.other_patient": 409,
    "delivery.unknown": 404,
    "delivery.no_line": 409,
    "delivery.lines_left": 409,
    "order.other_item": 409,
    "order.unverified": 403,
    "order.held": 403,
    "order.stopped": 403,
    "order.not_known": 404,
    "order.form": 422,
    "override.not_listed": 403,
    "override.reason": 422,
    "override.indication": 422,
    "emergency.not_listed": 403,
    "patient.form": 422,
    "patient.gone": 403,
    "patient.listed": 403,
    "item.form": 422,
    "levels.order": 422,
    "levels.capacity": 422,
    "dose.which": 422,
    "dose.weight": 422,
    "dose.unreadable": 422,
    "dose.per_day": 422,
    "dose.units": 422,
    "dose.differs": 422,
    "warning.paralytic": 428,
    "warning.tenfold": 428,
    "warning.allergy": 428,
    "warning.max_daily": 428,
    "warning.already_taken": 428,
    "warning.too_soon": 428,
    "warning.more_than_order": 428,
    "warning.population": 428,
    "warning.weight": 428,
    "place.capacity": 428,
    "place.short_dated": 428,
    "warning.high_alert": 428,
    "scan.no_prefix": 422,
    "scan.unreadable": 422,
    "scan.doubtful": 422,
    "pocket.unknown": 404,
    "pocket.unassigned": 409,
    "pocket.capacity": 422,
    "stock.not_here": 404,
    "place.nowhere": 404,
    "request.malformed": 422,
    "request.unknown": 404,
    "request.elsewhere": 403,
    "request.too_many": 429,
    "access.at_cabinet": 403,
    "request.not_offered": 501,
    "cabinet.no_staff": 503,
    "cabinet.not_ready": 503,
    "cabinet.maintenance": 503,
    "cabinet.locked_down": 503,
    "cabinet.training": 503,
    "mode.unknown": 404,
    "mode.reason": 422,
    "order.last_known": 428,
    "late.moment": 422,
    "late.pocket": 422,
    "late.taken_by": 422,
    "service.no_lock": 404,
    "service.no_board": 404,
    "service.no_scale": 404,
    "service.no_light": 404,
    "service.count_blind": 403,
    "kit.no_tag": 422,
    "kit.tag_unknown": 404,
    "kit.contents": 422,
    "code.unknown": 404,
    "code.form": 422,
    "refill.reason": 422,
    "discrepancy.unknown": 404,
    "discrepancy.reason": 422,
    "discrepancy.note": 422,
    "discrepancy.alone": 403,
    "discrepancy.in_interval": 403,
}
"""What is not named here is a conflict with how things stand: 409."""

NOTHING = Phrase("Nothing was recorded.")


@dataclass(frozen=True)
class ProblemBody:
    """The body of every answer that is a "no". `title` is a sentence, `recorded` says what the journal holds of it."""

    type: str
    title: str
    status: int
    code: str
    remedy: str
    recorded: str
    detail: str | None = None


class Problem(Exception):
    """A request ends here. `status` stands in for the code's own where HTTP itself has a better one."""

    def __init__(self, refusal: Refusal, recorded: str = NOTHING, status: int | None = None) -> None:
        super().__init__(refusal.sentence)
        self.status = status or STATUS.get(refusal.code, 409)
        self.body = ProblemBody(
            f"urn:adc:problem:{refusal.code}", refusal.sentence, self.status, refusal.code, refusal.remedy, recorded, refusal.detail or None
        )


SIGNED_IN_VAIN = {"witness.unknown", "witness.same_person", "witness.role", "witness.factors"}
"""A second person was recognised, and may not sign."""


def recorded(event: Event, refusal: Refusal) -> str:
    """What the journal holds of an event that was refused."""
    is_signature = isinstance(event, WitnessShown | DebtWitnessed | ResolutionEntered)
    if isinstance(event, StaffNotRecognised | SecondShown | WardArrived) or (is_signature and refusal.code in SIGNED_IN_VAIN):
        return Phrase("The attempt was recorded.")
    if isinstance(event, AccessAsked) and refusal.code not in {"session.unknown", "access.repeated"}:
        return Phrase("That it was asked for and refused was recorded. No stock was changed.")
    if isinstance(event, PackageShown) and refusal.code.startswith("scan."):
        return Phrase("That it was scanned and refused was recorded. No stock was changed.")
    return NOTHING
