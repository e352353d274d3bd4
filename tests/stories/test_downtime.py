"""Stories of a ward without its pharmacy: what the screen says, who is served, what is entered afterwards, and who may declare what."""

import asyncio
from datetime import timedelta
from html import unescape
from typing import Any

import httpx

from cabinet.domain.events import DocumentReceived, PharmacyHeard, PharmacyLost, TimerDue
from cabinet.domain.facts import DebtSettled, LateEntered, ModeChanged
from cabinet.domain.vocabulary import StaffId, utc_text
from cabinet.rehearsal.prescribing import prescribe
from tests.stories.caller import asked, screen, script, stranger
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PHARMACIST, PIN, TECHNICIAN, Desk, open_desk
from tests.virtual import virtual

PATIENT, PLAIN, NARCOTIC = "p-301", "acetaminophen-325-tab", "oxycodone-5-tab"
ADMIN = PHARMACIST


async def goes_down(desk: Desk, minutes: int) -> None:
    """The pharmacy has not been heard for so long."""
    now = desk.controller.clock.now()
    await desk.controller.ask(PharmacyLost(now, utc_text(now.utc - timedelta(minutes=minutes))))
    await desk.controller.ask(TimerDue(desk.controller.clock.now(), "downtime:enter"))
    await desk.calm()


async def declare(client: httpx.AsyncClient, mode: str, reason: str = "the house network is down") -> Any:
    """Declare a mode: the answer's body."""
    return (await client.post(f"/api/v1/mode/{mode}", json={"reason": reason})).json()


@virtual
async def test_the_screen_says_how_old_everything_is_and_nobody_is_refused() -> None:
    """ward.md, Stale data: age is shown and reported, and alone never refuses a known, active person."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, NURSE) as client:
        assert (await client.get("/api/v1/freshness")).json()["documents"][1] == {
            "document": "orders", "as_of": None, "age_s": None, "is_stale": False, "version": None, "applied_at": None, "refused": "",
        }  # fmt: skip
        await goes_down(desk, 15)
        page = (await browser.get("/")).text
        assert "Downtime: staff, orders and formulary as last known at 06:45 UTC" in page
        told = (await client.get("/api/v1/freshness")).json()
        assert (told["is_heard"], {one["document"] for one in told["documents"]}) == (False, {"staff", "orders", "formulary"})
        assert all(890 < one["age_s"] < 920 for one in told["documents"])
        assert (await client.get("/healthz")).json()["mode"] == "downtime"
        assert "adc_pharmacy_silent_seconds" in (await client.get("/metrics")).text
        assert (await asked(client, kind="withdraw", pocket=desk.pocket_of(PLAIN), units=1, patient=PATIENT)).status_code == 201


@virtual
async def test_each_document_of_the_pharmacy_has_its_own_age_and_version() -> None:
    """ward.md, Stale data: a list that could not be taken in is as old as the one that stands, whatever else is up to date."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser, script(desk, TECHNICIAN) as client:

        async def comes(document: str, version: int, since: int | None = None) -> None:
            sent = DocumentReceived(desk.controller.clock.now(), document, version, since, f"{version:064d}", (), ())
            await desk.controller.ask(sent)

        await desk.controller.ask(PharmacyHeard(desk.controller.clock.now()))
        await comes("pars", 3)
        await comes("recall", 2)
        await asyncio.sleep(50)
        await comes("recall", 9, since=8)
        ages = {one["document"]: one for one in (await client.get("/api/v1/freshness")).json()["documents"]}
        assert set(ages) == {"staff", "orders", "formulary", "pars", "recall"}
        assert (ages["pars"]["version"], ages["pars"]["age_s"], ages["pars"]["refused"]) == (3, 0, "")
        assert (ages["recall"]["version"], ages["recall"]["age_s"]) == (2, 50)
        page = (await browser.get("/mode")).text
        assert "A newer one was refused" in page
        assert ages["recall"]["refused"].split(".")[0] in page
        figures = (await client.get("/metrics")).text
        assert 'adc_document_age_seconds{document="recall"} 50.0' in figures


