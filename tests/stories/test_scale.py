"""Scales in the whole house: simulated cells that settle, shake and have noise, through their drivers, to a verdict in the journal."""

import asyncio
import re
from pathlib import Path

import pytest

from cabinet.domain.facts import MassTaught, PocketWeighed
from cabinet.domain.scale.counting import Doubt
from cabinet.rehearsal.actor import Actor, Errand, Outcome
from cabinet.rehearsal.stage import Stage
from config.load import load_site
from firmware_sim.fault import Fault
from tests.stories.desk import DEMO, MORNING
from tests.virtual import virtual

NURSE, TECHNICIAN = "1001", "1201"


CHOOSING_S = 3.0
"""Nobody finds a patient and an item faster."""


def verdicts(stage: Stage) -> list[tuple[str, int | None, str]]:
    """What was made of the weights after accesses."""
    facts = [entry.fact for entry in stage.house.journal.entries(0)]
    return [(fact.verdict, fact.units, fact.why) for fact in facts if isinstance(fact, PocketWeighed) and fact.moment == "after"]


async def visit(stage: Stage, badge: str, *errands: Errand) -> list[Outcome]:
    """Somebody comes, chooses on the screen, does what they came for, and goes."""
    actor = Actor(stage, badge)
    await actor.sign_in()
    outcomes = []
    for errand in errands:
        await asyncio.sleep(CHOOSING_S)
        outcomes.append(await actor.run(errand))
    await actor.sign_out()
    return outcomes


@virtual
async def test_what_is_taken_and_put_is_counted_by_weight() -> None:
    """Pieces of their own mass on a cell that shakes with the drawer: the change of the weight at rest is what the nurse said."""
    async with Stage.set(load_site(DEMO), seed=4, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        take = Errand("withdraw", 2, pocket="n1-02", patient=patient)
        await visit(stage, NURSE, take, Errand("withdraw", 1, pocket="n1-02", patient=patient))
        await visit(stage, TECHNICIAN, Errand("refill", 12, pocket="n1-02", lot="MS2081", expiry="2030-03-31"))
        assert verdicts(stage) == [("confident", 2, ""), ("confident", 1, ""), ("confident", 12, "")]
        taught = [entry.fact for entry in stage.house.journal.entries(0) if isinstance(entry.fact, MassTaught)]
        assert [fact.units for fact in taught if fact.item == "morphine-4-syr"] == [30, 12]
        assert not stage.house.core.state.faults
        assert stage.house.core.state.lines["n1-02"].owes == []


@virtual
async def test_more_taken_than_said_is_seen_by_the_scale_and_counted_by_a_person() -> None:
    """A hand that takes one more than it says: the pocket owes a count, and the balance stays what people said."""
    async with Stage.set(load_site(DEMO), seed=5, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        hand = stage.bench.hand
        honest = hand.take

        def greedy(pocket: str, units: int) -> int:
            return honest(pocket, units + 1) - 1

        hand.take = greedy  # type: ignore[method-assign]
        await visit(stage, NURSE, Errand("withdraw", 2, pocket="n1-02", patient=patient))
        assert verdicts(stage) == [("confident", 3, "")]
        line = stage.house.core.state.lines["n1-02"]
        assert (line.units, len(line.owes)) == (16, 1)


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault("scale_frozen", "scale-2"), ("refused", None, Doubt.FROZEN)),
        (Fault("scale_overloaded", "scale-2"), ("refused", None, "scale.bad_reading")),
        (Fault("scale_cell_error", "scale-2"), ("refused", None, "scale.bad_reading")),
        (Fault("scale_unsteady", "scale-2"), ("refused", None, Doubt.UNSTEADY)),
    ],
)
@virtual
async def test_a_sick_scale_keeps_nobody_from_a_medicine(fault: Fault, verdict: tuple[str, int | None, str]) -> None:
    """It is told to a technician, and the nurse has the medicine as fast as ever."""
    async with Stage.set(load_site(DEMO), seed=6, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        await visit(stage, NURSE, Errand("withdraw", 1, pocket="n1-01", patient=patient))
        stage.bench.faults.cause(fault)
        await asyncio.sleep(120)
        [outcome] = await visit(stage, NURSE, Errand("withdraw", 2, pocket="n1-02", patient=patient))
        assert outcome.access is not None
        assert outcome.access.phase == "settled"
        assert verdicts(stage)[-1] == verdict
        assert stage.house.core.state.lines["n1-02"].units == 16


@virtual
async def test_every_workflow_works_with_no_scale_at_all(tmp_path: Path) -> None:
    """The demo ward with no `weighed` pocket: withdrawal, refill and count go through, and nobody is told of a scale."""
    folder = DEMO.parent
    text = re.sub(r"^weighed = .*\n", "", DEMO.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name in ("formulary", "people", "policy"):
        text = re.sub(
            rf'^{name} = "([^"]+)"',
            lambda found: f'{found[0].split(" = ")[0]} = "{(folder / found[1]).resolve()}"',
            text,
            flags=re.MULTILINE,
        )
    site = tmp_path / "bare.toml"
    site.write_text(text, encoding="utf-8")
    async with Stage.set(load_site(site), seed=7, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        outcomes = await visit(stage, NURSE, Errand("withdraw", 2, pocket="n1-02", patient=patient), Errand("count", 0, pocket="n1-02"))
        outcomes += await visit(stage, TECHNICIAN, Errand("refill", 12, pocket="n1-02", lot="MS2081", expiry="2030-03-31"))
        assert [outcome.access and outcome.access.phase for outcome in outcomes] == ["settled"] * 3
        assert stage.house.core.state.lines["n1-02"].units == 28
        assert not stage.house.core.state.scales
        assert not stage.house.core.state.faults


@pytest.mark.parametrize(
    "fault",
    [
        Fault("scale_leans_on", "scale-2"),
        Fault("scale_creeps", "scale-2"),
        Fault("scale_drifts", "scale-2", rate_mg_per_h=3_000),
        Fault("scale_drifts", "scale-2", rate_mg_per_h=60),
        Fault("scale_warms", "scale-2"),
        Fault("scale_wrong_unit", "scale-2"),
        Fault("scale_restarts", "scale-2"),
        Fault("foreign_object", "n1-02"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.rate_mg_per_h}",
)
def test_a_scale_that_is_off_accuses_nobody(fault: Fault) -> None:
    """Leaning, creeping, drifting, warming, restarted: honest people take what they say, and no pocket owes a count for it."""

    @virtual
    async def story() -> None:
        async with Stage.set(load_site(DEMO), seed=8, start=MORNING) as stage:
            patient = next(iter(stage.house.core.world.patients))
            await visit(stage, NURSE, Errand("withdraw", 1, pocket="n1-02", patient=patient))
            stage.bench.faults.cause(fault)
            for units, pocket in ((2, "n1-02"), (1, "n1-01"), (3, "n1-02"), (1, "n1-02")):
                await asyncio.sleep(1200)
                await visit(stage, NURSE, Errand("withdraw", units, pocket=pocket, patient=patient))
            assert [line.owes for line in stage.house.core.state.lines.values() if line.owes] == [], verdicts(stage)

    story()
