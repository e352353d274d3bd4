"""People at the pharmacy over HTTP: the cookie, who may what, in whose name a change is kept, and the page "people and rights"."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DataError, OperationalError
from starlette.requests import Request

from cabinet.adapters.secrets import InlineSecrets
from cabinet.courier.port import Parcel
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import DOCUMENTS, DocumentsReport, DocumentState, encode, topic
from central.api import stream
from central.app import make_app
from central.database.place import MEMORY, Database
from central.document.room import DocumentRoom
from central.gate import COOKIE, Gate
from central.office import Office
from central.person.room import make_desk

NOW = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
SECRET = "correct horse"
PAR = {"pocket": "p1", "item": "item-1", "par": 30, "min": 10, "critical_low": 5}
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Server:
    """A pharmacy with people, and a browser for each of them."""

    def __init__(self, *, token: str = "", readers: Any = None) -> None:
        database = Database(MEMORY).prepare()
        self.documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: NOW)
        self.desk = make_desk(database, self.documents.office.shelf, InlineSecrets(), lambda: NOW)
        self.office, self.gate = Office(database, _never, lambda: NOW), Gate(token, people=self.desk, readers=readers)
        self.app = make_app(self.office, "Test", self.documents, self.gate)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="https://test", headers=headers)

    async def signed_in(self, who: str) -> httpx.AsyncClient:
        browser = self.browser(**PAGE)
        answer = await browser.post("/sign-in", data={"id": who, "secret": SECRET, "next": "/documents"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/documents")
        return browser


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    for who, role in (("pia", "pharmacist"), ("grace", "administrator"), ("tom", "technician")):
        await made.desk.set_secret(who, SECRET, by="test", name=who.title(), role=role)
    return made


async def test_a_cookie_that_no_script_and_no_other_site_gets(server: Server) -> None:
    """S24: bound to this host, at least 128 bits, and another one at each sign-in."""
    browser = server.browser(**PAGE)
    tokens = set()
    for _ in range(2):
        answer = await browser.post("/sign-in", data={"id": " Pia ", "secret": SECRET})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
        tokens.add(cookie.split("=")[1].split(";")[0])
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 43


async def test_what_is_approved_is_kept_in_the_name_of_who_signed_in(server: Server) -> None:
    """Proven, not typed: nobody approves in another's name, and without a sign-in nobody approves at all."""
    pia = await server.signed_in("pia")
    body = {"cabinet": "ward-1", "records": [PAR]}
    assert (await pia.post("/api/v1/pars", json=body | {"approved_by": "hugo"})).json()["code"] == "person.other"
    assert (await pia.post("/api/v1/pars", json=body)).json()["approved_by"] == "pia"
    answer = await server.browser().post("/api/v1/pars", json=body | {"approved_by": "pia"})
    assert (answer.status_code, answer.json()["code"]) == (401, "person.not_signed_in")


async def test_a_role_may_what_the_table_says(server: Server) -> None:
    """S9: a pharmacist makes no people, an administrator no pars, a technician neither."""
    pars, staff = {"cabinet": "ward-1", "records": [PAR]}, {"records": [{"id": "new", "name": "New", "role": "nurse"}]}
    told = {
        who: [(await (await server.signed_in(who)).post(f"/api/v1/{path}", json=body)).status_code for path, body in
              (("pars", pars), ("staff", staff))]
        for who in ("pia", "grace", "tom")
    }  # fmt: skip
    assert told == {"pia": [201, 403], "grace": [403, 201], "tom": [403, 403]}


async def test_who_may_not_reads_why_on_a_page_and_finds_the_way_on(server: Server) -> None:
    """S9: a form's refusal, an address that is none and a broken question are sentences on a page; a program gets problem details."""
    tom = await server.signed_in("tom")
    refused = await tom.post("/people", data={"id": "new", "full_name": "New", "role": "nurse"})
    assert (refused.status_code, refused.headers["content-type"].split(";")[0]) == (403, "text/html")
    assert "Tom (technician) may not do this here: people." in refused.text
    assert 'href="/people"' in refused.text.partition("<main")[2], "the way on"
    lost = await tom.get("/nowhere")
    assert (lost.status_code, "Nothing is at this address." in lost.text) == (404, True)
    assert "<main" in (await tom.get("/?page=x")).text
    for program in (server.browser(), tom):
        assert (await program.get("/api/v1/cabinets/nowhere")).headers["content-type"] == "application/problem+json"


