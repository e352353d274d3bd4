"""Every "no" that leaves by HTTP: problem details (RFC 9457) with the code, what happened, what to do, and what was recorded.

Alone knows: which status a code answers with. Must not know: when a code applies, or how a page shows it.
"""

from dataclasses import dataclass

from cabinet.domain.events import AccessAsked, Event, PackageShown, StaffNotRecognised
from cabinet.domain.refusal import Refusal

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "session.missing": 401,
    "session.unknown": 401,
    "session.not_recognised": 401,
    "session.too_many": 429,
    "session.badge_gone": 409,
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
    "order.other_item": 409,
    "order.unverified": 403,
    "scan.no_prefix": 422,
    "scan.unreadable": 422,
    "scan.doubtful": 422,
    "pocket.unknown": 404,
    "pocket.unassigned": 409,
    "pocket.capacity": 422,
    "stock.not_here": 404,
    "request.malformed": 422,
    "request.unknown": 404,
    "request.elsewhere": 403,
    "request.not_offered": 501,
    "cabinet.no_staff": 503,
    "cabinet.not_ready": 503,
    "cabinet.maintenance": 503,
    "service.no_lock": 404,
    "service.no_board": 404,
    "service.no_scale": 404,
    "service.no_light": 404,
    "service.count_blind": 403,
}
"""What is not named here is a conflict with how things stand: 409."""

NOTHING = "Nothing was recorded."


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


def recorded(event: Event, refusal: Refusal) -> str:
    """What the journal holds of an event that was refused."""
    if isinstance(event, StaffNotRecognised):
        return "The attempt was recorded."
    if isinstance(event, AccessAsked) and refusal.code not in {"session.unknown", "access.repeated"}:
        return "That it was asked for and refused was recorded. No stock was changed."
    if isinstance(event, PackageShown) and refusal.code.startswith("scan."):
        return "That it was scanned and refused was recorded. Nothing was put in by it."
    return NOTHING