@virtual
async def test_an_old_order_reads_last_known_at_and_a_controlled_one_asks_for_a_reason() -> None:
    """Past the policy's age; the reason goes to review, and a charge nurse closes it."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, NURSE) as client, script(desk, CHARGE) as charge:
        order = await prescribe(desk.controller, PATIENT, NARCOTIC, 1)
        await goes_down(desk, 70)
        assert "Last known at 05:50 UTC" in (await browser.get(f"/patients/{PATIENT}")).text
        wish = {"id": "a1", "kind": "withdraw", "order": order}
        refused = await client.post("/api/v1/accesses", json=wish)
        assert (refused.status_code, refused.json()["code"]) == (428, "order.last_known")
        page = await browser.post("/accesses", data=wish)
        assert 'name="reason"' in page.text
        assert "this order may have changed" in page.text
        granted = await client.post("/api/v1/accesses", json=wish | {"reason": "read from the chart"})
        assert granted.status_code == 201, granted.text
        await desk.calm()
        pocket = desk.pocket_of(NARCOTIC)
        await client.post("/api/v1/accesses/a1/count", json={"units": desk.units_in(pocket)})
        await client.post("/api/v1/accesses/a1/confirm", json={"units": 1})
        await desk.shut()
        (owed,) = [debt for debt in (await charge.get("/api/v1/debts")).json() if debt["kind"] == "review"]
        assert "on an order last known at" in owed["sentence"]
        closed = await charge.post(f"/api/v1/debts/{owed['id']}/close", json={"reason": "checked against the chart"})
        assert not [debt for debt in closed.json() if debt["kind"] == "review"]


@virtual
async def test_what_was_taken_by_key_is_entered_afterwards_with_its_true_time() -> None:
    """Domain 2.15: late entries with true time and entry time; a controlled one is signed for, and every pocket owes a count."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as browser:
        await goes_down(desk, 60)
        pocket, plain = desk.pocket_of(NARCOTIC), desk.pocket_of(PLAIN)
        before, before_plain = desk.units_in(pocket), desk.units_in(plain)
        moment = desk.controller.clock.now().utc - timedelta(minutes=30)
        wish = {"kind": "withdraw", "authority": "late", "pocket": pocket, "units": 2, "patient": PATIENT, "taken_by": OTHER_NURSE}
        no_moment = await client.post("/api/v1/accesses", json={"id": "a0", **wish})
        assert no_moment.json()["code"] == "late.moment"
        answer = (await client.post("/api/v1/accesses", json={"id": "a1", "true_at": moment.isoformat(), **wish})).json()
        assert answer["asks"] == ["witness"]
        to_sign = (await browser.get("/accesses/a1")).text
        assert f"Taken at {moment:%Y-%m-%d %H:%M} UTC by " in to_sign
        assert f"by {desk.core.scene.staff(StaffId(OTHER_NURSE)).name}, and entered late." in unescape(to_sign)  # type: ignore[union-attr]
        signed = await client.post("/api/v1/accesses/a1/witness", json={"badge": f"badge-{OTHER_NURSE}", "secret": PIN})
        assert signed.json()["phase"] == "settled", signed.text
        assert (desk.units_in(pocket), desk.hardware.pulses) == (before - 2, [])
        (late,) = [entry for entry in desk.journal.entries() if isinstance(entry.fact, LateEntered)]
        assert (late.fact.true_at, late.fact.taken_by, late.staff) == (utc_text(moment), OTHER_NURSE, NURSE)  # type: ignore[attr-defined]
        assert {debt["pocket"] for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "count"} == {pocket}
        form = await browser.get("/late")
        assert "No drawer opens" in form.text
        typed = {"id": "a2", "pocket": plain, "units": "1", "moment": f"{moment:%Y-%m-%dT%H:%M}", "who_for": PATIENT}
        done = await browser.post("/late", data=typed)
        assert (done.status_code, desk.units_in(plain)) == (200, before_plain - 1), done.text


@virtual
async def test_critical_override_is_declared_and_lifted_by_a_name_with_a_reason() -> None:
    """Ward, Emergency access: a separate mode, all items, whole cabinet."""
    async with open_desk() as desk, script(desk, NURSE) as nurse, script(desk, CHARGE) as charge:
        assert (await declare(nurse, "critical_override"))["code"] == "policy.role"
        assert (await declare(charge, "critical_override", ""))["code"] == "mode.reason"
        told = await declare(charge, "critical_override")
        assert (told["mode"], told["may_lift"], told["standing"][0]["by"]) == ("critical_override", ["critical_override"], "Erin Walsh")
        free = {"kind": "withdraw", "pocket": desk.pocket_of(PLAIN), "units": 1, "patient": PATIENT, "authority": "policy"}
        assert (await asked(nurse, **free)).status_code == 201
        await nurse.post("/api/v1/accesses/a1/confirm", json={"units": 1})
        await desk.shut()
        assert (await charge.post("/api/v1/mode/critical_override/end", json={"reason": "the network is back"})).json()["mode"] == "ready"
        assert (await asked(nurse, access="a2", **free)).json()["code"] == "policy.needs_order"
        changed = [entry for entry in desk.journal.entries() if isinstance(entry.fact, ModeChanged)][1:]
        assert [(entry.fact.target, entry.fact.why, entry.staff) for entry in changed] == [  # type: ignore[attr-defined]
            ("critical_override", "the house network is down", CHARGE), ("ready", "the network is back", CHARGE),
        ]  # fmt: skip


