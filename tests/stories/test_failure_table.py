"""The failure table of `hardware.md` 8 as stories: every row is caused at the simulated cabinet, and what must follow does.

Why it matters: a technician may trust drivers that were right when the bus was not; a nurse may trust a cabinet that does not keep a
medicine back for a cable's sake. Each test is named after its row, in the table's order.
"""

import asyncio
import os
import tty
from dataclasses import replace
from pathlib import Path

import pytest

from cabinet.domain.events import CountEntered, OpenedSaid, StuckSaid
from cabinet.domain.facts import CountOwed, DrawerMoved, FaultRaised, ReleaseIntended, ReleaseSettled
from cabinet.domain.vocabulary import AccessId, Units
from cabinet.ports import LineLost
from config.load import LoadedSite
from config.schema import Site
from drivers.line import Port, SerialLine
from tests.stories.floor import open_floor
from tests.stories.workshop import demo, readdressed
from tests.virtual import virtual

M1 = "locks-a:0"
"""The lock of drawer m1, plain: pocket m1-01 and others. Its board shares line `locks` with the lids of n1."""


@virtual
async def test_switch_bounce(tmp_path: Path) -> None:
    """Every opening and closing bounces for some milliseconds, and is one opening and one closing; shorter ones are kept raw."""
    async with open_floor(tmp_path) as floor:
        for _ in range(12):
            floor.sim.hand.force("m1")
            await asyncio.sleep(1)
            floor.sim.hand.push("m1")
            await asyncio.sleep(5)
        assert len([move for move in floor.moves(M1) if move == "open"]) == 12
        assert floor.hardware.scanner is not None
        raw = len(floor.hardware.scanner.raw_edges)
        floor.mark()
        floor.cause("input_bouncing", "locks-b:0")
        await asyncio.sleep(0.03)
        floor.mend()
        await asyncio.sleep(5)
        assert floor.moves("locks-b:0") == []
        assert raw >= 24


@virtual
async def test_missed_short_open(tmp_path: Path) -> None:
    """Opened and shut between two readings: a board whose inputs remember tells of it, and what was within reach owes a count."""
    async with open_floor(tmp_path, with_latches()) as floor:
        assert floor.drawer(M1) == "latched"
        for step in range(10):
            floor.sim.hand.force("m1")
            await asyncio.sleep(0.012)
            floor.sim.hand.push("m1")
            await asyncio.sleep(7 + 0.013 * step)
        assert floor.moves(M1).count("open") >= 8
        assert "drawer.forced" in floor.faults(M1)
        assert floor.owes("m1-01")


def with_latches() -> LoadedSite:
    """The demo cabinet with a board of remembering inputs for its drawers."""
    loaded = demo()
    table = loaded.site.model_dump(mode="json", by_alias=True)
    for row in table["board"]:
        if row["id"] == "locks-a":
            row["model"] = "icpdas_m7055"
    return replace(loaded, site=Site.model_validate(table))


@virtual
async def test_crc_and_parity_errors(tmp_path: Path) -> None:
    """Two in a hundred answers are damaged: they are asked again, everything works, and the line's health is told once."""
    async with open_floor(tmp_path) as floor:
        floor.cause("reply_garbled", "locks-a", 0.02)
        await asyncio.sleep(120)
        assert floor.health() == [("locks-a", "degraded")]
        assert floor.core.state.health == {"locks-a": "degraded"}
        assert floor.faults("locks-a") == {"device.degraded"}
        assert floor.moves(M1) == []
        assert await floor.counted("m1-01") == "settled"
        floor.mend()
        await asyncio.sleep(180)
        assert floor.core.state.health == {}
        assert floor.faults("locks-a") == set()


@virtual
async def test_whole_bus_drop(tmp_path: Path) -> None:
    """A cut pair: one fault of the line, no board blamed, its drawers unknown, nothing unlocked; opened again ever more slowly."""
    async with open_floor(tmp_path) as floor:
        tally = floor.hardware.owners["locks"].tally
        floor.cause("line_dead", "locks")
        await asyncio.sleep(3)
        assert floor.health() == [("locks", "suspect"), ("locks", "quarantined")]
        behind = [name for name in floor.core.state.drawers if name.startswith(("locks-a", "lids-n1"))]
        assert {floor.drawer(lock) for lock in behind} == {"unknown"}
        assert floor.drawer("locks-b:0") == "latched"
        assert await floor.count("m1-01") == "drawer.unknown"
        await asyncio.sleep(60)
        assert 5 <= tally.lost <= 40
        floor.mend()
        await floor.say_hello()
        await asyncio.sleep(5)
        assert floor.health()[-1] == ("locks", "ok")
        assert await floor.counted("m1-01") == "settled"


