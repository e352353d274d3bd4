"""Stories of cold and power, from the fault in the plant through boards, drivers and core to the sentence on the screen."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
import pytest

import config
from cabinet.kiosk.app import create_app
from cabinet.rehearsal.prescribing import prescribe
from cabinet.rehearsal.stage import PIN, Stage
from config.load import load_site
from firmware_sim.fault import Fault
from tests.virtual import virtual

DEMO = Path(config.__file__).parent / "sites/demo.toml"
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PATIENT, PLAIN, COLD = "p01", "acetaminophen-325-tab", "insulin-glargine-pen"
MINUTE = 60.0


class House:
    """The demo ward with its boards, and a browser for whoever signs in."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        numbers = count(1)
        house = stage.house
        self.app = create_app(house.controller, stage.directory, house.core.world, new_id=lambda: f"id-{next(numbers)}")

    @asynccontextmanager
    async def screen(self, who: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser with somebody signed in."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="https://localhost", follow_redirects=True
        ) as client:
            client.headers["Sec-Fetch-Site"] = "same-origin"
            badge = next(one.badge for one in self.stage.loaded.people.staff if one.id == who)  # type: ignore[union-attr]
            answer = await client.post("/sign-in", data={"badge": badge, "secret": PIN})
            assert answer.status_code == 200, answer.text
            yield client

    async def look(self) -> str:
        """What the screen says to whoever comes by."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="https://localhost") as client:
            return (await client.get("/")).text

    async def wants(self, who: str, item: str, access: str) -> httpx.Response:
        """Somebody removes one unit of an item for a patient: the screen that follows."""
        async with self.screen(who) as client:
            order = await prescribe(self.stage.house.controller, self.patient, item, 1)
            wish = {"id": access, "kind": "withdraw", "item": item, "units": "1", "patient": self.patient, "order": order}
            return await client.post("/accesses", data=wish)

    @property
    def patient(self) -> str:
        """Anybody on the ward."""
        return next(iter(self.stage.house.core.world.patients))

    async def pass_time(self, minutes: float) -> None:
        """Nothing is touched meanwhile: the scan rests, and instruments are read every five minutes."""
        self.stage.house.hardware.rest()
        await asyncio.sleep(minutes * MINUTE)
        self.stage.wake()
        await asyncio.sleep(2)

    def cause(self, kind: str, target: str) -> None:
        """Something breaks."""
        self.stage.bench.faults.cause(Fault(kind, target))

    def mend(self) -> None:
        """Everything is whole again."""
        self.stage.bench.faults.mend()

    async def alerts(self) -> set[str]:
        """What the pharmacy was called for."""
        assert await self.stage.catch_up()
        return {alert.code for alert in self.stage.office.inquiry.alerts()}

    def faults(self) -> set[str]:
        """What stands in the list of things to mend."""
        return {fault.code for fault in self.stage.house.core.state.faults.values()}


@asynccontextmanager
async def demo_house() -> AsyncIterator[House]:
    """The demo ward, ready, its instruments read once."""
    async with Stage.set(load_site(DEMO), seed=7, start=MORNING) as stage:
        await asyncio.sleep(10)
        yield House(stage)


@virtual
async def test_a_fridge_door_left_ajar_is_said_aloud_and_what_is_in_it_waits_for_a_pharmacist() -> None:
    """One minute until the screen calls, half an hour until it is an excursion; then minutes, a refusal, and a decision."""
    async with demo_house() as house:
        hand, core = house.stage.bench.hand, house.stage.house.core
        assert core.state.fridges["f1"].state == "in_range"
        assert hand.force("f1")
        await asyncio.sleep(70)
        assert "Fridge is open or ajar and getting warm: push it until it catches." in await house.look()
        await house.pass_time(9)
        assert core.state.fridges["f1"].state == "out"
        await house.pass_time(40)
        page = await house.look()
        assert "Fridge is out of range: " in page
        assert "A pharmacist decides about what is in it." in page
        async with house.screen("hugo-marchetti") as pharmacist:
            page = (await pharmacist.get("/attention")).text
            assert "It is decided about once it is back in range." in page
            assert "May be used" not in page
        assert hand.push("f1")
        await house.pass_time(60)
        assert "Fridge is" not in await house.look()
        async with house.screen("ana-reyes") as nurse:
            page = (await nurse.get("/attention")).text
            assert "Fridge: pharmacist to decide" in page
            assert "Not to be used" not in page
        answer = await house.wants("ana-reyes", COLD, "a1")
        assert answer.status_code == 409
        assert "minutes out of range" in answer.text
        async with house.screen("ana-reyes") as nurse:
            assert "minutes out of range: it opens all the same" in (await nurse.get("/emergency")).text
        async with house.screen("hugo-marchetti") as pharmacist:
            page = (await pharmacist.get("/attention")).text
            assert "May be used" in page
            assert 'name="reason"' in page
            assert "the formulary allows 240 minutes out of the fridge" in page, "what the decision rests on"
            assert "the formulary knows no time out of the fridge" in page, "famotidine: its label names none"
            page = (await pharmacist.post("/fridges/f1/decision", data={"usable": "true", "reason": "stable to 30 C for 28 days"})).text
            assert "pharmacist to decide" not in page
        assert (await house.wants("ana-reyes", COLD, "a2")).status_code == 200
        assert {"fridge.ajar", "fridge.excursion"} <= await house.alerts()


@virtual
async def test_the_mains_fails_in_mid_withdrawal_and_the_withdrawal_is_finished() -> None:
    """The banner says for how long drawers open; at low battery the open one is finished, and the next is for the key."""
    async with demo_house() as house:
        core = house.stage.house.core
        assert core.state.power.state == "mains"
        async with house.screen("ana-reyes") as nurse:
            order = await prescribe(house.stage.house.controller, house.patient, PLAIN, 1)
            wish = {"id": "a1", "kind": "withdraw", "order": order}
            assert (await nurse.post("/accesses", data=wish)).status_code == 200
            await asyncio.sleep(1)
            assert core.state.accesses["a1"].phase == "open"
            house.cause("mains_lost", "ups")
            await asyncio.sleep(6)
            assert "On battery: drawers open for about 19 minutes more, then by key." in (await nurse.get("/accesses/a1")).text
            told = json.loads(house.stage.broker.retained["adc/v1/ward-3-north/up/health"])
            assert told["power"]["state"] == "battery"
            assert [(fridge["drawer"], fridge["state"]) for fridge in told["fridges"]] == [("f1", "in_range")]
            assert 2000 <= told["fridges"][0]["milli_c"] <= 8000
            house.cause("battery_low", "ups")
            await asyncio.sleep(6)
            page = (await nurse.get("/accesses/a1")).text
            assert "The battery is nearly empty: no drawer is released any more." in page
            assert (await nurse.post("/accesses/a1/confirm", data={"units": "1"})).status_code == 200
            pocket = core.state.accesses["a1"].pocket
            drawer = house.stage.bench.plant.pockets[pocket].drawer
            assert house.stage.bench.hand.push(drawer)
            await asyncio.sleep(1)
            assert core.state.accesses["a1"].phase == "settled"
            refused = await nurse.post("/accesses", data={**wish, "id": "a2"})
            assert refused.status_code == 409
            assert "mechanical key" in refused.text
            assert "owes a count" in refused.text
        house.mend()
        await asyncio.sleep(6)
        assert "attery" not in await house.look()
        assert (await house.wants("ana-reyes", PLAIN, "a3")).status_code == 200
        assert {"power.on_battery", "power.low_battery"} <= await house.alerts()


@virtual
async def test_on_battery_drawers_open_for_the_stated_time_and_not_longer() -> None:
    """The policy's twenty minutes, although the supply would last for thirty."""
    async with demo_house() as house:
        house.cause("mains_lost", "ups")
        await asyncio.sleep(6)
        await house.pass_time(15)
        assert "about 4 minutes more" in await house.look()
        assert (await house.wants("ana-reyes", PLAIN, "a1")).status_code == 200
        await house.pass_time(6)
        assert (await house.wants("ben-okafor", "lorazepam-1-tab", "a2")).status_code == 409


