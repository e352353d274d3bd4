"""Pick lists, unknown codes and discrepancies over HTTP: what a person sees and presses, what a program posts, and what is printed."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pypdf
import pytest
from sqlalchemy import insert

from cabinet.domain.facts import (
    AccessMoved,
    AccessRequested,
    Basis,
    CodeLinked,
    CodeParked,
    DiscrepancyFound,
    DiscrepancyResolved,
    RefillAsked,
    SheetClosed,
)
from cabinet.domain.package import barcode
from cabinet.domain.vocabulary import DiscrepancyId, ItemId, PocketId, ScannedCode, SessionId, Units
from cabinet.messages import Need, RestockReport, encode, topic
from central.app import make_app
from central.database.place import MEMORY, Database
from central.database.table import DISCREPANCY
from central.feed import Feed
from central.gate import Gate
from central.office import Office
from central.post import read
from central.restock.paper import LABEL, barcode_of
from central.restock.process import code_desk, plug
from central.restock.rule.picklist import Stage
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.ports.test_central_restock import CABINET, LIST, Pharmacy, refilled
from tests.post import NOW, journal_post

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

NARROWEST_PT = 0.19 * 72 / 25.4
"""What a label printer of 203 dots an inch prints well, 1.5 dots, in points."""
KEY = "gtin:04012345678901"
GTIN = "00304069001016"
"""Carries the NDC of aspirin in the tests' formulary."""


@pytest.fixture
def pharmacy() -> Iterator[Pharmacy]:
    made = Pharmacy(Database(MEMORY).prepare())
    yield made
    made.ingest.close()


@pytest.fixture
async def http(pharmacy: Pharmacy) -> AsyncIterator[httpx.AsyncClient]:
    async with client(pharmacy, Gate()) as asked:
        yield asked


