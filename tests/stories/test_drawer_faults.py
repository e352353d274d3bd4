"""Each way in which a drawer fails, caused in the simulated cabinet and met by the whole house: seen within 3 s, and nobody waits.

Hardware, section 8: stuck latch, latch that does not engage, welded relay, forced, dead sensor; and a lock that grows slow.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from cabinet.domain import events
from cabinet.domain.facts import FaultRaised
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import AccessId, ItemId, PatientId, PocketId, SessionId, StaffId, Units
from cabinet.rehearsal.prescribing import item_at, prescribe
from cabinet.rehearsal.stage import Stage
from config.load import load_site
from firmware_sim.fault import Fault
from tests.stories.desk import DEMO, MORNING, NURSE, OTHER_NURSE, TECHNICIAN
from tests.virtual import virtual

CRITICAL = "naloxone-0-4-vial"
ONE, TWO = "locks-a:0", "locks-b:0"
HOME = "locks-a:7"
WITHIN_S = 3.2
"""Three seconds of looking, and the time to hear of it."""


class Ward:
    """One cabinet on its stage, with people, hands and faults."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.hand = stage.bench.hand
        self.controller = stage.house.controller
        self.state = stage.house.core.state
        self.patient = next(iter(stage.house.core.world.patients))

    def breaks(self, kind: str, target: str, **how: Any) -> None:
        """Something breaks."""
        self.stage.bench.faults.cause(Fault(kind, target, **how))

    def mends(self) -> None:
        """Everything works again."""
        self.stage.bench.faults.mend()

    async def signs_in(self, staff: str = NURSE) -> None:
        """A person is recognised; their session is named after them."""
        await self.says(events.StaffRecognised, SessionId(staff), StaffId(staff), ("badge", "secret"))

    async def says(self, kind: type[events.Event], *args: Any) -> str:
        """A person says something; the code of the refusal, or nothing."""
        refusal = await self.controller.ask(kind(self.controller.clock.now(), *args))
        return "" if refusal is None else refusal.code

    async def takes(self, pocket: str, access: str = "a", by: str = NURSE, kind: str = "withdraw") -> str:
        """A person asks for a pocket."""
        if kind != "withdraw":
            return await self.says(events.AccessAsked, SessionId(by), AccessId(access), kind, "policy", Units(1), PocketId(pocket))
        order = await prescribe(self.controller, self.patient, item_at(self.controller, pocket), 1)
        patient = PatientId(self.patient)
        return await self.says(
            events.AccessAsked, SessionId(by), AccessId(access), kind, "order", Units(1), PocketId(pocket), None, patient, order
        )

    async def states(self, access: str = "a", by: str = NURSE) -> str:
        """They took one."""
        return await self.says(events.QuantityEntered, SessionId(by), AccessId(access), Units(1))

    async def jam(self) -> None:
        """Naloxone is asked for, and its first drawer is pulsed three times in vain."""
        assert not await self.takes("m1-05")
        for _ in range(2):
            await asyncio.sleep(WITHIN_S)
            await self.says(events.OpenAsked, SessionId(NURSE), AccessId("a"))
        await asyncio.sleep(WITHIN_S)

    def access(self, name: str = "a") -> Access:
        """One access."""
        return self.state.accesses[name]

    def codes(self, lock: str = ONE) -> set[str]:
        """What is wrong at a lock."""
        return {fault.code for fault in self.state.faults_at(lock)}

    def lock(self, name: str = ONE) -> str:
        """The state of a lock."""
        return self.state.drawers[name].state


@asynccontextmanager
async def ward(*, home: bool = False, seed: int = 3) -> AsyncIterator[Ward]:
    """The demo cabinet with a nurse at it; with `home`, drawer 1 has a switch at its home position."""
    loaded = load_site(DEMO)
    if home:
        first = loaded.site.drawers[0].model_copy(update={"home": HOME})
        loaded = replace(loaded, site=loaded.site.model_copy(update={"drawers": (first, *loaded.site.drawers[1:])}))
    async with Stage.set(loaded, seed=seed, start=MORNING) as stage:
        found = Ward(stage)
        await found.signs_in()
        yield found


@asynccontextmanager
async def taken(kind: str, target: str = "m1", *, home: bool = False) -> AsyncIterator[Ward]:
    """A nurse took one out of drawer 1 and said so; it stands open, and is broken in this way."""
    async with ward(home=home) as it:
        it.breaks(kind, target)
        await it.takes("m1-01")
        await asyncio.sleep(0.5)
        await it.states()
        yield it


