"""The pages of custody, read as a browser reads them: what they say, to whom, and what they never tell."""

import re
from dataclasses import replace

from cabinet.domain.events import SheetAnnounced
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import ItemId, StaffId, Units
from tests.stories.caller import screen, script, touched
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PHARMACIST, PIN, TECHNICIAN, TELLTALE, demo_world, open_desk
from tests.stories.manual import begun, done
from tests.stories.test_kiosk_api import PATIENT, PLAIN
from tests.stories.test_kiosk_kinds import OPIOID, take
from tests.virtual import virtual

OVERRIDDEN = "ondansetron-4-vial"
"""On the override list; no order of the first patient names it."""


@virtual
async def test_a_colleague_who_shows_a_badge_signs_and_signs_nobody_in_or_out() -> None:
    """The screen is the first person's; the badge is known by a mark, and its number stands on no page."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as browser:
        await take(desk, client, OPIOID, 1)
        wish = {"id": "x1", "kind": "waste", "withdrawal": "w1", "amount": "2.5", "amount_unit": "mg", "other_reason": "spat out"}
        page = await touched(browser, wish)
        assert "Waste 2.5 mg of" in page.text
        assert "spat out" in page.text
        desk.wall.hold(f"badge-{OTHER_NURSE}")
        page = await browser.get("/accesses/x1")
        assert f"badge-{OTHER_NURSE}" not in page.text
        mark = re.search(r'name="shown" value="([^"]+)"', page.text)
        assert mark is not None
        signed = await browser.post("/accesses/x1/witness", data={"shown": mark[1], "secret": PIN})
        assert "recorded." in signed.text
        assert desk.core.state.accesses["x1"].witness == OTHER_NURSE
        assert {session.staff for session in desk.core.state.sessions.values()} == {NURSE}
        assert desk.wall.shown == ["green"]


@virtual
async def test_a_waste_that_waits_for_its_colleague_stops_no_screen() -> None:
    """It opens nothing, so it stands in nobody's way, and is offered on the first screen until it is done."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as browser, screen(desk, OTHER_NURSE) as other:
        await take(desk, client, OPIOID, 1)
        await touched(browser, {"id": "x1", "kind": "waste", "withdrawal": "w1", "amount": "1", "reason": "Dropped"})
        assert "Continue: oxyCODONE" in (await browser.get("/")).text
        assert (await other.get("/")).status_code == 200
        assert (await other.get("/emergency")).status_code == 200


@virtual
async def test_no_list_of_pockets_pulls_or_returns_tells_what_is_counted_blind() -> None:
    """A number that was read beforehand is copied, not counted."""
    async with open_desk(demo_world({OPIOID: TELLTALE})) as desk, screen(desk, TECHNICIAN) as browser:
        pocket = desk.pocket_of(OPIOID)
        for path in ("/pockets", f"/pockets/{pocket}", "/pulls?days=400", "/bin", "/more"):
            assert str(TELLTALE) not in (await browser.get(path)).text, path


@virtual
async def test_a_blocked_pocket_is_pulled_whole_from_its_own_page_too() -> None:
    """Who reads "take 0" of what is called back, and that zero is an ordinary answer, leaves it there for the next nurse."""
    async with open_desk(demo_world({PLAIN: 9, OPIOID: TELLTALE})) as desk, script(desk, PHARMACIST) as client:
        for name in (PLAIN, OPIOID):
            block = {"id": f"b-{name}", "scope": "item", "value": name, "why": "called back"}
            assert (await client.post("/api/v1/quarantines", json=block)).status_code == 201
        async with screen(desk, TECHNICIAN) as browser:
            pull = re.compile(r'name="kind" value="expire".*?name="units" value="(\d+)"')
            asked = {name: pull.search((await browser.get(f"/pockets/{desk.pocket_of(name)}")).text) for name in (PLAIN, OPIOID)}
            assert [found and found[1] for found in asked.values()] == ["9", "0"], "what is counted blind is told to nobody"
            page = await touched(browser, {"id": "x1", "kind": "expire", "pocket": desk.pocket_of(PLAIN), "units": "0"})
            page = await browser.post(f"{page.url.path}/count", data={"units": "9"})
            assert "what is blocked or expires" in page.text
            assert "Take 0" not in page.text


