"""The pharmacy server over HTTP: the API says what is held, the page shows it, and both say when it changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from cabinet.courier.port import Parcel
from cabinet.messages import JournalReport, encode, topic
from central.api import stream
from central.app import make_app
from central.office import Office
from central.pages import age_of
from central.store import Store
from tests.post import CABINET, DAY, journal_post, needs, state, stock

NOW = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    office = Office.in_memory(lambda: NOW)
    store: Store = office._store  # noqa: SLF001 - filled without a courier
    store.take(
        [state(1, 1, 1, "online"), journal_post(DAY[:8]), stock(9, 44, expiry="2027-01-31"), needs(9)], "2026-03-01T07:00:00.000000Z"
    )
    return office


@pytest.fixture
async def http(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make_app(office, "Test pharmacy"))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_the_api_says_what_is_held(http: httpx.AsyncClient) -> None:
    """The pharmacy's own systems read stock, needs and facts from here."""

    async def get(path: str) -> object:
        answer = await http.get(f"/api/v1{path}")
        assert answer.status_code == 200, path
        return answer.json()

    cabinet = (await http.get(f"/api/v1/cabinets/{CABINET}")).json()
    assert (cabinet["state"], cabinet["epoch"], cabinet["seq"]) == ("online", 1, 8)
    assert await get("/cabinets") == [cabinet]
    row = (await http.get("/api/v1/stock?item=item-1&status=ok")).json()[0]
    assert (row["pocket"], row["units"], row["par"], row["name"]) == ("p1", 46, 50, "hydrOXYzine")
    assert await get("/stock?status=out") == []
    assert (await http.get("/api/v1/restock")).json()[0]["urgency"] == "soon"
    assert await get(f"/facts?cabinet={CABINET}&since=2&limit=3") == {"cabinet": CABINET, "facts": DAY[2:5], "next": 5}
    assert (await http.get(f"/api/v1/facts?cabinet={CABINET}")).json()["next"] is None
    assert (await http.get("/api/v1/discrepancies")).json()[0]["reason"] == "found on the floor"
    assert await get("/discrepancies?is_open=true") == []
    assert await get("/alerts") == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/cabinets/nobody", 404, "cabinet.unknown"),
        ("/api/v1/facts?cabinet=nobody", 404, "cabinet.unknown"),
        ("/api/v1/facts?cabinet=ward-1&since=x", 422, "request.malformed"),
        ("/api/v1/facts", 422, "request.malformed"),
        ("/api/v1/stock?item=%00", 422, "request.malformed"),
        ("/api/v1/nothing", 404, "http.404"),
        ("/parts/cabinet/nobody", 404, "cabinet.unknown"),
    ],
)
async def test_a_wrong_question_is_answered_with_problem_details(http: httpx.AsyncClient, path: str, status: int, code: str) -> None:
    """RFC 9457: a person and a program both learn what to do about it."""
    answer = await http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["detail"]


async def test_the_api_describes_itself_and_changes_nothing(http: httpx.AsyncClient) -> None:
    """No call of the pharmacy server unlocks anything: every path reads."""
    document = (await http.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/cabinets", "/api/v1/stock", "/api/v1/restock", "/api/v1/facts", "/api/v1/events"} <= set(document["paths"])
    assert {method for path in document["paths"].values() for method in path} == {"get"}


async def test_the_page_shows_names_balances_and_needs(http: httpx.AsyncClient) -> None:
    """Without a script, too: whoever opens it sees everything at once."""
    page = (await http.get("/")).text
    for text in ("Test pharmacy", CABINET, "hydrOXYzine", "46", "of 50 tablet", "Restock needs", "online", "expires 2027-01-31"):
        assert text in page
    assert (await http.get("/parts/restock")).text in page


async def test_names_from_cabinets_are_text_on_the_page(office: Office, http: httpx.AsyncClient) -> None:
    """What comes over the broker must not become script in a pharmacist's browser."""
    office.inquiry.names = {"item-1": "<script>alert(1)</script>"}
    page = (await http.get("/")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


async def test_every_answer_carries_the_guarding_headers(http: httpx.AsyncClient) -> None:
    """The page runs its own script and nobody else's."""
    for path in ("/", "/api/v1/cabinets", "/design/base.css", "/static/live.js"):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert "script" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_figures_and_health_are_for_machines(http: httpx.AsyncClient) -> None:
    """A monitor learns that the broker is gone before a pharmacist does."""
    assert (await http.get("/healthz")).status_code == 503
    figures = (await http.get("/metrics")).text
    assert 'pharmacy_cabinet_seq{cabinet="ward-1"} 8.0' in figures


async def test_a_change_is_told_to_who_listens(office: Office) -> None:
    """The page asks again for exactly what changed, and only then."""
    events = stream(office)
    assert (await anext(events)).startswith(":")
    told = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    office.feed.tell({CABINET: {"stock", "facts"}})
    office.feed.tell({CABINET: {"restock"}})
    event, data = (await told).strip().split("\n")
    assert event == "event: changed"
    assert json.loads(data.removeprefix("data: ")) == {CABINET: ["facts", "restock", "stock"]}
    await events.aclose()


async def test_an_office_that_is_flooded_drops_facts_that_come_again(office: Office) -> None:
    """Memory is bounded: the cabinets hold what is dropped here."""
    payload = encode(JournalReport(1, 1, []))
    for _ in range(20_010):
        office._receive(Parcel(topic(CABINET, "up/journal"), payload))  # noqa: SLF001 - as the courier calls it
    assert office.posts_dropped == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-03-01T07:04:48.000000Z", "12 s"),
        ("2026-03-01T06:00:00.000000Z", "65 min"),
        ("2026-02-28T07:05:00.000000Z", "24 h"),
        ("2026-02-20T07:05:00.000000Z", "9 d"),
        ("2026-03-01T07:06:00.000000Z", "0 s"),
        ("", "never"),
    ],
)
def test_ages_are_short(text: str, words: str) -> None:
    """A pharmacist sees at a glance whether a cabinet is minutes or days silent."""
    assert age_of(text, NOW) == words
