"""The pharmacy's documents over HTTP: a change is approved and answered with where each cabinet stands; who may not change nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.courier.port import Parcel
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import DOCUMENTS, DocumentsReport, DocumentState, encode, topic
from central.app import make_app
from central.database.place import Database
from central.diary import Diary
from central.document.key import KeyUnusable, load_key
from central.document.process import DAILY
from central.document.room import DocumentRoom
from central.gate import Gate
from central.office import Office
from central.sheet.compare import SheetFact, as_csv, compare
from central.sheet.register import Sheet
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

NOW = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
ANA = {"id": "ana", "name": "Ana", "role": "nurse"}
PAR = {"pocket": "p1", "item": "item-1", "par": 30, "min": 10, "critical_low": 5}
ITEM = {
    "id": "aspirin-81", "generic": "aspirin", "tall_man": "aspirin", "strength": "81 mg", "form": "tablet", "ndc": "0904-6751-61",
    "count_unit": "tablet",
}  # fmt: skip


@pytest.fixture
def room(server_database: Database) -> DocumentRoom:
    """Documents over a database of each kind."""
    return DocumentRoom(server_database, Ed25519PrivateKey.generate(), lambda: NOW)


def client(room: DocumentRoom, gate: Gate | None = None) -> httpx.AsyncClient:
    office = Office(room._database, _never, lambda: NOW)  # noqa: SLF001 - the same database behind both
    return httpx.AsyncClient(transport=httpx.ASGITransport(make_app(office, "Test", room, gate)), base_url="http://test")


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@pytest.fixture
async def http(room: DocumentRoom) -> AsyncIterator[httpx.AsyncClient]:
    async with client(room) as asked:
        yield asked


def has(room: DocumentRoom, cabinet: str, **states: DocumentState) -> None:
    """A cabinet says what it has."""
    said = {document: states.get(document, DocumentState()) for document in DOCUMENTS}
    report = DocumentsReport(**said, epoch=1, seq=1, at=utc_text(NOW), key_id=None)
    room.dispatch._hear(Parcel(topic(cabinet, "up/documents"), encode(report)))  # noqa: SLF001 - as the courier calls it


async def test_a_change_becomes_a_version_with_who_approved_it(http: httpx.AsyncClient) -> None:
    """A second one holds only what differs; the same again makes none."""
    body = {"approved_by": "pia", "why": "new on 4 South", "records": [ANA]}
    made = (await http.post("/api/v1/staff", json=body)).json()
    assert (made["version"], made["scope"], made["approved_by"]) == (1, "*", "pia")
    assert (await http.post("/api/v1/staff", json=body)).json()["version"] == 1
    gone = await http.post("/api/v1/staff", json={"approved_by": "hugo", "gone": ["ana"]})
    assert (gone.status_code, gone.json()["version"]) == (201, 2)
    table = (await http.get("/api/v1/documents/staff")).json()
    assert table["records"] == []
    assert [(one["version"], one["approved_by"]) for one in table["versions"]] == [(2, "hugo"), (1, "pia")]


async def test_a_whole_staff_list_with_nobody_on_it_is_a_mistake(http: httpx.AsyncClient) -> None:
    """A file that came out empty must not switch a hospital's staff off at every cabinet."""
    await http.post("/api/v1/staff", json={"approved_by": "pia", "records": [ANA]})
    refused = await http.post("/api/v1/staff", json={"approved_by": "pia", "whole": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "document.nobody")
    assert [one["id"] for one in (await http.get("/api/v1/documents/staff")).json()["records"]] == ["ana"]


async def test_a_delta_holds_what_differs_from_any_version_that_is_held(room: DocumentRoom) -> None:
    """Sent where the version is known, whatever it is; whole where it is not."""
    async with client(room) as http:
        for records, gone in (([ANA, ANA | {"id": "ben"}], []), ([ANA | {"name": "Ana R"}], ["ben"]), ([ANA | {"id": "cleo"}], [])):
            await http.post("/api/v1/staff", json={"approved_by": "pia", "records": records, "gone": gone})
    shelf = room.office.shelf
    first, second = shelf.since("staff", "*", 1), shelf.since("staff", "*", 2)
    assert (sorted(first.records), list(first.gone)) == (["ana", "cleo"], ["ben"])
    assert (sorted(second.records), list(second.gone)) == (["cleo"], [])
    assert sorted(shelf.whole("staff", "*")) == ["ana", "cleo"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/pars", {"records": [PAR]}),
        ("/pars", {"cabinet": "ward-1", "records": [PAR | {"min": 40}]}),
        ("/pars", {"cabinet": "ward-1", "records": [PAR, PAR]}),
        ("/staff", {"records": [ANA | {"badge": "1001"}]}),
        ("/staff", {"records": [ANA | {"role": "boss"}]}),
        ("/staff", {"records": [ANA], "unheard": 1}),
        ("/formulary", {"records": [ITEM | {"look_alikes": ["nobody"]}]}),
        ("/recalls", {"records": [{"id": "r", "scope": "lot", "value": "L1", "why": "glass"}]}),
        ("/orders", {"cabinet": "ward-1", "records": [{"id": "p", "name": "P"}]}),
        ("/sheets", {"cabinet": "ward-1", "item": "x", "units": 0, "issued_by": "v", "carried_by": "t"}),
    ],
)
async def test_what_no_cabinet_could_take_is_not_issued(http: httpx.AsyncClient, path: str, body: dict[str, object]) -> None:
    """Said at once, to who made it, instead of by forty cabinets later."""
    answer = await http.post(f"/api/v1{path}", json=body if path == "/sheets" else {"approved_by": "pia", **body})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_fleet_that_lacks_a_version_is_counted_whole_and_listed_by_pages(room: DocumentRoom, http: httpx.AsyncClient) -> None:
    """The page stays as long whatever the fleet; it says how many it leaves out, and a program gets all of them cabinet by cabinet."""
    made = (await http.post("/api/v1/staff", json={"approved_by": "pia", "records": [ANA]})).json()
    (await http.post("/api/v1/formulary", json={"approved_by": "pia", "records": []})).raise_for_status()
    for number in range(150):
        has(room, f"c{number:03}", formulary=DocumentState())
    page = (await http.get("/documents")).text
    lacking = len((await http.get("/api/v1/documents?is_current=false")).json())
    assert lacking > 100
    assert f"The worst 100 of {lacking} are shown" in page
    has(room, "c000", staff=DocumentState(1, made["sha256"], "applied", "", made["issued_at"], 0))
    assert f"The worst 100 of {lacking - 1} are shown" in (await http.get("/documents")).text, "counted anew once a cabinet has it"
    found, after = [], ""
    while rows := (await http.get("/api/v1/documents", params={"limit": 40, "after": after})).json():
        assert len(rows) < 50
        found, after = found + rows, rows[-1]["cabinet"]
    assert found == (await http.get("/api/v1/documents")).json()


