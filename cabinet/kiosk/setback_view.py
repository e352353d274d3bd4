"""What an access screen says where a lock lets its person down: another pocket, a drawer that does not close, one that may be brought back.

Alone knows: these words, and when they are said. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.kinds import row_of
from cabinet.domain.lock import trouble
from cabinet.domain.phrase import Phrase, sentences
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import PocketId
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
    why = Phrase("{place} cannot be opened now.", place=there)
    if access.moved_from is not None and broken:
        why = Phrase("{place} did not open: nothing was taken there, and it is marked as failed.", place=broken)
    elif access.moved_from is not None:
        why = Phrase("{place} was left: nothing was taken.", place=there)
    is_left_open = any(core.scene.drawer(lock).state == "open" for lock in layout.path(first))
    also = Phrase("Push {place} shut.", place=there) if is_left_open and here != there else ""
    return sentences(why, Phrase("{place} opens for the same medicine.", place=here), also)


def stuck(core: Core, access: Access) -> tuple[tuple[str, str], ...]:
    """The locks on the way that stand open, and may not close; that is believed once they have stood open for a while."""
    words = names(core.world.layout)
    is_open = (lock for lock in core.scene.path(access) if core.scene.drawer(lock).state == "open")
    return tuple((lock.name, words[lock.name]) for lock in is_open)


def failed(core: Core, access: Access) -> tuple[str, str] | None:
    """The lock that stopped this access, or the one that it goes on with, if its person may bring it back."""
    layout, words = core.world.layout, names(core.world.layout)
    staff = core.scene.staff(access.staff)
    for pocket in (access.instead_of, access.pocket):
        for lock in layout.path(layout.pockets[PocketId(pocket)]) if pocket in layout.pockets else ():
            faults = [fault for fault in core.state.faults_at(lock.name) if fault.is_failing]
            is_own = any(fault.staff == access.staff for fault in faults)
            if faults and staff is not None and core.world.policy.may_recover(staff.role, is_own=is_own):
                return lock.name, words[lock.name]
    return None


@dataclass(frozen=True)
class Help:
    """A drawer or lid before which somebody may call for help; `since` is when it was called, empty while nobody has."""

    lock: str
    since: str


def help_at(core: Core, lock: str) -> Help:
    """Whether help was called to a drawer or lid."""
    called = (fault.raised_at for fault in core.state.faults_at(lock) if fault.code == trouble.HELP)
    return Help(lock, next(called, ""))


def help_for(core: Core, access: Access) -> Help | None:
    """At which lock the person of an access would need help: one that failed, else one that is not open, else the way's last."""
    if not row_of(access).opens or PocketId(access.pocket) not in core.world.layout.pockets:
        return None
    path = core.world.layout.path(core.world.layout.pockets[PocketId(access.pocket)])
    broken = [lock for lock in path if core.state.is_condemned(lock.name)]
    shut = [lock for lock in path if core.scene.drawer(lock).state != "open"]
    return help_at(core, (broken or shut or path[-1:])[0].name)


def unseen(core: Core, access: Access) -> str:
    """What to do while the cabinet cannot see a door on the way of an access that is under way: nobody waits for it to be seen shut."""
    words = names(core.world.layout)
    blind = [words[lock.name] for lock in core.scene.path(access) if core.scene.drawer(lock).state == "unknown"]
    if access.phase not in {"open", "closed"} or not blind:
        return ""
    return Phrase(
        "The cabinet cannot see {place}: its board does not answer. Push it shut and look. What you state is recorded; the pocket owes a"
        " count, and you may go on or sign out. The technicians' list has it.",
        place=blind[0],
    )


def broken(core: Core, access: Access) -> tuple[str, str, str]:
    """What is wrong with a lock on the way that is out of use, what to do about it, and its code; empty where nothing is."""
    found = help_for(core, access)
    faults = [] if found is None else [fault for fault in core.state.faults_at(found.lock) if fault.is_failing]
    if not faults:
        return "", "", ""
    entry = CATALOGUE[faults[0].code]
    return Phrase(entry.sentence), Phrase(entry.remedy), faults[0].code


def told(core: Core, access: Access) -> str:
    """Who hears of it; a call for help is said by itself."""
    if access.phase == "incomplete":
        return Phrase("The count that is owed stands in the list of {attention}.", attention=core.world.terms("attention"))
    found = help_for(core, access)
    if found is not None and core.state.is_condemned(found.lock):
        return Phrase("The technicians' list has it, and the pharmacy has been told.")
    return Phrase("Nobody else has been told yet.") if found is not None and not found.since else ""
