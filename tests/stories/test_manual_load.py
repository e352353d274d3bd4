"""The manual, loading: an item gets a pocket that may hold it, its levels, and a count, a lot and an expiry with it."""

from dataclasses import replace
from typing import Any

from cabinet.domain.facts import AccessRequested, PocketAssigned, QuantityConfirmed, UnitsMoved
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import TECHNICIAN, demo_world, open_desk
from tests.stories.manual import begun, code, done, entries, facts, said
from tests.virtual import virtual

FREE, ITEM = "m2-08", "pantoprazole-40-tab"
LOAD: dict[str, Any] = {"kind": "load", "pocket": FREE, "levels": (30, 10, 4)}


@virtual
async def test_an_item_is_loaded_with_levels_lot_and_expiry_and_the_record_says_all_of_it() -> None:
    """Loading, record: who, item, pocket, how many, expiry, and what the pocket is to hold."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        view = await done(desk, client, "l1", 30, item=ITEM, lot="P77", expiry="2028-05-31", **LOAD)
        assert view["phase"] == "settled", view
        line = desk.core.state.lines[FREE]
        assert (line.item, line.units, line.par, line.min, line.critical_low, line.earliest_expiry) == (ITEM, 30, 30, 10, 4, "2028-05-31")
        mine = [entry for entry in entries(desk, PocketAssigned, QuantityConfirmed, UnitsMoved) if entry.access == "l1"]
        assert [type(entry.fact) for entry in mine] == [PocketAssigned, QuantityConfirmed, UnitsMoved]
        assert {entry.staff for entry in mine} == {TECHNICIAN}


@virtual
async def test_nothing_is_loaded_where_it_must_not_stand() -> None:
    """ISMP 2019, 4 and 5: controlled, paralysing and cold items have their places; look-alikes and strengths for children stand apart."""
    world = demo_world()
    child = replace(world.formulary[ItemId(ITEM)], look_alikes=(ItemId("sodium-chloride-flush"),))
    async with open_desk(replace(world, formulary={**world.formulary, child.id: child})) as desk, script(desk, TECHNICIAN) as client:
        refused = {
            item: code(await asked(client, f"l-{number}", item=item, units=5, **LOAD))
            for number, item in enumerate(("oxycodone-5-tab", "vecuronium-10-vial", "famotidine-20-vial", ITEM))
        }
        assert refused == {
            "oxycodone-5-tab": "place.controlled", "vecuronium-10-vial": "place.paralytic", "famotidine-20-vial": "place.cold",
            ITEM: "place.look_alike",
        }  # fmt: skip
        assert desk.hardware.pulses == []


@virtual
async def test_two_strengths_never_share_a_pocket() -> None:
    """What would sooner or later be the wrong medicine in a hand is refused, not warned of."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        full = desk.pocket_of("metoprolol-25-tab")
        answer = await asked(client, "l1", kind="load", pocket=full, item="metoprolol-er-50-tab", units=5)
        assert code(answer) == "pocket.other_item"


@virtual
async def test_expired_stock_is_not_put_in_and_short_dated_stock_is_warned_of() -> None:
    """A refusal at the shelf is a stock-out on the ward, so only what must not be used is refused."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        await begun(desk, client, "l1", item=ITEM, units=30, **LOAD)
        await said(client, "l1", "count", units=0)
        old = await client.post("/api/v1/accesses/l1/confirm", json={"units": 30, "lot": "P77", "expiry": "2026-11-22"})
        assert code(old) == "access.lot_expired"
        short = {"units": 30, "lot": "P77", "expiry": "2026-12-01"}
        told = await client.post("/api/v1/accesses/l1/confirm", json=short)
        assert (told.status_code, code(told), told.json()["detail"]) == (428, "place.short_dated", "2026-12-01")
        view = await said(client, "l1", "confirm", **short, acknowledged=["place.short_dated"])
        assert any("2026-12-01" in warning for warning in view["warnings"]), view["warnings"]
        [stated] = facts(desk, QuantityConfirmed)
        assert stated.acknowledged == ["place.short_dated"], "who was told, and went on, is on record"


@virtual
async def test_the_cabinet_proposes_a_pocket_where_the_item_may_stand() -> None:
    """Loading 2: the technician names the item, the cabinet a free pocket that is fit for it; what is cold goes to the fridge alone."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client, screen(desk, TECHNICIAN) as page:
        places = (await client.get(f"/api/v1/items/{ITEM}/places")).json()
        assert [one["pocket"] for one in places] == [FREE]
        assert code(await client.get("/api/v1/items/vecuronium-10-vial/places")) == ""
        assert (await client.get("/api/v1/items/vecuronium-10-vial/places")).json() == [], "no lid of this cabinet is free"
        shown = await page.get(f"/items/{ITEM}/load")
        assert FREE in shown.text
        refused = await asked(client, "l0", kind="load", item="vecuronium-10-vial", units=5, levels=(5, 2, 1))
        assert (code(refused), desk.hardware.pulses) == ("place.nowhere", [])
        view = await done(desk, client, "l1", 30, kind="load", item=ITEM, levels=(30, 10, 4), lot="P77", expiry="2028-05-31")
        assert (view["pocket"], view["phase"], desk.units_in(FREE)) == (FREE, "settled", 30)


@virtual
async def test_who_checked_a_line_at_the_pharmacy_stands_in_the_record_of_its_load() -> None:
    """Loading 4: a pharmacist compared what was picked with the list; the cabinet did not see it, and keeps whose word it is."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client, screen(desk, TECHNICIAN) as page:
        line = {"item": ITEM, "units": 30, "lot": "P77", "expiry": "2028-05-31", "checked_by": "H. Marchetti, PharmD"}
        answer = await client.post("/api/v1/deliveries", json={"delivery": "d-7", "lines": [line]})
        assert answer.status_code == 201, answer.text
        assert "checked by H. Marchetti, PharmD" in (await page.get("/deliveries")).text
        await done(desk, client, "l1", 30, item=ITEM, lot="P77", expiry="2028-05-31", delivery="d-7", **LOAD)
        [asked_for] = [entry for entry in entries(desk, AccessRequested) if entry.access == "l1"]
        assert isinstance(asked_for.fact, AccessRequested)
        assert (asked_for.staff, asked_for.fact.checked_by, asked_for.fact.delivery) == (TECHNICIAN, "H. Marchetti, PharmD", "d-7")