@virtual
async def test_usb_adapter_re_enumerates(tmp_path: Path) -> None:
    """The line comes back under another name: nobody on it is believed before everything was switched off and checked."""
    async with open_floor(tmp_path) as floor:
        asked = floor.hardware.owners["locks"].tally
        exchanges = asked.exchanges
        floor.cause("adapter_renamed", "locks")
        await asyncio.sleep(0.05)
        assert floor.drawer(M1) == "unknown"
        assert floor.is_known(M1) == "unknown"
        await asyncio.sleep(3)
        assert floor.moves(M1) == ["unknown", "latched"]
        assert asked.exchanges > exchanges
        assert floor.health() == [("locks", "quarantined"), ("locks", "ok")]


async def test_two_processes_on_the_port() -> None:
    """The second is told which process has the port, and does not garble what the first says."""
    master, slave = os.openpty()
    tty.setraw(slave)
    first, second = (SerialLine(Port(os.ttyname(slave), 19200)) for _ in range(2))
    await first.open()
    try:
        with pytest.raises(LineLost, match=f"process {os.getpid()}"):
            await second.open()
    finally:
        first.close()
        os.close(master)
        os.close(slave)


@virtual
async def test_duplicate_address(tmp_path: Path) -> None:
    """Two boards at one address: the one that is missed cannot be used, nor the other that is not understood (the walk names both)."""
    async with open_floor(tmp_path, plant=readdressed(demo().site, "lids-n1", 2)) as floor:
        assert floor.part("lids-n1").state == "quarantined"
        assert floor.part("locks-a").state == "suspect"
        assert await floor.count("n1-01") == "drawer.unknown"
        assert await floor.count("m1-01") == "drawer.unknown"
        assert len(floor.health()) < 20


@virtual
async def test_late_reply(tmp_path: Path) -> None:
    """Every seventh answer comes 300 ms late, after its question was given up: no door is ever believed that is not so."""
    async with open_floor(tmp_path) as floor:
        floor.cause("reply_late", "locks-a", 0.15, delay_ms=300)
        floor.sim.hand.force("m1")
        await asyncio.sleep(120)
        assert floor.moves(M1)[-1] == "open"
        assert all(fact.target in {"open", "unknown"} for fact in floor.new(DrawerMoved) if fact.lock == M1)
        assert not [fact for fact in floor.new(DrawerMoved) if fact.lock != M1 and fact.target == "open"]
        assert floor.hardware.owners["locks"].tally.wrong == 0


@virtual
async def test_lost_reply_to_unlock(tmp_path: Path) -> None:
    """The drawer opens and nobody was told: looking decides, and the lock is not pulsed again."""
    async with open_floor(tmp_path) as floor:
        await floor.sign_in()
        floor.cause("reply_lost", "locks-a")
        asking = asyncio.ensure_future(floor.count("m1-01", 0.2))
        await asyncio.sleep(0.05)
        floor.mend()
        access = await asking
        await asyncio.sleep(2)
        assert floor.pulses(M1) == [0.3]
        assert not isinstance(access, str)
        assert access.phase == "open"
        assert [fact.outcome for fact in floor.new(ReleaseSettled)] == ["opened"]
        assert await floor.finish(access) == "settled"


@virtual
async def test_power_loss_mid_pulse(tmp_path: Path) -> None:
    """The board restarts under the coil: the pulse has one intent and one outcome, and asked again the drawer opens."""
    async with open_floor(tmp_path) as floor:
        floor.cause("supply_sags", "locks-a")
        access = await floor.count("m1-01", 4)
        assert not isinstance(access, str)
        assert floor.pulses(M1) == [0.02]
        assert len(floor.new(ReleaseIntended)) == len(floor.new(ReleaseSettled)) == 1
        floor.mend()
        await asyncio.sleep(10)
        assert floor.drawer(M1) == "latched"
        if access.phase == "authorised":
            assert await floor.open_again(access) is None
            await asyncio.sleep(1)
            assert await floor.finish(access) == "settled"
        else:
            assert await floor.counted("m1-01") == "settled"


