"""Scales in the whole house: simulated cells that settle, shake and have noise, through their drivers, to a verdict in the journal."""

import asyncio
import re
from pathlib import Path

import pytest

from cabinet.domain.facts import MassTaught, PocketWeighed
from cabinet.domain.scale.counting import Doubt
from cabinet.rehearsal.actor import Actor, Errand, Outcome
from cabinet.rehearsal.stage import Stage
from config.load import LoadedSite, load_site
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


async def visit(stage: Stage, badge: str, *errands: Errand, choosing_s: float = CHOOSING_S) -> list[Outcome]:
    """Somebody comes, chooses on the screen, does what they came for, and goes."""
    actor = Actor(stage, badge)
    await actor.sign_in()
    outcomes = []
    for errand in errands:
        await asyncio.sleep(choosing_s)
        outcomes.append(await actor.run(errand))
    await actor.sign_out()
    return outcomes


def rewritten(folder: Path, text: str) -> LoadedSite:
    """The demo ward with another site file."""
    for name in ("formulary", "people", "policy"):
        text = re.sub(rf'^{name} = "([^"]+)"', f'{name} = "{DEMO.parent.resolve()}/\\1"', text, flags=re.MULTILINE)
    site = folder / "site.toml"
    site.write_text(text, encoding="utf-8")
    return load_site(site)


@virtual
async def test_what_is_taken_and_put_is_counted_by_weight() -> None:
    """Pieces of their own mass on a cell that shakes with the drawer: the change of the weight at rest is what the nurse said."""
    async with Stage.set(load_site(DEMO), seed=4, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        take = Errand("withdraw", 2, pocket="n1-02", patient=patient)
        await visit(stage, NURSE, take, Errand("withdraw", 1, pocket="n1-02", patient=patient))
        sheet = await stage.sheet_for("n1-02", 8, TECHNICIAN)
        await visit(stage, TECHNICIAN, Errand("refill", 8, pocket="n1-02", lot="MS2081", expiry="2030-03-31", sheet=sheet))
        assert verdicts(stage) == [("confident", 2, ""), ("confident", 1, ""), ("confident", 8, "")]
        taught = [entry.fact for entry in stage.house.journal.entries(0) if isinstance(entry.fact, MassTaught)]
        assert [fact.units for fact in taught if fact.item == "morphine-4-syr"] == [30, 8]
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
    bare = rewritten(tmp_path, re.sub(r"^weighed = .*\n", "", DEMO.read_text(encoding="utf-8"), flags=re.MULTILINE))
    async with Stage.set(bare, seed=7, start=MORNING) as stage:
        patient = next(iter(stage.house.core.world.patients))
        outcomes = await visit(stage, NURSE, Errand("withdraw", 2, pocket="n1-02", patient=patient), Errand("count", 0, pocket="n1-02"))
        sheet = await stage.sheet_for("n1-02", 8, TECHNICIAN)
        outcomes += await visit(stage, TECHNICIAN, Errand("refill", 8, pocket="n1-02", lot="MS2081", expiry="2030-03-31", sheet=sheet))
        assert [outcome.access and outcome.access.phase for outcome in outcomes] == ["settled"] * 3
        assert stage.house.core.state.lines["n1-02"].units == 24
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


PROBE = """
[[board]]
id = "room"
bus = "climate"
address = 31
model = "xymd02"

[[board]]
id = "balance\""""
TABLETS, SYRINGES = "n1-05", "n1-02"
NIGHT_S = 12 * 3600.0


def beside_a_probe(folder: Path) -> LoadedSite:
    """The demo ward with a probe beside the scales under tablets and syringes, which wander by next to nothing but warmth."""
    text = DEMO.read_text(encoding="utf-8").replace('\n[[board]]\nid = "balance"', PROBE, 1)
    return rewritten(folder, re.sub(r'scale = "(balance|scale-2)"', r'scale = "\1", probe = "room:0", drift_mg_per_h = 2', text))


@pytest.mark.parametrize("rate_mg_per_k", [60, -60])
@pytest.mark.parametrize(
    ("pocket", "faults", "verdict"),
    [
        (TABLETS, [], "confident"),
        (TABLETS, ["probe_dead"], "refused"),
        (TABLETS, ["room_cold"], "refused"),
        (TABLETS, ["room_cold", "probe_dead"], "refused"),
        (TABLETS, ["room_cold", "probe_stuck"], "refused"),
        (SYRINGES, [], "confident"),
        (SYRINGES, ["room_cold"], "confident"),
        (SYRINGES, ["room_cold", "probe_dead"], "confident"),
    ],
)
@virtual
async def test_a_ward_that_cools_overnight_makes_no_count_wrong(
    tmp_path: Path, rate_mg_per_k: int, pocket: str, faults: list[str], verdict: str
) -> None:
    """Eight kelvin move the zero by more than a tablet, and the first of the morning asks before the scale was read again.

    Where the probe says that it is as warm as it was, a tablet is counted; where it is colder, or nobody knows, it is not. A fraction of
    a syringe keeps nobody from counting syringes. No pocket owes a count for the weather, and no probe makes anything wrong by dying.
    """
    async with Stage.set(beside_a_probe(tmp_path), seed=11, start=MORNING) as stage:
        take = Errand("withdraw", 1, pocket=pocket, patient=next(iter(stage.house.core.world.patients)))
        for scale in ("balance", "scale-2"):
            stage.bench.faults.cause(Fault("scale_warms", scale, rate_mg_per_k=rate_mg_per_k))
        await visit(stage, NURSE, take)
        for kind in faults:
            stage.bench.faults.cause(Fault(kind, "room:0" if kind.startswith("probe") else "*"))
        await asyncio.sleep(NIGHT_S)
        await visit(stage, NURSE, take, choosing_s=0.0)
        _, _, before, after = (
            entry.fact for entry in stage.house.journal.entries(0) if isinstance(entry.fact, PocketWeighed) and entry.fact.pocket == pocket
        )  # fmt: skip
        assert before.age_s >= NIGHT_S, "it is asked for before its scale is read"
        assert before.milli_c is not None
        assert (after.milli_c is None) is any(kind.startswith("probe") for kind in faults)
        assert (after.verdict, after.units) == (verdict, 1 if verdict == "confident" else None)
        assert not any(line.owes for line in stage.house.core.state.lines.values())
