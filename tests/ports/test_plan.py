"""Pars at the pharmacy on both databases: advice from stored facts, a plan tried at one cabinet first, and taken back."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from cabinet.courier.port import Parcel
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import DOCUMENTS, DocumentsReport, DocumentState, encode, topic
from central.activity.follower import Follower
from central.activity.store import Store
from central.app import make_app
from central.database.place import Database
from central.document.room import DocumentRoom
from central.ingest.outcome import Outcome
from central.ingest.store import Store as Ingest
from central.office import Office
from central.par.history import Demand, History
from central.par.range import take_in
from central.par.rule import Criticality, Rules
from central.plan.pages import plug
from central.plan.room import PlanRoom
from config.pars import Pars
from config.restock import Restock
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.post import NOW, journal_post
from tests.tale import BEGIN, Ward

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

DAYS = 60
TODAY = BEGIN + timedelta(days=DAYS)
RATES = {"fast": 5.0, "slow": 0.2, "rescue": 0.05}
LEVELS = {"fast": (6, 2), "slow": (40, 20), "rescue": (10, 6), "never": (10, 5)}


@dataclass
class Pharmacy:
    """A server's rooms over one database."""

    plans: PlanRoom
    documents: DocumentRoom
    http: httpx.AsyncClient

    async def advise(self) -> None:
        """Work out the advice for every cabinet."""
        assert (await self.http.post("/api/v1/pars/advice?more_stock=true", json=[])).status_code == 202
        await self.plans.advising.done()
        assert self.plans.advising.fault == ""

    def has(self, cabinet: str, version: int) -> None:
        """A cabinet says that it took a version of its pars."""
        newest = self.documents.office.shelf.newest("pars", cabinet)
        assert newest is not None
        held = DocumentState(version, newest.sha256, "applied")
        said = {document: held if document == "pars" else DocumentState() for document in DOCUMENTS}
        report = DocumentsReport(**said, epoch=1, seq=version, at=utc_text(TODAY), key_id=None)
        self.documents.dispatch._hear(Parcel(topic(cabinet, "up/documents"), encode(report)))  # noqa: SLF001 - as the courier calls it

    def levels(self, cabinet: str) -> dict[str, tuple[int, int, int]]:
        """What is sent to a cabinet."""
        table = self.documents.office.shelf.whole("pars", cabinet)
        return {name: (one["par"], one["min"], one["critical_low"]) for name, one in table.items()}


def rooms_of(database: Database) -> tuple[PlanRoom, DocumentRoom]:
    """A pharmacy with three cabinets that have told of sixty days."""
    ingest = Ingest(database)
    for number, cabinet in enumerate(("north", "south", "west")):
        ward = Ward(cabinet, RATES, LEVELS, DAYS, seed=number)
        ingest.take([journal_post(ward.tale.envelopes, cabinet=cabinet)], NOW)
    ingest.close()
    Follower(Store(database)).follow()
    documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: TODAY)
    return PlanRoom(database, documents.office, Pars(unused_days=50), Restock(), {}, lambda: TODAY), documents


