"""The manual, sealed kits and order sets: a tray is known by its tag and its seal; a set is one choice of several pockets."""

import re
from html import unescape
from typing import Any

from cabinet.domain.facts import KitBroken, KitRead
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, open_desk
from tests.stories.manual import begun, code, done, entries, said
from tests.virtual import virtual

PATIENT, KIT = "p-304", "rsi-kit"
WISH: dict[str, Any] = {
    "kind": "withdraw", "item": KIT, "units": 1, "patient": PATIENT, "authority": "override", "reason": "Emergency",
    "acknowledged": ["warning.high_alert=1 kit"],
}  # fmt: skip
"""On override from the list, its one warning met by the act that it asks for."""


def where(kits: list[dict[str, str]]) -> dict[str, str]:
    """Where each tray is, by its tag."""
    return {one["tag"]: one["where"] for one in kits}


@virtual
async def test_a_kit_is_taken_by_its_tag_and_leaves_with_it() -> None:
    """Ward, items: the tag is read and the seal looked at before anybody says how many; the record says which tray went to whom."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        view = await begun(desk, client, "k1", **WISH)
        assert "scan" in view["asks"], view
        assert code(await client.post("/api/v1/accesses/k1/kit", json={"tag": "00999", "is_intact": True})) == "kit.tag_unknown"
        await said(client, "k1", "kit", tag="00417", is_intact=True)
        await said(client, "k1", "confirm", units=1)
        await desk.shut()
        assert where((await client.get("/api/v1/kits")).json())["00417"] == "patient"
        [read] = entries(desk, KitRead)
        assert (read.staff, read.fact.tag, read.fact.is_intact) == (NURSE, "00417", True)  # type: ignore[attr-defined]


@virtual
async def test_a_broken_seal_serves_nobody_and_the_other_tray_is_taken() -> None:
    """Ward, items: a broken seal goes back to the pharmacy; nobody waits for that."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await begun(desk, client, "k1", **WISH)
        assert code(await client.post("/api/v1/accesses/k1/kit", json={"tag": "00417", "is_intact": False})) == "kit.broken"
        assert [one.fact.tag for one in entries(desk, KitBroken)] == ["00417"]  # type: ignore[attr-defined]
        await said(client, "k1", "kit", tag="00418", is_intact=True)
        await said(client, "k1", "confirm", units=1)
        await desk.shut()
        found = where((await client.get("/api/v1/kits")).json())
        assert found["00418"] == "patient"
        assert found["00417"] != "patient"


@virtual
async def test_an_order_set_is_one_choice_of_several_pockets() -> None:
    """Ward, items: what a low sugar takes is chosen by one name, and taken one after another."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        sets = {one["id"]: one for one in (await client.get("/api/v1/order-sets")).json()}
        assert ["naloxone-0-4-vial", 2] in sets["opioid-reversal"]["lines"]
        assert f"/patients/{PATIENT}/sets/opioid-reversal?for=override" in (await page.get(f"/patients/{PATIENT}")).text
        shown = await page.get(f"/patients/{PATIENT}/sets/opioid-reversal?for=override")
        first = said_by(shown.text)
        assert (first["item"], first["units"]) == ("naloxone-0-4-vial", "2")
        wish = {word: value for word, value in first.items() if word in {"kind", "item", "patient", "authority"}}
        view = await done(desk, client, first["id"], 2, reason="Emergency", **wish)
        assert view["phase"] == "settled"
        onward = re.search(r'href="(/patients/[^"]+/sets/[^"]+)"', (await page.get(f"/accesses/{first['id']}")).text)
        assert onward is not None, "the next of the set is one touch away"
        then = said_by((await page.get(unescape(onward[1]))).text)
        assert (then["item"], then["id"][:-1]) == ("sodium-chloride-flush", first["id"][:-1]), "of the same choice"
        wish = {word: value for word, value in then.items() if word in {"kind", "item", "patient", "authority"}}
        assert (await done(desk, client, then["id"], 1, **wish))["phase"] == "settled", "what is offered is to be had"
        assert {debt.item for debt in desk.core.state.debts.values()} == {"naloxone-0-4-vial"}, "a flush needs no order, in a set neither"
        assert "Next of" not in (await page.get(f"/accesses/{then['id']}")).text, "nothing of the set is left to take"


def said_by(page: str) -> dict[str, str]:
    """What the form of the next withdrawal says."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


@virtual
async def test_a_kit_that_comes_back_opened_is_sealed_no_more() -> None:
    """Ward, items: a broken seal goes back. Who reads the list of kits is not told that what lies opened in the bin is sealed."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        for name, tag, patient in (("k1", "00417", PATIENT), ("k2", "00418", "p-305")):
            await begun(desk, client, name, **WISH | {"patient": patient})
            await said(client, name, "kit", tag=tag, is_intact=True)
            await said(client, name, "confirm", units=1)
            await desk.shut()
        assert (await page.get("/kits")).text.count("Taken out") == 2
        back = {"kind": "return", "units": "1", "place": "bin"}
        await page.post("/accesses", data={"id": "r1", "withdrawal": "k1", **back})
        await page.post("/accesses", data={"id": "r2", "withdrawal": "k2", "is_intact": "true", **back})
        kits = {one["tag"]: one for one in (await client.get("/api/v1/kits")).json()}
        assert {tag: (one["where"], one["stands"]) for tag, one in kits.items()} == {
            "00417": ("return_bin", "broken"), "00418": ("return_bin", "sealed"),
        }  # fmt: skip
