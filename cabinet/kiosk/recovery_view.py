"""Bringing a drawer back, step by step: look and free it, push it home, have it tried, shut it; then what is behind it is counted.

Alone knows: which step a failed drawer is at, and the words of each. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.layout import Lock
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase, counted, forms, message
from cabinet.kiosk.setback_view import Help, help_at
from cabinet.kiosk.view import CountDebt, count_debts
from cabinet.kiosk.whereabouts import names


@dataclass(frozen=True)
class RecoveryScreen:
    """One drawer or lid on its way back. `step` is free, try, lid, trying, close, works, refused, failed or unseen.

    `is_tried` after a try in vain; `say` is what to do now, `message` what happened; `debts` is what is to be counted behind it.
    """

    lock: str
    where: str
    step: str
    number: int
    say: str
    message: str
    code: str
    is_tried: bool
    can_count: bool
    debts: tuple[CountDebt, ...]
    help: Help


STEPS = (message("Free it"), message("Push it home"), message("Have it tried"), message("Shut it"), message("Count"))
"""What the screen shows as the way, in order."""

SAY = {
    "free": message("Free what is in the way of {place}, then push it home until it latches."),
    "try": message("Look: nothing stands out of {place}? Then have it tried. It opens once."),
    "lid": message("Look: nothing holds {place}? Then say so, and count its pocket: that opens the drawer and the lid."),
    "trying": message("{place} is being tried. Pull it open."),
    "close": message("{place} opens. Now push it shut."),
    "works": message("{place} works again."),
    "refused": message("Your role may not bring this drawer back."),
    "unseen": message("The cabinet cannot see {place} at all: its board does not answer."),
}
"""What is to be done at each step."""

TRIED = forms(
    "It was tried once and did not open. The technician's list has it.",
    "It was tried {n} times and did not open. The technician's list has it.",
)

_AT = {"free": 1, "unseen": 1, "refused": 1, "try": 2, "lid": 2, "trying": 3, "close": 3, "works": 4}


def recovery_screen(core: Core, staff: Staff, lock: Lock) -> RecoveryScreen:
    """Where one drawer or lid is on its way back."""
    where = names(core.world.layout)[lock.name]
    step = _step(core, staff, lock)
    faults = [fault for fault in core.state.faults_at(lock.name) if fault.is_failing]
    code = faults[0].code if faults else ""
    tries = max((fault.tries for fault in faults), default=0)
    exposed = {pocket.id for pocket in core.world.layout.exposed_by(lock)}
    happened = Phrase(CATALOGUE[code].sentence) if code else ""
    if tries:
        happened = counted(tries, *TRIED)
    return RecoveryScreen(
        lock.name, where, step, _AT[step], Phrase(SAY[step], place=where), happened, code, tries > 0,
        core.world.policy.allows(staff.role, "count"),
        tuple(debt for debt in count_debts(core) if debt.pocket in exposed),
        help_at(core, lock.name),
    )  # fmt: skip


def _step(core: Core, staff: Staff, lock: Lock) -> str:
    drawer = core.scene.drawer(lock)
    if drawer.is_on_trial:
        return "close" if drawer.state == "open" else "trying"
    if drawer.state == "unknown":
        return "unseen"
    if drawer.state != "failed":
        return "works"
    is_own = any(fault.staff == staff.id for fault in core.state.faults_at(lock.name) if fault.is_failing)
    if not core.world.policy.may_recover(staff.role, is_own=is_own):
        return "refused"
    if core.scene.contacts.get(lock.closed) is False:
        return "free"
    outer = core.world.layout.outer_of(lock)
    return "lid" if outer is not None and core.scene.drawer(outer).state != "open" else "try"
