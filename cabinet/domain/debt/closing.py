"""What is still owed of an access: what it skipped, and what it left over.

Alone knows: what leaves which debt. Must not know: how a debt is written down (`owing.py`).
"""

from collections.abc import Iterator

from cabinet.domain.authority import needs_no_order
from cabinet.domain.debt import owing
from cabinet.domain.dose import request
from cabinet.domain.dose.plan import is_infusion, owes_waste
from cabinet.domain.kinds import row_of
from cabinet.domain.kit import out
from cabinet.domain.mode import freshness
from cabinet.domain.package.check import EXPIRED, MISSED, OTHER
from cabinet.domain.reference import weight
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.withdrawal import container
from cabinet.domain.withdrawal.memory import WHOLE_M
from cabinet.domain.witness import rule_for

UNSEEN = {
    MISSED: owing.NOT_READ, OTHER: "what was scanned last was another item", EXPIRED: "what was scanned last had expired",
}  # fmt: skip
"""Why somebody looks at what was removed, by what became of its last scan."""

DRAWN_UNSAID = "nobody said how much was drawn out of the container"
DRAWN_MORE = "more was drawn out of the container than it holds"

TAKEN_FOR = "taken for"
"""Why what was taken for a purpose is owed: wasted before a witness, brought back, or closed by who may with what became of it."""


def taken(scene: Scene, turn: Turn, access: Access) -> None:
    """What follows the moment a person said how many they took, and once more where they say another number.

    A part that is left of a dose, an order that has to follow, and all of what is controlled and was taken for no patient.
    """
    if access.confirmed is None or not row_of(access).takes:
        if row_of(access).undoes_withdrawal:
            accounted(turn, access)
        return
    out.owe(scene, turn, access)
    if access.confirmed and access.scan is not None and access.scan.code in UNSEEN:
        owing.owe(turn, access, "scan", UNSEEN[access.scan.code])
    looks = [why for why in _looks(scene, turn, access) if why]
    if looks:
        owing.owe(turn, access, "review", "; ".join(looks))
    if access.patient is None:
        _taken_for_nobody(scene, turn, access)
        return
    if _is_taken(access) and _needs_order(scene, access):
        owing.owe(turn, access, "order", owing.NO_ORDER)
    has_case = any(case.patient == access.patient for case in scene.state.cases.values())
    if has_case:
        return
    item = scene.item_of(access)
    if access.confirmed and owes_waste(item, scene.world.policy.custody) and is_infusion(item, scene.order(access.order)):
        owing.owe(turn, access, owing.INFUSION, "nobody has said yet that it ended")
    owing.owe_left(turn, access, "left over of the dose", request.owed_m(scene, access))


def _is_taken(access: Access) -> bool:
    """Whether anything left the pocket: whole units, or a dose out of a container that was put back."""
    return bool(access.confirmed) or access.drawn_m > 0


def _taken_for_nobody(scene: Scene, turn: Turn, access: Access) -> None:
    """What is controlled and has a purpose instead of a patient is owed, all of it."""
    if access.purpose is not None and row_of(access).needs_purpose and owes_waste(scene.item_of(access), scene.world.policy.custody):
        removed_m = max(0, (access.confirmed or 0) * WHOLE_M + access.drawn_m)
        owing.owe_left(turn, access, f"{TAKEN_FOR} {access.purpose}", removed_m)


def _looks(scene: Scene, turn: Turn, access: Access) -> Iterator[str]:
    """Why somebody else looks at what was taken; "" where there is no reason."""
    item, custody, line = scene.item_of(access), scene.world.policy.custody, scene.state.lines.get(access.pocket)
    if row_of(access).is_urgent and not access.drawn_m and container.is_drawn(access, item, custody, access.confirmed or 0):
        yield DRAWN_UNSAID
    if line is not None and line.drawn_m > container.most_m(item):
        yield DRAWN_MORE
    if access.patient is not None and _is_taken(access):
        yield freshness.goes_to_review(scene, turn.at, access)
        yield weight.UNCHECKED if owes_waste(item, custody) and weight.is_unchecked(scene, access) else ""


def accounted(turn: Turn, access: Access) -> None:
    """What came back, or was wasted, settles what was owed of its withdrawal."""
    owing.settle_waste(turn, access)
    out.settle(turn, access.withdrawal, access.staff)


def _needs_order(scene: Scene, access: Access) -> bool:
    """An override, and what critical override alone let go without an order."""
    patient, rules = scene.patient(access.patient), scene.world.policy.authority
    is_policy = access.authority == "policy" and access.order is None and patient is not None
    return access.authority == "override" or (is_policy and not needs_no_order(rules, scene.item_of(access), patient))


def _owe_signature(scene: Scene, turn: Turn, access: Access) -> None:
    """The second person that a withdrawal would have asked for signs afterwards."""
    staff, rules = scene.staff(access.staff), scene.world.policy.witness
    if staff is not None and access.confirmed != 0 and rule_for(rules, "withdraw", scene.item_of(access), staff.role) is not None:
        owing.owe(turn, access, "witness", "withdraw", owing.stated_m(access))


def close(scene: Scene, turn: Turn, access: Access) -> None:
    """What is still owed once an access is over: what an emergency skipped."""
    if row_of(access).is_urgent:
        owing.owe_skipped(turn, access)
        _owe_signature(scene, turn, access)
        if scene.item_of(access).is_controlled or access.confirmed is None:
            owing.owe_count(turn, access.pocket, owing.EMERGENCY, access)
