"""Picking from a phone: what is seen and chosen on the ward, done at the cabinet with badge and confirm, and checked again there.

Why it matters: at nine o'clock eight people want one drawer; who picked at the bedside needs a badge and a touch there, and whoever picked
something that was stopped meanwhile must be told before a drawer opens.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from cabinet.domain import events
from cabinet.domain.facts import OrderPicked, SessionRefused, StaffLocked, WardSessionClosed, WardSessionOpened
from cabinet.domain.person.memory import WARD
from cabinet.domain.vocabulary import OrderId, SessionId
from cabinet.ward.pages import FOLLOWS_S
from tests.stories.caller import screen, script, stranger
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PIN, TECHNICIAN, Desk, open_desk
from tests.stories.onlooker import passer_by, phone, ward_script
from tests.virtual import virtual

PATIENT = "p-301"


def order_of(desk: Desk, item: str = "acetaminophen") -> str:
    """The first order of an item."""
    return next(order.id for patient in desk.core.scene.patients() for order in patient.orders if order.item.startswith(item))


async def picked(client: httpx.AsyncClient, order: str, access: str = "k1") -> dict[str, Any]:
    """An access asked for on the ward."""
    answer = await client.post("/api/v1/accesses", json={"id": access, "kind": "withdraw", "order": order})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def facts(desk: Desk, *kinds: type[Any]) -> list[Any]:
    """What the journal holds of these types."""
    return [entry.fact for entry in desk.journal.entries(0) if isinstance(entry.fact, kinds)]


@virtual
async def test_an_access_asked_for_on_the_ward_waits_for_a_badge_at_the_cabinet() -> None:
    """It reserves no stock and moves nothing; the access at the cabinet that bears its id is what was asked for."""
    async with open_desk() as desk, ward_script(desk, NURSE) as client:
        before = desk.units_in(desk.pocket_of("acetaminophen-325-tab"))
        asked = await picked(client, order_of(desk))
        assert (asked["phase"], asked["asks"], asked["pick"]["is_ahead"]) == ("requested", ["badge_at_cabinet"], True)
        again = await picked(client, order_of(desk))
        assert again == asked, "a repeat is the same access"
        assert desk.units_in(desk.pocket_of("acetaminophen-325-tab")) == before
        assert not desk.hardware.pulses
        async with script(desk, NURSE) as badge:
            (row,) = (await badge.get("/api/v1/picks")).json()
            assert (row["id"], row["is_ahead"], row["why_not"], row["since"]) == ("k1", True, "", "")
            answer = await badge.post("/api/v1/accesses", json={"id": "k1", "kind": "withdraw", "order": row["order"]})
            assert answer.status_code == 201, answer.text
        assert desk.hardware.pulses
        seen = (await client.get("/api/v1/accesses/k1")).json()
        assert (seen["id"], seen["asks"], seen["pick"]) == ("k1", ["badge_at_cabinet"], None)
        refused = await client.post("/api/v1/accesses/k1/cancel")
        assert (refused.status_code, refused.json()["code"]) == (403, "access.at_cabinet")


@virtual
async def test_nothing_but_an_order_is_asked_for_on_the_ward() -> None:
    """An override, an emergency, a count: each begins at the cabinet, before the drawer that it opens."""
    async with open_desk() as desk, ward_script(desk, NURSE) as client:
        for wish in (
            {"kind": "emergency", "item": "naloxone-0-4-inj"},
            {"kind": "withdraw", "authority": "override", "item": "acetaminophen-325-tab", "patient": PATIENT, "units": 1},
            {"kind": "count", "pocket": desk.pocket_of("acetaminophen-325-tab")},
        ):
            answer = await client.post("/api/v1/accesses", json={"id": "k1", **wish})
            assert (answer.status_code, answer.json()["code"]) == (403, "access.at_cabinet")
        assert not desk.hardware.pulses
        assert not desk.core.state.picks


@virtual
async def test_what_was_picked_is_checked_again_at_the_cabinet_and_shown_there() -> None:
    """Stopped, changed, taken by somebody else: the page says so before anybody touches Remove."""
    async with open_desk() as desk:
        async with phone(desk, NURSE) as client:
            for number, item in enumerate(("acetaminophen", "heparin", "lisinopril")):
                await client.post("/picks", data={"id": f"k{number}", "order": order_of(desk, item)})
        await asyncio.sleep(60)
        clock = desk.controller.clock
        stopped, changed, taken = (order_of(desk, item) for item in ("acetaminophen", "heparin", "lisinopril"))
        await desk.controller.ask(events.OrderStopAsked(clock.now(), None, OrderId(stopped)))
        known = desk.core.scene.order(changed)
        assert known is not None
        await desk.controller.ask(events.OrderChangeAsked(clock.now(), None, replace(known, schedule="every 12 hours")))
        async with script(desk, OTHER_NURSE) as other:
            answer = await other.post("/api/v1/accesses", json={"id": "o1", "kind": "withdraw", "order": taken})
            assert answer.status_code == 201, answer.text
            await desk.calm()
            await other.post("/api/v1/accesses/o1/confirm", json={"units": answer.json()["units"]})
            await desk.shut()
        async with screen(desk, NURSE) as browser:
            page = (await browser.get("/picks")).text
            assert "Stopped." in page
            assert "Changed since you picked it. It said:" in page
            assert "every 12 hours" in page
            assert "Taken since you picked it." in page


@virtual
async def test_the_two_listeners_know_none_of_each_others_tokens() -> None:
    """A token that is stolen on the ward's network opens nothing, for the cabinet has never heard of it."""
    async with (
        open_desk() as desk,
        ward_script(desk, NURSE) as ward,
        script(desk, NURSE) as kiosk,
        stranger(desk) as there,
        passer_by(desk) as here,
    ):
        crossed = await there.get("/api/v1/picks", headers={"Authorization": ward.headers["Authorization"]})
        assert (crossed.status_code, crossed.json()["code"]) == (401, "session.unknown")
        crossed = await here.get("/api/v1/picks", headers={"Authorization": kiosk.headers["Authorization"]})
        assert (crossed.status_code, crossed.json()["code"]) == (401, "session.unknown")
        (session,) = desk.core.state.ward_sessions
        wish = events.AccessAsked(desk.controller.clock.now(), SessionId(session), "a1", "withdraw", "order", 1, order=order_of(desk))  # type: ignore[arg-type]
        refusal = await desk.controller.ask(wish)
        assert refusal is not None
        assert refusal.code == "session.unknown"