@pytest.fixture
async def pharmacy(any_database: Database) -> AsyncIterator[Pharmacy]:
    plans, documents = rooms_of(any_database)
    app = make_app(Office(any_database, never, lambda: TODAY), "Test", documents, plugs=[plug(plans)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", follow_redirects=True) as http:
        yield Pharmacy(plans, documents, http)


async def never(_job: Callable[[], Outcome]) -> Outcome:
    """Nothing is stored meanwhile."""
    raise AssertionError("nothing is stored here")


async def test_advice_is_found_from_stored_facts_and_told_with_its_reason(pharmacy: Pharmacy) -> None:
    """The pocket that runs out each day is raised, the one that is full of dust is lowered, and each says why."""
    await pharmacy.advise()
    advice = (await pharmacy.http.get("/api/v1/pars/advice?cabinet=north")).json()
    pockets = {one["item"]: one for one in advice["pockets"]}
    assert pockets["fast"]["advised"]["par"] > 6
    assert "times refused and counted" in pockets["fast"]["reason"]
    assert pockets["slow"]["advised"]["par"] < 40
    assert pockets["fast"]["expected"]["stock_out_rate"] < pockets["fast"]["expected_now"]["stock_out_rate"]
    assert advice["lived"]["refused"] < advice["lived_now"]["refused"]
    assert [(one["item"], one["is_added"]) for one in advice["ranged"]] == [("never", False)]
    page = (await pharmacy.http.get("/pars/cabinets/north")).text
    assert "times refused and counted" in page


async def test_what_if_lives_through_the_cabinets_own_history_and_changes_nothing(pharmacy: Pharmacy) -> None:
    """A pharmacist tries numbers of their own before anything is sent."""
    lines = [{"cabinet": "north", "pocket": "p-fast", "par": 30, "min": 20, "critical_low": 2}]
    found = (await pharmacy.http.post("/api/v1/pars/what-if?cabinet=north", json=lines)).json()
    assert found["then"]["refused"] < found["now"]["refused"]
    assert found["now"]["attempts"] == found["then"]["attempts"] > 250
    assert pharmacy.levels("north") == {}


async def test_a_plan_goes_to_one_cabinet_first_and_to_the_rest_once_that_has_taken_it(pharmacy: Pharmacy) -> None:
    """Whatever is wrong with a par is found out at one ward."""
    body = {
        "pilot": "north", "by": "pia", "why": "runs out daily",
        "lines": [{"cabinet": one, "pocket": "p-fast", "par": 20, "min": 12, "critical_low": 1} for one in ("north", "south", "west")],
    }  # fmt: skip
    made = (await pharmacy.http.post("/api/v1/pars/plans", json=body)).json()
    place = f"/api/v1/pars/plans/{made['plan']['plan']}"
    assert [(stage["cabinet"], stage["state"]) for stage in made["stages"]] == [
        ("north", "waiting"),
        ("south", "waiting"),
        ("west", "waiting"),
    ]
    assert (await pharmacy.http.post(f"{place}/rest", json={"by": "pia"})).json()["code"] == "pars.not_now"
    assert (await pharmacy.http.post(f"{place}/pilot", json={"by": "pia"})).json() == ["north"]
    assert (pharmacy.levels("north"), pharmacy.levels("south")) == ({"p-fast": (20, 12, 1)}, {})
    assert (await pharmacy.http.post(f"{place}/rest", json={"by": "pia"})).json()["code"] == "pars.not_now"
    pharmacy.has("north", 1)
    assert (await pharmacy.http.post(f"{place}/rest", json={"by": "hugo"})).json() == ["south", "west"]
    assert pharmacy.levels("south") == {"p-fast": (20, 12, 1)}
    seen = (await pharmacy.http.get(place)).json()
    assert [(step["cabinet"], step["act"], step["said_by"], step["version"]) for step in seen["plan"]["steps"]] == [
        ("north", "sent", "pia", 1), ("south", "sent", "hugo", 1), ("west", "sent", "hugo", 1),
    ]  # fmt: skip


async def test_undoing_gives_back_what_stood_there_and_leaves_what_others_changed_since(pharmacy: Pharmacy) -> None:
    """As easily as it was sent; but nobody's later word is lost on the way."""
    lines = [{"cabinet": "north", "pocket": f"p-{item}", "par": 20, "min": 12, "critical_low": 1} for item in ("fast", "slow")]
    made = (await pharmacy.http.post("/api/v1/pars/plans", json={"pilot": "north", "by": "pia", "why": "x", "lines": lines})).json()
    place = f"/api/v1/pars/plans/{made['plan']['plan']}"
    assert (await pharmacy.http.post(f"{place}/undo", json={"by": "pia"})).json()["code"] == "pars.not_now"
    await pharmacy.http.post(f"{place}/pilot", json={"by": "pia"})
    other = {
        "approved_by": "hugo",
        "cabinet": "north",
        "records": [{"pocket": "p-slow", "item": "slow", "par": 9, "min": 3, "critical_low": 0}],
    }
    assert (await pharmacy.http.post("/api/v1/pars", json=other)).status_code == 201
    left = (await pharmacy.http.post(f"{place}/undo", json={"by": "hugo", "why": "nurses ask for less"})).json()
    assert left == ["north, pocket p-slow: somebody has changed it since"]
    assert pharmacy.levels("north") == {"p-fast": (6, 2, 0), "p-slow": (9, 3, 0)}
    assert (await pharmacy.http.get(place)).json()["stages"][0]["state"] == "undone"
    assert (await pharmacy.http.post(f"{place}/pilot", json={"by": "pia"})).status_code == 200


async def test_what_a_pharmacist_pinned_stands_until_it_is_lifted(pharmacy: Pharmacy) -> None:
    """Numbers do not know of the ward that moves next month."""
    word = {"cabinet": "north", "pocket": "p-fast", "by": "pia", "reason": "the ward moves"}
    assert (await pharmacy.http.post("/api/v1/pars/words", json=word)).status_code == 201
    await pharmacy.advise()
    advice = (await pharmacy.http.get("/api/v1/pars/advice?cabinet=north")).json()
    fast = next(one for one in advice["pockets"] if one["item"] == "fast")
    assert fast["is_held"]
    assert fast["advised"] == fast["now"]
    assert fast["reason"].startswith("Pinned by pia: the ward moves.")
    line = {"cabinet": "north", "pocket": "p-fast", "par": 20, "min": 12, "critical_low": 1}
    body = {"pilot": "north", "by": "pia", "why": "x", "lines": [line]}
    assert "pinned or frozen" in (await pharmacy.http.post("/api/v1/pars/plans", json=body)).json()["detail"]
    number = (await pharmacy.http.get("/api/v1/pars/words?cabinet=north")).json()[0]["number"]
    await pharmacy.http.post(f"/api/v1/pars/words/{number}/lift", json={"by": "hugo", "why": "it has moved"})
    assert (await pharmacy.http.post("/api/v1/pars/plans", json=body)).status_code == 201
    kept = (await pharmacy.http.get("/api/v1/pars/words?cabinet=north")).json()[0]
    assert (kept["said_by"], kept["lifted_by"], kept["lifted_why"]) == ("pia", "hugo", "it has moved")


async def test_no_advice_and_no_plan_lowers_an_emergency_item(pharmacy: Pharmacy) -> None:
    """Its history knows nothing of the night that it is kept for."""
    pharmacy.plans.mark("rescue", Criticality.EMERGENCY, by="pia", reason="antidote")
    await pharmacy.advise()
    advice = (await pharmacy.http.get("/api/v1/pars/advice?cabinet=north")).json()
    rescue = next(one for one in advice["pockets"] if one["item"] == "rescue")
    assert rescue["criticality"] == "emergency"
    assert rescue["advised"]["par"] >= 10
    assert rescue["advised"]["min"] >= 6
    line = {"cabinet": "north", "pocket": "p-rescue", "par": 9, "min": 6, "critical_low": 0}
    made = await pharmacy.http.post("/api/v1/pars/plans", json={"pilot": "north", "by": "pia", "why": "x", "lines": [line]})
    assert "no plan lowers it" in made.json()["detail"]


async def test_without_more_stock_the_cabinet_holds_what_it_does_today(pharmacy: Pharmacy) -> None:
    """Money and shelves are given; what can be done is to spread it better."""
    await pharmacy.advise()
    pharmacy.plans.advising.form("north", more_stock=False)
    opinion = pharmacy.plans.store.opinion("north")
    assert opinion is not None
    now = sum(one.expected_now.stock for one in opinion.pockets if one.expected_now)
    assert sum(one.expected.stock for one in opinion.pockets if one.expected) <= now * 1.01


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"do": "plan", "by": "pia", "why": "x"}, "Choose at least one line"),
        ({"do": "plan", "choose": "p-fast", "par:p-fast": "3", "min:p-fast": "9", "critical_low:p-fast": "0"}, "up to min up to par"),
    ],
)
async def test_a_form_that_cannot_be_meant_is_answered_in_words(pharmacy: Pharmacy, form: dict[str, str], says: str) -> None:
    """Nothing is sent, and the page says what to mend."""
    pharmacy.plans.advising.form("north")
    assert says in (await pharmacy.http.post("/pars/cabinets/north", data=form)).text
    assert pharmacy.plans.store.plans() == []


