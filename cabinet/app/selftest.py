"""The self-test: every board is looked at one by one, and what is not well is said in sentences.

Alone knows: what is asked of each kind of board, and what makes a reading suspicious.
Must not know: when it is due (`daily.py`), or who asked for it.

Nothing is opened. While somebody is at the cabinet no output board is touched: its check begins by switching everything off.
"""

from collections.abc import Iterator, Mapping

from cabinet.domain.core import Core
from cabinet.domain.layout import Pocket
from cabinet.domain.vocabulary import BoardId, Weighing
from cabinet.ports import Device, DeviceFault

LOOKS = 3
ZERO_DIVISIONS = 20
"""An empty tray may weigh this many divisions more or less than the site says."""


async def look_at_all(core: Core, devices: Mapping[BoardId, Device]) -> tuple[str, ...]:
    """Sentences about what is not well, none where all is."""
    found: list[str] = []
    for name, device in devices.items():
        try:
            found += await _look(core, name, device)
        except DeviceFault as fault:
            found.append(f"{name}: {fault.code}: {fault.detail}")
    return (*found, *_doors(core), *_eyes(core))


async def _look(core: Core, name: BoardId, device: Device) -> list[str]:
    await device.identify()
    if hasattr(device, "weigh"):
        readings = [await device.weigh() for _ in range(LOOKS)]
        return list(_scale(core, name, readings))
    if not hasattr(device, "pulse") or not is_idle(core):
        return []
    await device.start()
    return []


def is_idle(core: Core) -> bool:
    """Whether nobody is at the cabinet and no lock is being released."""
    return not core.state.active() and all(drawer.state != "releasing" for drawer in core.state.drawers.values())


def _scale(core: Core, name: BoardId, readings: list[Weighing]) -> Iterator[str]:
    if not any(reading.is_steady for reading in readings):
        yield f"{name}: did not come to rest in {LOOKS} readings"
        return
    pockets = [pocket for pocket in core.world.layout.pockets.values() if pocket.weighed is not None and pocket.weighed.scale == name]
    if not pockets or any(_holds(core, pocket) for pocket in pockets):
        return
    trays_mg = sum(pocket.weighed.tray_mg for pocket in pockets if pocket.weighed is not None)
    off_mg = readings[-1].mass_mg - trays_mg
    if abs(off_mg) > ZERO_DIVISIONS * readings[-1].division_mg:
        yield f"{name}: its empty tray weighs {off_mg / 1000:+.2f} g against the site"


def _holds(core: Core, pocket: Pocket) -> bool:
    line = core.state.lines.get(pocket.id)
    return line is not None and bool(line.units)


def _doors(core: Core) -> Iterator[str]:
    """A door that reads open while nobody is at the cabinet stands open, or its contact is cut or stuck."""
    if is_idle(core):
        for lock in core.world.layout.locks.values():
            drawer = core.state.drawers.get(lock.name)
            if drawer is not None and drawer.state == "open":
                yield f"{lock.closed}: reads open while nobody is at the cabinet: it stands open, or its contact is cut or stuck"


def _eyes(core: Core) -> Iterator[str]:
    """A photo-eye that contradicts the journal is dirty, covered or blind, or somebody miscounted."""
    for pocket in core.world.layout.pockets.values():
        is_empty, line = core.bins.get(pocket.id), core.state.lines.get(pocket.id)
        if is_empty is None or line is None or line.count_mode == "bulk":
            continue
        if is_empty != (line.units == 0):
            yield f"{pocket.bin}: the photo-eye of {pocket.id} and the journal differ on whether it is empty"
