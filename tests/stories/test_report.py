"""Stories of people who draw the record up at the cabinet: an auditor, a charge nurse in a downtime, a nurse who may not."""

import asyncio
import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

import config
from cabinet.adapters.journal_lock import WriterLock
from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain.core import World
from cabinet.domain.facts import ReportDrawn
from cabinet.domain.layout import Lock
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import PocketId, StaffId
from cabinet.report.names import REPORTS
from tests.browser.test_kiosk_touch import served
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PHARMACIST, PIN, TECHNICIAN, TELLTALE, Desk, demo_world, open_desk
from tests.virtual import virtual

BLIND = "oxycodone-5-tab"
VERIFIED = "lorazepam-1-tab"
AUDITOR = "ines-auditor"
DEMO = Path(config.__file__).parent / "sites/demo.toml"
HASH = re.compile("[0-9a-f]{64}")
"""Holds every number sooner or later."""


def audited(units: dict[str, int] | None = None) -> World:
    """The demo ward with an auditor among its staff."""
    world = demo_world(units)
    return replace(world, staff={**world.staff, StaffId(AUDITOR): Staff(StaffId(AUDITOR), "Inès Ångström", Role.AUDITOR)})


async def withdrawn(desk: Desk, who: str, access: str, item: str, count: int) -> None:
    """A dose is taken by a patient's order after a count."""
    order = next(one for patient in desk.world.patients.values() for one in patient.orders if one.item == item and one.is_verified)
    async with script(desk, who) as client:
        answer = await asked(client, access, kind="withdraw", order=order.id)
        assert answer.status_code == 201, answer.text
        await desk.calm()
        await client.post(f"/api/v1/accesses/{access}/count", json={"units": count})
        await client.post(f"/api/v1/accesses/{access}/confirm", json={"units": answer.json()["units"]})
        await desk.shut()
        await client.delete("/api/v1/sessions")


async def counted(desk: Desk, who: str, access: str, pocket: str, *counts: int) -> None:
    """A pocket is counted, perhaps twice."""
    async with script(desk, who) as client:
        assert (await asked(client, access, kind="count", pocket=pocket)).status_code == 201
        await desk.calm()
        for count in counts:
            await client.post(f"/api/v1/accesses/{access}/count", json={"units": count})
        await desk.shut()
        await client.delete("/api/v1/sessions")


def by_key(desk: Desk, pocket: str) -> tuple[Lock, ...]:
    """Somebody opens a pocket with the mechanical key."""
    layout = desk.world.layout
    path = layout.path(layout.pockets[PocketId(pocket)])
    for lock in path:
        desk.hardware.force(lock)
    return path