@virtual
async def test_wrong_pins_on_the_ward_lock_that_person_there_and_nobody_at_the_cabinet() -> None:
    """Who can reach the network must not be able to keep a nurse from the drawers: the count of one is not the count of the other."""
    async with open_desk() as desk, passer_by(desk) as client:
        for _ in range(3):
            answer = await client.post("/api/v1/sessions", json={"id": NURSE, "secret": "000000"})
        assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (403, "session.locked", "30 s more")
        right = await client.post("/api/v1/sessions", json={"id": NURSE, "secret": PIN})
        assert right.json()["code"] == "session.locked", "also with the right PIN, else locked people could be guessed at"
        async with script(desk, NURSE):
            assert [fact.screen for fact in facts(desk, StaffLocked)] == [WARD]
        await asyncio.sleep(31)
        async with ward_script(desk, NURSE):
            assert not desk.core.state.people.is_locked(NURSE, WARD)


@virtual
async def test_a_charge_nurse_unlocks_a_person_for_the_ward_too() -> None:
    """After ten wrong PINs there is no wait that ends; whoever may unlock finds the person in the list."""
    async with open_desk() as desk, passer_by(desk) as client:
        for _ in range(10):
            answer = await client.post("/api/v1/sessions", json={"id": NURSE, "secret": "000000"})
            if answer.json()["code"] == "session.locked" and "detail" in answer.json() and answer.json()["detail"]:
                await asyncio.sleep(301)
        assert desk.core.state.people.lockouts[f"ward/{NURSE}"].wait_s is None
        async with script(desk, CHARGE) as charge:
            assert (await charge.post(f"/api/v1/staff/{NURSE}/unlock")).status_code in {200, 204}
        async with ward_script(desk, NURSE):
            pass