async def test_who_is_not_signed_in_is_led_to_the_door_and_back_to_the_place(server: Server) -> None:
    """A form that was sent without a sign-in leads back to where it stood, not to the first page."""
    answer = await server.browser(**PAGE).post("/people", data={"id": "new", "full_name": "New", "role": "nurse"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/people")


async def test_another_sites_page_changes_nothing_even_with_the_cookie(server: Server) -> None:
    """S25: neither a form of its own nor a sign-in in somebody's browser."""
    pia = await server.signed_in("pia")
    for path in ("/sign-out", "/api/v1/pars", "/people"):
        assert (await pia.post(path, headers={"sec-fetch-site": "cross-site"})).status_code in {403, 422}
    assert (await pia.get("/api/v1/sessions")).json()["id"] == "pia"
    elsewhere = server.browser(accept="text/html")
    assert (await elsewhere.post("/sign-in", data={"id": "pia", "secret": SECRET}, headers={"origin": "https://else"})).status_code == 403


async def test_who_looks_signs_in_as_soon_as_anybody_is_set_up(server: Server) -> None:
    """A page leads to the sign-in and back; the API says what is missing; health is told to anyone."""
    browser = server.browser(accept="text/html")
    answer = await browser.get("/documents")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/documents")
    assert (await browser.get("/sign-in?next=//evil.example")).text.count("evil.example") == 0
    assert (await server.browser().get("/api/v1/documents")).json()["code"] == "person.not_signed_in"
    assert (await server.browser().get("/api/v1/facts?cabinet=x")).status_code == 401
    assert (await server.browser().get("/healthz")).status_code == 503
    assert (await (await server.signed_in("tom")).get("/documents")).status_code == 200


async def test_a_demo_may_be_looked_at_by_anyone_and_changed_by_whoever_signs_in() -> None:
    """Its data is invented; that its changes are somebody's is what it shows."""
    server = Server(readers="anyone")
    await server.desk.set_secret("pia", SECRET, by="test", name="Pia", role="pharmacist")
    assert (await server.browser().get("/documents")).status_code == 200
    assert (
        await server.browser().post("/api/v1/pars", json={"cabinet": "ward-1", "records": [PAR], "approved_by": "x"})
    ).status_code == 401


async def test_while_nobody_is_set_up_a_try_out_on_loopback_is_called_unproven() -> None:
    """It works, and does not pretend."""
    server = Server()
    answer = await server.browser().post("/api/v1/pars", json={"cabinet": "ward-1", "records": [PAR]})
    assert answer.json()["approved_by"] == "unproven"
    assert "adc central" in (await server.browser(**PAGE).get("/sign-in")).text


async def test_a_program_bears_the_token_or_a_visits_own() -> None:
    """The server's token says which program; it names who approved. A person's program signs in."""
    server = Server(token="robot")
    await server.desk.set_secret("pia", SECRET, by="test", name="Pia", role="pharmacist")
    body = {"cabinet": "ward-1", "records": [PAR]}
    robot = server.browser(authorization="Bearer robot")
    assert (await robot.post("/api/v1/pars", json=body)).json()["code"] == "person.unnamed"
    assert (await robot.post("/api/v1/pars", json=body | {"approved_by": "vera"})).json()["approved_by"] == "vera"
    visit = (await server.browser().post("/api/v1/sessions", json={"id": "pia", "secret": SECRET})).json()
    assert (visit["role"], "pars" in visit["may"]) == ("pharmacist", True)
    own = server.browser(authorization=f"Bearer {visit['token']}")
    changed = body | {"records": [PAR | {"par": 40}]}
    assert (await own.post("/api/v1/pars", json=changed)).json()["approved_by"] == "pia"
    assert (await own.delete("/api/v1/sessions")).status_code == 204
    assert (await own.get("/api/v1/sessions")).status_code == 401


async def test_a_code_leads_to_a_secret_of_ones_own_and_nowhere_else(server: Server) -> None:
    """Who came by a code chooses first; then the code is worth nothing."""
    grace = await server.signed_in("grace")
    await grace.post("/people", data={"id": "hugo", "full_name": "Hugo", "role": "pharmacist"})
    page = (await grace.post("/people/hugo/code")).text
    code = page.split('class="figures code">')[1].split("<")[0]
    hugo = server.browser(**PAGE)
    assert (await hugo.post("/sign-in", data={"id": "hugo", "secret": code})).headers["location"] == "/secret"
    assert (await hugo.get("/people")).headers["location"].startswith("/secret")
    form = {"old": code, "new": "my own secret", "again": "my own secret"}
    assert "typed in two ways" in (await hugo.post("/secret", data=form | {"again": "another one"})).text
    assert (await hugo.post("/secret", data=form)).headers["location"] == "/"
    assert (await hugo.get("/api/v1/sessions")).json()["id"] == "hugo"
    assert "wrong" in (await server.browser(**PAGE).post("/sign-in", data={"id": "hugo", "secret": code})).text


async def test_the_page_of_people_says_who_is_known_where(server: Server) -> None:
    """Added with a last day, known at one cabinet of two, off after leaving; a reader of another role changes nothing."""
    grace = await server.signed_in("grace")
    form = {"id": "lena", "full_name": "Lena <b>Okafor", "role": "agency_nurse", "areas": "medical-surgical, icu", "until": "2026-03-31"}
    assert (await grace.post("/people", data=form)).status_code == 303
    newest = server.documents.office.shelf.newest("staff", "*")
    assert newest is not None
    assert newest.approved_by == "grace"
    for cabinet, version in (("a", 1), ("b", 0)):
        held = {name: DocumentState() for name in DOCUMENTS} | {
            "staff": DocumentState(version, newest.sha256, "applied", "", utc_text(NOW), 0)
        }
        report = DocumentsReport(**held, epoch=1, seq=1, at=utc_text(NOW), key_id=None)
        server.documents.dispatch._hear(Parcel(topic(cabinet, "up/documents"), encode(report)))  # noqa: SLF001 - as the courier calls it
    page = (await grace.get("/people")).text
    assert "Lena &lt;b&gt;Okafor" in page
    assert "known at 1 of 2" in page
    assert "not yet: b" in page
    assert "2026-04-01 00:00 UTC" in page
    row = (await grace.get("/api/v1/people")).json()[0]
    assert (row["record"]["areas"], row["state"], row["lacking"]) == (["medical-surgical", "icu"], "on", ["b"])
    assert "Leaves" not in (await (await server.signed_in("pia")).get("/people")).text
    assert (await grace.post("/people/lena/leave")).status_code == 303
    assert (await grace.get("/api/v1/people")).json()[0]["state"] == "off"
    assert "areas.0" in (await grace.post("/people", data=form | {"areas": "Über"})).text


async def test_signing_out_ends_the_visit_everywhere_it_is_known(server: Server) -> None:
    """A copied cookie is worth nothing afterwards."""
    pia = await server.signed_in("pia")
    copied = pia.cookies[COOKIE]
    assert (await pia.post("/sign-out")).status_code == 303
    assert (await server.browser(cookie=f"{COOKIE}={copied}").get("/api/v1/sessions")).status_code == 401


async def test_nobody_gives_themselves_another_role(server: Server) -> None:
    """Who lets people in does not explain discrepancies: not by one change of their own record, whichever way it comes."""
    grace = await server.signed_in("grace")
    own = {"id": "grace", "name": "Grace", "role": "pharmacist"}
    form = {"id": "grace", "full_name": "Grace", "role": "pharmacist"}
    tries = (
        await grace.put("/api/v1/people/grace", json=own),
        await grace.post("/api/v1/staff", json={"records": [own]}),
        await grace.post("/people", data=form),
    )
    assert [answer.status_code for answer in tries] == [403, 403, 403]
    assert "administrator" in (await grace.get("/api/v1/sessions")).json()["role"]
    assert (await grace.put("/api/v1/people/grace", json=own | {"role": "administrator", "name": "Grace H"})).status_code == 200


async def test_a_number_or_a_body_beyond_all_measure_is_a_wrong_question(server: Server) -> None:
    """S27: whatever is asked is answered, with no error of the server's own; a stranger's body is not read to its end."""
    pia, stranger = await server.signed_in("pia"), server.browser()
    assert (await stranger.post("/api/v1/sessions", content=b'"' + b"a" * 20_000 + b'"')).status_code == 413

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 1000

    assert (await stranger.post("/sign-in", content=unannounced(), headers=PAGE | FORM)).status_code == 413
    assert (await pia.post("/api/v1/pars", content=b"a" * (16 * 1024 * 1024 + 1))).status_code == 413
    assert (await pia.post("/api/v1/pars", json={"cabinet": "ward-1", "records": [PAR]})).status_code == 201
    assert server.app.exception_handlers.keys() >= {OverflowError, DataError, OperationalError}


async def test_who_signs_in_or_fails_to_is_told_to_the_log(server: Server) -> None:
    """S38: and who gave whom a code; never what was typed, be it a secret in the wrong place."""
    with structlog.testing.capture_logs() as said:
        grace = await server.signed_in("grace")
        for who in ("pia", SECRET):
            await server.browser(**PAGE).post("/sign-in", data={"id": who, "secret": "wrong secret"})
        await grace.post("/api/v1/people/pia/code", json={})
    told = [(line["event"], line["person"], line.get("by")) for line in said]
    assert told == [
        ("signed in", "grace", None), ("sign-in failed", "pia", None), ("sign-in failed", "unknown", None), ("code issued", "pia", "grace"),
    ]  # fmt: skip
    assert SECRET not in str(said)


async def test_a_stream_ends_with_the_visit(server: Server) -> None:
    """S11: whoever signed out or is switched off hears no more of what happens on the wards, though their line still stands."""
    pia = await server.signed_in("pia")
    cookie = f"{COOKIE}={pia.cookies[COOKIE]}".encode()
    request = Request({"type": "http", "method": "GET", "path": "/api/v1/events", "headers": [(b"cookie", cookie)], "query_string": b""})
    await server.gate.reader(request)
    events = stream(server.office, request.state.is_let_in)
    await anext(events)

    async def told() -> str | None:
        heard = asyncio.ensure_future(anext(events, None))
        await asyncio.sleep(0)
        server.office.feed.tell({"ward-1": {"facts"}})
        return await heard

    assert "ward-1" in (await told() or "")
    await pia.post("/sign-out")
    assert await told() is None