async def test_a_week_of_history_chooses_nothing_by_itself(pharmacy: Pharmacy) -> None:
    """A quiet week would halve a ward's stock at one touch."""
    pharmacy.plans.advising.form("north")
    opinion = pharmacy.plans.store.opinion("north")
    assert opinion is not None
    assert 'value="p-fast" aria-label="Send fast" checked' in (await pharmacy.http.get("/pars/cabinets/north")).text
    pharmacy.plans.store.keep(replace(opinion, days=7.0))
    page = (await pharmacy.http.get("/pars/cabinets/north")).text
    assert "Only 7 days are known" in page
    assert 'aria-label="Send fast" checked' not in page


async def test_words_and_marks_are_said_on_the_page_and_kept_with_who(pharmacy: Pharmacy) -> None:
    """Who answers for a number stands beside it, and what was lifted is not forgotten."""
    pharmacy.plans.advising.form("north")
    said = {"cabinet": "north", "pocket": "p-fast", "by": "pia", "why": "the ward moves", "until": "2026-12-31"}
    assert "frozen until 2026-12-31" in (await pharmacy.http.post("/pars/words", data=said)).text
    assert "Say why." in (await pharmacy.http.post("/pars/words", data={**said, "why": ""})).text
    number = str(pharmacy.plans.store.words("north")[0].number)
    page = (await pharmacy.http.post("/pars/words", data={"cabinet": "north", "lift": number, "by": "hugo", "why": "moved"})).text
    assert "frozen until" not in page
    kept = pharmacy.plans.store.words("north", is_lifted=True)[0]
    assert (kept.said_by, kept.lifted_by, kept.until_at) == ("pia", "hugo", "2026-12-31T23:59:59.000000Z")
    mark = {"item": "rescue", "criticality": "emergency", "by": "pia", "why": "antidote"}
    assert "antidote" in (await pharmacy.http.post("/pars/marks", data=mark)).text
    assert "Name the item by its id." in (await pharmacy.http.post("/pars/marks", data={**mark, "item": "No Such"})).text