@virtual
async def test_controller_crash_mid_pulse(tmp_path: Path) -> None:
    """The board ends the pulse, whoever died; the next start switches everything off and looks, before anybody may have anything."""
    async with open_floor(tmp_path) as floor:
        await floor.count("m1-01")
        await asyncio.sleep(0.05)
        await floor.die()
        await asyncio.sleep(2)
        assert floor.pulses(M1) == [0.3]


@virtual
async def test_relay_welded(tmp_path: Path) -> None:
    """The bolt stays drawn and the drawer never latches: whoever stands there says so, and it is out of use; another pocket serves."""
    async with open_floor(tmp_path) as floor:
        floor.cause("relay_welded", M1)
        access = await floor.count("m1-01", 1.5)
        assert not isinstance(access, str)
        await floor.say(CountEntered, AccessId(access.id), Units(floor.sim.plant.pieces("m1-01")))
        assert not floor.sim.hand.push("m1")
        await asyncio.sleep(90)
        assert floor.drawer(M1) == "open"
        assert floor.pulses(M1) == [9.0]
        assert "drawer.left_open" in floor.faults(M1)
        assert await floor.say(StuckSaid, M1) is None
        assert "drawer.latch" in floor.faults(M1)
        assert floor.drawer(M1) == "failed"


@virtual
async def test_stuck_latch_and_jammed_drawer(tmp_path: Path) -> None:
    """Three pulses with rests, then it is jammed: out of use, and said so."""
    async with open_floor(tmp_path) as floor:
        floor.cause("drawer_jammed", "m1")
        access = await floor.count("m1-01", 4)
        assert not isinstance(access, str)
        while access.phase == "authorised":
            await floor.open_again(access)
            await asyncio.sleep(4)
        assert len(floor.pulses(M1)) == floor.core.world.policy.max_pulses
        assert "drawer.jammed" in floor.faults(M1)
        assert floor.drawer(M1) == "failed"
        assert await floor.count("m1-02") == "drawer.failed"


@virtual
async def test_latch_not_re_engaging(tmp_path: Path) -> None:
    """Pushed home, and the bolt does not catch: the drawer counts as open, calls out, and holds nobody up for ever."""
    async with open_floor(tmp_path) as floor:
        access = await floor.count("m1-01", 1.5)
        assert not isinstance(access, str)
        floor.cause("latch_slack", "m1")
        await floor.say(CountEntered, AccessId(access.id), Units(floor.sim.plant.pieces("m1-01")))
        assert not floor.sim.hand.push("m1")
        await asyncio.sleep(90)
        assert floor.drawer(M1) == "open"
        assert "drawer.left_open" in floor.faults(M1)
        assert await floor.say(StuckSaid, M1) is None
        assert "drawer.latch" in floor.faults(M1)


@virtual
async def test_forced_open(tmp_path: Path) -> None:
    """Nobody is signed in and a drawer opens: it is told, it is nobody's, and everything in it owes a count."""
    async with open_floor(tmp_path) as floor:
        floor.sim.hand.force("m1")
        await asyncio.sleep(0.3)
        assert floor.moves(M1) == ["open"]
        assert [fact.code for fact in floor.new(FaultRaised)] == ["drawer.forced"]
        assert {fact.pocket for fact in floor.new(CountOwed)} >= {"m1-01", "m1-02"}


@virtual
async def test_sensor_stuck_closed(tmp_path: Path) -> None:
    """It opened and its switch never showed it: the person says so, and from then on it counts as open for custody."""
    async with open_floor(tmp_path) as floor:
        floor.cause("input_stuck_on", M1)
        access = await floor.count("m1-01", 4)
        assert not isinstance(access, str)
        assert access.phase == "authorised"
        assert floor.sim.plant.is_open("m1")
        assert await floor.say(OpenedSaid, AccessId(access.id)) is None
        assert "sensor.dead" in floor.faults(M1)
        assert floor.drawer(M1) == "failed"
        assert floor.owes("m1-02")


