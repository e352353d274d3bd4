"""ICP DAS modules and their driver on one line: pulses that nothing leaves on, brown-outs, a watchdog that fired, and short openings."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from cabinet.app.boards import device_of, dialect_of
from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import BoardRestarted, DeviceFault, LineLost, WrongReply
from config.schema import Site
from drivers.exchange import Pace
from drivers.owner import Owner
from drivers.scan import Scanner, ScanPlan
from drivers.warden import Warden
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from tests.simulated_site import small_site
from tests.virtual import running, virtual

PACE = Pace(reply_timeout_s=0.1, quiet_s=0.25)
WATCHDOG_S = 1.0


def site(model: str = "icpdas_m7055") -> Site:
    """A drawer with a bin and a guide light on one module; a second module beside it."""
    boards = [{"id": f"m{n}", "bus": "locks", "address": 5 + n, "model": model} for n in range(2)]
    pocket = {"id": "p", "bin": "m0:1", "light": "m0:7", "opening": {"units": 3}}
    drawer = {"id": "d", "name": "d", "kind": "matrix", "lock": "m0:0", "closed": "m0:0", "pocket": [pocket]}
    return small_site(bus=[{"id": "locks", "kind": "serial", "framing": "rtu"}], board=boards, drawer=[drawer])


class Rig:
    """The modules' twins, their drivers, and what a scan of them told."""

    def __init__(self, wanted: Site) -> None:
        self.made: Bench = build(wanted, 3, refuse=LineLost)
        self.owner = Owner("locks", self.made.cables["locks"], dialect_of(wanted.buses[0]), PACE)
        self.boards: list[Any] = [device_of(self.owner, board, frozenset({7})) for board in wanted.boards]
        self.told: list[tuple[str, bool]] = []
        self.lost: list[str] = []

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """See InputWatcher."""
        assert mono_s <= asyncio.get_running_loop().time()
        self.told.append((str(channel), is_on))

    def lengths(self) -> list[tuple[str, float | None]]:
        """Which outputs were energised, and for how long."""
        return [(pulse.channel, None if pulse.length_s is None else round(pulse.length_s, 2)) for pulse in self.made.plant.pulses]

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See HealthListener."""

    def distrusted(self, unit: str, fault: DeviceFault) -> None:
        """See HealthListener."""
        self.scanner.set_trust(BoardId(unit), is_trusted=False)
        self.warden.distrusted(unit)
        self.lost.append(f"{unit} {fault.code}")

    def trusted(self, unit: str) -> None:
        """See HealthListener."""
        self.scanner.set_trust(BoardId(unit), is_trusted=True)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """With a scan of all modules, and a warden who starts them, at the beginning and again."""
        ids = [BoardId(f"m{n}") for n in range(len(self.boards))]
        boards = dict(zip(ids, self.boards, strict=True))
        self.scanner = Scanner(boards, self, ScanPlan((tuple(ids),), frozenset(ids)))  # type: ignore[arg-type]
        self.warden = Warden(self.owner, boards, 0.35)
        self.owner.health.listener = self
        async with running(self.warden.run(), self.scanner.run()):
            await asyncio.sleep(2)
            self.told.clear()
            self.lost.clear()
            yield


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """A rig whose line is open."""
    made = Rig(site())
    async with running(made.owner.run()):
        await made.owner.tried.wait()
        yield made


@virtual
async def test_pulse_is_given_once_and_ended_by_a_task_of_its_own() -> None:
    """Also where the caller has gone before it ends; several locks at once, each for its own time."""
    async with rig() as made:
        first = made.boards[0]
        await first.start()
        await first.pulse(0, 300)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.035):
                await first.pulse(2, 500)
        await asyncio.sleep(2)
        lengths = dict(made.lengths())
        assert lengths["m0:0"] == pytest.approx(0.3, abs=0.1)
        assert lengths.get("m0:2", 0.5) == pytest.approx(0.5, abs=0.1)
        assert not made.made.plant.energised()


@virtual
async def test_second_pulse_of_one_lock_is_as_long_as_it_says() -> None:
    """The end of the first does not cut the second short."""
    async with rig() as made:
        await made.boards[0].start()
        await made.boards[0].pulse(0, 300)
        await asyncio.sleep(0.15)
        await made.boards[0].pulse(0, 300)
        await asyncio.sleep(2)
        ((_, length_s),) = made.lengths()
        assert length_s == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("is_ending", [False, True])
@virtual
async def test_no_end_of_a_pulse_outlives_its_line(is_ending: bool) -> None:
    """After a change of the site another owner has the line; an old one's order would be tried for ever, and nobody would see it."""
    async with rig() as made:
        await made.boards[0].start()
        if is_ending:
            made.made.faults.cause(Fault("board_silent", "m0"))
        with suppress(DeviceFault):
            await made.boards[0].pulse(0, 300)
        if is_ending:
            await asyncio.sleep(0.6)
    await asyncio.sleep(5)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not made.made.plant.energised(), "its watchdog has done it"