def printed(answer: httpx.Response) -> str:
    """What a printed report says."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)


@virtual
async def test_an_auditor_prints_who_had_a_pocket_open_between_two_counts() -> None:
    """Ward, the first three minutes, 2:50: two nurses, a key and a count that came out short, on paper with everybody in it alike."""
    async with open_desk(audited({BLIND: 30})) as desk:
        pocket = desk.pocket_of(BLIND)
        await withdrawn(desk, NURSE, "a1", BLIND, 30)
        await withdrawn(desk, OTHER_NURSE, "a2", VERIFIED, 26)
        by_key(desk, pocket)
        await desk.calm()
        await desk.shut()
        await counted(desk, TECHNICIAN, "a3", pocket, 28, 28)
        async with script(desk, AUDITOR) as auditor:
            (found,) = (await auditor.get("/api/v1/reports/discrepancies")).json()["tables"][0]["rows"]
            paper = printed(await auditor.get(f"/api/v1/reports/pocket?discrepancy={found['id']}&format=pdf"))
            (who, trace) = (await auditor.get(f"/api/v1/reports/pocket?pocket={pocket}")).json()["tables"]
        assert [row["who"] for row in who["rows"]] == ["Ana Reyes", "NOBODY NAMED", "Farid Haddad"]
        # Ben Okafor opened the drawer, and the lid of this pocket stayed shut: he is in the trace of its locks and had nothing open.
        for words in ("Who had pocket", "Ana Reyes", "NOBODY NAMED", "Farid Haddad", "by Ana Reyes: 30, as on record", "28, on record 29"):
            assert words in paper
        for words in ("ward-3-north", "hash", "no cleared medical device", "page 1 of", "drawn 2026-11-23", "Inès Ångström"):
            assert words in paper
        assert {"lock opened", "counted", "fault"} <= {row["what"] for row in trace["rows"]}


@virtual
async def test_the_auditor_does_it_at_the_screen_and_gets_the_same_file() -> None:
    """Choose, narrow, look, print: no command line stands between an auditor and the record."""
    async with open_desk(audited()) as desk:
        await withdrawn(desk, NURSE, "a1", BLIND, desk.units_in(desk.pocket_of(BLIND)))
        async with screen(desk, AUDITOR) as page:
            chosen = await page.get("/reports")
            assert 'href="/reports/pocket/narrow"' in chosen.text
            assert 'action="/reports/pocket"' in (await page.get("/reports/pocket/narrow")).text
            shown = await page.get(f"/reports/pocket?pocket={desk.pocket_of(BLIND)}&from=&to=&discrepancy=")
            assert "Ana Reyes" in shown.text
            assert "Ana Reyes" in printed(await page.get(f"/reports/pocket?pocket={desk.pocket_of(BLIND)}&format=pdf"))


@virtual
@pytest.mark.parametrize("name", [name for name, report in REPORTS.items() if not report.takes & {"discrepancy", "access", "lot"}])
async def test_every_report_has_its_page_and_its_three_forms(name: str) -> None:
    """What is on the list can be drawn."""
    async with open_desk(audited()) as desk, screen(desk, AUDITOR) as page, script(desk, AUDITOR) as client:
        assert (await page.get(f"/reports/{name}")).status_code == 200
        assert (await client.get(f"/api/v1/reports/{name}")).json()["report"] == name
        said = await client.get(f"/api/v1/reports/{name}", headers={"Accept": "text/csv"})
        assert said.headers["content-type"].startswith("text/csv")
        assert next(csv.reader(io.StringIO(said.text)))[0] == "table"
        assert printed(await client.get(f"/api/v1/reports/{name}", headers={"Accept": "application/pdf"}))


@virtual
@pytest.mark.parametrize("who", [NURSE, TECHNICIAN])
async def test_who_may_not_draw_reports_gets_none(who: str) -> None:
    """Who took what for whom is nobody's curiosity."""
    async with open_desk(audited()) as desk, script(desk, who) as client, screen(desk, who) as page:
        for path in ("/api/v1/reports", *(f"/api/v1/reports/{name}" for name in REPORTS)):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "policy.role"), path
        assert (await page.get("/reports")).status_code == 403


@virtual
async def test_a_charge_nurse_prints_the_downtime_page_and_learns_no_balance_that_she_may_have_to_count() -> None:
    """Report is hers, audit is not; and a blind count stays blind on paper."""
    async with open_desk(audited({BLIND: TELLTALE})) as desk, script(desk, CHARGE) as client:
        paper = printed(await client.get("/api/v1/reports/downtime?format=pdf"))
        assert "oxyCODONE" in paper
        assert str(TELLTALE) not in paper
        offered = {one["name"] for one in (await client.get("/api/v1/reports")).json()}
        assert "downtime" in offered
        assert "sign-ins" not in offered
        for name in offered - {"recipients"}:
            for form in ("json", "csv"):
                told = (await client.get(f"/api/v1/reports/{name}?format={form}")).text
                assert str(TELLTALE) not in HASH.sub("", told)
        assert (await client.get("/api/v1/reports/sign-ins")).status_code == 403


@virtual
async def test_a_pharmacist_sees_every_balance() -> None:
    """Whoever reconciles must see what is on record."""
    async with open_desk(audited({BLIND: TELLTALE})) as desk, script(desk, PHARMACIST) as client:
        assert str(TELLTALE) in (await client.get("/api/v1/reports/inventory?schedule=c2")).text