async def test_drift_is_shown_for_each_cabinet(room: DocumentRoom, http: httpx.AsyncClient) -> None:
    """Behind, refused with its reason, ahead, or out of reach."""
    made = (await http.post("/api/v1/staff", json={"approved_by": "pia", "records": [ANA]})).json()
    has(room, "a", staff=DocumentState(1, made["sha256"], "applied", "", made["issued_at"], 0))
    has(room, "b", staff=DocumentState(0, "", "refused", "staff.form: a record", made["issued_at"], 1))
    has(room, "c", staff=DocumentState(7, "f" * 64, "applied", "", made["issued_at"], 0))
    has(room, "d")
    rows = (await http.get("/api/v1/documents?document=staff")).json()
    assert {row["cabinet"]: row["state"] for row in rows} == {"a": "current", "b": "refused", "c": "ahead", "d": "unreachable"}
    assert (await http.get("/api/v1/documents?document=staff&cabinet=b")).json()[0]["reason"] == "staff.form: a record"
    page = (await http.get("/documents")).text
    assert "staff.form: a record" in page
    assert "1 refused" in page
    assert "1 unreachable" in page
    assert "1 is as issued" in page
    later = (await http.post("/api/v1/staff", json={"approved_by": "pia", "gone": ["ana"]})).json()
    assert later["version"] == 8, "a pharmacy put back from a copy goes on above what its cabinets hold"