@pytest.mark.parametrize("after_ms", range(260, 380, 7))
@virtual
async def test_pulse_that_begins_as_another_ends_is_not_taken_for_an_output_that_stays_on(after_ms: int) -> None:
    """Whichever of ON, OFF and reading back comes first on the wire: the lock goes off, and the module keeps its trust."""
    async with rig() as made, made.watched():
        await made.boards[0].pulse(0, 300)
        await asyncio.sleep(after_ms / 1000)
        await made.boards[0].pulse(0, 300)
        await asyncio.sleep(2)
        assert not made.made.plant.energised()
        assert made.lost == []


@virtual
async def test_controller_that_dies_between_on_and_off_leaves_nothing_on() -> None:
    """No word is ever said again: the module's watchdog switches the lock off, and the light too."""
    async with rig() as made:
        await made.boards[0].start()
        await made.boards[0].switch(7, is_on=True)
        await made.boards[0].pulse(0, 1000)
        made.made.cables["locks"].close()
        await asyncio.sleep(60)
        assert dict(made.lengths())["m0:0"] == pytest.approx(WATCHDOG_S, abs=0.05)
        assert not made.made.plant.energised()


@pytest.mark.parametrize("kind", ["reply_lost", "request_lost", "reply_garbled"])
@virtual
async def test_switching_off_is_said_until_it_is_heard(kind: str) -> None:
    """Whatever the line does in between, and never longer than the watchdog."""
    async with rig() as made:
        await made.boards[0].start()
        await made.boards[0].pulse(0, 300)
        made.made.faults.cause(Fault(kind, "m0"))
        await asyncio.sleep(0.8)
        made.made.faults.mend()
        await asyncio.sleep(5)
        assert made.lengths()[0][1] is not None
        assert made.lengths()[0][1] <= 0.3 + WATCHDOG_S  # type: ignore[operator]


@virtual
async def test_output_that_stays_on_is_left_to_the_watchdog() -> None:
    """A module that says yes and does nothing: it is asked nothing more until its own timer has switched it off."""
    async with rig() as made:
        first = made.boards[0]
        async with made.watched():
            await first.pulse(0, 300)
            made.made.faults.cause(Fault("write_ignored", "m0"))
            await asyncio.sleep(0.6)
            with pytest.raises(WrongReply, match="left alone"):
                await first.read_inputs()
            await asyncio.sleep(3)
            assert not made.made.plant.energised()
            assert made.lengths()[0][1] <= 0.3 + WATCHDOG_S + 0.2  # type: ignore[operator]


@pytest.mark.parametrize("kind", ["reply_lost", "board_silent", "request_lost", "reply_garbled"])
@virtual
async def test_lost_answer_to_a_pulse_ends_it_at_once(kind: str) -> None:
    """Whether it was heard is not known, so it is ended: the lock moves at most once, for a moment, and the fault says so."""
    async with rig() as made:
        first = made.boards[0]
        await first.start()
        questions = 0

        def third(data: bytes, write: Any = made.made.cables["locks"].write) -> None:
            nonlocal questions
            questions += 1
            if questions == 3:
                made.made.faults.cause(Fault(kind, "m0"))
            write(data)

        made.made.cables["locks"].write = third  # type: ignore[method-assign]
        with pytest.raises(DeviceFault) as caught:
            await first.pulse(0, 1000)
        assert caught.value.moved
        made.made.faults.mend()
        await asyncio.sleep(5)
        assert len(made.lengths()) == (0 if kind in {"board_silent", "request_lost"} else 1)
        assert all(length_s is not None and length_s < 0.8 for _, length_s in made.lengths())


@virtual
async def test_brown_out_is_noticed_and_the_module_started_again_before_it_is_used() -> None:
    """Shorter than anybody waits for an answer: only the reset bit tells. Trust is withdrawn, then given back by its warden."""
    async with rig() as made, made.watched():
        health = made.owner.health
        assert health.is_trusted("m0")
        made.made.faults.cause(Fault("board_silent", "m0"))
        made.made.faults.mend()
        await asyncio.sleep(0.2)
        assert (health.is_trusted("m0"), health.is_trusted("m1")) == (False, True)
        await asyncio.sleep(3)
        assert (health.is_trusted("m0"), made.lost) == (True, ["m0 device.restarted"])
        await made.boards[0].pulse(0, 300)


@virtual
async def test_unlock_after_a_brown_out_that_no_scan_saw_is_refused() -> None:
    """The bit is asked for ahead of every pulse: nothing moves on a module whose settings nobody has seen since."""
    async with rig() as made:
        await made.boards[0].start()
        made.made.faults.cause(Fault("board_silent", "m0"))
        made.made.faults.mend()
        with pytest.raises(BoardRestarted, match="without power") as caught:
            await made.boards[0].pulse(0, 300)
        assert not caught.value.moved
        assert made.lengths() == []


