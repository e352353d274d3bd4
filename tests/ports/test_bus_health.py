"""The health of lines and units: who fails is barred, told apart from the line, tried again in measure, and believed only when proven."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cabinet.ports import DeviceFault, NoReply, Quarantined
from drivers.bus import reading_inputs, writing_coil, writing_register
from drivers.exchange import Pace, Question, Rank
from drivers.framing import Rtu
from drivers.health import WINDOW_S, Disturbance, LineHealth
from drivers.owner import Owner
from drivers.part import ROWS, STATES, Part
from drivers.warden import PROBE_SHARE, VERIFY_S, Warden
from drivers.warden import Ward as Patient
from firmware_sim.fault import Fault
from tests.ports.test_bus_boards import PACE, Bench, bench
from tests.scripted_line import ScriptedLine, rtu
from tests.virtual import running, virtual

COST_S = PACE.reply_timeout_s + PACE.quiet_s
EVERYBODY = {"lock-1", "lock-2", "scale-a"}


def now() -> float:
    """The loop's time."""
    return asyncio.get_running_loop().time()


class News:
    """Keeps what it was told, with when it was told."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, str, str]] = []
        self.trust: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.warden: Warden | None = None

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See HealthListener."""
        assert why
        self.changes.append((part, before, after))

    def distrusted(self, unit: str, fault: DeviceFault) -> None:
        """See HealthListener."""
        assert fault.detail
        self.trust.append(("lost", unit))
        self.times.append(now())
        if self.warden is not None:
            self.warden.distrusted(unit)

    def trusted(self, unit: str) -> None:
        """See HealthListener."""
        self.trust.append(("back", unit))
        self.times.append(now())


class Ward:
    """Two relay boards and a transmitter with a warden, and somebody who reads the boards all the time."""

    def __init__(self, made: Bench) -> None:
        self.made, self.news = made, News()
        self.health = made.owner.health
        self.health.listener = self.news
        drivers: dict[str, Patient] = {"lock-1": made.locks[0], "lock-2": made.locks[1], "scale-a": made.scale}
        self.warden = self.news.warden = Warden(made.owner, drivers, COST_S)
        self.reads = dict.fromkeys(("lock-1", "lock-2"), 0)
        self.is_scanned = True

    async def scan(self) -> None:
        """Read what is trusted, every 50 ms."""
        while self.is_scanned:
            await asyncio.sleep(0.05)
            for number, name in enumerate(self.reads):
                if self.health.is_trusted(name):
                    try:
                        await self.made.locks[number].read_inputs()
                    except DeviceFault:
                        continue
                    self.reads[name] += 1

    def kill(self, *boards: str) -> None:
        """Take the supply of these."""
        for board in boards:
            self.made.faults.cause(Fault("board_silent", board))

    def states(self) -> dict[str, str]:
        """Everybody's state."""
        return {part.name: part.state for part in (self.health.bus, *self.health.units.values())}


@asynccontextmanager
async def ward(seed: int = 1) -> AsyncIterator[Ward]:
    """A ward in which everybody was proven."""
    async with bench(seed=seed) as made:
        one = Ward(made)
        await one.warden.look_at(EVERYBODY)
        assert one.news.trust == [("back", "lock-1"), ("back", "lock-2"), ("back", "scale-a")]
        one.news.trust.clear()
        one.news.times.clear()
        async with running(one.warden.run(), one.scan()):
            await asyncio.sleep(1)
            yield one


def test_every_state_knows_every_trigger() -> None:
    """Whatever happens to a part in whatever state: the table says what follows."""
    triggers = {str(row["trigger"]) for row in ROWS}
    covered = {
        (source, row["trigger"])
        for row in ROWS
        for source in ([row["source"]] if isinstance(row["source"], str) else row["source"])  # type: ignore[attr-defined]
    }
    assert covered == {(state, trigger) for state in STATES for trigger in triggers}


@virtual
async def test_silent_unit_is_suspect_then_quarantined_and_the_others_go_on() -> None:
    """Told in order, within three seconds; nobody else is blamed, and the line is well."""
    async with ward() as one:
        died_s = now()
        one.kill("lock-1")
        await asyncio.sleep(10)
        assert one.news.changes == [("lock-1", "ok", "suspect"), ("lock-1", "suspect", "quarantined")]
        assert one.news.trust == [("lost", "lock-1")]
        assert one.news.times[0] - died_s < 3
        assert one.states() == {"bus-a": "ok", "lock-1": "quarantined", "lock-2": "ok", "scale-a": "ok"}
        assert one.reads["lock-2"] > 100