@pytest.mark.parametrize("version", [2**53 - 1, 2**63, -(2**63)])
async def test_no_cabinets_word_uses_up_the_numbers(room: DocumentRoom, http: httpx.AsyncClient, version: int) -> None:
    """One cabinet in wrong hands that claims the last number there is: everybody else is revoked, stopped and called back all the same."""
    has(room, "a", staff=DocumentState(version, "f" * 64, "applied", "", utc_text(NOW), 0))
    answer = await http.post("/api/v1/staff", json={"approved_by": "pia", "records": [ANA]})
    assert (answer.status_code, answer.json()["version"]) == (201, 1)


@pytest.mark.parametrize(
    ("gate", "headers", "status"),
    [
        (Gate(), {}, 201), (Gate(), {"Sec-Fetch-Site": "cross-site"}, 403), (Gate(), {"Origin": "http://elsewhere"}, 403),
        (Gate(), {"Origin": "http://test"}, 201), (Gate(host="0.0.0.0"), {}, 403), (Gate("secret"), {}, 401),  # noqa: S104
        (Gate("secret", "0.0.0.0"), {"Authorization": "Bearer secret"}, 201), (Gate("secret"), {"Authorization": "Bearer x"}, 401),  # noqa: S104
    ],
)  # fmt: skip
async def test_who_may_not_changes_nothing(room: DocumentRoom, gate: Gate, headers: dict[str, str], status: int) -> None:
    """Another site's page never; a program beyond loopback only with the token."""
    async with client(room, gate) as http:
        answer = await http.post("/api/v1/staff", json={"approved_by": "pia", "records": [ANA]}, headers=headers)
        assert answer.status_code == status
    assert (room.office.shelf.newest("staff", "*") is None) == (status != 201)


async def test_the_api_describes_what_may_be_changed(http: httpx.AsyncClient) -> None:
    """OpenAPI 3.1, the fields of a record among it; nothing of it opens anything."""
    paths = (await http.get("/api/v1/openapi.json")).json()["paths"]
    posts = {path.removeprefix("/api/v1/") for path, verbs in paths.items() if "post" in verbs}
    assert {"pars", "formulary", "staff", "orders", "recalls", "policy", "sheets"} <= posts
    assert not [path for path in posts if "access" in path or "release" in path]


async def test_sheets_are_numbered_and_compared(http: httpx.AsyncClient) -> None:
    """One number for one sheet; what its cabinet has not heard of says so."""
    body = {"cabinet": "ward-1", "item": "oxy", "units": 10, "issued_by": "vera", "carried_by": "tom"}
    numbers = [(await http.post("/api/v1/sheets", json=body)).json()["sheet"] for _ in range(2)]
    assert numbers == ["260302-001", "260302-002"]
    lines = (await http.get("/api/v1/sheets/compare?day=2026-03-02")).json()
    assert [(line["sheet"], line["state"], line["in_transit"]) for line in lines] == [(number, "not_announced", 10) for number in numbers]
    assert (await http.get("/api/v1/sheets/compare?day=2026-03-01")).json() == []
    assert (await http.get("/api/v1/sheets/compare?day=yesterday")).status_code == 422
    assert "260302-001" in (await http.get("/api/v1/sheets/compare.csv?day=2026-03-02")).text
    assert "260302-002" in (await http.get("/compare?day=2026-03-02")).text


def fact(kind: str, sheet: str, at: str, **body: object) -> SheetFact:
    return SheetFact("ward-1", f"2026-03-{at}:00.000000Z", kind, "tom", {"sheet": sheet, **body})


def test_the_compare_report_is_about_what_was_issued_closed_or_on_its_way_that_day() -> None:
    """Issued less received is in transit; what goes back to the pharmacy stands in it as well; later days change nothing of it."""
    sheets = [Sheet(f"s-{n}", "ward-1", "oxy", 10, "vera", "tom", "2026-03-01T08:00:00.000000Z") for n in range(1, 5)]
    facts = [
        *(fact("sheet_issued", f"s-{n}", "01T08:01", item="oxy", units=10, is_inbound=True) for n in (1, 2, 3)),
        fact("sheet_closed", "s-1", "01T09:00", missing=0, reason=None), fact("sheet_late", "s-2", "01T10:01"),
        fact("sheet_closed", "s-2", "02T08:00", missing=2, reason="two broken"), fact("sheet_late", "s-3", "01T10:01"),
        fact("sheet_issued", "out-1", "01T12:00", item="morphine", units=3, is_inbound=False, issued_by="tom", carried_by="tom"),
    ]  # fmt: skip

    def told(day: str) -> dict[str, tuple[str, int | None, int]]:
        return {line.sheet: (line.state, line.received, line.in_transit) for line in compare(day, sheets, facts)}

    assert told("2026-03-01") == {
        "s-1": ("received", 10, 0), "s-2": ("late", None, 10), "s-3": ("late", None, 10), "s-4": ("not_announced", None, 10),
        "out-1": ("in_transit", None, 3),
    }  # fmt: skip
    assert told("2026-03-02")["s-2"] == ("short", 8, 0)
    assert "s-1" not in told("2026-03-02")
    assert told("2026-02-28") == {}
    assert as_csv(compare("2026-03-01", [Sheet("=1+1", "w", "i", 1, "v", "t", "2026-03-01T08:00:00.000000Z")], [])).count("'=1+1") == 1


