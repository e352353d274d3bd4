"""What every Hardware does for the shell, tried on the drawers that play themselves and on the stories' furniture.

Why it matters: a lesson on hardware that behaves otherwise teaches the wrong thing; and nothing of it may reach a coil.
"""

import asyncio
from collections.abc import Callable

import pytest

from cabinet.app.inert import OPENS_S, SHUTS_S, InertHardware, training_world
from cabinet.domain.vocabulary import BoardId, Channel, MilliC, Power, ProbeFault
from cabinet.domain.world import World
from cabinet.ports import BadReading, DeviceFault, Hardware
from tests.stories.desk import Furniture, demo_world
from tests.virtual import virtual


class Eyes:
    """A Watcher that keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:  # noqa: ARG002 - the port's own
        """See Watcher."""
        self.seen.append((str(channel), is_on))

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """See Watcher."""

    def board_back(self, board: BoardId) -> None:
        """See Watcher."""

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See Watcher."""

    def temperature_read(self, probe: Channel, reading: MilliC | ProbeFault) -> None:
        """See Watcher."""

    def power_read(self, supply: BoardId, power: Power) -> None:
        """See Watcher."""


def crash(bug: BaseException) -> None:
    """Nothing crashes here."""
    raise bug


WORLD = training_world(demo_world())
MADE: dict[str, Callable[[World], Hardware]] = {"inert": InertHardware, "furniture": Furniture}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
@virtual
async def test_every_door_is_told_at_the_start_and_opens_when_it_is_released(make: Callable[[World], Hardware]) -> None:
    """A cabinet is ready once it has seen each of them."""
    hardware, eyes = make(WORLD), Eyes()
    await hardware.start(eyes, crash)
    assert dict(eyes.seen) == {str(lock.closed): True for lock in WORLD.layout.locks.values()}
    lock = WORLD.layout.drawers[0].lock
    eyes.seen.clear()
    await hardware.release(lock.coil, 300)
    await asyncio.sleep(OPENS_S + 0.1)
    assert eyes.seen == [(str(lock.closed), False)]
    await hardware.all_off()
    await hardware.stop()


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
@virtual
async def test_a_scale_that_is_not_there_is_a_fault_and_never_a_weight(make: Callable[[World], Hardware]) -> None:
    """The core knows what to do about a scale that does not answer."""
    with pytest.raises(BadReading):
        await make(WORLD).weigh(BoardId("scale-1"), is_after=False)


@virtual
async def test_inert_drawers_are_shut_again_lids_first_and_after_a_stop_nothing_moves() -> None:
    """Nobody is there to push them."""
    hardware, eyes = InertHardware(WORLD), Eyes()
    await hardware.start(eyes, crash)
    drawer = next(drawer for drawer in WORLD.layout.drawers if drawer.pockets[0].lid is not None)
    lid = drawer.pockets[0].lid
    assert lid is not None
    eyes.seen.clear()
    await hardware.release(drawer.lock.coil, 300)
    await asyncio.sleep(OPENS_S + 0.1)
    await hardware.release(lid.coil, 300)
    await asyncio.sleep(OPENS_S + SHUTS_S + 0.1)
    outer, inner = str(drawer.lock.closed), str(lid.closed)
    assert eyes.seen == [(outer, False), (inner, False), (inner, True), (outer, True)]
    assert await hardware.look((lid.closed,)) == ((lid.closed, True),)
    await hardware.release(drawer.lock.coil, 300)
    await hardware.stop()
    eyes.seen.clear()
    await asyncio.sleep(60)
    assert not eyes.seen