@virtual
@pytest.mark.parametrize("kind", ["latch_sticks", "drawer_jammed"])
async def test_a_jam_in_mid_withdrawal_opens_the_other_drawer_and_the_nurse_brings_the_first_back(kind: str) -> None:
    """Ward, the first three minutes, 1:10, on the wire: seen, moved over, taken, recovered in under thirty seconds, counted."""
    async with ward() as it:
        it.breaks(kind, "m1")
        await it.takes("m1-05")
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(WITHIN_S)
        assert it.access().phase == "authorised", "looking is over within three seconds"
        for _ in range(2):
            await it.says(events.OpenAsked, SessionId(NURSE), AccessId("a"))
            await asyncio.sleep(WITHIN_S)
        assert it.codes() == {"drawer.jammed"}
        await asyncio.sleep(0.5)
        assert (it.access("a-m2").pocket, it.access("a-m2").phase) == ("m2-05", "open")
        assert asyncio.get_running_loop().time() - began < 11
        it.hand.take("m2-05", 1)
        await it.states("a-m2")
        it.hand.push("m2")
        await asyncio.sleep(1)
        assert it.access("a-m2").phase == "settled"
        it.mends()
        began = asyncio.get_running_loop().time()
        assert not await it.says(events.TrialAsked, SessionId(NURSE), ONE)
        await asyncio.sleep(1)
        it.hand.push("m1")
        await asyncio.sleep(1)
        assert (it.lock(), it.codes()) == ("latched", set())
        assert asyncio.get_running_loop().time() - began < 30
        assert it.state.lines["m1-05"].owes == ["the drawer was recovered"]
        assert not await it.takes("m1-05", "c", kind="count")
        assert not it.stage.disagreements()


@virtual
async def test_a_drawer_that_still_jams_stays_failed_and_says_so() -> None:
    """A try in vain is kept for the technician."""
    async with ward() as it:
        it.breaks("drawer_jammed", "m1")
        await it.jam()
        await it.says(events.TrialAsked, SessionId(NURSE), ONE)
        await asyncio.sleep(WITHIN_S)
        assert (it.lock(), it.state.faults[f"drawer.jammed@{ONE}"].tries) == ("failed", 1)


@virtual
async def test_a_line_that_is_lost_in_mid_pulse_moves_the_withdrawal_to_the_other_line() -> None:
    """The first pocket may have opened: it owes a count. The patient does not wait for the cable."""
    async with ward() as it:
        it.breaks("drawer_jammed", "m1")
        await it.takes("m1-05")
        await asyncio.sleep(0.5)
        it.breaks("line_unplugged", "locks")
        await asyncio.sleep(WITHIN_S)
        assert (it.access().phase, it.access().moved_to) == ("incomplete", "a-m2")
        assert it.access("a-m2").phase == "open"
        assert it.state.lines["m1-05"].owes


@virtual
@pytest.mark.parametrize(
    ("kind", "home", "meanwhile"),
    [
        pytest.param("latch_slack", True, "open", id="it does not engage: the switch at home sees that nothing holds it"),
        pytest.param("drawer_creeps_open", False, "settled", id="it slips just after it was shut: a latch, and no burglar"),
    ],
)
async def test_a_latch_that_does_not_hold_is_told_by_itself_and_over_once_it_holds(kind: str, home: bool, meanwhile: str) -> None:
    """Within three seconds, and nobody has to say so. Whoever opened it stays responsible until it was shut once."""
    async with taken(kind, home=home) as it:
        assert it.hand.push("m1") is (meanwhile == "settled")
        await asyncio.sleep(WITHIN_S)
        assert (it.codes(), it.access().phase) == ({"drawer.latch"}, meanwhile)
        it.mends()
        it.hand.push("m1")
        await asyncio.sleep(4)
        assert (it.lock(), it.codes(), it.access().phase) == ("latched", set(), "settled")