@virtual
async def test_everybodys_debts_are_for_who_may_close_them() -> None:
    """A nurse sees their own; what a colleague owes is no news for the ward."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as mine, screen(desk, OTHER_NURSE) as other:
        await take(desk, client, OPIOID, 1, "e1", kind="emergency")
        assert "the reason" in (await mine.get("/shift")).text
        assert "the reason" not in (await other.get("/shift")).text
        assert (await other.get("/shift/end")).status_code == 403
        assert "debt.unknown" in (await other.get("/debts/reason-e1")).text
        async with screen(desk, CHARGE) as charge:
            assert "the reason" in (await charge.get("/shift/end")).text


@virtual
async def test_the_end_of_a_shift_names_the_item_of_a_count_and_since_when_it_is_owed() -> None:
    """A charge nurse reads what the ward calls it, not what the computer does; and how long it has waited, not when it was last filled."""
    async with open_desk() as desk, screen(desk, CHARGE) as charge:
        line, item = desk.core.state.lines[desk.pocket_of(PLAIN)], desk.core.world.formulary[ItemId(PLAIN)]
        line.owes, line.owed_at = ["opened without a release"], "2026-03-01T04:05:00.000000Z"
        page = (await charge.get("/shift/end")).text
        assert item.title in page
        assert PLAIN not in page
        assert "2026-03-01 04:05" in page


@virtual
async def test_a_withdrawal_is_listed_until_it_is_accounted_for() -> None:
    """With what is left of it, and what it may still become."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as browser:
        await take(desk, client, PLAIN, 2)
        page = (await browser.get(f"/patients/{PATIENT}/withdrawals")).text
        assert "2 tablets" in page
        assert "/withdrawals/w1/return" in page
        await touched(browser, {"id": "r1", "kind": "return", "withdrawal": "w1", "units": 2, "place": "bin"})
        page = (await browser.get(f"/patients/{PATIENT}/withdrawals")).text
        assert "All of it is returned or wasted" in page
        assert "/withdrawals/w1/return" not in page


@virtual
async def test_a_sheet_on_its_way_is_one_touch_when_what_it_brings_is_put_in() -> None:
    """Controlled items come and go on sheets: the page asks for the number, offers those of this item, and goes on from there."""
    async with open_desk(demo_world({OPIOID: 20})) as desk, screen(desk, TECHNICIAN) as browser:
        announced = SheetAnnounced(desk.controller.clock.now(), None, "260302-001", ItemId(OPIOID), Units(10), "vera", "tom")
        assert await desk.controller.ask(announced) is None
        asked = await touched(browser, {"id": "r1", "kind": "refill", "pocket": desk.pocket_of(OPIOID), "units": "10"})
        assert "sheet.needed" in asked.text
        assert 'value="260302-001"' in asked.text
        wish = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', asked.text))
        await touched(browser, wish)
        assert desk.core.state.accesses["r1"].sheet == "260302-001"


@virtual
async def test_what_goes_away_on_a_sheet_takes_its_number_from_the_paper() -> None:
    """No sheet that is on its way here is offered for what leaves."""
    async with open_desk(demo_world({OPIOID: 20})) as desk, screen(desk, TECHNICIAN) as browser:
        announced = SheetAnnounced(desk.controller.clock.now(), None, "260302-001", ItemId(OPIOID), Units(10), "vera", "tom")
        await desk.controller.ask(announced)
        wish = {"id": "u1", "kind": "unload", "pocket": desk.pocket_of(OPIOID), "units": "20"}
        asked = await touched(browser, wish)
        assert "sheet.needed" in asked.text
        assert "260302-001" not in asked.text
        await touched(browser, wish | {"sheet": "out-1"})
        assert desk.core.state.accesses["u1"].sheet == "out-1"