@pytest.mark.parametrize(("kind", "target"), [("ups_silent", "ups"), ("line_unplugged", "power"), ("board_silent", "ups")])
@virtual
async def test_a_supply_that_is_not_heard_from_is_no_loss_of_the_mains(kind: str, target: str) -> None:
    """It is said that nothing is known, within half a minute, and every drawer opens."""
    async with demo_house() as house:
        house.cause(kind, target)
        await asyncio.sleep(30)
        assert "The power supply does not answer" in await house.look()
        assert house.stage.house.core.state.power.state == "unknown"
        assert (await house.wants("ana-reyes", PLAIN, "a1")).status_code == 200
        house.mend()
        await asyncio.sleep(30)
        assert house.stage.house.core.state.power.state == "mains"
        assert "power supply" not in await house.look()


@pytest.mark.parametrize(
    ("kind", "target", "after_s", "code"),
    [
        ("probe_dead", "fridge-probe:0", 40, "probe.dead"),
        ("probe_stuck", "fridge-probe:0", 4 * 3600 + 660, "probe.stuck"),
        ("board_silent", "fridge-probe", 120, "bus.silent"),
        ("line_unplugged", "climate", 40, "bus.lost"),
    ],
)
@virtual
async def test_a_probe_that_cannot_be_believed_is_a_fault_and_the_fridge_is_not_in_range(
    kind: str, target: str, after_s: float, code: str
) -> None:
    """The list of things to mend names it at the fridge; the gap is told in minutes when it is over; nothing in it is blocked."""
    async with demo_house() as house:
        state = house.stage.house.core.state
        await asyncio.sleep(60)
        house.cause(kind, target)
        if after_s > MINUTE * MINUTE:
            await house.pass_time(after_s / MINUTE)
        else:
            await asyncio.sleep(after_s)
        assert code in house.faults()
        assert state.fridges["f1"].state == "unknown"
        async with house.screen("ana-reyes") as nurse:
            assert "Fridge (fridge-probe" in (await nurse.get("/attention")).text
        assert (await house.wants("ana-reyes", COLD, "a1")).status_code == 200
        await house.pass_time(10)
        house.mend()
        await asyncio.sleep(3 * MINUTE)
        assert code not in house.faults()
        facts = [entry.fact.type for entry in house.stage.house.journal.entries(0)]
        assert "temperature_gap" in facts