@virtual
async def test_unit_that_failed_less_than_three_times_in_a_row_is_as_trusted_as_ever() -> None:
    """One garbled answer in a busy hour is no lost board."""
    async with ward() as one:
        one.made.faults.cause(Fault("reply_lost", "lock-1"))
        await asyncio.sleep(0.6)
        one.made.faults.mend()
        await asyncio.sleep(5)
        assert one.news.changes == []


@virtual
async def test_quarantined_unit_costs_nobody_any_time() -> None:
    """Neither a reading nor an order: the answer is there at once, and it says that surely nothing was done."""
    async with ward() as one:
        one.kill("scale-a")
        with pytest.raises(NoReply):
            await one.made.scale.weigh()
        await asyncio.sleep(1)
        asked_s, sent = now(), one.made.owner.tally.exchanges
        with pytest.raises(Quarantined) as told:
            await one.made.scale.weigh()
        assert (now(), one.made.owner.tally.exchanges, told.value.moved) == (asked_s, sent, False)


@virtual
async def test_dead_scale_never_slows_the_locks() -> None:
    """Every pocket on it may be asked for its weight all day long; an unlock waits for one exchange, and for one probe in 200 times."""
    async with ward() as one:
        one.kill("scale-a")
        waits_s = []
        for step in range(400):
            weighing = asyncio.ensure_future(one.made.scale.weigh())
            await asyncio.sleep(0.01 * (step % 7))
            asked_s = now()
            await one.made.locks[step % 2].pulse(0, 100)
            waits_s.append(now() - asked_s)
            await asyncio.sleep(1.5)
            await asyncio.gather(weighing, return_exceptions=True)
        assert sorted(waits_s)[int(0.98 * len(waits_s))] < 0.06


@virtual
async def test_suspect_unit_is_ordered_nothing() -> None:
    """It may be asked, for asking moves nothing; a pulse waits for its proof."""
    async with ward() as one:
        one.warden.rest()
        await asyncio.sleep(0.1)
        one.health.mismatched("lock-1", NoReply("lock-1", "not what it was"))
        with pytest.raises(Quarantined) as told:
            await one.made.locks[0].pulse(0, 100)
        assert not told.value.moved
        assert await one.made.locks[0].read_inputs() == (True,) * 8
        assert one.made.given() == []


@virtual
async def test_order_that_waits_its_turn_is_not_given_to_a_unit_that_was_barred_meanwhile() -> None:
    """Whoever ordered it goes on elsewhere, and must not find a second drawer open a moment later."""
    async with ward() as one:
        one.warden.rest()
        one.is_scanned = False
        await asyncio.sleep(0.3)
        reading = asyncio.ensure_future(one.made.locks[1].read_inputs())
        await asyncio.sleep(0)
        pulse = asyncio.ensure_future(one.made.locks[0].pulse(0, 100))
        one.health.mismatched("lock-1", NoReply("lock-1", "not what it was"))
        with pytest.raises(Quarantined) as told:
            await pulse
        assert not told.value.moved
        assert await reading == (True,) * 8
        await asyncio.sleep(1)
        assert one.made.given() == []


@virtual
async def test_all_off_is_tried_whatever_the_health() -> None:
    """Switching off is never refused: a board whose answers are lost may hear us all the same."""
    async with ward() as one:
        await one.made.locks[0].switch(7, is_on=True)
        one.made.faults.cause(Fault("reply_lost", "lock-1"))
        await asyncio.sleep(5)
        assert one.states()["lock-1"] == "quarantined"
        with pytest.raises(NoReply):
            await one.made.locks[0].all_off()
        assert [channel for channel, length_s in one.made.given() if length_s is None] == []


@virtual
async def test_unit_comes_back_after_its_check_and_clean_exchanges() -> None:
    """Everything off and its modes looked at before anybody orders anything from it."""
    async with ward() as one:
        one.kill("lock-1")
        await asyncio.sleep(10)
        one.made.faults.mend()
        one.warden.call(["lock-1"])
        await asyncio.sleep(5)
        assert one.news.changes[2:] == [("lock-1", "quarantined", "ok")]
        assert one.news.trust == [("lost", "lock-1"), ("back", "lock-1")]
        await one.made.locks[0].pulse(0, 100)