@virtual
async def test_sensor_cable_cut(tmp_path: Path) -> None:
    """A cut wire reads as open, never as closed: nobody is named, everything owes a count, and nothing is taken for shut."""
    async with open_floor(tmp_path) as floor:
        floor.cause("input_stuck_off", M1)
        await asyncio.sleep(1)
        assert floor.drawer(M1) == "open"
        assert floor.owes("m1-01")
        floor.sim.hand.push("m1")
        await asyncio.sleep(1)
        assert floor.drawer(M1) != "latched"


@pytest.mark.parametrize("fault", ["scale_overloaded", "scale_cell_error", "scale_unsteady"])
@virtual
async def test_load_cell_overload_creep_and_zero_drift(tmp_path: Path, fault: str) -> None:
    """No weight is no count: it is refused with its reason, and the access goes on without."""
    async with open_floor(tmp_path) as floor:
        floor.cause(fault, "scale-1")
        assert await floor.counted("n1-01") == "settled"
        assert floor.verdicts("n1-01")
        assert "confident" not in floor.verdicts("n1-01")


@virtual
async def test_scale_frozen(tmp_path: Path) -> None:
    """Two pieces are taken and the weight stays the very same: no agreement is made of that, and a technician is told."""
    async with open_floor(tmp_path) as floor:
        await floor.withdraw("n1-01", 1)
        floor.cause("scale_frozen", "scale-2")
        await asyncio.sleep(120)
        assert await floor.withdraw("n1-02", 2) == "settled"
        await asyncio.sleep(5)
        assert floor.verdicts("n1-02")[-1] == "refused"
        assert "scale.frozen" in floor.faults("scale-2")


@virtual
async def test_reading_that_is_too_old_releases_nothing(tmp_path: Path) -> None:
    """State values carry their age: a door that was closed three scans ago is not taken for closed, and the pulse is not given."""
    async with open_floor(tmp_path) as floor:
        assert floor.is_known(M1) == "good"
        await floor.sign_in()
        floor.cause("request_lost", "locks-a")
        await asyncio.sleep(0.2)
        assert floor.is_known(M1) == "stale"
        assert floor.drawer(M1) == "latched"
        access = await floor.count("m1-01", 1.5)
        assert floor.pulses(M1) == []
        assert isinstance(access, str) or access.phase in {"authorised", "incomplete"}
        assert floor.drawer(M1) == "unknown"
        assert floor.is_known(M1) == "unknown"


@virtual
async def test_emi_from_solenoid(tmp_path: Path) -> None:
    """Errors that come just at pulses are counted as such, so that the technician looks for the diode and not for the cable."""
    async with open_floor(tmp_path) as floor:
        floor.cause("line_disturbed", "locks", 0.3)
        for _ in range(8):
            assert await floor.counted("m1-01") == "settled"
            await asyncio.sleep(5)
        report = floor.hardware.health_report()
        (unit,) = [unit for unit in report if unit.part == "locks-a"]
        assert unit.errors >= 6
        assert unit.at_pulses > 0.9 * unit.errors


@virtual
async def test_gateway_buffers(tmp_path: Path) -> None:
    """Every answer belongs to the question before: it is dropped by its number, nothing is believed of it, and the line is told."""
    async with open_floor(tmp_path) as floor:
        floor.cause("gateway_buffers", "bins")
        floor.sim.hand.force(floor.drawer_of("locks-b:0"))
        await asyncio.sleep(5)
        assert floor.drawer("locks-b:0") in {"unknown", "open"}
        assert "latched" not in floor.moves("locks-b:0")
        assert ("bins", "quarantined") in floor.health()
        floor.mend()
        await floor.say_hello()
        await asyncio.sleep(6)
        assert floor.drawer("locks-b:0") == "open"


@virtual
async def test_nobody_waits_for_a_slow_probe(tmp_path: Path) -> None:
    """A board was without power for half a day: whoever asks for what stands behind it has it tried at once, and then again and again."""
    async with open_floor(tmp_path) as floor:
        floor.cause("board_silent", "locks-a")
        await asyncio.sleep(60)
        assert floor.health()[-1] == ("locks-a", "quarantined")
        floor.hardware.rest()
        await asyncio.sleep(13 * 3600)
        floor.hardware.wake()
        assert await floor.count("m1-01") == "drawer.unknown"
        await asyncio.sleep(10)
        floor.mend()
        await asyncio.sleep(5)
        assert floor.drawer(M1) == "latched"
        assert await floor.counted("m1-01") == "settled"
