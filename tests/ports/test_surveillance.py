"""Surveillance over HTTP on both databases: who may look says why, every look is kept first, and the facts stand behind each number."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from cabinet.adapters.secrets import InlineSecrets
from cabinet.domain.facts import AccessMoved
from cabinet.domain.vocabulary import utc_text
from central.activity.follower import Follower
from central.activity.store import Store
from central.app import make_app
from central.database.place import Database
from central.document.room import DocumentRoom
from central.document.shelf import Shelf
from central.gate import Gate
from central.hl7.heard import DoseHeard, Drug
from central.hl7.store import Store as InterfaceStore
from central.ingest.store import Store as Ingest
from central.office import Office
from central.person.room import make_desk
from central.surveillance.pages import plug
from central.surveillance.room import SurveillanceRoom
from config.surveillance import Surveillance
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.ports.test_plan import never
from tests.post import CABINET, NOW, journal_post
from tests.tale import BEGIN, IN, PATIENT, PHARMACY, Tale

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

TODAY = BEGIN + timedelta(days=30)
SECRET = "correct horse"
SAME = {"sec-fetch-site": "same-origin"}
STAFF = {name: {"id": name, "name": name.title(), "role": "nurse"} for name in ("ana", "ben", "cleo", "dan", "eve")}


def a_month() -> Tale:
    """Five nurses with sixty withdrawals each; one cancels every third once the pocket is open, and nothing of theirs is charted."""
    tale = Tale()
    tale.asked(0, "fill", "load", 400).done(0, "fill", 400, PHARMACY, IN)
    for number in range(300):
        minute, staff, access = 60 + number * 120, list(STAFF)[number % 5], f"a{number}"
        tale.asked(minute, access, "withdraw", 1, staff, patient="pat", order="o")
        tale.tell(minute + 0.1, AccessMoved("released", "open", "opened"), access=access, staff=staff)
        if staff == "eve" and number % 3 == 0:
            tale.tell(minute + 1, AccessMoved("closed", "cancelled", "counted"), access=access, staff=staff)
        else:
            tale.done(minute + 1, access, 1, IN, PATIENT, staff)
    return tale


@pytest.fixture
async def http(any_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    ingest = Ingest(any_database)
    ingest.take([journal_post(a_month().envelopes)], NOW)
    ingest.close()
    Follower(Store(any_database)).follow()
    charted = [
        DoseHeard("pat", "o", Drug("x", "x"), "item-1", utc_text(BEGIN + timedelta(minutes=65 + n * 120)), "1", "tab", is_given=True)
        for n in range(300) if n % 5 != 4
    ]  # fmt: skip
    for _ in range(2):
        InterfaceStore(any_database.engine).give(charted, NOW)  # told again, each is one
    room = SurveillanceRoom(any_database, Surveillance(), lambda: STAFF, lambda: TODAY, {"item-1"})
    desk = make_desk(any_database, Shelf(any_database.engine), InlineSecrets(), lambda: TODAY)
    for who, role in (("pia", "pharmacist"), ("audrey", "auditor"), ("tom", "technician")):
        await desk.set_secret(who, SECRET, by="test", name=who.title(), role=role)
    gate = Gate(people=desk)
    documents = DocumentRoom(any_database, Ed25519PrivateKey.generate(), lambda: TODAY)
    app = make_app(Office(any_database, never, lambda: TODAY), "Test", documents, gate, plugs=[plug(room)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://test", headers=SAME) as client:
        yield client


async def sign_in(http: httpx.AsyncClient, who: str) -> None:
    form = {"id": who, "secret": SECRET, "next": "/"}
    assert (await http.post("/sign-in", data=form, headers={"accept": "text/html"})).status_code == 303


async def test_only_who_may_look_looks_and_every_look_is_kept_first(http: httpx.AsyncClient, any_database: Database) -> None:
    """People's figures are not for the curious."""
    assert (await http.post("/api/v1/surveillance", json={"why": "monthly"})).status_code == 401
    await sign_in(http, "tom")
    for path in ("/use", "/api/v1/surveillance/looks"):
        assert (await http.get(path)).status_code == 403
    assert (await http.post("/api/v1/surveillance", json={"why": "curious"})).status_code == 403
    await sign_in(http, "audrey")
    assert (await http.post("/api/v1/surveillance", json={})).status_code == 422
    assert (await http.post("/api/v1/surveillance", json={"why": "monthly", "by": "somebody"})).json()["code"] == "person.other"
    with any_database.reading() as conn:
        assert conn.execute(text("select count(*) from look")).scalar() == 0
    assert (await http.post("/api/v1/surveillance", json={"why": "monthly"})).status_code == 200
    await http.post("/api/v1/surveillance/people/eve/cancelled", json={"why": "she stood first"})
    looks = (await http.get("/api/v1/surveillance/looks")).json()
    assert [(look["looked_by"], look["why"], look["asked"]) for look in looks] == [
        ("audrey", "she stood first", "eve: cancelled"), ("audrey", "monthly", "everybody"),
    ]  # fmt: skip


async def test_who_is_unlike_their_peers_is_shown_with_the_interval_and_the_facts(http: httpx.AsyncClient) -> None:
    """A number alone accuses; beside its doubt and its facts it can be looked into."""
    await sign_in(http, "pia")
    seen = (await http.post("/api/v1/surveillance", json={"why": "monthly"})).json()
    assert seen["withdrawals"] == 300
    first = seen["standings"][0]
    assert first["person"] == "eve"
    mark = next(one for one in first["marks"] if one["compared"]["signal"] == "cancelled")
    assert (mark["compared"]["observed"], mark["compared"]["exposure"], mark["compared"]["peers"]) == (20, 60, 4)
    assert 1.5 < mark["ratio"]["low"] < mark["ratio"]["middle"] < mark["ratio"]["high"]
    lines = (await http.post("/api/v1/surveillance/people/eve/cancelled", json={"why": "look"})).json()
    assert len(lines) == 20
    fact = (await http.get(f"/api/v1/facts?cabinet={CABINET}&since={lines[0]['seq'] - 1}&limit=1")).json()["facts"][0]
    assert (fact["type"], fact["staff"], fact["access"]) == ("access_requested", "eve", lines[0]["access"])


async def test_the_page_asks_and_never_judges(http: httpx.AsyncClient) -> None:
    """Words are chosen: who reads them may be wrong about somebody."""
    await sign_in(http, "pia")
    assert "Before you look" in (await http.get("/use")).text
    assert "Say who looks, and why." in (await http.post("/use", data={"why": " "})).text
    page = (await http.post("/use", data={"why": "monthly"})).text
    assert page.count('is-soon">asks to be looked at') == 1
    assert "Eve" in page
    for verdict in ("divert", "suspect", "theft", "guilty", "suspicious"):
        assert verdict not in page.lower()
    assert "monthly" in (await http.get("/use")).text
    assert f"{CABINET}" in (await http.post("/use/eve/cancelled", data={"why": "monthly"})).text


async def test_who_has_no_peers_is_not_said_to_be_like_them(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence about peers that are none is a verdict out of nothing, a kind one or not."""
    monkeypatch.setitem(STAFF["dan"], "role", "physician")
    await sign_in(http, "pia")
    page = (await http.post("/use", data={"why": "monthly"})).text
    dan = page.split('data-person="dan"')[1].split("</section>")[0]
    assert "nobody to compare with" in dan
    assert "no others: physician" in dan
    assert "as among peers" not in dan
    assert "as among peers" in page.split('data-person="ana"')[1].split("</section>")[0]
