"""The manual, a case in a procedural area: pull what may be needed, and account for each unit once, at the end."""

import asyncio
import re

from cabinet.domain.facts import GivenStated, UnitsMoved
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, TECHNICIAN, Desk, open_desk
from tests.stories.manual import badge_of, code, done, entries, said
from tests.virtual import virtual

PATIENT, OPIOID, PLAIN = "p-301", "oxycodone-5-tab", "acetaminophen-325-tab"
CASE = {"id": "case-1", "patient": PATIENT}


def owed_waste(debts: list[dict[str, str]]) -> list[str]:
    """What is still to be wasted, in words."""
    return [debt["sentence"] for debt in debts if debt["kind"] == "waste"]


@virtual
async def test_many_are_pulled_and_what_was_not_given_is_owed_at_the_end_and_not_before() -> None:
    """Ward, items: pull many, reconcile given, waste and return at the end; half a controlled tablet is owed, half a plain one is not."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert (await client.post("/api/v1/cases", json=CASE)).status_code == 201
        await done(desk, client, "w1", 2, kind="withdraw", item=OPIOID, patient=PATIENT)
        await done(desk, client, "w2", 2, kind="withdraw", order="p-301-2")
        [case] = (await client.get("/api/v1/cases")).json()
        assert {one["access"] for one in case["withdrawals"]} == {"w1", "w2"}
        assert (await client.post("/api/v1/withdrawals/w1/given", json={"amount": "7.5 mg"})).status_code == 200
        assert owed_waste((await client.get("/api/v1/debts")).json()) == [], "nothing is asked for while the case goes on"
        assert (await client.post("/api/v1/cases/case-1/end")).json() == []
        assert owed_waste((await client.get("/api/v1/debts")).json()) == ["2.5 mg to be wasted with a witness"]
        assert [one.fact.said for one in entries(desk, GivenStated)] == ["7.5 mg"]  # type: ignore[attr-defined]


@virtual
async def test_given_wasted_and_returned_are_what_was_pulled() -> None:
    """Ward, items: the sum is the removal's, and the case is clean."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await client.post("/api/v1/cases", json=CASE)
        await done(desk, client, "w1", 3, kind="withdraw", item=OPIOID, patient=PATIENT)
        await client.post("/api/v1/withdrawals/w1/given", json={"amount": "1"})
        assert (await asked(client, "r1", kind="return", withdrawal="w1", units=1, is_intact=True)).status_code == 201
        await said(client, "r1", "witness", **badge_of(OTHER_NURSE))
        assert (await asked(client, "x1", kind="waste", withdrawal="w1", amount="1", reason="Dropped")).status_code == 201
        await said(client, "x1", "witness", **badge_of(OTHER_NURSE))
        await client.post("/api/v1/cases/case-1/end")
        assert owed_waste((await client.get("/api/v1/debts")).json()) == []
        assert _moved(desk) == [("pocket", "patient", 3), ("patient", "return_bin", 1), ("patient", "waste", 1)]


@virtual
async def test_a_case_is_one_patients_and_begun_by_who_takes_medicines() -> None:
    """The same patient has one case at a time; a technician fills pockets, and treats nobody."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await client.post("/api/v1/cases", json=CASE)
        assert code(await client.post("/api/v1/cases", json={"id": "case-2", "patient": PATIENT})) == "case.open"
        async with script(desk, TECHNICIAN) as other:
            assert code(await other.post("/api/v1/cases", json={"id": "case-3", "patient": "p-302"})) == "policy.role"


def _moved(desk: Desk) -> list[tuple[str, str, int]]:
    """Every movement after the opening stock."""
    facts = [one.fact for one in entries(desk, UnitsMoved) if one.access is not None]
    return [(str(fact.source), str(fact.target), fact.units) for fact in facts]  # type: ignore[attr-defined]


@virtual
async def test_every_page_on_the_way_says_that_a_case_is_open() -> None:
    """What is taken for the patient joins the case, whoever takes it and from whatever page: so each of them says so, and leads back."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, OTHER_NURSE) as browser:
        await client.post("/api/v1/cases", json=CASE)
        for page in ("", "/find", f"/items/{PLAIN}?for=override", "/withdrawals"):
            assert "Case since 07:00" in (await browser.get(f"/patients/p-301{page}")).text, page
        assert "Case since" not in (await browser.get("/patients/p-302")).text
        assert (await browser.get("/")).text.count(">Case<") == 1
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        await asyncio.sleep(1)
        async with screen(desk, NURSE) as hers:
            said = (await hers.get("/accesses/w1")).text
            assert "Case since 07:00" in said
            assert 'href="/cases/case-1">Back to the case' in said
        rows = (await browser.get("/patients/p-301/withdrawals")).text
        assert "account for it in the case" in rows
        assert "taken to be given" not in rows
        await client.post("/api/v1/cases/case-1/end")
        assert "Case since" not in (await browser.get("/patients/p-301")).text


@virtual
async def test_one_touch_says_all_of_it_given_in_the_units_that_the_label_says() -> None:
    """5,000 units of heparin are not 5,000 vials: the button says what the record will, and is not refused."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as browser:
        await client.post("/api/v1/cases", json=CASE)
        await done(desk, client, "w1", 1, kind="withdraw", item="heparin-5000-vial", patient=PATIENT)
        page = (await browser.get("/cases/case-1")).text
        assert "All 5,000 units given" in page
        fields = dict(re.findall(r'type="hidden" name="(amount|unit)" value="([^"]+)"', page))
        assert (await browser.post("/cases/case-1/withdrawals/w1/given", data=fields)).status_code == 200
        assert desk.core.state.withdrawals["w1"].given_m == 1000


@virtual
async def test_a_case_goes_on_when_it_is_known_who_the_patient_is() -> None:
    """Begun for somebody who was added at the cabinet: what was and is taken under either name is accounted for once."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, CHARGE) as charge:
        added = await client.post("/api/v1/patients", json={"id": "p-new", "name": "Unknown man", "born": "unknown", "bed": "E"})
        assert added.is_success, added.text
        await client.post("/api/v1/cases", json={"id": "case-1", "patient": "p-new"})
        await done(desk, client, "w1", 1, kind="emergency", item="naloxone-0-4-vial", patient="p-new")
        assert (await charge.post("/api/v1/patients/p-new/merge", json={"into": PATIENT})).is_success
        await done(desk, client, "w2", 2, kind="withdraw", order="p-301-2")
        [case] = (await client.get("/api/v1/cases")).json()
        assert {one["access"] for one in case["withdrawals"]} == {"w1", "w2"}
        assert code(await client.post("/api/v1/cases", json={"id": "case-2", "patient": PATIENT})) == "case.open"
