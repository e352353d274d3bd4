"""Stories of training at the real cabinet: locks inert, a banner on every page, a journal of its own; one touch or an emergency ends it.

Why it matters: the commercial cabinets train at a "training cabinet"; a ward has one cabinet, and it must be the ward's again at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
from fastapi import FastAPI

from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.app.classroom import Classroom, Lesson
from cabinet.app.house import House
from cabinet.app.inert import InertHardware, training_world
from cabinet.app.switchboard import Switchboard
from cabinet.controller import Controller
from cabinet.domain.core import Core
from cabinet.domain.facts import AccessRequested, ModeDeclared, ModeLifted, UnitsMoved
from cabinet.kiosk.app import create_app
from cabinet.kiosk.practice import Practice
from cabinet.ports import JournalBroken
from tests.stories.desk import CHARGE
from tests.stories.workshop import NURSE, PIN, Workshop, directory_of, open_workshop
from tests.virtual import virtual

PLAIN, NALOXONE = "m1-01", "m1-05"


@dataclass
class School:
    """A cabinet whose kiosk may be in training, and what the lessons left behind."""

    shop: Workshop
    board: Switchboard = field(default_factory=Switchboard)
    lessons: list[InlineJournal] = field(default_factory=list)
    controllers: list[Controller] = field(default_factory=list)
    damage: JournalBroken | None = None

    def teach(self, house: House, real: FastAPI) -> Lesson:
        """See Teach: in memory."""
        if self.damage is not None:
            raise self.damage
        world, clock, ids = training_world(house.core.world), house.controller.clock, count(1)
        origin = Origin("ward-3-north-training", "story", datetime(2026, 1, 1, tzinfo=UTC))
        journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: f"t{next(ids)}")
        controller = Controller(Core(world), journal, InertHardware(world), clock)
        app = create_app(
            controller, directory_of(house.loaded), world, new_token=lambda: f"lesson-{next(ids)}", new_id=lambda: f"l{next(ids)}",
            practice=Practice(real.state.floor),
        )  # fmt: skip
        self.lessons.append(journal)
        self.controllers.append(controller)
        return Lesson(controller, app, 1, "training", lambda: None)

    @asynccontextmanager
    async def caller(self, who: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody at whichever kiosk is there, as a script and as a browser at once."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.board), base_url="https://localhost") as client:
            client.headers["Sec-Fetch-Site"] = "same-origin"
            client.follow_redirects = True
            if who is not None:
                answer = await client.post("/api/v1/sessions", json={"badge": f"badge-{who}", "secret": PIN})
                assert answer.status_code == 201, answer.text
                client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
                await client.post("/sign-in", data={"badge": f"badge-{who}", "secret": PIN})
            yield client

    async def begin(self, who: str = CHARGE) -> None:
        """Somebody begins training, and the kiosk is exchanged."""
        async with self.caller(who) as client:
            begun = await client.post("/api/v1/mode/training", json={})
            assert begun.status_code == 200, begun.text
        await asyncio.sleep(1)

    @property
    def mode(self) -> str:
        """The real cabinet's mode."""
        return self.shop.house.core.state.mode


@asynccontextmanager
async def school(tmp_path: Path) -> AsyncIterator[School]:
    """A running cabinet with a classroom."""
    async with open_workshop(tmp_path) as shop:
        here = School(shop)
        here.board.app = shop.app
        running = asyncio.ensure_future(Classroom(here.teach, shop.house, shop.app, here.board).run())
        await asyncio.sleep(1)
        try:
            yield here
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def real_facts(here: School) -> list[str]:
    """The types of the facts of the real journal."""
    return [type(entry.fact).__name__ for entry in here.shop.journal.entries()]


@virtual
async def test_a_withdrawal_is_practised_and_nothing_of_it_is_real(tmp_path: Path) -> None:
    """Drawers play themselves; the real journal knows that there was a lesson, and no more; the real coils are silent."""
    async with school(tmp_path) as here:
        await here.begin()
        pulses, units = len(here.shop.sim.plant.pulses), here.shop.house.core.state.lines[PLAIN].units
        async with here.caller(NURSE) as nurse:
            page = (await nurse.get("/")).text
            assert "TRAINING." in page
            assert "End training" in page
            assert (await nurse.get("/healthz")).json()["mode"] == "training"
            wish = {"id": "a1", "kind": "withdraw", "authority": "policy", "pocket": "m2-07", "units": 2, "patient": "p-301"}
            assert (await nurse.post("/api/v1/accesses", json=wish)).status_code == 201
            await asyncio.sleep(2)
            assert (await nurse.get("/api/v1/accesses/a1")).json()["phase"] == "open"
            await nurse.post("/api/v1/accesses/a1/confirm", json={"units": 2})
            await asyncio.sleep(15)
            assert (await nurse.get("/api/v1/accesses/a1")).json()["phase"] == "settled"
        assert (len(here.shop.sim.plant.pulses), here.shop.house.core.state.lines[PLAIN].units) == (pulses, units)
        assert AccessRequested.__name__ not in real_facts(here)
        kept = [type(entry.fact) for entry in here.lessons[0].entries()]
        assert AccessRequested in kept
        assert UnitsMoved in kept