async def test_what_nobody_uses_is_given_up_by_a_plan_and_says_so(pharmacy: Pharmacy) -> None:
    """Advice that cannot be followed where it stands is read once and forgotten."""
    pharmacy.plans.advising.form("north")
    assert "refill no more" in (await pharmacy.http.get("/pars/cabinets/north")).text
    form = {"out": "never", "do": "plan", "by": "pia", "why": "nobody asks for it"}
    page = (await pharmacy.http.post("/pars/cabinets/north", data=form)).text
    (line,) = pharmacy.plans.desk.plan(1).lines
    assert (line.pocket, line.to.par, line.to.min, line.to.critical_low) == ("p-never", 0, 0, 0)
    assert line.reason == "To be taken out. Nobody has asked for it for 60 days."
    assert line.reason in page


def test_what_was_looked_for_in_vain_is_not_said_to_have_been_sent() -> None:
    """The reason of an advice is what a pharmacist acts on."""
    rules = Rules(sent_times=2, sent_days=14)
    for met, how in (
        ((True, True), "Sent"),
        ((False, False), "Looked for here in vain"),
        ((True, False), "Sent, or looked for here in vain,"),
    ):
        demands = tuple(Demand(day * 1440, 1, "", is_met=is_met) for day, is_met in enumerate(met, 1))
        (one,) = take_in([History("gabapentin", 0, 5 * 1440, demands)], [], rules)
        assert one.reason == f"{how} on 2 of the last 14 days."


