"""What goes wrong with scales, from the steel to the driver's answer: each fault is caused in the simulator and seen by a driver."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from cabinet.app.boards import device_of, dialect_of
from cabinet.app.weighing import Scales
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import BadReading, DeviceFault, LineLost, ScaleRestarted
from config.models import MODELS
from config.schema import Site
from drivers.exchange import Pace
from drivers.owner import Owner
from firmware_sim.assembly import Bench, build
from firmware_sim.cell import CREEP_SHARE, OWN_MG_PER_K
from firmware_sim.fault import Fault
from firmware_sim.room import DAY_S, SWING_K
from tests.simulated_site import small_site
from tests.virtual import running, virtual

TRAY_MG, UNIT_MG, UNITS = 50_000, 3_000, 12
SCALES = {name: model.framings[0] for name, model in MODELS.items() if model.is_scale}
SILENT_AT_POWER_UP = ("aandd", "ohaus", "sbi")


def site_with(model: str) -> Site:
    """Two scales of one model, each under a pocket of its own, and a photo-eye in the first."""
    buses: list[dict[str, Any]] = [{"id": f"line-{n}", "kind": "serial", "framing": SCALES[model], "baud": 19200} for n in (1, 2)]
    boards: list[dict[str, Any]] = [{"id": f"scale-{n}", "bus": f"line-{n}", "address": 9 + n, "model": model} for n in (1, 2)]
    boards.append({"id": "a", "bus": "locks", "address": 2, "model": "waveshare_relay_d8"})
    weighed = {"unit_mass_mg": UNIT_MG, "spread_permille": 0, "tray_mg": TRAY_MG}
    pockets = [
        {"id": "p1", "bin": "a:1", "weighed": {"scale": "scale-1", **weighed}, "opening": {"units": UNITS}},
        {"id": "p2", "weighed": {"scale": "scale-2", **weighed}, "opening": {"units": 2 * UNITS}},
    ]
    drawer = {"id": "d", "name": "d", "kind": "matrix", "lock": "a:0", "closed": "a:0", "pocket": pockets}
    return small_site(bus=[*buses, {"id": "locks", "kind": "serial", "framing": "rtu"}], board=boards, drawer=[drawer])


@asynccontextmanager
async def fitted(model: str = "laumas_tlb") -> AsyncIterator[tuple[Bench, Any]]:
    """A bench with two scales, and the driver of the first."""
    site = site_with(model)
    bench = build(site, refuse=LineLost)
    owner = Owner("line-1", bench.cables["line-1"], dialect_of(site.buses[0]), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        yield bench, device_of(owner, site.boards[0], frozenset())


async def shown_mg(scale: Any) -> int:
    """A steady weight."""
    for _ in range(20):
        weighing = await scale.weigh()
        if weighing.is_steady:
            return int(weighing.mass_mg)
        await asyncio.sleep(0.2)
    raise AssertionError("it never came to rest")


TRUTH_MG = TRAY_MG + UNITS * UNIT_MG


@pytest.mark.parametrize("model", SCALES)
@virtual
async def test_foreign_object_lies_on_the_scale_and_before_the_eye(model: str) -> None:
    """A pen or a rubber band on the tray weighs, and no scale can tell what it is."""
    async with fitted(model) as (bench, scale):
        await shown_mg(scale)
        bench.faults.cause(Fault("foreign_object", "p1", mass_mg=7_500))
        assert abs(await shown_mg(scale) - TRUTH_MG - 7_500) <= 20
        bench.plant.pockets["p1"].pile.take(UNITS)
        assert bench.plant.inputs["a:1"](bench.plant.advance())
        bench.faults.mend()
        assert not bench.plant.inputs["a:1"](bench.plant.advance())


@virtual
async def test_foreign_object_that_comes_and_goes_sets_the_scale_swinging() -> None:
    """As anything does that is laid down: no weight is steady at once."""
    async with fitted() as (bench, scale):
        before_mg = await shown_mg(scale)
        bench.faults.cause(Fault("foreign_object", "p1"))
        assert not (await scale.weigh()).is_steady
        bench.faults.mend("foreign_object")
        assert abs(await shown_mg(scale) - before_mg) <= 20


@virtual
async def test_creeping_cell_gives_way_for_minutes_after_a_change() -> None:
    """It calls itself steady all the while: only a difference within one access is safe from it."""
    async with fitted() as (bench, scale):
        bench.faults.cause(Fault("scale_creeps", "scale-1"))
        first_mg = await shown_mg(scale)
        await asyncio.sleep(60)
        soon_mg = await shown_mg(scale)
        await asyncio.sleep(6000)
        late_mg = await shown_mg(scale)
        assert first_mg < soon_mg < late_mg
        assert late_mg - TRUTH_MG == pytest.approx(CREEP_SHARE * TRUTH_MG, abs=30)


@virtual
async def test_tray_that_touches_its_neighbour_carries_some_of_it() -> None:
    """Taking from one pocket then changes the other's weight."""
    async with fitted() as (bench, scale):
        bench.faults.cause(Fault("scale_leans_on", "scale-1"))
        assert await shown_mg(scale) == pytest.approx(TRUTH_MG + 0.1 * (TRAY_MG + 2 * UNITS * UNIT_MG), abs=30)
        bench.plant.pockets["p2"].pile.take(2 * UNITS)
        assert await shown_mg(scale) == pytest.approx(TRUTH_MG + 0.1 * TRAY_MG, abs=30)


