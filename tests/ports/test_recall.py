"""Recall over the facts of real journals, on every database: what is where, who received it, and when a line is done."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.domain.facts import AccessMoved, AccessRequested, Account, Draft, Fact, JournalBegun, UnitsMoved
from cabinet.domain.vocabulary import ZERO_HASH, AccessId, Instant, PatientId, SessionId, StaffId, Units
from cabinet.messages import DocumentState, ItemSummary, StockReport, encode, envelope_of, seal, topic
from central.activity.follower import Follower
from central.activity.store import Store as ActivityStore
from central.app import make_app
from central.database.place import Database
from central.document.office import Approved
from central.document.room import DocumentRoom
from central.formulary.shelf import FormularyShelf
from central.ingest.store import Store
from central.office import Office
from central.post import Post, read
from central.recall.pages import plug
from central.recall.room import RecallRoom
from config.document import RecallRecord
from config.schema import Item
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database
from tests.post import AT, CABINET, ITEM, NOW, POCKET, Envelope, assigned, journal_post, state

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

MORNING = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)
LOT = RecallRecord(id="lot-1", scope="lot", value="L1", item=ITEM, why="particles")
KNOWN = Item.model_validate({
    "id": ITEM, "generic": "hydroxyzine", "tall_man": "hydrOXYzine", "strength": "25 mg", "form": "tablet",
    "ndc": "00000-0001-01", "count_unit": "tablet",
})  # fmt: skip


def taken(access: str, patient: str, units: int) -> list[tuple[str | None, Fact]]:
    asked = AccessRequested(
        "withdraw", POCKET, ITEM, Units(units), "order", SessionId("s"), PatientId(patient), order=f"o-{patient}"
    )  # fmt: skip
    moved = UnitsMoved(POCKET, ITEM, Units(units), Account.POCKET, Account.PATIENT)
    return [(access, asked), (access, moved), (access, AccessMoved("closed", "settled", "counted"))]


def put(units: int, lot: str | None) -> tuple[None, Fact]:
    return None, UnitsMoved(POCKET, ITEM, Units(units), Account.PHARMACY, Account.POCKET, lot, "2027-01-31")


def journal(*facts: tuple[str | None, Fact], start: int = 1, prev: str = ZERO_HASH) -> list[Envelope]:
    envelopes: list[Envelope] = []
    for seq, (access, fact) in enumerate(facts, start=start):
        draft = Draft(Instant(AT.utc, 0.0), fact, None if access is None else AccessId(access), StaffId("ana"))
        entry = seal(draft, epoch=1, seq=seq, fact_id=f"f{seq}", prev_hash=prev)
        envelopes.append(envelope_of(entry))
        prev = entry.hash
    return envelopes


WEEK = journal(
    (None, JournalBegun("uuid", CABINET, "test")), (None, assigned()), put(10, "L1"), *taken("a", "p-1", 2), *taken("b", "p-2", 1)
)


class House:
    """A pharmacy that holds a week of one cabinet, and has followed it."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database, _inline, lambda: MORNING)
        self.store = Store(database)
        self.documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: MORNING)
        self.room = RecallRoom(
            database, self.documents.office, FormularyShelf(self.documents.office, [KNOWN]), lambda: MORNING, self.office.feed
        )
        self._follower = Follower(ActivityStore(database))
        self.take(state(1, 1, 1, "online"), journal_post(WEEK))

    def take(self, *post: Post) -> None:
        self.store.take(post, NOW)
        self._follower.follow()

    def told(self, units: int, status: str) -> None:
        """The cabinet took the document, and reports its pocket."""
        newest = self.documents.office.shelf.newest("recall", "*")
        assert newest is not None
        held = DocumentState(newest.version, newest.sha256, "applied", "", NOW)
        self.documents.office.shelf.keep_held(CABINET, {"recall": held}, NOW)
        item = ItemSummary(ITEM, "hydrOXYzine", "25 mg", "tablet")
        report = StockReport(POCKET, item, units, "tablet", "units", 50, 10, 5, status, None, None, "journal", 1, 99, NOW)
        post = read(topic(CABINET, f"up/stock/{POCKET}"), encode(report))
        assert post is not None
        self.take(post)