def client(pharmacy: Pharmacy, gate: Gate) -> httpx.AsyncClient:
    """Somebody before the pages."""
    office = Office(pharmacy.database, _never, lambda: pharmacy.at)
    desk = code_desk(pharmacy.room, pharmacy.database, pharmacy.documents, Feed())
    app = make_app(office, "Test", pharmacy.documents, gate, plugs=[plug(pharmacy.room, desk, office.inquiry)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


async def test_a_program_goes_the_whole_way_by_the_api(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """What the pages do a pharmacy's own system may do too, in somebody's name; each answer is the list as it stands."""
    [made] = (await http.post("/api/v1/picklists", json={"cabinets": [CABINET], "by": "tom"})).json()
    assert (made["id"], made["stage"], [line["title"] for line in made["lines"]]) == (
        LIST, "made", ["oxycodone 5 mg tablet", "aspirin 5 mg tablet"],
    )  # fmt: skip
    at = f"/api/v1/picklists/{LIST}"
    for line in made["lines"]:
        await http.post(f"{at}/lines/{line['number']}/pick", json={"units": line["units"], "by": "tom", "lot": "L1"})
    assert (await http.post(f"{at}/picked", json={"by": "tom"})).json()["stage"] == "picked"
    early = await http.post(f"{at}/checked", json={"by": "pia"})
    assert (early.status_code, early.json()["code"]) == (422, "picklist.unchecked")
    assert (await http.post(f"{at}/lines/1/check", json={"by": "tom"})).json()["code"] == "picklist.own"
    back = await http.post(f"{at}/lines/1/back", json={"by": "pia", "why": "wrong strength"})
    assert back.json()["stage"] == "picking"
    await http.post(f"{at}/lines/1/pick", json={"units": 10, "by": "tom"})
    for act in ("picked", "lines/1/check", "checked"):
        await http.post(f"{at}/{act}", json={"by": "pia"})
    sent = (await http.post(f"{at}/sent", json={"by": "pia", "carried_by": "tom"})).json()
    assert (sent["stage"], sent["lines"][0]["sheet"]) == ("on_its_way", "260302-001")
    assert (await http.post(f"{at}/cancelled", json={"by": "pia", "why": "no"})).status_code == 409
    assert [one["id"] for one in (await http.get("/api/v1/picklists")).json()] == [LIST]
    assert (await http.get("/api/v1/picklists", params={"stage": "closed"})).json() == []
    assert (await http.get("/api/v1/picklists/p1")).json()["code"] == "picklist.unknown"


async def test_who_may_not_change_makes_no_list(pharmacy: Pharmacy) -> None:
    """On an address beyond loopback nothing is done without a proof."""
    async with client(pharmacy, Gate(token="secret", readers="anyone")) as asked:
        assert (await asked.post("/api/v1/picklists", json={"by": "tom"})).status_code == 401
        assert (await asked.post("/restock/lists", data={"by": "tom"})).status_code == 401
        bearing = {"Authorization": "Bearer secret"}
        assert (await asked.post("/api/v1/picklists", json={}, headers=bearing)).json()["code"] == "person.unnamed"
    assert pharmacy.lists() == []


async def test_the_board_and_a_list_are_worked_by_forms(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """Without a script too; what may not be done is said on the page, and nothing of it is kept."""
    board = (await http.get("/restock")).text
    assert "What is about to run out" in board
    assert board.index("oxycodone") < board.index("aspirin"), "what is out stands first"
    assert "Say who you are" in (await http.post("/restock/lists", data={"what": "", "by": " "})).text
    await http.post("/restock/lists", data={"what": f"cabinet:{CABINET}", "by": "tom"})
    assert LIST in (await http.get("/parts/board")).text
    page = f"/restock/lists/{LIST}"
    refused = await http.post(f"{page}/lines/2/pick", data={"units": "3", "by": "tom"})
    assert (refused.status_code, "Say why it is fewer than 16" in refused.text) == (422, True)
    kept = await http.post(f"{page}/lines/2/pick", data={"units": "3", "by": "tom", "lot": "TYPED-1", "is_scanned": "true"})
    assert 'value="TYPED-1"' in kept.text, "what was typed is there still when the reason is asked for"
    assert 'name="is_scanned" value="true"' in kept.text
    done = await http.post(f"{page}/lines/2/pick", data={"units": "3", "by": "tom", "reason": "too_few", "expiry": "2027-01-31"})
    assert (done.status_code, done.headers["location"]) == (303, f"{page}#line-2")
    assert "expires 2027-01-31" in (await http.get(f"/parts/picklist/{LIST}")).text
    asked = await http.post("/restock/asked", data={"cabinet": CABINET, "pocket": "p9", "by": "nina"})
    assert "nothing in a pocket p9" in asked.text
    await http.post(f"{page}/cancelled", data={"by": "tom", "why": "the bag broke"})
    assert "the bag broke" in (await http.get(page)).text


async def test_a_refill_that_a_nurse_asked_for_stands_on_the_board_and_then_once_on_a_list(
    pharmacy: Pharmacy, http: httpx.AsyncClient
) -> None:
    """From the fact to the page: whoever makes lists sees who waits and since when; the ask is on the next list and on no second one."""
    assert "asked for it" not in (await http.get("/restock")).text
    asked = pharmacy.wards[CABINET].tells((RefillAsked(PocketId("p1"), ItemId("aspirin")), None))
    pharmacy.ingest.take([journal_post(asked, cabinet=CABINET)], NOW)
    pharmacy.at += timedelta(minutes=25)
    needs = [
        Need("p1", "aspirin", 4, 8, 20, 16, "soon", "below_min", asked[0]["at"]),
        Need("p2", "oxycodone", 0, 8, 10, 10, "stat", "stock_out"),
    ]
    post = read(topic(CABINET, "up/restock"), encode(RestockReport(1, len(pharmacy.wards[CABINET].facts), NOW, needs)))
    assert post is not None
    pharmacy.ingest.take([post], NOW)
    board = (await http.get("/restock")).text
    assert "<b>tom asked for it 25 min ago</b> (2026-03-02 04:40 UTC)" in board
    assert board.count("asked for it") == 1
    await http.post("/restock/lists", data={"what": f"cabinet:{CABINET}", "by": "pia"})
    await http.post("/restock/lists", data={"what": "", "by": "pia"})
    lines = [(one.cabinet, line.pocket) for one in pharmacy.room.store.lists(tuple(Stage)) for line in one.lines]
    assert lines.count((CABINET, "p1")) == 1
    board = (await http.get("/restock")).text
    assert board.count("tom asked for it 25 min ago") == 1, "on its list's ticket, since nothing was put in yet"
    assert "tom asked for it 25 min ago" in (await http.get(f"/restock/lists/{LIST}")).text
    pharmacy.needs(CABINET)
    assert "asked for it" not in (await http.get("/restock")).text


async def test_the_board_says_how_far_lists_are_made_and_everybody_goes_on_meanwhile(any_database: Database) -> None:
    """Lists of a fleet take a while: who waits for them sees it, and no page, ack or stream waits with them."""
    made = Pharmacy(any_database)
    async with client(made, Gate()) as http:
        await http.get("/parts/board")
        making = asyncio.create_task(made.room.make("pia"))
        with made.database.engine.begin() as other:  # whoever writes now keeps the lists waiting
            if made.database.dialect == "postgresql":
                other.exec_driver_sql("lock table pick_list in exclusive mode")
            board = (await asyncio.wait_for(http.get("/parts/board"), 4)).text
            assert "Making lists (by hand): 0 of 2 cabinets, 0 lists, for pia." in board
            assert not making.done()
        assert [one.cabinet for one in await making] == ["ward-1", "ward-2"]
        assert "Making lists (" not in (await http.get("/parts/board")).text
    made.ingest.close()


async def test_a_controlled_line_that_does_not_arrive_is_late_on_the_board(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """A cabinet that is out of reach raises no alarm: the pharmacy sees by its own clock what should be there by now."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    pharmacy.sent()
    pharmacy.at += timedelta(minutes=119)
    assert "controlled, late" not in (await http.get("/parts/board")).text
    pharmacy.at += timedelta(minutes=2)
    assert "controlled, late" in (await http.get("/parts/board")).text
    pharmacy.hears(CABINET, *refilled("p2", "oxycodone", 10, "a1"))
    await pharmacy.room.follow()
    assert "controlled, late" not in (await http.get("/parts/board")).text


async def test_why_fewer_were_picked_is_told_to_the_end(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """Who opens a list that left, or is closed, reads why six came where ten were asked for, and reads it once."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    pharmacy.sent(short=True)
    assert (await http.get(f"/restock/lists/{LIST}")).text.count("too few") == 1
    pharmacy.hears(CABINET, *refilled("p2", "oxycodone", 6, "a1"))
    await pharmacy.room.follow()
    assert (await http.get(f"/restock/lists/{LIST}")).text.count("too few") == 1


async def test_an_ndc_that_is_typed_finds_its_line_and_is_no_scan(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """A torn bar code leaves the number that is printed, dashes and all; it says neither lot nor expiry, and nobody scanned it."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    page = (await http.get(f"/restock/lists/{LIST}", params={"scan": " 0406-9001-01 "})).text
    assert "cannot be read" not in page
    assert "on no line" not in page
    assert 'name="is_scanned"' not in page
    assert "is on no line" in (await http.get(f"/restock/lists/{LIST}", params={"scan": "0406-7777-01"})).text
    assert "cannot be read" in (await http.get(f"/restock/lists/{LIST}", params={"scan": "0406-"})).text


@pytest.mark.parametrize("scan", [f"]d201{GTIN}1727013110LOT9", f"01{GTIN}1727013110LOT9"])
async def test_a_package_finds_its_line_and_brings_lot_and_expiry(pharmacy: Pharmacy, http: httpx.AsyncClient, scan: str) -> None:
    """As the cabinet's scanner sends it, and as one that types like a keyboard does."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    page = (await http.get(f"/restock/lists/{LIST}", params={"scan": scan})).text
    line = page[page.index('id="line-2"') :]
    assert 'value="LOT9"' in line
    assert 'value="2027-01-31"' in line
    assert 'name="is_scanned" value="true"' in line


@pytest.mark.parametrize(("scan", "said"), [("04012345678901", "is on no line"), ("???", "cannot be read")])
async def test_what_is_on_no_line_or_no_code_is_said(pharmacy: Pharmacy, http: httpx.AsyncClient, scan: str, said: str) -> None:
    """Before it is in the bag."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    assert said in (await http.get(f"/restock/lists/{LIST}", params={"scan": scan})).text


async def test_list_and_labels_are_printed(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """A label for each bag, none for what is short; the same paper by page and by API."""
    await pharmacy.room.make("tom", cabinets=[CABINET])
    sent = pharmacy.sent(short=True)
    for place in (f"/restock/lists/{LIST}", f"/api/v1/picklists/{LIST}"):
        listed = pypdf.PdfReader(io.BytesIO((await http.get(f"{place}/list.pdf")).content))
        words = listed.pages[0].extract_text()
        assert all(word in words for word in (LIST, CABINET, "aspirin 5 mg tablet", "too few", "pia", "tom"))
        labels = pypdf.PdfReader(io.BytesIO((await http.get(f"{place}/labels.pdf")).content))
        assert [page.extract_text().splitlines()[0] for page in labels.pages] == ["oxycodone 5 mg tablet", "aspirin 5 mg tablet"]
        assert f"sheet {sent.line(1).sheet}" in labels.pages[0].extract_text()
        assert f"(01) {GTIN} (17) 270131 (10) L1" in labels.pages[1].extract_text()


async def test_a_long_list_has_several_pages(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """And no line is lost between two of them."""
    needs = [(f"q{number}", "aspirin", 0, 10, "stock_out") for number in range(60)]
    pharmacy.needs(CABINET, *needs)
    [one] = await pharmacy.room.make("tom", cabinets=[CABINET])
    paper = pypdf.PdfReader(io.BytesIO((await http.get(f"/restock/lists/{one.id}/list.pdf")).content))
    words = "\n".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) == 4
    assert all(f"q{number}\n" in words for number in range(60))


@pytest.mark.parametrize(("lot", "holds"), [("L1", True), ("ABCDEFGHIJ1234567890", True), ("ABCDEFGHIJ12345678901", False), ("Lös", False)])
def test_the_bar_code_of_a_label_is_read_back_by_the_cabinet(lot: str, holds: bool) -> None:
    """It fits the label, its narrowest bar can be printed, and is read as what it says; what is too long is left out."""
    code, _spelled = barcode_of(GTIN, lot, "2027-01-31")
    read = barcode.read("]C1" + code.value.removeprefix("\xf1"), 2026)
    assert isinstance(read, ScannedCode)
    assert (read.gtin, read.expiry, read.lot) == (GTIN, "2027-01-31", lot if holds else None)
    assert code.width <= LABEL[0]
    assert code.barWidth >= NARROWEST_PT


async def test_a_pharmacist_links_a_code_that_waits_and_every_cabinet_is_told(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """Compared on the page; what the formulary gives to another item is refused, and a word can be taken back."""
    pharmacy.hears(CABINET, (CodeParked(KEY, PocketId("p1"), ItemId("aspirin")), "a1"))
    pharmacy.hears("ward-2", (CodeParked("ndc:0406900201", PocketId("p1"), ItemId("aspirin")), "a1"))
    assert "pocket p1, which holds <b>aspirin 5 mg tablet</b>" in (await http.get("/codes")).text
    assert [alert.code for alert in pharmacy.room.inquiry.alerts(CABINET)] == ["code.parked"]
    wrong = await http.post("/codes/ndc:0406900201/link", data={"item": "aspirin", "by": "pia"})
    assert (wrong.status_code, "is oxycodone by the formulary" in wrong.text) == (409, True)
    assert (await http.post(f"/codes/{KEY}/link", data={"item": "unheard-of", "by": "pia"})).status_code == 422
    assert (await http.post(f"/codes/{KEY}/link", data={"item": "aspirin", "by": "pia"})).status_code == 303
    assert (await http.post("/codes/ndc:0406900201/dismissal", data={"why": " ", "by": "pia"})).status_code == 422
    await http.post("/codes/ndc:0406900201/dismissal", data={"why": "it is oxycodone", "by": "pia"})
    assert pharmacy.told("codes", "*") == {
        KEY: {"id": KEY, "item": "aspirin"}, "ndc:0406900201": {"id": "ndc:0406900201", "why": "it is oxycodone"},
    }  # fmt: skip
    assert "No code waits" in (await http.get("/parts/codes")).text
    await http.post(f"/codes/{KEY}/taken-back", data={"by": "pia"})
    assert KEY not in pharmacy.told("codes", "*")
    pharmacy.hears(CABINET, (CodeLinked(KEY, ItemId("aspirin")), None))
    assert "No code waits" in (await http.get("/codes")).text, "linked at the cabinet, it waits no longer"


def off(name: str, pocket: str, expected: int, counted: int, since: int = 3) -> DiscrepancyFound:
    """A count that did not agree."""
    return DiscrepancyFound(DiscrepancyId(name), PocketId(pocket), ItemId("aspirin"), Units(expected), Units(counted), Basis.PERSON, since)


async def test_discrepancies_stand_by_age_with_what_may_explain_them(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """The interval, its facts and clues, and no name; what was explained is counted by its reason."""
    refill = AccessRequested("refill", PocketId("p1"), ItemId("aspirin"), Units(5), "none", SessionId("s"))
    pharmacy.hears(CABINET, (refill, "a7"), (AccessMoved("open", "cancelled", "told"), "a7"), (off("d1", "p1", 9, 4), None))
    pharmacy.hears(CABINET, (off("d2", "p3", 15, 20), None), (off("d3", "transit", 6, 4), None))
    pharmacy.hears("ward-2", (off("d4", "p1", 4, 3), None), (DiscrepancyResolved(DiscrepancyId("d4"), "miscounted"), None))
    page = (await http.get("/discrepancies")).text
    assert [page.count(words) for words in ("<b>-5</b>", "<b>+5</b>", "in transit", "miscounted: 1")] == [1, 1, 1, 1]
    assert "ward-2 ·" not in (await http.get("/parts/discrepancies", params={"cabinet": CABINET})).text
    one = (await http.get(f"/discrepancies/{CABINET}/d1")).text
    for clue in ("Pocket p3 of this cabinet (the same item) is off by as many", "refilled in between", "given up in between"):
        assert clue in one
    assert "tom" not in one, "an interval names nobody"
    assert "left on a numbered sheet" in (await http.get(f"/discrepancies/{CABINET}/d3")).text
    assert (await http.get(f"/discrepancies/{CABINET}/d9")).status_code == 404


async def test_a_transfer_that_arrives_short_says_at_either_end_that_it_is_the_others(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """Two missing units are two and not four: whoever looks for them at one cabinet finds the other."""
    for cabinet, name in ((CABINET, "d1"), ("ward-2", "d2")):
        pharmacy.hears(cabinet, (off(name, "transit", 6, 4), None), (SheetClosed("B-77", 2, "spilt"), None))
    pharmacy.hears("ward-2", (off("d3", "transit", 6, 4), None), (SheetClosed("B-78", 2, "spilt"), None))
    page = (await http.get("/discrepancies")).text
    assert (page.count("sheet B-77"), page.count("sheet B-78"), page.count("the same units as at")) == (2, 1, 2)
    assert 'href="/discrepancies/ward-2/d2">The other end is at ward-2' in (await http.get(f"/discrepancies/{CABINET}/d1")).text
    assert "The other end" not in (await http.get("/discrepancies/ward-2/d3")).text


async def test_the_page_of_discrepancies_begins_with_the_oldest_however_many_there_are(pharmacy: Pharmacy, http: httpx.AsyncClient) -> None:
    """What nobody explained for longest is what somebody is answerable for: it is not what falls off the list."""
    with pharmacy.database.engine.begin() as conn:
        for number in range(1200):
            at = f"2026-02-01T00:{number // 60:02}:{number % 60:02}.000000Z"
            conn.execute(
                insert(DISCREPANCY).values(
                    cabinet=CABINET, discrepancy=f"d{number}", epoch=1, seq=1, at=at, pocket="p1", item="aspirin", expected=2, counted=1,
                    basis="person", since_seq=1,
                )
            )  # fmt: skip
    page = (await http.get("/discrepancies")).text
    assert f'/discrepancies/{CABINET}/d0"' in page
    assert f'/discrepancies/{CABINET}/d1199"' not in page
    assert "1200" in page
