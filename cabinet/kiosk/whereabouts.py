"""What people call the parts of the cabinet, and which doors stand open that nobody is at.

Alone knows: the words for a lock or a board; when an open door is said aloud. Must not know: HTTP, HTML, clocks.
"""

from collections.abc import Set as AbstractSet

from cabinet.domain.core import Core
from cabinet.domain.layout import Drawer, Layout
from cabinet.domain.lock import trouble
from cabinet.domain.phrase import Phrase, counted
from cabinet.domain.surroundings import climate


def names(layout: Layout) -> dict[str, str]:
    """The words for every lock, by its name."""
    found = {drawer.lock.name: drawer.name for drawer in layout.drawers}
    return found | {
        pocket.lid.name: Phrase("Lid {pocket}", pocket=pocket.id) for pocket in layout.pockets.values() if pocket.lid is not None
    }


def device_name(layout: Layout, device: str) -> str:
    """The words for a board: the drawers that it moves or watches; its own id where it moves none."""
    drawers = [drawer.name for drawer in layout.drawers if device.partition(":")[0] in _boards(layout, drawer)]
    return f"{', '.join(drawers)} ({device})" if drawers else device


def _boards(layout: Layout, drawer: Drawer) -> set[str]:
    locks = {drawer.lock, *(lock for pocket in drawer.pockets for lock in layout.path(pocket))}
    probes = set() if drawer.climate is None else {drawer.climate.probe.board}
    return probes | {channel.board for lock in locks for channel in (lock.coil, lock.closed)}


def in_words(layout: Layout, text: str) -> str:
    """A reason of the journal with the names that people know."""
    for lock, name in sorted(names(layout).items(), key=lambda pair: -len(pair[0])):
        text = text.replace(lock, name)
    return text


def alarms(core: Core, forgotten: AbstractSet[str]) -> tuple[str, ...]:
    """What every screen says aloud: doors that are open and nobody's, and those (`forgotten`) that have been open for too long."""
    layout = core.world.layout
    in_use = {lock.name for access in core.scene.at_drawers() for lock in core.scene.path(access)}
    in_use |= {drawer.lock for drawer in core.state.drawers.values() if drawer.is_on_trial}
    is_open = {name for name in names(layout) if name in core.state.drawers and core.state.drawers[name].state == "open"}

    def outer(name: str) -> set[str]:
        """The lock of the drawer around a lid: one line says that both are open for too long."""
        drawer = layout.outer_of(layout.locks[name])
        return set() if drawer is None else {drawer.name}

    said = []
    for name, words in names(layout).items():
        if any(fault.code == climate.AJAR for fault in core.state.faults_at(name)):
            said.append(Phrase("{place} is open or ajar and getting warm: push it until it catches.", place=words))
        elif name in is_open and name not in in_use:
            said.append(Phrase("{place} is open and nobody is using it: close it.", place=words))
        elif any(fault.code == trouble.LATCH and fault.is_failing for fault in core.state.faults_at(name)):
            said.append(Phrase("{place} does not close: keep it in sight. The technician has been told.", place=words))
        elif name in is_open & forgotten and not outer(name) & forgotten & is_open:
            span = _span(core.world.timing.drawer_open_call_s)
            said.append(Phrase("{place} has been open for over {span}: close it.", place=words, span=span))
    return tuple(said)


def _span(seconds: int) -> Phrase:
    """A time in words: `45 seconds`, `a minute`, `3 minutes`."""
    minutes = seconds // 60
    if not minutes:
        return counted(seconds, "{n} second", "{n} seconds")
    return counted(minutes, "a minute", "{n} minutes")
