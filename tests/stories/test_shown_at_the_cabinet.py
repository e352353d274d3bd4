"""A package at the demo cabinet's scanner, through the whole house in virtual time: scanner, line, core, journal, pharmacy."""

import asyncio
from datetime import UTC, datetime

from cabinet.domain.events import AccessAsked, CountEntered, QuantityEntered, StaffRecognised
from cabinet.domain.facts import DeviceFailed, DeviceRecovered, Fact, PackageScanned, ScanRefused
from cabinet.domain.package.ndc import ten_digits
from cabinet.domain.vocabulary import AccessId, PocketId, SessionId, StaffId, Units
from cabinet.rehearsal.stage import Stage
from config.load import load_site
from firmware_sim.fault import Fault
from firmware_sim.scanner import package_code
from tests.stories.desk import DEMO, TECHNICIAN
from tests.virtual import virtual

MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
POCKET, ITEM, OTHER = PocketId("m2-06"), "cefazolin-1g-vial", "hydroxyzine-25-tab"
SESSION, ACCESS = SessionId("s1"), AccessId("a1")


def package(stage: Stage, item: str) -> str:
    """A package of an item of the demo ward."""
    ndc = next(entry.ndc for entry in stage.house.core.world.formulary.values() if entry.id == item)
    return package_code(min(ten_digits(ndc)), "AB12C", "310630", "SN0001")


def facts(stage: Stage, *kinds: type[Fact]) -> list[Fact]:
    """The facts of some types in the journal."""
    return [entry.fact for entry in stage.house.journal.entries() if isinstance(entry.fact, kinds)]


@virtual
async def test_a_package_is_scanned_into_a_refill() -> None:
    """The wrong one first; then the right one, in the scanner's own worst manner: in two pieces and twice."""
    async with Stage.set(load_site(DEMO), seed=1, start=MORNING) as stage:
        controller, hand = stage.house.controller, stage.bench.hand
        now = controller.clock.now
        await controller.ask(StaffRecognised(now(), SESSION, StaffId(TECHNICIAN), ("badge", "secret")))
        await controller.ask(AccessAsked(now(), SESSION, ACCESS, "refill", "policy", Units(12), pocket=POCKET))
        await asyncio.sleep(2)
        access = stage.house.core.state.accesses[ACCESS]
        assert access.phase == "open"
        hand.scan(package(stage, OTHER))
        await asyncio.sleep(1)
        assert [fact.found for fact in facts(stage, ScanRefused)] == [OTHER]  # type: ignore[attr-defined]
        for fault in ("scanner_splits", "scanner_doubles"):
            stage.bench.faults.cause(Fault(fault, "scanner-1"))
        hand.scan(package(stage, ITEM))
        await asyncio.sleep(2)
        assert len(facts(stage, PackageScanned)) == 1
        scan = stage.house.core.state.accesses[ACCESS].scan
        assert scan is not None
        await controller.ask(CountEntered(now(), SESSION, ACCESS, Units(8)))
        assert hand.put(POCKET, 12) == 12
        assert await controller.ask(QuantityEntered(now(), SESSION, ACCESS, Units(12), scan.lot, scan.expiry)) is None
        hand.push("m2")
        await asyncio.sleep(5)
        line = stage.house.core.state.lines[POCKET]
        assert (line.units, line.batches[-1].lot, line.batches[-1].expiry) == (20, "AB12C", "2031-06-30")
        assert await stage.catch_up()
        assert stage.disagreements() == []


@virtual
async def test_a_scanner_that_is_pulled_out_is_a_fault_like_any_other() -> None:
    """Said once, and once when it is back; everything else goes on."""
    async with Stage.set(load_site(DEMO), seed=1, start=MORNING) as stage:
        stage.bench.faults.cause(Fault("line_unplugged", "scanners"))
        await asyncio.sleep(30)
        stage.bench.faults.mend()
        await asyncio.sleep(30)
        told = [fact for fact in facts(stage, DeviceFailed, DeviceRecovered) if fact.device == "scanner-1"]  # type: ignore[attr-defined]
        assert [fact.type for fact in told] == ["device_failed", "device_recovered"]
        assert stage.house.core.state.mode == "ready"
