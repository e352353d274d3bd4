"""The pharmacy server over HTTP: the API says what is held, the page shows it, and both say when it changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import text as sql

from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.messages import JournalReport, encode, topic
from central.api import stream
from central.app import make_app
from central.frame import age_of
from central.ingest.store import Store
from central.office import FULL_BYTES, Office
from central.pages import LINES_SHOWN
from tests.post import CABINET, DAY, journal_post, needs, state, stock

NOW = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    office = Office.in_memory(lambda: NOW)
    Store(office.database).take(
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


async def test_the_first_page_shows_every_cabinet_and_what_is_needed(http: httpx.AsyncClient) -> None:
    """Without a script, too: whoever opens it sees everything at once."""
    page = (await http.get("/")).text
    for text in ("Test pharmacy", CABINET, "fine", "1 pockets", "Restock needs", "1 cabinet, 1 online"):
        assert text in page
    for part in ("map", "restock", "matters", "totals"):
        assert (await http.get(f"/parts/{part}")).text in page


async def test_the_page_of_a_cabinet_shows_names_balances_and_levels(http: httpx.AsyncClient) -> None:
    """The cabinet as it stands there: each drawer, each pocket, how full it is, and in words how it is."""
    page = (await http.get(f"/cabinets/{CABINET}")).text
    for text in ("Drawer d", "hydrOXYzine", "46", "of 50 tablet", "expires 2027-01-31", 'data-rise="92"', "online for 5 min", "no. 8"):
        assert text in page
    for part in ("state", "cabinet", "cabinet-alerts"):
        assert (await http.get(f"/parts/{part}/{CABINET}")).text in page


async def test_names_from_cabinets_are_text_on_the_page(office: Office, http: httpx.AsyncClient) -> None:
    """What comes over the broker must not become script in a pharmacist's browser."""
    office.inquiry.names = {"item-1": "<script>alert(1)</script>"}
    page = (await http.get("/")).text + (await http.get(f"/cabinets/{CABINET}")).text
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


async def test_an_office_that_is_flooded_takes_no_more_until_it_has_stored_half(office: Office) -> None:
    """Memory is bounded: what does not fit waits at the broker, or with its cabinet, and none of it is lost."""
    broker = TwinBroker()
    courier, cabinet = TwinCourier(broker, "pharmacy"), TwinCourier(broker, "cabinet")
    office.attach(courier)
    for one in (courier, cabinet):
        await one.start()
    await asyncio.sleep(0.02)
    payload = b" " * 1_000_000 + encode(JournalReport(1, 1, DAY))
    for _ in range(40):
        cabinet.publish(topic(CABINET, "up/journal"), payload)
    await asyncio.sleep(0.02)
    assert FULL_BYTES < office.waiting_bytes < FULL_BYTES + 2_000_000
    storing = asyncio.create_task(office.run())
    await asyncio.sleep(0.02)
    await office.idle()
    assert (office.posts_taken, office.waiting_bytes) == (40, 0)
    storing.cancel()
    await courier.stop()
    await cabinet.stop()


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


async def test_a_pocket_of_which_nothing_is_asked_has_run_out_of_nothing(office: Office, http: httpx.AsyncClient) -> None:
    """The bag pocket for patients' own medicines is empty most of the year: the map, the totals and the watch call the same pockets out."""
    emptied = "update pocket set units = 0, par = :par where pocket = 'p1'"
    for par, shown in ((50, True), (0, False)):
        with office.database.engine.begin() as conn:
            conn.execute(sql(emptied), {"par": par})
        page = (await http.get("/")).text
        assert ("1 out" in page) == shown
    told = (await http.get("/api/v1/totals")).json()
    assert (told["out"], told["empty_by_right"]) == (1, 1)


async def test_the_overview_says_where_the_rest_of_the_needs_are(office: Office, http: httpx.AsyncClient) -> None:
    """Twenty of twenty-six looks like all of it, unless it is said."""
    assert "all that is needed" not in (await http.get("/")).text
    with office.database.engine.begin() as conn:
        for number in range(LINES_SHOWN):
            conn.execute(
                sql("insert into need select cabinet, :pocket, rank, item, units, min, par, units_needed, urgency, why, at,"
                     " asked_at, is_listed from need where pocket = 'p1'"),
                {"pocket": f"x{number}"},
            )  # fmt: skip
    for path in ("/", "/parts/restock"):
        assert 'href="/restock">all that is needed' in (await http.get(path)).text
