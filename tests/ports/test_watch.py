"""Watching a pharmacy's database, on every one of them: alerts begin, are seen to, go a step further, and are over when the matter is."""

from datetime import UTC, datetime, timedelta

import httpx

from cabinet.domain.facts import DebtOwed, DebtSettled, Fact, JournalBegun
from cabinet.domain.vocabulary import AccessId, DebtId
from cabinet.messages import FridgeHealth, HealthReport, PowerHealth, encode, topic
from central.app import make_app
from central.database.place import Database
from central.ingest.store import Store
from central.office import Office
from central.post import Post, read
from central.watch.book import AlertBook
from central.watch.look import Lookout
from central.watch.pages import plug
from central.watch.watcher import Watcher
from config.watch import Channel, Rule, Step, Watch
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database
from tests.ports.test_recall import journal, put, taken
from tests.post import CABINET, ITEM, NOW, POCKET, assigned, journal_post, state, stock

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

LATER = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CHANNELS = (Channel(id="desk", kind="webhook", to="https://x.example/"), Channel(id="oncall", kind="webhook", to="https://y.example/"))


class Ward:
    """A database and a watcher over it."""

    def __init__(self, database: Database, *rules: Rule) -> None:
        self.database, self.store, self.book = database, Store(database), AlertBook(database)
        self.watcher = Watcher(Lookout(database), self.book, Watch.model_validate({"rule": rules, "channel": CHANNELS}))

    def take(self, *post: Post) -> None:
        self.store.take(post, NOW)

    def sees(self, now: datetime = LATER) -> list[str]:
        """What is an alert after a look."""
        self.watcher.look(now)
        return [alert.sentence for alert in self.book.lasting()]


def rule(when: str, **more: object) -> Rule:
    return Rule.model_validate({"id": when.replace("_", "-"), "when": when, **more})


def begun_journal(*facts: tuple[str | None, Fact]) -> Post:
    return journal_post(journal((None, JournalBegun("uuid", CABINET, "test")), *facts))


async def test_what_is_out_is_an_alert_until_it_is_filled(server_database: Database) -> None:
    """The server's own sum says so, whatever anybody reports."""
    ward = Ward(server_database, rule("stock_out", severity="now"), rule("critical_low"))
    facts = [(None, assigned()), put(3, "L1"), *taken("a", "p-1", 3)]
    ward.take(state(1, 1, 1, "online"), begun_journal(*facts))
    assert ward.sees() == [f"{CABINET}, {POCKET}: {ITEM} is out"]
    ward.take(begun_journal(*facts, put(4, "L2")))
    assert ward.sees() == [f"{CABINET}, {POCKET}: 4 left of {ITEM}"]
    (over,) = ward.book.over()
    assert (over.rule, over.severity) == ("stock-out", "now")
    ward.take(begun_journal(*facts, put(4, "L2"), put(40, "L2")))
    assert ward.sees() == []
    ward.store.close()


async def test_a_silent_cabinet_is_told_of_after_the_rules_minutes_and_step_by_step(server_database: Database) -> None:
    """At once to the desk, after half an hour unseen to whoever is on call, and no further once somebody sees to it."""
    ward = Ward(server_database, rule("silent", after_min=10, tell=[Step(to=("desk",)), Step(after_min=30, to=("oncall",))]))
    ward.take(state(1, 1, 1, "offline"))
    began = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
    assert ward.sees(began + timedelta(minutes=9)) == []
    assert len(ward.sees(began + timedelta(minutes=10))) == 1
    assert [letter.channel for letter in ward.book.letters()] == ["desk"]
    ward.sees(began + timedelta(minutes=39))
    assert len(ward.book.letters()) == 1
    ward.sees(began + timedelta(minutes=40))
    assert [letter.channel for letter in ward.book.letters()] == ["oncall", "desk"]
    ward.sees(began + timedelta(minutes=300))
    assert len(ward.book.letters()) == 2
    ward.store.close()


