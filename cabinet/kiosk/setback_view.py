"""What an access screen says where a lock lets its person down: another pocket, a drawer that does not close, one that may be brought back.

Alone knows: these words, and when they are said. Must not know: HTTP, HTML, clocks.
"""

from cabinet.domain.core import Core
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import PocketId, StaffId
from cabinet.kiosk.whereabouts import names


def moved(core: Core, access: Access) -> str:
    """What became of the pocket that would have served, and what opens instead."""
    layout = core.world.layout
    if access.instead_of is None or access.phase in FINAL:
        return ""
    here = layout.drawer_of(layout.pockets[PocketId(access.pocket)]).name
    first = layout.pockets.get(PocketId(access.instead_of))
    if first is None:
        return ""
    words, there = names(layout), layout.drawer_of(first).name
    broken = next((words[lock.name] for lock in layout.path(first) if core.state.is_condemned(lock.name)), "")
    why = f"{there} cannot be opened now."
    if access.moved_from is not None and broken:
        why = f"{broken} did not open: nothing was taken there, and it is marked as failed."
    elif access.moved_from is not None:
        why = f"{there} was left: nothing was taken."
    is_left_open = any(core.scene.drawer(lock).state == "open" for lock in layout.path(first))
    also = f" Push {there} shut." if is_left_open and here != there else ""
    return f"{why} {here} opens for the same medicine.{also}"


def stuck(core: Core, access: Access) -> tuple[tuple[str, str], ...]:
    """The locks on the way that stand open, and may not close; that is believed once they have stood open for a while."""
    words = names(core.world.layout)
    is_open = (lock for lock in core.scene.path(access) if core.scene.drawer(lock).state == "open")
    return tuple((lock.name, words[lock.name]) for lock in is_open)


def failed(core: Core, access: Access) -> tuple[str, str] | None:
    """The lock that stopped this access, or the one that it goes on with, if its person may bring it back."""
    layout, words = core.world.layout, names(core.world.layout)
    staff = core.world.staff.get(StaffId(access.staff))
    for pocket in (access.instead_of, access.pocket):
        for lock in layout.path(layout.pockets[PocketId(pocket)]) if pocket in layout.pockets else ():
            faults = [fault for fault in core.state.faults_at(lock.name) if fault.is_failing]
            is_own = any(fault.staff == access.staff for fault in faults)
            if faults and staff is not None and core.world.policy.may_recover(staff.role, is_own=is_own):
                return lock.name, words[lock.name]
    return None