@virtual
async def test_reset_bit_whose_answer_was_lost_counts_as_set() -> None:
    """The module has forgotten it by then."""
    async with rig() as made:
        await made.boards[0].start()
        made.made.faults.cause(Fault("board_silent", "m0"))
        made.made.faults.mend()
        made.made.faults.cause(Fault("reply_lost", "m0"))
        with pytest.raises(DeviceFault):
            await made.boards[0].pulse(0, 300)
        made.made.faults.mend()
        with pytest.raises(BoardRestarted):
            await made.boards[0].read_inputs()
        assert made.lengths() == []


@virtual
async def test_watchdog_that_fired_is_noticed() -> None:
    """The controller was away for longer than the watchdog waits: lights are off, and orders would be echoed and ignored."""
    async with rig() as made:
        first = made.boards[0]
        await first.start()
        await first.switch(7, is_on=True)
        await asyncio.sleep(2)
        assert not made.made.plant.energised()
        with pytest.raises(BoardRestarted, match="watchdog"):
            await first.pulse(0, 300)
        await first.start()
        made.owner.health.proven("m0")
        await first.pulse(0, 300)
        assert [channel for channel, _ in made.lengths()] == ["m0:7", "m0:0"]


@virtual
async def test_scan_feeds_the_watchdog() -> None:
    """For two minutes nothing fires, and a guide light stays on."""
    async with rig() as made, made.watched():
        await made.boards[0].switch(7, is_on=True)
        await asyncio.sleep(120)
        assert made.made.plant.energised() == {"m0:7"}
        assert made.owner.health.is_trusted("m0")


@virtual
async def test_opening_shorter_than_a_scan_is_told() -> None:
    """Open and shut between two readings: both edges are told once. An ordinary opening is told as ever, and once."""
    async with rig() as made, made.watched():
        assert made.made.hand.force("d")
        await asyncio.sleep(0.003)
        assert made.made.hand.push("d")
        await asyncio.sleep(1)
        assert made.told == [("m0:0", False), ("m0:0", True)]
        made.told.clear()
        for _ in range(5):
            assert made.made.hand.force("d")
            await asyncio.sleep(0.7)
            assert made.made.hand.push("d")
            await asyncio.sleep(0.7)
        assert made.told == [("m0:0", False), ("m0:0", True)] * 5


@virtual
async def test_opening_is_told_once_whatever_its_length_and_whenever_it_happens() -> None:
    """From a blip to a real opening, at every moment of the scan: whether readings, latches or both saw it."""
    async with rig() as made, made.watched():
        wrong = []
        for length_ms in (3, 11, 30, 45, 60, 90, 150):
            for moment_ms in range(0, 110, 7):
                await asyncio.sleep(1 + moment_ms / 1000)
                made.told.clear()
                assert made.made.hand.force("d")
                await asyncio.sleep(length_ms / 1000)
                assert made.made.hand.push("d")
                await asyncio.sleep(0.8)
                if made.told != [("m0:0", False), ("m0:0", True)]:
                    wrong.append((length_ms, moment_ms, len(made.told)))
        assert wrong == []


@virtual
async def test_verify_tells_what_is_no_longer_as_it_was() -> None:
    """Somebody with another program on the line: safe values, the watchdog, an output."""
    async with rig() as made:
        await made.boards[0].start()
        await made.boards[0].verify()
        module = made.made.segments["locks"].boards[0]  # type: ignore[attr-defined]
        for order, back, why in (
            ("050083FF00", "0500830000", "safe"),
            ("0501040000", "050104FF00", "watchdog"),
            ("0601E8000B", "0601E8000A", "watchdog"),
            ("050003FF00", "0500030000", r"\[3\]"),
        ):
            module.answer(bytes.fromhex(order), asyncio.get_running_loop().time(), is_broadcast=False)
            with pytest.raises(WrongReply, match=why):
                await made.boards[0].verify()
            module.answer(bytes.fromhex(back), asyncio.get_running_loop().time(), is_broadcast=False)
        await made.boards[0].verify()


@virtual
async def test_storm_leaves_nothing_on() -> None:
    """2 % of all answers spoilt, over two hundred pulses: each at most once, none for longer than the watchdog allows."""
    async with rig() as made, made.watched():
        made.made.faults.cause(Fault("reply_late", probability=0.01, delay_ms=200))
        made.made.faults.cause(Fault("reply_lost", probability=0.005))
        made.made.faults.cause(Fault("reply_garbled", probability=0.005))
        chance, asked = random.Random(8), Counter[str]()
        for _ in range(200):
            number = chance.randrange(1, 7)
            try:
                await made.boards[1].pulse(number, 200)
                asked[f"m1:{number}"] += 1
            except DeviceFault as fault:
                asked[f"m1:{number}"] += fault.moved
            await asyncio.sleep(3)
        made.made.faults.mend()
        await asyncio.sleep(5)
        assert Counter(channel for channel, _ in made.lengths()) == asked
        assert asked.total() > 50
        assert all(length_s is not None and length_s <= 0.2 + WATCHDOG_S + 0.2 for _, length_s in made.lengths())