@virtual
async def test_a_locked_down_cabinet_still_has_its_emergency_list() -> None:
    """A pharmacist's word keeps everything shut but what nobody may wait for."""
    async with open_desk() as desk, script(desk, ADMIN) as admin, screen(desk, NURSE) as browser, script(desk, NURSE) as client:
        assert (await declare(admin, "locked_down", "two vials are missing"))["mode"] == "locked_down"
        assert "Locked down: emergencies only. two vials are missing" in (await browser.get("/")).text
        shut = await asked(client, kind="withdraw", pocket=desk.pocket_of(PLAIN), units=1, patient=PATIENT)
        assert (shut.status_code, shut.json()["code"]) == (503, "cabinet.locked_down")
        naloxone = desk.pocket_of("naloxone-0-4-vial")
        given = await asked(client, access="e1", kind="emergency", pocket=naloxone, units=1, patient=PATIENT)
        assert given.status_code == 201, given.text


@virtual
async def test_the_last_known_inventory_is_printed_without_any_network() -> None:
    """By everybody who takes or fills; what is counted blind tells no balance to those who may not see one."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, TECHNICIAN) as client, stranger(desk) as nobody:
        await goes_down(desk, 30)
        assert "Print last-known inventory" in (await browser.get("/mode")).text
        paper = await browser.get("/mode/inventory")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        rows = (await client.get("/api/v1/downtime/inventory?format=json")).json()
        assert rows["tables"][0]["rows"]
        assert (await nobody.get("/api/v1/downtime/inventory")).status_code == 401


@virtual
async def test_the_modes_page_says_what_may_be_declared_and_a_role_that_may_not_is_refused_there_too() -> None:
    """Each mode's act at the page's door."""
    async with open_desk() as desk, screen(desk, CHARGE) as charge, screen(desk, PHARMACIST) as pharmacist:
        page = (await charge.get("/mode")).text
        assert ("Critical override" in page, "Lock-down" in page) == (True, False)
        assert (await charge.post("/mode/locked_down", data={"reason": "why not"})).status_code == 403
        done = await pharmacist.post("/mode/locked_down", data={"reason": "an audit"})
        assert "Mode: locked down" in done.text
        over = await pharmacist.post("/mode/locked_down/end", data={"reason": "done"})
        assert "Mode: ready" in over.text


@virtual
async def test_contact_ends_the_downtime_after_the_policys_time() -> None:
    """The threshold for leaving is stated too."""
    async with open_desk() as desk:
        await goes_down(desk, 15)
        await desk.controller.ask(PharmacyHeard(desk.controller.clock.now()))
        assert desk.core.state.mode == "downtime"
        await desk.controller.ask(TimerDue(desk.controller.clock.now(), "downtime:leave"))
        assert desk.core.state.mode == "ready"


@virtual
async def test_who_is_named_in_a_late_entry_says_whether_it_was_they() -> None:
    """On their own page, whenever they come; until then it stands as not confirmed, and nobody waits for it."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, OTHER_NURSE) as named:
        await goes_down(desk, 60)
        moment = desk.controller.clock.now().utc - timedelta(minutes=30)
        wish = {"kind": "withdraw", "authority": "late", "pocket": desk.pocket_of(PLAIN), "units": 1, "patient": PATIENT}
        said = {"id": "a1", "true_at": moment.isoformat(), "taken_by": OTHER_NURSE, **wish}
        assert (await client.post("/api/v1/accesses", json=said)).json()["phase"] == "settled"
        assert "did you take this?" in (await named.get("/shift")).text
        assert "It was not me" in (await named.get("/debts/confirm-a1")).text
        await named.post("/debts/confirm-a1/word", data={"is_true": "true"})
        assert "did you take this?" not in (await named.get("/shift")).text
        (settled,) = [one for one in desk.journal.entries() if isinstance(one.fact, DebtSettled) and one.fact.debt == "confirm-a1"]
        assert (settled.staff, settled.fact.how) == (OTHER_NURSE, "confirmed")  # type: ignore[attr-defined]