def test_the_compare_report_draws_itself_for_each_day_that_is_over(tmp_path: Path) -> None:
    """ward.md, "From the vault to the cabinet": daily, nobody asks; a server that was down draws up what it missed, once."""
    now: list[datetime] = [NOW]
    drawn: list[date] = []

    def draw(first: date, last: date) -> bytes:
        drawn.append(first)
        return f"report of {last}".encode()

    daily = Diary(tmp_path / "reports", DAILY, lambda: now[0], draw)
    daily.draw_due()
    assert drawn[-1] == date(2026, 3, 1)
    assert len(drawn) == 7
    daily.draw_due()
    now[0] = datetime(2026, 3, 3, 0, 5, tzinfo=UTC)
    daily.draw_due()
    assert len(drawn) == 7, "the last facts of a day have ten minutes to come"
    now[0] += timedelta(minutes=10)
    (path,) = daily.draw_due()
    assert (path.name, path.read_text()) == ("compare-2026-03-02.csv", "report of 2026-03-02")


def test_the_key_is_drawn_once_and_for_our_eyes_alone(tmp_path: Path) -> None:
    """Each pharmacy has its own (S3); the public half is what is pinned at the cabinets."""
    path = tmp_path / "state" / "documents.key"
    key = load_key(path)
    assert load_key(path).private_bytes_raw() == key.private_bytes_raw()
    assert path.with_suffix(".pub").read_text().strip() == key.public_key().public_bytes_raw().hex()
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    another = load_key(path)
    assert path.with_suffix(".pub").read_text().strip() == another.public_key().public_bytes_raw().hex(), "who pins it pins the new one"
    path.chmod(0o644)
    with pytest.raises(KeyUnusable):
        load_key(path)


def test_a_sheet_between_two_cabinets_is_one_line_of_the_compare_report() -> None:
    """Four left one cabinet and three were counted in the other: four were issued, not eight, and what was counted there holds."""
    way = {"sheet": "w3-77", "item": "oxycodone", "units": 4, "issued_by": "tom", "carried_by": "tom"}
    sent = SheetFact("w3", "2026-03-01T08:00:00.000000Z", "sheet_issued", "tom", {**way, "is_inbound": False, "place": "w4"})
    known = SheetFact("w4", "2026-03-01T08:20:00.000000Z", "sheet_issued", "pia", {**way, "is_inbound": True})
    counted = SheetFact("w4", "2026-03-01T08:30:00.000000Z", "sheet_closed", "pia", {"sheet": "w3-77", "missing": 1, "reason": "one short"})
    said = SheetFact("w3", "2026-03-01T08:40:00.000000Z", "sheet_closed", "cora", {"sheet": "w3-77", "missing": 0, "reason": "arrived"})

    def told(*facts: SheetFact) -> list[tuple[str, str, str, int, int | None, int]]:
        return [(one.cabinet, one.sender, one.state, one.issued, one.received, one.in_transit) for one in compare("2026-03-01", [], facts)]

    assert told(sent) == [("w4", "w3", "in_transit", 4, None, 4)]
    assert told(known, sent) == told(sent), "in whatever order the two cabinets are heard"
    assert told(sent, known, counted) == [("w4", "w3", "short", 4, 3, 0)]
    assert told(sent, known, counted, said) == told(said, counted, known, sent) == told(sent, known, counted)
    assert told(sent, said) == [("w4", "w3", "received", 4, 4, 0)], "the other end is out of reach"
