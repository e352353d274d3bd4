"""The cabinet goes on without its pharmacy, and watches its drawers while nobody is signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest

from cabinet.domain.facts import CountOwed, DrawerMoved
from cabinet.domain.vocabulary import PocketId
from cabinet.rehearsal.actor import Actor, Errand
from cabinet.rehearsal.export import parse_export
from cabinet.rehearsal.fitting import fit
from cabinet.rehearsal.stage import Stage
from cabinet.rehearsal.virtual_time import run_virtual

START = datetime(2027, 3, 1, 7, tzinfo=UTC)
ROWS = "charttime,subject_id,stay_id,med_rn,name,gsn_rn,gsn\n" + "".join(
    f"2175-04-05 0{hour}:39:00,1,7,{hour},{name},1,0\n" for hour in range(1, 6) for name in [("Aspirin", "Morphine Sulfate")[hour % 2]]
)


@asynccontextmanager
async def ward(start: datetime = START) -> AsyncIterator[Stage]:
    """A small fitted cabinet at work."""
    dispenses = parse_export(StringIO(ROWS, newline=""), "test.csv").dispenses
    async with Stage.set(fit(dispenses), seed=5, start=start) as stage:
        yield stage


def errand(stage: Stage, name: str) -> Errand:
    line = next(line for line in stage.house.core.state.lines.values() if line.item.startswith(name))
    return Errand("withdraw", 1, pocket=line.pocket, patient="p-1")


def test_an_hour_without_broker_loses_and_doubles_nothing() -> None:
    """Nothing is forgotten until the pharmacy server itself says that it holds it."""

    async def story() -> None:
        async with ward() as stage:
            nurse = Actor(stage, "badge-nurse-1")
            stage.broker.stop(is_forgetful=True)
            for name in ("aspirin", "morphine", "aspirin"):
                await nurse.sign_in()
                outcome = await nurse.run(errand(stage, name))
                assert outcome.access is not None
                assert outcome.access.phase == "settled"
                await nurse.sign_out()
                await asyncio.sleep(1200)
            assert stage.house.reporter.behind > 0
            stage.broker.start()
            assert await stage.catch_up()
            assert stage.disagreements() == []
            facts = stage.office.inquiry.facts("replay", limit=10_000)
            assert [fact["seq"] for fact in facts] == list(range(1, stage.house.core.state.seq + 1))

    run_virtual(story())


def test_a_forced_drawer_is_seen_within_300_ms() -> None:
    """A drawer that opens although nobody released it is noticed at once, signed in or not, and its pockets owe a count."""

    async def story() -> None:
        async with ward() as stage:
            drawer = stage.house.core.world.layout.drawers[-1]
            forced_at = stage.house.controller.clock.now()
            assert stage.bench.hand.force(drawer.id)
            while stage.house.core.state.drawers[drawer.lock.name].state != "open":
                await stage.house.controller.next_round()
            seen_s = stage.house.controller.clock.now().mono_s - forced_at.mono_s
            assert seen_s <= 0.3
            entries = list(stage.house.journal.entries())
            moved = next(entry for entry in reversed(entries) if isinstance(entry.fact, DrawerMoved))
            assert moved.fact.why == "opened without a release"
            assert moved.staff is None
            owed = {entry.fact.pocket for entry in entries if isinstance(entry.fact, CountOwed)}
            assert owed == {pocket.id for pocket in drawer.pockets}

    run_virtual(story())


def test_a_theft_from_a_forced_drawer_becomes_a_discrepancy_and_no_name() -> None:
    """What is missing is found at the next count, with the interval and without an accusation."""

    async def story() -> None:
        async with ward() as stage:
            core, hand = stage.house.core, stage.bench.hand
            line = next(line for line in core.state.lines.values() if line.item.startswith("aspirin"))
            drawer = core.world.layout.pockets[PocketId(line.pocket)].drawer
            hand.force(drawer)
            assert hand.take(line.pocket, 1) == 1
            await asyncio.sleep(2)
            hand.push(drawer)
            await asyncio.sleep(2)
            await stage.rest()
            technician = Actor(stage, "badge-technician-1")
            await technician.sign_in()
            outcome = await technician.run(Errand("count", 0, pocket=line.pocket))
            await technician.sign_out()
            assert outcome.access is not None
            assert outcome.access.phase == "disputed"
            [found] = core.state.discrepancies.values()
            assert (found.expected - (found.counted or 0), found.since_seq) == (1, 0)
            assert line.owes == []
            assert await stage.catch_up()
            assert stage.disagreements() == []

    run_virtual(story())


def test_the_pharmacy_sees_pockets_come_into_reach_and_expire() -> None:
    """A pocket reads failed only while nobody can get at it, and expired from midnight on, though no fact says so."""

    async def story() -> None:
        async with ward(datetime(2029, 12, 30, 7, tzinfo=UTC)) as stage:
            await asyncio.sleep(5)
            assert {row.status for row in stage.office.inquiry.stock()} == {"ok"}
            await stage.rest()
            await asyncio.sleep(2 * 86400)
            assert {row.status for row in stage.office.inquiry.stock()} == {"expired"}

    run_virtual(story())


@pytest.mark.parametrize("ack", [b'{"epoch":%d,"seq":-5}', b'{"epoch":%d,"seq":999999}', b'{"epoch":%d}', b"[[[", b'{"epoch":1,"seq":3}'])
def test_a_forged_ack_stops_no_delivery(ack: bytes) -> None:
    """Whoever can write to the broker can confuse for a moment; the facts arrive all the same."""

    async def story() -> None:
        async with ward() as stage:
            await stage.catch_up()
            forged = ack % stage.house.journal.epoch if b"%d" in ack else ack
            stage.broker.take("adc/v1/replay/down/ack", forged, retain=False)
            nurse = Actor(stage, "badge-nurse-1")
            await nurse.sign_in()
            await nurse.run(errand(stage, "aspirin"))
            await nurse.sign_out()
            assert await stage.catch_up()
            assert stage.disagreements() == []

    run_virtual(story())