@virtual
async def test_without_that_switch_the_person_says_it_and_everybody_goes_on() -> None:
    """A stuck drawer holds neither the nurse nor the next one."""
    async with taken("latch_slack") as it:
        assert await it.says(events.StuckSaid, SessionId(NURSE), ONE) == "drawer.just_opened"
        await asyncio.sleep(15)
        assert not await it.says(events.StuckSaid, SessionId(NURSE), ONE)
        assert (it.lock(), it.access().phase, it.codes()) == ("failed", "settled", {"drawer.latch"})
        assert not await it.says(events.SignOutAsked, SessionId(NURSE))
        await it.signs_in(OTHER_NURSE)
        assert not await it.takes("m1-05", "b", OTHER_NURSE)
        assert (it.access("b").pocket, it.access("b").instead_of) == ("m2-05", "m1-05")


@virtual
async def test_a_contact_that_sticks_is_noticed_and_its_lock_left_alone() -> None:
    """Twice it opens with nobody's pulse: the channel is out of use, whoever asks is served elsewhere."""
    async with taken("drawer_creeps_open") as it:
        for _ in range(2):
            it.hand.push("m1")
            await asyncio.sleep(2)
        assert "relay.welded" in it.codes()
        it.mends()
        it.hand.push("m1")
        await asyncio.sleep(1)
        assert it.lock() == "failed"
        assert await it.takes("m1-01", "b") == "drawer.failed"


@virtual
async def test_a_welded_relay_never_latches_and_is_given_up() -> None:
    """Its coil reads back off; what tells is a drawer that cannot be shut any more."""
    async with taken("relay_welded", ONE, home=True) as it:
        assert not it.hand.push("m1")
        await asyncio.sleep(15)
        assert it.codes() == {"drawer.latch"}
        assert not await it.says(events.StuckSaid, SessionId(NURSE), ONE)
        assert it.lock() == "failed"


@virtual
async def test_a_drawer_that_is_forced_is_a_fault_of_its_own() -> None:
    """Always armed, with nobody signed in; within the reading of its contact."""
    async with ward() as it:
        await it.says(events.SignOutAsked, SessionId(NURSE))
        await asyncio.sleep(30)
        it.hand.force("m1")
        await asyncio.sleep(1)
        assert it.codes() == {"drawer.forced"}
        assert it.state.lines["m1-01"].owes == ["opened without a release"]


@virtual
@pytest.mark.parametrize("home", [True, False], ids=["by the switch at home", "by the person before it"])
async def test_a_dead_contact_is_found_and_what_was_taken_is_stated(home: bool) -> None:
    """The drawer opens, its contact never shows it: custody takes it as open, the nurse states what they took, and it is out of use."""
    async with ward(home=home) as it:
        it.breaks("input_stuck_on", ONE)
        await it.takes("m1-01")
        await asyncio.sleep(2 * WITHIN_S if home else WITHIN_S)
        assert home or not await it.says(events.OpenedSaid, SessionId(NURSE), AccessId("a"))
        assert it.stage.house.core.asks(it.access()) == ("confirm",)
        it.hand.take("m1-01", 1)
        await it.states()
        assert (it.access().phase, it.codes()) == ("settled", {"sensor.dead"})
        assert it.state.lines["m1-01"].owes == ["it opened unseen"]


@virtual
async def test_a_lock_that_grows_slow_is_told_before_it_fails() -> None:
    """Eighty openings; the last twenty take an eighth of a second longer. Nobody is kept from anything."""
    async with ward() as it:
        await it.signs_in(TECHNICIAN)
        for number in range(80):
            if number == 50:
                it.breaks("lock_slow", "m1", delay_ms=200)
            assert not await it.takes("m1-03", f"c{number}", TECHNICIAN, "count")
            await asyncio.sleep(0.7)
            await it.says(
                events.CountEntered, SessionId(TECHNICIAN), AccessId(f"c{number}"), Units(it.state.lines["m1-03"].units)
            )  # fmt: skip
            it.hand.push("m1")
            await asyncio.sleep(1)
            assert it.access(f"c{number}").phase == "settled"
        worn = [entry.fact for entry in it.stage.house.journal.entries(0) if isinstance(entry.fact, FaultRaised)]
        assert [(fact.place, fact.code, fact.is_failing) for fact in worn] == [(ONE, "lock.worn", False)]
        assert not await it.takes("m1-03", "last", TECHNICIAN, "count")


@virtual
async def test_a_critical_item_stands_in_two_drawers_of_the_demo() -> None:
    """Different locks, different lines: no warning at the start."""
    async with ward() as it:
        assert it.stage.house.core.world.formulary[ItemId(CRITICAL)].is_critical
        assert not it.state.faults