@virtual
async def test_unit_that_answers_and_fails_its_check_is_suspect() -> None:
    """Its inputs drive its outputs: it is there, and no lock is entrusted to it."""
    async with ward() as one:
        await one.made.owner.ask(writing_mode(1), Rank.REST)
        one.kill("lock-1")
        await asyncio.sleep(10)
        one.made.faults.mend()
        one.warden.call(["lock-1"])
        await asyncio.sleep(5)
        assert one.news.changes[-1] == ("lock-1", "quarantined", "suspect")
        assert ("back", "lock-1") not in one.news.trust


@virtual
async def test_modes_that_changed_are_noticed_within_a_minute() -> None:
    """These boards do not tell that they were reset or set up anew: somebody has to look."""
    async with ward() as one:
        await one.made.owner.ask(writing_mode(1), Rank.REST)
        await asyncio.sleep(VERIFY_S + 1)
        assert one.news.changes == [("lock-1", "ok", "suspect")]


def writing_mode(unit: int) -> Question:
    """Let input 0 drive output 0, as somebody might with the vendor's tool."""
    return writing_register(f"lock-{unit}", unit, 0x1000, 1)


@virtual
async def test_units_that_fail_together_are_the_lines_fault() -> None:
    """One cable, one fault: no unit is blamed, everything of the line is unknown, and it is opened again ever more slowly."""
    async with ward() as one:
        one.kill(*EVERYBODY)
        died_s = now()
        await asyncio.sleep(120)
        assert [change[0] for change in one.news.changes] == ["bus-a", "bus-a"]
        assert one.states() == {"bus-a": "quarantined", "lock-1": "ok", "lock-2": "ok", "scale-a": "ok"}
        assert sorted(one.news.trust) == [("lost", name) for name in sorted(EVERYBODY)]
        assert one.news.times[-1] - died_s < 3
        assert one.made.owner.tally.lost > 5
        with pytest.raises(DeviceFault) as told:
            await one.made.locks[0].pulse(0, 100)
        assert not told.value.moved


@virtual
async def test_line_that_answers_again_is_believed_unit_by_unit() -> None:
    """What came back may be another board: each is checked; who stays silent is then its own fault."""
    async with ward() as one:
        one.kill(*EVERYBODY)
        await asyncio.sleep(3600)
        one.made.faults.mend("board_silent", "lock-1")
        one.made.faults.mend("board_silent", "scale-a")
        one.warden.call()
        await asyncio.sleep(10)
        assert one.states() == {"bus-a": "ok", "lock-1": "ok", "lock-2": "quarantined", "scale-a": "ok"}


@virtual
async def test_pulled_line_is_told_at_once() -> None:
    """Nobody needs to fail three times on a cable that is not there."""
    async with ward() as one:
        one.made.faults.cause(Fault("line_unplugged", "bus-a"))
        await asyncio.sleep(0.01)
        assert one.news.changes == [("bus-a", "ok", "quarantined")]
        assert len(one.news.trust) == 3
        one.made.faults.mend()
        await asyncio.sleep(5)
        assert one.news.changes[1:] == [("bus-a", "quarantined", "ok")]
        assert len(one.news.trust) == 6


@virtual
async def test_unattended_probes_take_half_a_percent_of_the_lines_time() -> None:
    """Whoever wants to unlock waits for a probe in one of 200 cases at most, also with two of three dead."""
    async with ward() as one:
        one.is_scanned = False
        one.kill("lock-1", "scale-a")
        await asyncio.sleep(3600)
        before, start_s = one.made.owner.tally.no_reply, now()
        await asyncio.sleep(20 * 3600)
        assert (one.made.owner.tally.no_reply - before) * COST_S / (now() - start_s) <= PROBE_SHARE


@pytest.mark.parametrize("repair_s", [0.0, 3.0, 20.0, 55.0])
@virtual
async def test_board_that_somebody_waits_for_is_back_within_five_seconds(repair_s: float) -> None:
    """Nobody is kept from a medicine by a probe that is due in a minute: whoever asks has it tried at once, and for a minute often."""
    async with ward() as one:
        one.kill("lock-1")
        await asyncio.sleep(10)
        one.is_scanned = False
        await asyncio.sleep(13 * 3600)
        one.warden.call(["lock-1"])
        await asyncio.sleep(repair_s)
        one.made.faults.mend()
        await asyncio.sleep(5)
        assert one.states()["lock-1"] == "ok"