@virtual
async def test_zero_follows_the_warmth_of_the_room() -> None:
    """From the moment of the fault on: a quarter of a day later the room is at its warmest."""
    async with fitted() as (bench, scale):
        bench.faults.cause(Fault("scale_warms", "scale-1", rate_mg_per_k=100))
        first_mg = await shown_mg(scale)
        await asyncio.sleep(DAY_S / 4)
        assert await shown_mg(scale) - first_mg == pytest.approx(100 * SWING_K, abs=30)


@virtual
async def test_zero_of_a_good_cell_follows_less() -> None:
    """By no more than a good cell's paper allows: up or down, and never by nothing."""
    async with fitted() as (_, scale):
        first_mg = await shown_mg(scale)
        await asyncio.sleep(DAY_S / 4)
        assert 0 < abs(await shown_mg(scale) - first_mg) <= OWN_MG_PER_K * SWING_K + 30


@virtual
async def test_room_without_heating_is_eight_kelvin_colder_in_four_hours() -> None:
    """The zero and the probe beside it feel the same cold; once the heating is back, both come back."""
    table = site_with("laumas_tlb").model_dump(mode="json", by_alias=True)
    table["bus"].append({"id": "climate", "kind": "serial", "framing": "rtu"})
    table["board"].append({"id": "room", "bus": "climate", "address": 30, "model": "xymd02"})
    table["drawer"][0]["pocket"][0]["weighed"]["probe"] = "room:0"
    bench = build(Site.model_validate(table), refuse=LineLost)
    shown, cell, now_s = bench.plant.probes["room:0"], bench.plant.cells["scale-1"], asyncio.get_running_loop().time
    bench.faults.cause(Fault("scale_warms", "scale-1", rate_mg_per_k=100))
    warm_mc, full_mg = shown(now_s()) or 0, cell.read(now_s()).mass_mg
    bench.faults.cause(Fault("room_cold"))
    await asyncio.sleep(12 * 3600)
    assert (shown(now_s()) or 0) - warm_mc == pytest.approx(-8_000, abs=1)
    assert cell.read(now_s()).mass_mg - full_mg == pytest.approx(-800, abs=30)
    bench.faults.mend("room_cold")
    await asyncio.sleep(12 * 3600)
    assert (shown(now_s()) or 0) == pytest.approx(warm_mc, abs=1)
    assert cell.read(now_s()).mass_mg == pytest.approx(full_mg, abs=30)


@pytest.mark.parametrize("model", [name for name in SCALES if name != "baykon_mx08"])
@virtual
async def test_scale_whose_unit_was_changed_gives_no_weight(model: str) -> None:
    """Ounces taken for grams would make one tablet of twenty-eight."""
    async with fitted(model) as (bench, scale):
        await scale.start()
        bench.faults.cause(Fault("scale_wrong_unit", "scale-1"))
        with pytest.raises(BadReading):
            await scale.weigh()
        bench.faults.mend()
        assert abs(await shown_mg(scale) - TRUTH_MG) <= 20


@virtual
async def test_instrument_that_says_no_unit_is_believed_in_the_wrong_one() -> None:
    """The honest limit of a Baykon: its wire carries digits alone, so only the weight itself can look wrong."""
    async with fitted("baykon_mx08") as (bench, scale):
        bench.faults.cause(Fault("scale_wrong_unit", "scale-1"))
        assert await shown_mg(scale) == pytest.approx(TRUTH_MG / 28.35, abs=30)


