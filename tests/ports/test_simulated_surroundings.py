"""The simulated fridge and battery: what warms, what cools, what empties, and what a probe in between makes of it."""

import pytest

from config.schema import Site
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from firmware_sim.fitting import sheet
from firmware_sim.nut import Nut
from firmware_sim.view import plant_view
from tests.simulated_site import small_site

PROBE, HOUR_S = "probe:0", 3600.0


class Cold:
    """A small cabinet with a probe in its fridge and a supply behind it, under a clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.bench: Bench = build(cold_site(), 3, lambda: self.now_s)

    def inside(self) -> float | None:
        """What the probe shows, in degrees."""
        self.bench.plant.advance()
        shown = self.bench.plant.probes[PROBE](self.now_s)
        return None if shown is None else shown / 1000

    def ups(self) -> dict[str, str]:
        """What the supply says."""
        supply: Nut = self.bench.segments["power"].balance  # type: ignore[attr-defined]
        lines = supply.answer(b"LIST VAR cabinet", self.now_s, 0.0).decode().splitlines()[1:-1]
        return {line.split(" ", 3)[2]: line.split(" ", 3)[3].strip('"') for line in lines}

    def cause(self, kind: str, target: str) -> None:
        """Something breaks."""
        self.bench.faults.cause(Fault(kind, target))


def cold_site() -> Site:
    """The small site with a watched fridge `f` and a supply."""
    table = small_site().model_dump(by_alias=True)
    table["bus"] = [*table["bus"], {"id": "climate", "kind": "serial", "framing": "rtu"}]
    table["bus"] = [*table["bus"], {"id": "power", "kind": "tcp", "framing": "nut", "port": 0}]
    table["board"] = [*table["board"], {"id": "probe", "bus": "climate", "address": 30, "model": "r4dcb08"}]
    table["board"] = [*table["board"], {"id": "ups", "bus": "power", "model": "nut"}]
    drawers = [drawer | ({"temperature": {"probe": PROBE}} if drawer["id"] == "f" else {}) for drawer in table["drawer"]]
    return Site.model_validate(table | {"drawer": drawers})


def test_a_shut_fridge_swings_about_its_set_point() -> None:
    """Never the same for long, never out of range by itself."""
    cold = Cold()
    shown = []
    for _ in range(240):
        cold.now_s += 60
        shown.append(cold.inside())
    assert 4.6 < min(one or 0 for one in shown) < 4.8
    assert 5.2 < max(one or 0 for one in shown) < 5.4


def test_an_open_door_warms_it_in_minutes_and_a_shut_one_cools_it() -> None:
    """Above 8 C in four to five minutes; back within an hour."""
    cold = Cold()
    cold.now_s = 100.0
    assert cold.bench.hand.force("f")
    cold.now_s += 180
    assert (cold.inside() or 0) < 8
    cold.now_s += 180
    assert (cold.inside() or 0) > 8
    cold.now_s += 2 * HOUR_S
    assert 21 < (cold.inside() or 0) < 23
    assert cold.bench.hand.push("f")
    cold.now_s += HOUR_S
    assert (cold.inside() or 99) < 6


def test_a_fridge_whose_cooling_failed_warms_slowly() -> None:
    """Its door is shut, and nobody hears it."""
    cold = Cold()
    cold.cause("fridge_warm", "f")
    cold.now_s += 600
    assert (cold.inside() or 99) < 7
    cold.now_s += HOUR_S
    assert (cold.inside() or 0) > 10
    cold.bench.faults.mend()
    cold.now_s += HOUR_S
    assert (cold.inside() or 99) < 6


def test_a_probe_may_be_dead_or_stuck() -> None:
    """Dead shows nothing, stuck shows the moment for ever; mended it shows the truth again."""
    cold = Cold()
    cold.cause("probe_dead", PROBE)
    assert cold.inside() is None
    cold.bench.faults.mend()
    cold.cause("probe_stuck", PROBE)
    before = cold.inside()
    cold.now_s += HOUR_S + 100
    assert cold.inside() == before
    cold.bench.faults.mend()
    assert cold.inside() != before


def test_the_battery_empties_without_the_mains_and_fills_with_it() -> None:
    """By its data sheet: low at a fifth, empty after its time, full again after the night."""
    cold = Cold()
    numbers = sheet("nut").numbers
    assert cold.ups()["ups.status"] == "OL"
    cold.cause("mains_lost", "ups")
    cold.now_s += numbers["runtime_s"] / 2
    said = cold.ups()
    assert (said["ups.status"], said["battery.charge"], said["battery.runtime"]) == ("OB DISCHRG", "50", str(numbers["runtime_s"] // 2))
    cold.now_s += numbers["runtime_s"] * 0.35
    assert cold.ups()["ups.status"] == "OB DISCHRG LB"
    cold.now_s += numbers["runtime_s"]
    assert cold.ups()["battery.charge"] == "0"
    cold.bench.faults.mend()
    assert cold.ups()["ups.status"] == "OL CHRG LB"
    cold.now_s += numbers["charging_s"]
    assert cold.ups()["ups.status"] == "OL"


@pytest.mark.parametrize("kind", ["mains_lost", "battery_low", "ups_silent"])
def test_every_fault_of_the_supply_shows(kind: str) -> None:
    """Each by itself changes what is said."""
    cold = Cold()
    before = cold.ups()
    cold.cause(kind, "ups")
    assert cold.ups() != before


def test_the_page_shows_what_is_inside() -> None:
    """Whoever plays with the virtual cabinet sees the fridge warm."""
    cold = Cold()
    view = plant_view(cold.bench, {})
    by_id = {drawer["id"]: drawer["milli_c"] for drawer in view["drawers"]}
    assert by_id["m"] is None
    assert 4500 < by_id["f"] < 5500
    assert PROBE in view["channels"]