async def test_whoever_sees_to_an_alert_ends_its_steps(server_database: Database) -> None:
    """Letters that still wait are not sent, and a second person is told that somebody does."""
    ward = Ward(server_database, rule("silent", tell=[Step(to=("desk",)), Step(after_min=30, to=("oncall",))]))
    ward.take(state(1, 1, 1, "offline"))
    ward.sees()
    (alert,) = ward.book.lasting()
    assert ward.book.take(alert.number, by="pia", at=NOW, note="on my way")
    assert not ward.book.take(alert.number, by="erin", at=NOW, note="")
    assert ward.book.letters() == []
    ward.sees(LATER + timedelta(hours=2))
    assert ward.book.letters() == []
    (alert,) = ward.book.lasting()
    assert (alert.taken_by, alert.taken_at, alert.note) == ("pia", NOW, "on my way")
    ward.store.close()


async def test_a_step_is_taken_once_however_many_servers_look(server_database: Database) -> None:
    """Two servers on one database: nobody is woken twice."""
    ward = Ward(server_database, rule("silent", tell=[Step(to=("desk",))]))
    ward.take(state(1, 1, 1, "offline"))
    ward.sees()
    (alert,) = ward.book.lasting()
    ward.book.tell(alert.number, 1, [("desk", "{}")], NOW)
    assert len(ward.book.letters()) == 1
    ward.store.close()


async def test_what_a_cabinet_reports_of_itself(server_database: Database) -> None:
    """Battery and fridge, from the newest health report; of a silent cabinet nothing but its silence."""
    ward = Ward(server_database, rule("on_battery"), rule("fridge"), rule("silent"))
    fridges = [FridgeHealth("f1", "excursion", 9100, NOW)]
    report = HealthReport(1, 1, NOW, [], [], fridges, PowerHealth("battery", NOW))
    post = read(topic(CABINET, "up/health"), encode(report))
    assert post is not None
    ward.take(state(1, 1, 1, "online"), post)
    assert sorted(ward.sees()) == [f"{CABINET} runs on battery", f"{CABINET}, fridge f1: out of range, 9.1 °C"]
    ward.take(state(1, 1, 1, "offline"))
    assert ward.sees() == [f"{CABINET} has not been heard; its last mode was ready"]
    ward.store.close()


async def test_expiry_discrepancy_and_waste_owed(server_database: Database) -> None:
    """Each from its own rows: what expires within the rule's hours, what nobody explained, what nobody wasted."""
    ward = Ward(server_database, rule("expiring", within_h=24 * 14), rule("waste_owed", after_min=60))
    owed = DebtOwed(DebtId("w1"), "waste", AccessId("a"), None, ITEM, None, 500, "half a dose")
    facts = [(None, assigned()), put(30, "L1"), ("a", owed)]
    ward.take(state(1, 1, 1, "online"), begun_journal(*facts), stock(4, 30, expiry="2026-03-10"))
    assert sorted(ward.sees()) == [
        f"{CABINET}, {POCKET}: 30 of hydrOXYzine, the first expires on 2026-03-10",
        f"{CABINET}: ana owes a waste of {ITEM}",
    ]
    ward.take(begun_journal(*facts, ("a", DebtSettled(DebtId("w1"), "done"))), stock(5, 30, expiry="2026-05-31"))
    assert ward.sees() == []
    ward.store.close()


async def test_the_page_shows_alerts_and_who_sees_to_them(server_database: Database) -> None:
    """With who and when; over HTTP as on the page."""
    ward = Ward(server_database, rule("silent", severity="now"))
    ward.take(state(1, 1, 1, "offline"))
    ward.sees()
    office = Office(server_database, _inline, lambda: LATER)
    app = make_app(office, "Test pharmacy", plugs=[plug(ward.watcher, office.feed, lambda: LATER)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", follow_redirects=True) as http:
        assert "has not been heard" in (await http.get("/watch")).text
        (alert,) = (await http.get("/api/v1/watch")).json()
        assert (await http.post(f"/watch/{alert['number']}", data={"note": "calling them"})).status_code == 200
        page = (await http.get("/parts/watch")).text
        assert "unproven sees to it since 2026-03-01 09:00 UTC: calling them" in page
        again = await http.post(f"/api/v1/watch/{alert['number']}/acknowledgement", json={})
        assert (again.status_code, again.json()["code"]) == (409, "alert.taken")
        assert (await http.post("/api/v1/watch/99/acknowledgement", json={})).status_code == 404
    ward.store.close()


async def _inline(job):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return job()