@virtual
async def test_balance_that_lost_its_supply_for_a_moment_says_so_once() -> None:
    """It took the stock for its zero: whoever weighs next hears of it, and decides what the weights are worth from then on."""
    async with fitted("mtsics") as (bench, scale):
        await shown_mg(scale)
        bench.faults.cause(Fault("scale_restarts", "scale-1"))
        await asyncio.sleep(1)
        with pytest.raises(ScaleRestarted):
            await scale.weigh()
        bench.faults.mend()
        assert abs(await shown_mg(scale)) <= 20


@pytest.mark.parametrize("asks", ["weigh", "start", "identify"])
@virtual
async def test_restart_that_a_technician_heard_of_first_is_told_to_the_cabinet_too(asks: str) -> None:
    """A reading at the bench or a self-test must not swallow it: the cabinet would go on counting by a zero that is gone."""
    async with fitted("mtsics") as (bench, scale):
        name = BoardId("scale-1")
        scales = Scales({name: scale})
        await scales.weigh(name, is_after=True)
        bench.faults.cause(Fault("scale_restarts", name))
        with suppress(ScaleRestarted):
            await getattr(scale, asks)()
        with suppress(ScaleRestarted):
            await scale.weigh()
        assert (await scale.weigh()).is_steady, "who checks its zero at the bench has to see it"
        with pytest.raises(ScaleRestarted):
            await scales.weigh(name, is_after=True)
        assert abs((await scales.weigh(name, is_after=True)).mass_mg) <= 20


@pytest.mark.parametrize("model", SILENT_AT_POWER_UP)
@virtual
async def test_balance_that_says_nothing_at_power_up_shows_an_empty_tray(model: str) -> None:
    """The honest limit of these dialects: their restart is not heard, and only a weight that makes no sense tells of it."""
    async with fitted(model) as (bench, scale):
        bench.faults.cause(Fault("scale_restarts", "scale-1"))
        assert abs(await shown_mg(scale)) <= 20


@pytest.mark.parametrize("model", ["laumas_tlb", "baykon_mx08"])
@virtual
async def test_transmitter_keeps_its_calibrated_zero_over_a_restart(model: str) -> None:
    """As delivered they take no zero when they are switched on."""
    async with fitted(model) as (bench, scale):
        bench.faults.cause(Fault("scale_restarts", "scale-1"))
        assert abs(await shown_mg(scale) - TRUTH_MG) <= 20


@virtual
async def test_restart_strikes_once_for_each_time_that_it_is_caused() -> None:
    """While it lasts other faults may come and go; the balance has restarted only once."""
    async with fitted("mtsics") as (bench, scale):
        bench.faults.cause(Fault("scale_restarts", "scale-1"))
        await asyncio.sleep(1)
        with pytest.raises(ScaleRestarted):
            await scale.weigh()
        bench.plant.pockets["p1"].pile.put(1)
        bench.plant.cells["scale-1"].disturb(bench.plant.advance())
        bench.faults.cause(Fault("bin_blind", "p1"))
        await asyncio.sleep(1)
        assert abs(await shown_mg(scale) - UNIT_MG) <= 20


@pytest.mark.parametrize("model", SCALES)
@virtual
async def test_no_weight_that_is_called_steady_is_wrong_whatever_the_line_does(model: str) -> None:
    """Late, lost, cut, doubled and garbled answers: what has no check sum needs two that agree."""
    async with fitted(model) as (bench, scale):
        for kind, share in (
            ("reply_late", 0.1),
            ("reply_lost", 0.05),
            ("reply_garbled", 0.05),
            ("reply_truncated", 0.02),
            ("reply_doubled", 0.05),
        ):
            bench.faults.cause(Fault(kind, "scale-1", probability=share, delay_ms=200))
        good = 0
        for round_ in range(400):
            load_mg = TRAY_MG + bench.plant.pockets["p1"].pile.mass_mg
            try:
                weighing = await scale.weigh()
            except DeviceFault:
                await asyncio.sleep(8)
                continue
            if weighing.is_steady:
                good += 1
                assert abs(weighing.mass_mg - load_mg) <= 20
            await asyncio.sleep(0.5)
            if round_ % 20 == 0:
                bench.plant.pockets["p1"].pile.put(1)
                bench.plant.cells["scale-1"].disturb(bench.plant.advance())
        assert good > 200