@virtual
async def test_who_is_locked_at_the_cabinet_is_locked_on_the_ward() -> None:
    """The network is no second chance to guess a PIN that somebody guesses at the screen."""
    async with open_desk() as desk, stranger(desk) as there, passer_by(desk) as here:
        for _ in range(3):
            await there.post("/api/v1/sessions", json={"badge": f"badge-{NURSE}", "secret": "000000"})
        answer = await here.post("/api/v1/sessions", json={"id": NURSE, "secret": PIN})
        assert (answer.status_code, answer.json()["code"]) == (403, "session.locked")


@virtual
async def test_a_session_ends_by_idleness_and_at_its_limit() -> None:
    """A phone that lies on a table shows nobody a patient."""
    async with open_desk() as desk:
        timing = desk.core.world.timing
        async with phone(desk, NURSE) as client:
            await asyncio.sleep(timing.ward_idle_s - 1)
            assert "Eleanor Voss" in (await client.get("/", headers={"Kiosk-Refresh": "1"})).text
            await asyncio.sleep(timing.ward_idle_s + 1)
            page = await client.get("/queue")
            assert "You were signed out." in page.text
            assert "Eleanor" not in page.text
        async with ward_script(desk, NURSE) as client:
            for _ in range(int(timing.ward_limit_s / 100)):
                await asyncio.sleep(100)
                answer = await client.get("/api/v1/queue")
            assert answer.status_code == 401
        assert [fact.why for fact in facts(desk, WardSessionClosed)] == ["timed out", "timed out"]
        assert not desk.core.state.ward_sessions


@virtual
async def test_a_leavers_session_ends_at_once() -> None:
    """Whoever is switched off reads no patient's name any more, on a screen that is still open."""
    async with open_desk() as desk, ward_script(desk, NURSE) as client:
        assert (await client.get("/api/v1/patients")).status_code == 200
        async with script(desk, "grace-kim") as administrator:
            record = {"name": "Ana Reyes", "role": "nurse", "active": False}
            assert (await administrator.put(f"/api/v1/staff/{NURSE}", json=record)).status_code in {200, 204}
        answer = await client.get("/api/v1/patients")
        assert (answer.status_code, answer.json()["code"]) == (401, "session.unknown")
        assert [fact.why for fact in facts(desk, WardSessionClosed)] == ["the account was changed"]


@virtual
async def test_only_who_takes_medicines_looks_in() -> None:
    """A technician has no business with who lies where; and that they tried is on record."""
    async with open_desk() as desk, passer_by(desk) as client:
        answer = await client.post("/api/v1/sessions", json={"id": TECHNICIAN, "secret": PIN})
        assert (answer.status_code, answer.json()["code"]) == (403, "policy.role")
        assert [(fact.claimed, fact.code, fact.screen) for fact in facts(desk, SessionRefused)] == [(TECHNICIAN, "policy.role", WARD)]
        assert not facts(desk, WardSessionOpened)


@virtual
async def test_the_queue_says_who_is_there_since_when_and_how_long_it_may_take() -> None:
    """A first name and a role; neither a patient nor an item of theirs."""
    async with open_desk() as desk:
        for _ in range(3):
            async with screen(desk, OTHER_NURSE) as browser:
                await asyncio.sleep(40)
                await browser.post("/sign-out")
        async with ward_script(desk, NURSE) as client, ward_script(desk, CHARGE) as second:
            empty = (await client.get("/api/v1/queue")).json()
            assert (empty["here"], empty["waiting"], empty["wait_s"], empty["visit_s"]) == ([], 0, 0, 40)
            await picked(client, order_of(desk), "k1")
            await asyncio.sleep(1)
            await picked(second, order_of(desk), "k2")
            async with screen(desk, OTHER_NURSE):
                await asyncio.sleep(10)
                mine, theirs = (await client.get("/api/v1/queue")).json(), (await second.get("/api/v1/queue")).json()
            ((present,), (same,)) = mine["here"], theirs["here"]
            assert present == same
            assert (present["name"], present["role"], present["is_me"]) == ("Ben", "nurse", False)
            assert (mine["waiting"], mine["before_me"], mine["wait_s"]) == (1, 0, 30)
            assert (theirs["waiting"], theirs["before_me"], theirs["wait_s"]) == (1, 1, 70)