@virtual
async def test_an_inventory_is_as_of_the_moment_that_was_asked_for() -> None:
    """21 CFR 1304.11: what lay there at the turn of the year, drawn up in March; by schedule, C-II apart."""
    async with open_desk(audited({BLIND: 20, VERIFIED: 9})) as desk:
        await asyncio.sleep(60)
        before = desk.app.state.floor.now().utc.isoformat()
        await asyncio.sleep(60)
        await withdrawn(desk, NURSE, "w1", BLIND, 20)
        async with script(desk, PHARMACIST) as client:
            for words, units in (({"to": before}, 20), ({}, 19)):
                told = (await client.get("/api/v1/reports/inventory", params={"schedule": "c2", **words})).json()
                rows = {row["pocket"]: row["on_hand"] for table in told["tables"] for row in table["rows"]}
                assert rows[desk.pocket_of(BLIND)] == units
                assert desk.pocket_of(VERIFIED) not in rows


@virtual
async def test_what_cannot_be_answered_says_what_to_ask_instead() -> None:
    """A report that is narrowed wrongly and printed all the same tells something else than its heading."""
    async with open_desk(audited()) as desk, script(desk, AUDITOR) as client:
        for query, words in (
            ("inventory?person=x", "takes"),
            ("pocket", "--pocket"),
            ("activity?from=monday", "no moment"),
            ("keys?csv=/x", "no report"),
        ):
            answer = await client.get(f"/api/v1/reports/{query}")
            assert (answer.status_code, answer.json()["code"]) == (422, "report.asked")
            assert words in answer.json()["detail"]
        assert (await client.get("/api/v1/reports/nothing")).json()["code"] == "report.unknown"


@virtual
async def test_who_reads_the_record_is_on_record() -> None:
    """A report with names is drawn up for somebody, of a span; that stands in the record, and is listed like everything else."""
    async with open_desk(audited()) as desk, script(desk, AUDITOR) as client, script(desk, CHARGE) as charge:
        await client.get("/api/v1/reports/sign-ins?from=2026-11-01&person=ana-nurse&format=csv")
        await charge.get("/api/v1/reports/downtime?format=pdf")
        await charge.get("/api/v1/reports/sign-ins")
        drawn = [entry for entry in desk.journal.entries(0) if isinstance(entry.fact, ReportDrawn)]
        assert [(entry.staff, entry.fact) for entry in drawn] == [
            (AUDITOR, ReportDrawn("sign-ins", ["from=2026-11-01", "person=ana-nurse"], "csv"))
        ], "a page without names tells of nobody, and what is refused was not drawn"
        listed = (await client.get("/api/v1/reports/readings")).text
        for word in ("Inès Ångström", "person=ana-nurse", "2026-11-01", "csv"):
            assert word in listed, word


@pytest.mark.real
async def test_who_reads_the_record_from_the_command_line_may_leave_their_name(tmp_path: Path) -> None:
    """An auditor asks for reports that stand in the record too: by badge and PIN, as the role may, and drawn by the cabinet itself."""
    async with open_desk(audited()) as desk, served(desk.app) as address:
        place = ["--site", str(DEMO), "--state", str(tmp_path), "--kiosk-port", address.rpartition(":")[2]]

        async def adc(who: str, *words: str) -> Result:
            line = ["report", *words, "--badge", f"badge-{who}", *place]
            return await asyncio.to_thread(CliRunner().invoke, cli, line, env={"ADC_PIN": PIN})

        lock = WriterLock(tmp_path / "journal.db", "the cabinet of this test")
        refused = await adc(CHARGE, "sign-ins", "--csv", "-")
        assert refused.exit_code == ExitCode.NOT_AUTHORISED, refused.output
        done = await adc(AUDITOR, "sign-ins", "--person", NURSE, "--csv", "-")
        lock.release()
        assert (done.exit_code, "Sign-ins" in done.output or "table" in done.output) == (ExitCode.DONE, True), done.output
        drawn = [
            (entry.staff, entry.fact.report, entry.fact.asked) for entry in desk.journal.entries(0) if isinstance(entry.fact, ReportDrawn)
        ]
        assert drawn == [(AUDITOR, "sign-ins", [f"person={NURSE}"])]


def test_no_report_is_described_in_the_words_of_the_command_line() -> None:
    """The kiosk shows these sentences to whoever touches a screen; options have their own help."""
    assert [name for name, report in REPORTS.items() if "--" in report.sentence] == []
