"""Kerong lock boards and their driver on one line: every fault between them, both polarities, the hang, and a shared address."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cabinet.app.boards import device_of, dialect_of
from cabinet.ports import DeviceFault, GarbledReply, LineLost, NoReply
from config.schema import Site
from drivers.exchange import Pace
from drivers.owner import Owner
from drivers.warden import Warden
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from tests.simulated_site import small_site
from tests.virtual import running, virtual

PACE = Pace(reply_timeout_s=0.1, quiet_s=0.25)


def site(*addresses: int, kind: str = "serial", **settings: bool | int) -> Site:
    """A drawer with a bin on the first of these boards; all of them on one line."""
    bus: dict[str, Any] = {"id": "locks", "kind": kind, "framing": "kerong"} | ({"port": 0} if kind == "tcp" else {"baud": 19200})
    boards = [
        {"id": f"k{n}", "bus": "locks", "address": address, "model": "kerong_cu16", "settings": settings}
        for n, address in enumerate(addresses)
    ]
    pocket = {"id": "p", "bin": "k0:18", "opening": {"units": 3}}
    drawers = [{"id": "d", "name": "d", "kind": "matrix", "lock": "k0:5", "closed": "k0:5", "pocket": [pocket]}]
    return small_site(bus=[bus], board=boards, drawer=drawers)


@asynccontextmanager
async def bench(wanted: Site, *, has_warden: bool = False) -> AsyncIterator[tuple[Bench, list[Any]]]:
    """The boards' twins and their drivers, the line open."""
    made = build(wanted, 3, refuse=LineLost)
    owner = Owner("locks", made.cables["locks"], dialect_of(wanted.buses[0]), PACE)
    async with running(owner.run()):
        await owner.tried.wait()
        boards = [device_of(owner, board, frozenset()) for board in wanted.boards]
        if not has_warden:
            yield made, boards
            return
        warden = Warden(owner, {shape.id: board for shape, board in zip(wanted.boards, boards, strict=True)}, 0.35)
        async with running(warden.run()):
            await asyncio.sleep(2)
            yield made, boards


def lengths(made: Bench) -> list[tuple[str, float]]:
    """Which channels were energised, and for how long."""
    return [(pulse.channel, round(pulse.length_s or -1, 3)) for pulse in made.plant.pulses]


@pytest.mark.parametrize("kind", ["serial", "tcp"])
@pytest.mark.parametrize("closed_bit", [0, 1])
@pytest.mark.parametrize("replies_to_unlock", [False, True])
@virtual
async def test_drawer_opens_and_is_seen_to(kind: str, closed_bit: int, replies_to_unlock: bool) -> None:
    """Both polarities, answered or not, on a wire or behind a converter: the same drawer, the same reading, the same pulse."""
    async with bench(site(3, kind=kind, closed_bit=closed_bit, replies_to_unlock=replies_to_unlock)) as (made, (board,)):
        await board.start()
        reading = await board.read_inputs()
        assert [number for number in range(32) if reading[number]] == [5, 18], "closed is on, whatever the bit; a wire that is open is not"
        await board.pulse(5, 300)
        await asyncio.sleep(1)
        reading = await board.read_inputs()
        assert (made.plant.is_open("d"), reading[5], reading[18]) == (True, False, True)
        assert made.hand.take("p", 3) == 3
        assert made.hand.push("d")
        await asyncio.sleep(0.1)
        reading = await board.read_inputs()
        assert (reading[5], reading[18]) == (True, False)
        assert lengths(made) == [("k0:5", 0.3)]


@virtual
async def test_reversed_polarity_shows_as_its_opposite_and_keeps_no_unlock_back() -> None:
    """What a technician sees at commissioning: closed reads open and the other way round. The drawer opens all the same."""
    async with bench(site(3)) as (made, (board,)):
        await board.start()
        made.faults.cause(Fault("polarity_reversed", "k0"))
        assert (await board.read_inputs())[5] is False
        await board.pulse(5, 300)
        await asyncio.sleep(1)
        assert made.plant.is_open("d")
        assert (await board.read_inputs())[5] is True
        made.faults.mend()
        assert (await board.read_inputs())[5] is False


LOST = {
    "reply_lost": NoReply,
    "reply_garbled": GarbledReply,
    "reply_truncated": GarbledReply,
    "reply_wrong_unit": NoReply,
    "board_silent": NoReply,
    "request_lost": NoReply,
}