@virtual
async def test_anybody_ends_it_with_one_touch(tmp_path: Path) -> None:
    """Without signing in: whoever needs the cabinet is not to learn how."""
    async with school(tmp_path) as here:
        await here.begin()
        async with here.caller() as passer_by:
            assert "End training" in (await passer_by.get("/")).text
            await passer_by.post("/training/end")
            await asyncio.sleep(1)
            assert here.mode == "ready"
            assert "TRAINING." not in (await passer_by.get("/")).text
            stranger = await passer_by.post("/training/end", headers={"Sec-Fetch-Site": "cross-site"})
            assert stranger.status_code == 403
        names = real_facts(here)
        assert (ModeDeclared.__name__ in names, ModeLifted.__name__ in names) == (True, True)


@virtual
async def test_an_emergency_ends_it_at_once_and_the_drawer_that_opens_then_is_real(tmp_path: Path) -> None:
    """An emergency is never practised."""
    async with school(tmp_path) as here:
        await here.begin()
        wish = {"id": "e1", "kind": "emergency", "pocket": NALOXONE, "units": 1, "patient": "p-301"}
        async with here.caller(NURSE) as nurse:
            answer = await nurse.post("/api/v1/accesses", json=wish)
            assert answer.json()["code"] == "cabinet.training_over"
        await asyncio.sleep(1)
        assert here.mode == "ready"
        pulses = len(here.shop.sim.plant.pulses)
        async with here.caller(NURSE) as nurse:
            assert (await nurse.post("/api/v1/accesses", json=wish)).status_code == 201
            await asyncio.sleep(2)
        assert len(here.shop.sim.plant.pulses) > pulses


@virtual
async def test_the_real_doors_are_watched_all_the_while_and_call_out_on_the_lessons_pages(tmp_path: Path) -> None:
    """A drawer that is forced during a lesson is no part of it."""
    async with school(tmp_path) as here:
        await here.begin()
        assert here.shop.sim.hand.force("m1")
        await asyncio.sleep(90)
        async with here.caller() as passer_by:
            page = (await passer_by.get("/")).text
            assert "TRAINING." in page
            assert "Door open." in page
        assert "DrawerLeftOpen" in real_facts(here)


@virtual
async def test_a_lesson_that_cannot_begin_or_go_on_gives_the_cabinet_back(tmp_path: Path) -> None:
    """Whatever breaks, the ward has its cabinet."""
    async with school(tmp_path) as here:
        here.damage = JournalBroken("the disk is full")
        await here.begin()
        assert here.mode == "ready"
        here.damage = None
        await here.begin()
        assert here.mode == "training"
        here.controllers[-1]._crash(RuntimeError("a bug"))  # noqa: SLF001 - as a bug in the watching would
        await asyncio.sleep(1)
        assert here.mode == "ready"
        async with here.caller(NURSE) as nurse:
            assert (await nurse.get("/healthz")).json()["mode"] == "ready"


@virtual
async def test_a_nurse_may_not_take_the_cabinet_for_a_lesson(tmp_path: Path) -> None:
    """Those who may train, and nobody else."""
    async with school(tmp_path) as here, here.caller(NURSE) as nurse:
        refused = await nurse.post("/api/v1/mode/training", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "policy.role")


@virtual
async def test_who_begins_it_is_asked_to_sign_in_and_not_told_to_have_been_signed_out(tmp_path: Path) -> None:
    """Practice is under one's own name: the lesson's first page is a plain sign-in, with room for all of its keys under the banner."""
    async with school(tmp_path) as here, here.caller(CHARGE) as browser:
        begun = await browser.post("/mode/training", follow_redirects=False)
        assert (begun.status_code, begun.headers["location"]) == (303, "/")
        await asyncio.sleep(1)
        shown = (await browser.get("/")).text
        assert "TRAINING." in shown
        assert "You were signed out" not in shown