async def _inline(job):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return job()


@pytest.fixture
def house(server_database: Database) -> Iterator[House]:
    house = House(server_database)
    yield house
    house.store.close()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(house.office, "Test pharmacy", house.documents, plugs=[plug(house.room)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", follow_redirects=True) as client:
        yield client


async def test_what_is_where_and_who_received_it(house: House) -> None:
    """The pharmacist's two questions, from the facts alone, before anything is called back."""
    found = await house.room.find(LOT)
    assert [(one.cabinet, one.pocket, one.units, one.lots) for one in found.lying] == [(CABINET, POCKET, 7, ("L1",))]
    assert {(one.patient, one.units, one.is_certain, one.staff) for one in found.received} == {
        ("p-1", 2, True, "ana"), ("p-2", 1, True, "ana"),
    }  # fmt: skip
    other = await house.room.find(RecallRecord(id="x", scope="lot", value="L9", item=ITEM, why="w"))
    assert (other.lying, other.received) == ([], [])
    by_ndc = await house.room.find(RecallRecord(id="x", scope="ndc", value="00000-0001-01", why="w"))
    assert by_ndc.lying == found.lying


async def test_a_recall_is_followed_until_the_pocket_is_empty(house: House) -> None:
    """Told is not blocked, blocked is not pulled, and only an empty pocket, or another lot in it, is done."""
    await house.room.begin(LOT, "pia")
    (row,) = house.room.progress("lot-1")
    assert (row.told, [line.state for line in row.lines], row.lines[0].units_now) == ("behind", ["waits"], 7)
    house.told(7, "ok")
    assert house.room.progress("lot-1")[0].lines[0].state == "waits", "the document is there, and the pocket still open"
    house.told(7, "quarantined")
    assert house.room.progress("lot-1")[0].lines[0].state == "quarantined"
    pulled = UnitsMoved(POCKET, ITEM, Units(7), Account.POCKET, Account.EXPIRED)
    house.take(journal_post(journal((None, pulled), start=len(WEEK) + 1, prev=WEEK[-1]["hash"])))
    (row,) = house.room.progress("lot-1")
    assert (row.told, row.pulled, row.lines[0].lying.units) == ("current", 1, 7)


async def test_another_lot_in_the_emptied_pocket_is_not_called_back(house: House) -> None:
    """The shelf goes on while the recall stands."""
    await house.room.begin(LOT, "pia")
    out = UnitsMoved(POCKET, ITEM, Units(7), Account.POCKET, Account.EXPIRED)
    house.take(journal_post(journal((None, out), put(20, "L2"), start=len(WEEK) + 1, prev=WEEK[-1]["hash"])))
    house.told(20, "ok")
    assert house.room.progress("lot-1")[0].lines[0].state == "pulled"


async def test_the_same_is_not_called_back_twice_and_is_lifted_once(house: House) -> None:
    """Each act is one person's, with a reason."""
    await house.room.begin(LOT, "pia")
    with pytest.raises(Exception, match="already"):
        await house.room.begin(LOT, "pia")
    assert house.room.lift("lot-1", "pia", "all returned").lifted_by == "pia"
    assert house.documents.office.shelf.whole("recall", "*") == {}
    with pytest.raises(Exception, match="already"):
        house.room.lift("lot-1", "pia", "again")


async def test_what_a_program_called_back_by_the_document_itself_is_followed_too(house: House) -> None:
    """One list of recalls, whichever way they came and went."""
    house.documents.office.issue(Approved("recall", "robot", (LOT,)))
    (made,) = await house.room.all()
    assert (made.recall, made.begun_by, made.lifted_at) == ("lot-1", "robot", "")
    assert [line.lying.units for line in house.room.progress("lot-1")[0].lines] == [7]
    house.documents.office.issue(Approved("recall", "pia", gone=("lot-1",)))
    (made,) = await house.room.all()
    assert made.lifted_by == "pia"


async def test_a_pharmacist_sees_what_it_means_then_calls_back(http: httpx.AsyncClient, house: House) -> None:
    """Preview, one action, progress, patients: the pages and the API say the same."""
    form = {"scope": "lot", "item": ITEM, "value": "L1", "why": "particles", "number": "FDA-1"}
    preview = (await http.post("/recalls/preview", data=form)).text
    assert "7 units in 1 pocket of 1 cabinet" in preview
    assert "p-1" in preview
    assert house.room.book.all() == [], "nothing is called back by looking"
    page = await http.post("/recalls", data=form)
    assert page.status_code == 200
    assert "0 of 1 pocket pulled" in page.text
    made = (await http.get("/api/v1/recalls")).json()[0]
    assert (made["scope"], made["value"], made["item"], made["number"], made["begun_by"]) == ("lot", "L1", ITEM, "FDA-1", "unproven")
    told = (await http.get(f"/api/v1/recalls/{made['recall']}")).json()
    assert told["cabinets"][0]["lines"][0]["lying"]["units"] == 7
    listed = (await http.get(f"/recalls/{made['recall']}/received.csv")).text
    assert f"{CABINET},p-1,{ITEM},2,,ana,True" in listed
    assert (await http.post("/recalls/preview", data=form | {"item": "nothing"})).status_code == 422
    await http.post(f"/recalls/{made['recall']}/lift", data={"why": "all returned"})
    assert ">not pulled<" in (await http.get(f"/recalls/{made['recall']}")).text, "nothing waits for a recall that was lifted"
    assert "lifted" in (await http.get("/recalls")).text


async def test_an_item_is_called_back_by_naming_it_alone(http: httpx.AsyncClient) -> None:
    """Whoever calls back all of an item has no lot to type, and is not sent away for it; called back again, it says what to do."""
    form = {"scope": "item", "item": ITEM, "value": "", "why": "particles", "number": ""}
    preview = await http.post("/recalls/preview", data=form)
    assert (preview.status_code, "Call back at every cabinet" in preview.text) == (200, True)
    assert "0 of 1 pocket" in (await http.post("/recalls", data=form)).text
    no_lot = await http.post("/recalls/preview", data=form | {"scope": "lot"})
    assert (no_lot.status_code, "Not done." in no_lot.text) == (422, True)
    made = (await http.get("/api/v1/recalls")).json()[0]["recall"]
    await http.post(f"/recalls/{made}/lift", data={"why": "it was another maker's"})
    assert "give this one a number of its own" in (await http.post("/recalls", data=form)).text


async def test_nothing_in_the_list_of_who_received_it_is_a_formula(http: httpx.AsyncClient, house: House) -> None:
    """A record number comes from elsewhere, and a spreadsheet runs what begins with an equals sign."""
    another = journal(*taken("c", "=1+1", 1), start=len(WEEK) + 1, prev=WEEK[-1]["hash"])
    house.take(journal_post(another))
    await house.room.begin(LOT, "pia")
    listed = (await http.get("/recalls/lot-1/received.csv")).text
    assert ",'=1+1," in listed


async def test_a_recall_says_why_it_was_lifted(http: httpx.AsyncClient, house: House) -> None:
    """Who opens a pocket again on somebody's word can read that word, on the page and years later."""
    await house.room.begin(LOT, "pia")
    page = await http.post("/recalls/lot-1/lift", data={"why": "the maker cleared it"})
    assert "Lifted because: the maker cleared it" in page.text
    assert "the maker cleared it" in (await http.get("/recalls")).text
    assert (await http.get("/api/v1/recalls/lot-1")).json()["recall"]["lifted_why"] == "the maker cleared it"


@pytest.mark.parametrize("typed", ["00000-0001-01", "00000000101", "ndc:0000000101"])
async def test_an_ndc_is_called_back_however_it_is_typed_and_named_by_its_item(http: httpx.AsyncClient, house: House, typed: str) -> None:
    """A label has dashes, a wholesaler's letter eleven digits; cabinets are told the one that the formulary has."""
    said = {"scope": "ndc", "value": typed, "why": "label"}
    title = "hydrOXYzine 25 mg tablet, NDC 00000-0001-01"
    assert title in (await http.post("/recalls/preview", data=said)).text
    assert title in (await http.post("/recalls", data=said)).text
    (record,) = house.documents.office.shelf.whole("recall", "*").values()
    assert (record["id"], record["value"]) == ("ndc-00000-0001-01", "00000-0001-01")
