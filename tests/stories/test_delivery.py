"""A delivery is worked off line by line at the API; a nurse comes between two pockets, is served, and the technician goes on."""

from typing import Any

import httpx

from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, PIN, TECHNICIAN, Desk, open_desk
from tests.stories.manual import done
from tests.stories.test_kiosk_kinds import take
from tests.virtual import virtual

PLAIN, SALINE, PEN = "acetaminophen-325-tab", "sodium-chloride-flush", "insulin-glargine-pen"
LIST = {
    "delivery": "d-0445",
    "lines": [
        {"item": PEN, "units": 2},
        {"item": SALINE, "units": 6, "lot": "S1", "expiry": "2028-01-31"},
        {"item": PLAIN, "units": 10, "lot": "A1", "expiry": "2028-06-30"},
    ],
}


async def fill(desk: Desk, client: httpx.AsyncClient, line: dict[str, Any], access: str) -> httpx.Response:
    """Put one line in."""
    wish = {"kind": "refill", "pocket": line["pocket"], "units": line["left"], "delivery": "d-0445"}
    answer = await asked(client, access, **wish)
    if answer.status_code != 201:
        return answer
    await desk.calm()
    view = (await client.get(f"/api/v1/accesses/{access}")).json()
    if "count_before" in view["asks"]:
        await client.post(f"/api/v1/accesses/{access}/count", json={"units": desk.core.state.lines[line["pocket"]].units})
    stated = {"units": line["left"], "lot": line["lot"], "expiry": line["expiry"]}
    answer = await client.post(f"/api/v1/accesses/{access}/confirm", json=stated)
    await desk.shut()
    return answer


@virtual
async def test_a_delivery_is_worked_off_a_nurse_is_served_in_between_and_it_resumes() -> None:
    """2.9, and 2:10 of the first three minutes: the drawer is closed, the technician's screen covered, badge and PIN bring it back."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as tech:
        [delivery] = (await tech.post("/api/v1/deliveries", json=LIST)).json()
        lines = delivery["lines"]
        way = list(desk.core.world.layout.pockets)
        assert [line["pocket"] for line in lines] == sorted((line["pocket"] for line in lines), key=way.index), "in walking order"
        assert (await fill(desk, tech, lines[0], "r1")).status_code == 200
        async with script(desk, NURSE) as nurse:
            waits = await fill(desk, tech, lines[1], "r2")
            assert waits.status_code == 401, "the technician's session is covered"
            await take(desk, nurse, PLAIN, 2)
            await nurse.delete("/api/v1/sessions")
        back = await tech.post("/api/v1/sessions", json={"badge": f"badge-{TECHNICIAN}", "secret": PIN})
        tech.headers["Authorization"] = f"Bearer {back.json()['token']}"
        [resumed] = (await tech.get("/api/v1/deliveries")).json()
        assert [line["stands"] for line in resumed["lines"]] == ["filled", "open", "open"], "nothing is lost"
        assert (await fill(desk, tech, lines[1], "r2")).status_code == 200
        early = await tech.post("/api/v1/deliveries/d-0445/close")
        assert early.json()["code"] == "delivery.lines_left"
        await tech.post(f"/api/v1/deliveries/d-0445/pockets/{lines[2]['pocket']}/not-filled", json={"reason": "not_in_bag"})
        assert (await tech.post("/api/v1/deliveries/d-0445/close")).json() == []
        unfilled = (await tech.get("/api/v1/unfilled")).json()
        assert [(one["pocket"], one["reason"]) for one in unfilled] == [(lines[2]["pocket"], "not_in_bag")]


@virtual
async def test_a_line_that_is_filled_leads_on_to_the_next_one_of_its_delivery() -> None:
    """The refill list is another list: whoever works off a bag is led back to the bag."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as tech, screen(desk, TECHNICIAN) as page:
        [delivery] = (await tech.post("/api/v1/deliveries", json=LIST)).json()
        first, second, *_ = delivery["lines"]
        await fill(desk, tech, first, "r1")
        assert '<a class="button is-primary" href="/deliveries">' in (await page.get("/accesses/r1")).text
        await done(desk, tech, "r2", 1, kind="refill", pocket=second["pocket"], lot="L1", expiry="2031-01-31")
        assert '<a class="button is-primary" href="/refill">' in (await page.get("/accesses/r2")).text


@virtual
async def test_lot_and_expiry_are_proposed_as_the_pharmacy_packed_them() -> None:
    """What somebody wrote down at the pharmacy is not lost at the cabinet, where a recall looks for it; who sees another changes it."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as tech, screen(desk, TECHNICIAN) as page:
        [delivery] = (await tech.post("/api/v1/deliveries", json=LIST)).json()
        line = next(one for one in delivery["lines"] if one["item"] == PLAIN)
        assert (await asked(tech, "r1", kind="refill", pocket=line["pocket"], units=line["left"], delivery="d-0445")).status_code == 201
        await desk.calm()
        await tech.post("/api/v1/accesses/r1/count", json={"units": desk.core.state.lines[line["pocket"]].units})
        shown = (await page.get("/accesses/r1")).text
        assert 'name="lot" value="A1"' in shown
        assert 'name="expiry" value="2028-06-30"' in shown


@virtual
async def test_the_page_lists_the_lines_and_takes_a_reason() -> None:
    """By delivery, beside the cabinet's own list."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as tech, screen(desk, TECHNICIAN) as page:
        [delivery] = (await tech.post("/api/v1/deliveries", json=LIST)).json()
        assert 'href="/deliveries"' in (await page.get("/refill")).text
        pocket = delivery["lines"][0]["pocket"]
        assert f'value="{pocket}"' in (await page.get("/deliveries")).text
        shown = await page.post(f"/deliveries/d-0445/pockets/{pocket}/not-filled", data={"reason": "jammed"})
        assert "Not filled: jammed." in shown.text
        async with script(desk, NURSE) as nurse:
            assert (await nurse.get("/api/v1/deliveries")).status_code == 403