@virtual
async def test_nothing_is_offered_now_that_nobody_can_do_now() -> None:
    """My shift: an order that nobody has written yet is waited for, and a look is somebody else's; neither says "Do it now"."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await done(desk, client, "w1", 1, kind="withdraw", item=OVERRIDDEN, patient="p-301", authority="override", reason="Severe pain")
        [debt] = [one for one in (await client.get("/api/v1/debts")).json() if one["kind"] == "order"]
        assert debt["can_act"] is False
        assert "Do it now" not in (await page.get("/shift")).text
        assert "No order of this item has reached the cabinet for this patient." in (await page.get(f"/debts/{debt['id']}")).text
        await done(desk, client, "w2", 1, kind="emergency", item=OVERRIDDEN)
        [debt] = [one for one in (await client.get("/api/v1/debts")).json() if one["id"] == "order-w2"]
        assert debt["can_act"], "for whom it was can be said"
        assert "For whom was it?" in (await page.get("/debts/order-w2")).text


@virtual
async def test_who_handed_something_over_sees_with_whom_it_is_until_it_is_done() -> None:
    """My shift of both: the one who took it over reads whose it was, and the first person that it is not done yet."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await take(desk, client, OPIOID, 1)
        await begun(desk, client, "r1", kind="return", withdrawal="w1", units=1, is_intact=True)
        assert "signature for a return: 1 tablet" in (await page.get("/shift")).text
        for who, no in ((TECHNICIAN, "debt.role"), (OTHER_NURSE, "")):
            answer = await page.post("/debts/witness-r1/hand-over", data={"badge": f"badge-{who}", "secret": PIN})
            assert no in str(answer.url)
        shown = (await page.get("/shift")).text
        assert "Handed over, and not done yet" in shown
        assert "with Ben Okafor" in shown
        async with screen(desk, OTHER_NURSE) as other:
            assert "taken over from Ana Reyes" in (await other.get("/shift")).text
            await other.post("/debts/witness-r1/witness", data={"badge": f"badge-{CHARGE}", "secret": PIN})
        assert "Handed over" not in (await page.get("/shift")).text


@virtual
async def test_an_auditor_finds_the_reports_first_and_opens_nothing() -> None:
    """Roles: an auditor reads who did what; no patient, pocket or emergency is theirs."""
    world, auditor = demo_world(), Staff(StaffId("iris"), "Iris", Role.AUDITOR)
    async with open_desk(replace(world, staff={**world.staff, auditor.id: auditor})) as desk, screen(desk, "iris") as page:
        assert 'class="button is-primary" href="/reports"' in (await page.get("/")).text
        assert "Controlled activity" in (await page.get("/reports")).text
        assert (await page.get("/discrepancies")).status_code == 200
        for path in (f"/patients/{PATIENT}", "/emergency", "/pockets", "/refill", "/count", "/belongings"):
            assert "policy.role" in (await page.get(path)).text, path
        for kind in ("withdraw", "emergency", "unload", "count", "inspect"):
            await page.post("/accesses", data={"id": f"a-{kind}", "kind": kind, "item": OVERRIDDEN, "units": "1", "patient": PATIENT})
        assert not desk.core.state.accesses
        assert not desk.hardware.pulses


@virtual
async def test_what_has_expired_reads_so_on_the_list_of_what_is_to_be_pulled() -> None:
    """Of a vial of last spring "expires" is the wrong tense, and yellow the wrong colour."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser:
        text = (await browser.get("/pulls?days=8")).text
        expiry = next(batch.expiry for batch in desk.core.state.lines["m1-08"].batches)
        assert f'is-expired">expired <bdi>{expiry}' in text or f'is-expired">expired {expiry}' in text, text[-2000:]