@pytest.mark.parametrize("kind", LOST)
@virtual
async def test_fault_on_the_line_gives_at_most_one_pulse_and_says_so(kind: str) -> None:
    """Whatever happens to the answer, the lock moves at most once, and the fault says that it may have moved."""
    async with bench(site(3, replies_to_unlock=True)) as (made, (board,)):
        await board.start()
        made.faults.cause(Fault(kind, "k0"))
        with pytest.raises(LOST[kind]) as caught:
            await board.pulse(5, 300)
        assert caught.value.moved
        made.faults.mend()
        await asyncio.sleep(5)
        assert len(lengths(made)) == (0 if kind in {"board_silent", "request_lost"} else 1)
        await board.read_inputs()


@virtual
async def test_board_that_hangs_after_an_unlock_is_freed_after_one_silence() -> None:
    """One question lost, not a board: whatever is asked after a silence is preceded by the word that frees it."""
    for replies in (False, True):
        await hangs(replies=replies)


async def hangs(*, replies: bool) -> None:
    """The silence is an unlock's own, or the first reading's after an unlock that nobody answers anyway."""
    async with bench(site(3, replies_to_unlock=replies)) as (made, (board,)):
        await board.start()
        made.faults.cause(Fault("board_busy", "k0"))
        if not replies:
            await board.pulse(5, 300)
        with pytest.raises(NoReply):
            await (board.pulse(5, 300) if replies else board.read_inputs())
        made.faults.mend()
        assert (await board.read_inputs())[5] is False
        assert lengths(made) == [("k0:5", 0.3)]


@virtual
async def test_brown_out_ends_a_pulse_and_the_energise_time_is_looked_at_again() -> None:
    """Without power no coil is on; what was set is read back at the next start."""
    async with bench(site(3)) as (made, (board,)):
        await board.start()
        await board.pulse(5, 1000)
        await asyncio.sleep(0.1)
        made.faults.cause(Fault("board_silent", "k0"))
        assert not made.plant.energised()
        made.faults.mend()
        await board.start()
        await board.pulse(5, 300)
        await asyncio.sleep(1)
        assert lengths(made)[-1] == ("k0:5", 0.3)


@virtual
async def test_board_that_ignores_what_it_is_told_is_not_used() -> None:
    """The energise time of a new board is the maker's; where it cannot be set, no lock is pulsed."""
    async with bench(site(3)) as (made, (board,)):
        made.faults.cause(Fault("write_ignored", "k0"))
        with pytest.raises(DeviceFault, match="550 ms after 300 ms"):
            await board.start()
        with pytest.raises(DeviceFault):
            await board.pulse(5, 300)
        assert lengths(made) == []


@virtual
async def test_two_boards_of_one_address_move_both() -> None:
    """Two drawers open. And what is read may pass: a sum of eight bits survives two boards that talk at once, so only a walk finds this."""
    async with bench(site(3, 3)) as (made, (first, _)):
        await first.pulse(5, 300)
        await asyncio.sleep(1)
        assert lengths(made) == [("k0:5", 0.3), ("k1:5", 0.3)]


@virtual
async def test_each_board_answers_for_itself() -> None:
    """Fourteen boards on one line; a neighbour's answer is passed over."""
    async with bench(site(*range(1, 15))) as (made, boards):
        for board in boards:
            await board.start()
        for number in (0, 7, 13):
            await boards[number].pulse(number, 200)
        await asyncio.sleep(1)
        assert lengths(made) == [("k0:0", 0.2), ("k7:7", 0.2), ("k13:13", 0.2)]


@virtual
async def test_storm_decides_nothing_wrongly() -> None:
    """10 % late, 5 % garbled, 5 % lost, over a thousand unlocks: no reading believed that was not so, exactly one pulse for each."""
    async with bench(site(3, 4, replies_to_unlock=True), has_warden=True) as (made, boards):
        made.faults.cause(Fault("reply_late", probability=0.10, delay_ms=200))
        made.faults.cause(Fault("reply_lost", probability=0.05))
        made.faults.cause(Fault("reply_garbled", probability=0.05))
        chance, asked, told = random.Random(8), Counter[str](), Counter[str]()
        for _ in range(1000):
            unit, number = chance.randrange(2), chance.randrange(16)
            try:
                reading = await boards[0].read_inputs()
                assert reading[5] is not made.plant.is_open("d")
                told["good"] += 1
            except DeviceFault as fault:
                told[type(fault).__name__] += 1
            try:
                await boards[unit].pulse(number, 300)
                asked[f"k{unit}:{number}"] += 1
            except DeviceFault as fault:
                asked[f"k{unit}:{number}"] += fault.moved
            await asyncio.sleep(0.5)
            made.hand.push("d")
            await asyncio.sleep(0.1)
        made.faults.mend()
        await asyncio.sleep(2)
        assert told["good"] > 400
        assert Counter(channel for channel, _ in lengths(made)) == asked
