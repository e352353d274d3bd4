"""What a surveyor asks on the ward: does a patient's name travel, who is listed, and what is still to be done when the shift ends."""

import asyncio
from dataclasses import replace

from cabinet.adapters.clock import LoopClock
from cabinet.adapters.report import CoreView
from cabinet.adapters.reporter import Identity, Reporter
from cabinet.courier.port import Parcel
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.domain.vocabulary import PatientId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, MORNING, NURSE, OTHER_NURSE, demo_world, open_desk
from tests.stories.manual import begun, code, done
from tests.virtual import virtual

PATIENT, OPIOID, HALF_LORAZEPAM = "p-301", "oxycodone-5-tab", "p-307-1"


@virtual
async def test_no_topic_and_no_retained_message_names_a_patient_or_a_person() -> None:
    """45 CFR 164.312(e): what a broker keeps for whoever comes next says what stands where, and nothing of whom it was for."""
    async with open_desk() as desk:
        broker = TwinBroker()
        identity = Identity(desk.world.layout.cabinet, 1, "story", "0" * 64)
        clock = LoopClock(asyncio.get_running_loop(), MORNING)
        reporter = Reporter(TwinCourier(broker, "cabinet"), desk.journal, CoreView(desk.core, desk.journal, clock), identity, clock)
        heard: list[Parcel] = []
        ear = TwinCourier(broker, "ear")
        ear.subscribe(["#"], heard.append)
        await ear.start()
        await reporter.start()
        async with script(desk, NURSE) as client:
            await asyncio.sleep(5)
            await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        reporter.committed(list(desk.journal.entries(0)))
        await asyncio.sleep(30)
        await reporter.stop()
        await ear.stop()
        assert any(b"w1" in parcel.payload for parcel in heard), "the withdrawal itself was told"
        assert {topic.split("/")[4] for topic in broker.retained} >= {"state", "stock"}
        names = (PATIENT, "Voss", "MRN-300117", NURSE, "Reyes")
        for parcel in heard:
            assert not any(name in parcel.topic for name in names), parcel.topic
        for topic, payload in broker.retained.items():
            assert not any(name.encode() in payload for name in names), topic


@virtual
async def test_a_patient_who_left_is_listed_for_return_and_waste_and_for_nothing_else() -> None:
    """Discharged and transferred patients stay listed for 24 hours: the tablet in the nurse's pocket still has somewhere to go."""
    world = demo_world()
    patient = world.patients[PatientId(PATIENT)]
    gone = replace(patient, discharged_at="2026-11-23T07:30:00.000Z")
    async with open_desk(replace(world, patients={**world.patients, gone.id: gone})) as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 2, kind="withdraw", item=OPIOID, patient=PATIENT)
        await asyncio.sleep(3600)
        async with script(desk, NURSE) as client:
            [listed] = [one for one in (await client.get("/api/v1/patients")).json() if one["id"] == PATIENT]
            assert listed["left"] == "discharged"
            assert code(await asked(client, "w2", kind="withdraw", order="p-301-1")) == "patient.gone"
            waste = await begun(desk, client, "x1", kind="waste", withdrawal="w1", units=1, reason="not given", witness=OTHER_NURSE)
            assert waste["phase"] == "settled"
            assert (await asked(client, "r1", kind="return", withdrawal="w1", units=1, is_intact=True)).status_code == 201
        await asyncio.sleep(24 * 3600)
        async with script(desk, NURSE) as client:
            assert PATIENT not in [one["id"] for one in (await client.get("/api/v1/patients")).json()]


@virtual
async def test_my_shift_lists_my_own_and_the_end_of_the_shift_everybodys() -> None:
    """Every nurse has her own list; the charge nurse sees whose it is, and what was left open."""
    async with open_desk() as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 1, kind="withdraw", order=HALF_LORAZEPAM)
        async with screen(desk, NURSE) as page:
            assert "LORazepam" in (await page.get("/shift")).text
        async with screen(desk, OTHER_NURSE) as page:
            assert "LORazepam" not in (await page.get("/shift")).text
        async with screen(desk, CHARGE) as page:
            shown = (await page.get("/shift/end")).text
            assert "LORazepam" in shown
            assert "Ana Reyes" in shown


@virtual
async def test_how_long_people_wait_for_an_open_pocket_is_measured_and_names_nobody() -> None:
    """ISMP 2019, 1: a wait that nobody measures nobody shortens; what was asked for twice has waited since the first time."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        desk.hardware.jammed.update(desk.world.layout.locks)
        await asked(client, "w1", kind="withdraw", order="p-301-2")
        await client.get("/api/v1/accesses/w1?wait_s=10")
        desk.hardware.jammed.clear()
        await client.post("/api/v1/accesses/w1/confirm", json={"step": "open"})
        await desk.calm()
        figures = dict(line.rsplit(" ", 1) for line in (await client.get("/metrics")).text.splitlines() if line.startswith("adc_wait"))
        assert float(figures["adc_wait_seconds_count"]) == 1
        assert float(figures["adc_wait_seconds_sum"]) >= desk.world.timing.look_s
        assert NURSE not in str(figures)