@virtual
async def test_hammering_a_dead_drawer_leaves_the_line_to_others() -> None:
    """A hundred touches in a minute are no hundred probes."""
    async with ward() as one:
        one.kill("lock-1")
        await asyncio.sleep(600)
        before, start_s = one.made.owner.tally.no_reply, now()
        for _ in range(100):
            one.warden.call(["lock-1"])
            await asyncio.sleep(0.6)
        assert (one.made.owner.tally.no_reply - before) * COST_S / (now() - start_s) < 0.4


@virtual
async def test_boards_that_were_lost_together_come_back_together() -> None:
    """A supply that returns feeds more than one board: the first that answers has the others tried."""
    async with ward() as one:
        one.kill("lock-1", "scale-a")
        await asyncio.sleep(1000)
        one.made.faults.mend()
        await asyncio.sleep(200)
        assert one.states() == dict.fromkeys(one.states(), "ok")
        back_s = [at_s for at_s, (what, _) in zip(one.news.times, one.news.trust, strict=True) if what == "back"]
        assert back_s[1] - back_s[0] < 1


@virtual
async def test_errors_above_one_percent_degrade_a_unit_and_calm_mends_it() -> None:
    """Served as ever, and told; once for each time, though errors come and go."""
    async with ward() as one:
        one.made.faults.cause(Fault("reply_garbled", "lock-1", probability=0.02))
        await asyncio.sleep(600)
        assert one.news.changes == [("lock-1", "ok", "degraded")]
        assert one.health.is_trusted("lock-1")
        one.made.faults.mend()
        await asyncio.sleep(2 * WINDOW_S)
        assert one.news.changes[1:] == [("lock-1", "degraded", "ok")]


@virtual
async def test_two_units_that_err_degrade_their_line_and_neither_is_blamed() -> None:
    """A missing termination garbles everybody's answers."""
    async with ward() as one:
        for board in ("lock-1", "lock-2"):
            one.made.faults.cause(Fault("reply_garbled", board, probability=0.02))
        await asyncio.sleep(60)
        assert one.states() == {"bus-a": "degraded", "lock-1": "ok", "lock-2": "ok", "scale-a": "ok"}


def test_errors_at_pulses_are_counted_as_interference() -> None:
    """A coil without its diode is found by when the errors come."""
    health, part = LineHealth("bus-a"), Part("lock-1")
    health.disturbance = Disturbance()
    health.disturbance.until_s = 10.3
    for at_s in (9.9, 10.2, 10.4):
        health.failed(part, NoReply("lock-1", "garbled"), at_s)
        part.misses = 0
    assert (part.erred, part.emi) == (3, 2)


@virtual
async def test_wait_for_an_answer_adapts_to_the_unit() -> None:
    """Three times what it takes in 99 of 100 exchanges, a tenth of a second at least, and never longer than the site says."""
    line = ScriptedLine(lambda frame: [(0.004, rtu("01 02 01 0D"))] if frame[0] == 1 else [], lambda frame: len(frame) * 10 / 19200)
    owner = Owner("bus-a", line, Rtu(19200), Pace(reply_timeout_s=1.0, quiet_s=0.0, adapts=True))
    async with running(owner.run()):
        await owner.tried.wait()
        waits_s = []
        for step in range(3000):
            await owner.ask(reading_inputs("lock-1", 1, 0, 8), Rank.DOOR)
            if step % 1000 == 999:
                line.script = lambda _: []
                asked_s = now()
                with pytest.raises(NoReply):
                    await owner.ask(reading_inputs("lock-1", 1, 0, 8), Rank.DOOR)
                waits_s.append(now() - asked_s)
                line.script = lambda _: [(0.004, rtu("01 02 01 0D"))]
        asked_s = now()
        line.script = lambda _: []
        with pytest.raises(NoReply):
            await owner.ask(reading_inputs("unheard-of", 2, 0, 8), Rank.DOOR)
        assert waits_s[0] <= 1.02
        assert waits_s[0] > waits_s[-1]
        assert 0.1 <= waits_s[-1] <= 0.14
        assert 1.0 <= now() - asked_s <= 1.02


@virtual
async def test_nobody_is_barred_where_nobody_would_prove_them_again() -> None:
    """A tool with a line of its own asks as often as it likes."""
    async with bench() as made:
        made.faults.cause(Fault("board_silent"))
        for _ in range(10):
            with pytest.raises(NoReply):
                await made.owner.ask(writing_coil("lock-1", 1, 0x0200, 3, moves=True), Rank.UNLOCK)
