"""Checks of scales with a test mass: who may enter one, when it is passed, and when the next is due.

Alone knows: that a check which is overdue or was failed makes a scale's word advisory and tells a technician, and refuses nothing.
Must not know: how a scale is read, or what is on it.
"""

from datetime import timedelta

from cabinet.domain import events
from cabinet.domain.facts import FaultCleared, FaultRaised, ScaleChecked
from cabinet.domain.people import Role
from cabinet.domain.person import speaking
from cabinet.domain.policy import Policy
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale.memory import ScaleState
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import MassMg, SessionId, StaffId, parse_utc, utc_text

OVERDUE = "scale.check_overdue"
FAILED = "scale.check_failed"

TRUST_ENDS = frozenset({"scale.frozen", "scale.swapped", "scale.wandered", "scale.restarted", FAILED})
"""While one of these stands, a scale's word is advisory; a check that it passes ends them."""

LEAST_DIVISIONS = 20
"""A test mass of fewer divisions shows nothing."""


AT_SCALES = ("refill", "maintain")
"""Whoever fills pockets or serves the cabinet."""


def may_be_at_scales(policy: Policy, role: Role) -> bool:
    """Whether a role's people are told of a scale's doubts, check scales and let masses be learned: those who fill pockets or serve."""
    return any(policy.allows(role, act) for act in AT_SCALES)


def judge_person(scene: Scene, turn: Turn, session_id: SessionId) -> StaffId | Refusal:
    """Who is at a scale: somebody who fills pockets or serves the cabinet, with badge and PIN."""
    session = speaking.who_may(scene, turn, session_id, *AT_SCALES, by_two=True)
    return session if isinstance(session, Refusal) else StaffId(session.staff)


def enter(scene: Scene, turn: Turn, event: events.CalibrationEntered) -> Refusal | None:
    """A test mass was put on a scale, and this is by how much its reading rose."""
    staff = judge_person(scene, turn, event.session)
    if isinstance(staff, Refusal):
        return staff
    scales = {pocket.weighed.scale for pocket in scene.world.layout.pockets.values() if pocket.weighed is not None}
    if event.scale not in scales:
        return Refusal("scale.unknown", event.scale)
    division_mg = max(event.division_mg, 1)
    if event.test_mass_mg < LEAST_DIVISIONS * division_mg:
        return Refusal("scale.test_mass")
    tolerance_mg = scene.world.policy.scale_tolerance_divisions * division_mg
    has_passed = abs(event.reading_mg - event.test_mass_mg) <= tolerance_mg
    turn.record(
        ScaleChecked(event.scale, event.test_mass_mg, event.reading_mg, MassMg(tolerance_mg), has_passed), staff=staff
    )  # fmt: skip
    if not has_passed:
        raise_once(scene, turn, event.scale, FAILED)
        return None
    for fault in scene.state.faults_at(event.scale):
        if fault.code in TRUST_ENDS | {OVERDUE, "scale.foreign"}:
            turn.record(FaultCleared(event.scale, fault.code, "the scale passed its check"), staff=staff)
    return None


def due_at(policy: Policy, known: ScaleState | None) -> str | None:
    """When the next check is due (UTC, as records write it); None for a scale that nothing is known of yet."""
    if known is None:
        return None
    last = max((check.at for check in known.checks if check.has_passed), default=known.since)
    return utc_text(parse_utc(last) + timedelta(days=policy.scale_check_days))


def note_overdue(scene: Scene, turn: Turn, scale: str) -> bool:
    """Whether a check is overdue; a technician is told once."""
    due = due_at(scene.world.policy, scene.state.scales.get(scale))
    is_overdue = due is not None and due < utc_text(turn.at.utc)
    if is_overdue:
        raise_once(scene, turn, scale, OVERDUE)
    return is_overdue


def is_doubted(scene: Scene, scale: str) -> bool:
    """Whether nothing may be learned from a scale now."""
    return any(fault.code in TRUST_ENDS | {OVERDUE} for fault in scene.state.faults_at(scale))


def raise_once(scene: Scene, turn: Turn, place: str, code: str) -> None:
    """Tell of a fault that is not told of yet."""
    if all(fault.code != code for fault in scene.state.faults_at(place)):
        turn.record(FaultRaised(place, code))