@virtual
async def test_a_fridge_that_fails_with_its_door_shut_is_an_excursion() -> None:
    """Nobody opened it: ten minutes out of range are enough, and the minutes run on while it lasts."""
    async with demo_house() as house:
        house.cause("fridge_warm", "f1")
        await house.pass_time(70)
        lasting = house.stage.house.core.state.fridges["f1"].lasting
        assert lasting is not None
        assert lasting.highest_mc > 8000
        assert "fridge.excursion" in await house.alerts()


@virtual
async def test_instruments_cost_a_day_at_rest_next_to_nothing() -> None:
    """A replay jumps over the night: the fridge is looked at every five minutes, and some hundred facts a day come of it."""
    async with demo_house() as house:
        await house.stage.rest()
        before = house.stage.house.core.state.seq
        requests = house.stage.bench.cables["climate"].tally.requests
        await asyncio.sleep(24 * 60 * MINUTE)
        assert house.stage.house.core.state.seq - before < 120
        assert house.stage.bench.cables["climate"].tally.requests - requests < 400


@virtual
async def test_the_api_tells_of_fridges_and_power() -> None:
    """What a ward's own dashboard shows comes from here."""
    async with demo_house() as house, house.screen("ana-reyes") as nurse:
        token = await nurse.post("/api/v1/sessions", json={"id": "hugo-marchetti", "secret": PIN})
        nurse.headers["Authorization"] = f"Bearer {token.json()['token']}"
        (fridge,) = (await nurse.get("/api/v1/fridges")).json()
        assert (fridge["drawer"], fridge["state"], fridge["contents"], fridge["low_mc"]) == ("f1", "in_range", "free", 2000)
        assert 4000 < fridge["shown_mc"] < 6000
        power = (await nurse.get("/api/v1/power")).json()
        assert (power["state"], power["charge_percent"], power["left_s"]) == ("mains", 100, None)
        refused = await nurse.post("/api/v1/fridges/f1/decision", json={"is_usable": True, "reason": "-"})
        assert refused.json()["code"] == "fridge.nothing_to_decide"