async def test_what_was_said_since_a_plan_was_made_holds_when_it_is_sent(pharmacy: Pharmacy) -> None:
    """A plan lies for days: an item that became an emergency item meanwhile is not lowered by it, and a pocket that was pinned stays."""
    lines = {item: {"cabinet": "north", "pocket": f"p-{item}", "par": 5, "min": 3, "critical_low": 0} for item in ("rescue", "slow")}
    places = {}
    for item, line in lines.items():
        body = {"pilot": "north", "by": "pia", "why": "less", "lines": [line]}
        made = (await pharmacy.http.post("/api/v1/pars/plans", json=body)).json()
        places[item] = f"/api/v1/pars/plans/{made['plan']['plan']}"
    pharmacy.plans.mark("rescue", Criticality.EMERGENCY, by="pia", reason="antidote")
    pharmacy.plans.hold("north", "p-slow", by="pia", reason="the ward moves")
    answers = {item: (await pharmacy.http.post(f"{place}/pilot", json={"by": "pia"})).json() for item, place in places.items()}
    assert "no plan lowers it" in answers["rescue"]["detail"]
    assert "pinned or frozen" in answers["slow"]["detail"]
    assert pharmacy.levels("north") == {}


async def test_a_plan_from_old_advice_is_about_what_stands_now(pharmacy: Pharmacy, any_database: Database) -> None:
    """Advice lies for weeks: what a plan says stood there, and what undoing gives back, is what stood when it was made."""
    pharmacy.plans.advising.form("north")
    with any_database.engine.begin() as conn:
        conn.execute(text("update pocket set par = 33, min = 9 where cabinet = 'north' and pocket = 'p-fast'"))
    form = {
        "do": "plan", "by": "pia", "why": "x", "choose": "p-fast", "par:p-fast": "50", "min:p-fast": "20", "critical_low:p-fast": "1",
    }  # fmt: skip
    assert "33 / 9 / 0" in (await pharmacy.http.post("/pars/cabinets/north", data=form)).text
    await pharmacy.http.post("/api/v1/pars/plans/1/pilot", json={"by": "pia"})
    await pharmacy.http.post("/api/v1/pars/plans/1/undo", json={"by": "pia", "why": "back"})
    assert pharmacy.levels("north")["p-fast"] == (33, 9, 0)


async def test_undoing_leaves_a_pocket_that_was_pinned_since(pharmacy: Pharmacy) -> None:
    """Who pins what a plan brought means it to stay."""
    lines = [{"cabinet": "north", "pocket": f"p-{item}", "par": 20, "min": 12, "critical_low": 1} for item in ("fast", "slow")]
    made = (await pharmacy.http.post("/api/v1/pars/plans", json={"pilot": "north", "by": "pia", "why": "x", "lines": lines})).json()
    place = f"/api/v1/pars/plans/{made['plan']['plan']}"
    await pharmacy.http.post(f"{place}/pilot", json={"by": "pia"})
    pharmacy.plans.hold("north", "p-fast", by="pia", reason="it is right now")
    left = (await pharmacy.http.post(f"{place}/undo", json={"by": "hugo", "why": "back"})).json()
    assert left == ["north, pocket p-fast: it is pinned or frozen"]
    assert pharmacy.levels("north")["p-fast"] == (20, 12, 1)
    assert pharmacy.levels("north")["p-slow"] == LEVELS["slow"] + (0,)


async def test_pages_call_a_cabinet_by_its_ward(pharmacy: Pharmacy, any_database: Database) -> None:
    """A pharmacist looks for Ward 3 North; an id is for addresses, and for a cabinet that never said its name."""
    with any_database.engine.begin() as conn:
        conn.execute(text("update cabinet set name = 'Ward 3 North' where cabinet = 'north'"))
    page = (await pharmacy.http.get("/pars")).text
    assert '<a href="/pars/cabinets/north"><b>Ward 3 North</b></a>' in page
    assert '<a href="/pars/cabinets/south"><b>south</b></a>' in page