@virtual
async def test_a_phone_signs_in_picks_and_thinks_better_of_it() -> None:
    """The pages alone do it, with no script."""
    async with open_desk() as desk, phone(desk, NURSE) as client:
        assert "Eleanor Voss" in (await client.get("/")).text
        page = (await client.get(f"/patients/{PATIENT}")).text
        assert ">Pick</button>" in page
        assert 'value="withdraw"' not in page, "there is nothing here to remove with"
        page = (await client.post("/picks", data={"id": "k1", "order": order_of(desk)})).text
        assert "✓ Picked" in page
        assert [fact.is_ahead for fact in facts(desk, OrderPicked)] == [True]
        assert "Everything is checked again there" in (await client.get("/picks")).text
        assert "Nothing is picked." in (await client.post("/picks/k1/drop")).text


@virtual
async def test_a_form_from_elsewhere_changes_nothing() -> None:
    """Another site's page that a phone has open must not pick in its owner's name."""
    async with open_desk() as desk, phone(desk, NURSE) as client:
        answer = await client.post("/picks", data={"id": "k1", "order": order_of(desk)}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert not desk.core.state.picks
        elsewhere = await client.get("/", headers={"Host": "evil.example"})
        assert elsewhere.status_code == 421


@virtual
async def test_whoever_asks_too_fast_is_told_to_wait() -> None:
    """The loop that answers here watches the doors: the network gets so much of it, and no more."""
    async with open_desk() as desk, passer_by(desk) as client:
        answers = [(await client.get("/healthz")).status_code for _ in range(130)]
        assert (answers.count(200), answers.count(429)) == (120, 10)
        await asyncio.sleep(1)
        assert (await client.get("/healthz")).status_code == 200


@virtual
async def test_a_phone_follows_what_changes_every_two_seconds_and_no_faster() -> None:
    """Twenty phones that ask for their page at each of a withdrawal's facts would hold up the loop that watches its drawer."""
    async with open_desk() as desk, phone(desk, NURSE):
        told: list[float] = []

        async def follow() -> None:
            async for _change in desk.app.state.floor.live.changes(FOLLOWS_S):
                told.append(desk.controller.clock.now().mono_s)  # noqa: PERF401 - it is cancelled in the middle

        following = asyncio.create_task(follow())
        await desk.calm()
        began_s = desk.controller.clock.now().mono_s
        for _ in range(20):
            desk.app.state.floor.live.nudge()
            await asyncio.sleep(0.25)
        await asyncio.sleep(10)
        following.cancel()
        assert [at_s - began_s for at_s in told] == [0, 2, 4, 6], "the first at once, and the last is not lost"


@virtual
async def test_secrets_are_checked_one_at_a_time_and_few_may_wait() -> None:
    """A guesser on the network takes one core at most, and the cabinet's own screen still gets its turn."""
    async with open_desk() as desk, passer_by(desk) as client:

        async def guess(number: int) -> str:
            answer = await client.post("/api/v1/sessions", json={"id": f"nobody-{number}", "secret": "000000"})
            return str(answer.json()["code"])

        for number in range(10):
            await guess(number)
        began_s = desk.controller.clock.now().mono_s
        codes = await asyncio.gather(*(guess(number) for number in range(9)))
        assert (codes.count("session.not_recognised"), codes.count("session.too_many")) == (4, 5)
        assert desk.controller.clock.now().mono_s - began_s == 4 * desk.core.world.policy.people.slow_s
        assert [fault.place for fault in desk.core.state.faults.values()] == ["ward"], "the screen at the cabinet is not slowed"


@virtual
async def test_a_restart_ends_every_session_on_the_ward() -> None:
    """Tokens end with the process; so do the sessions that they stood for."""
    async with open_desk() as desk, ward_script(desk, NURSE):
        now = desk.controller.clock.now()
        await desk.controller.ask(events.Started(now, 2, "story", "demo"))
        assert not desk.core.state.ward_sessions
        assert [fact.why for fact in facts(desk, WardSessionClosed)] == ["the controller restarted"]


@virtual
async def test_picks_outlive_the_phone() -> None:
    """Whoever picked and put the phone away finds it at the cabinet hours later, until policy drops it."""
    async with open_desk() as desk:
        async with ward_script(desk, NURSE) as client:
            await picked(client, order_of(desk))
            await client.delete("/api/v1/sessions")
        await asyncio.sleep(timedelta(hours=1).total_seconds())
        assert list(desk.core.state.picks) == ["k1"]
