"""Pick lists over both databases: made once, on one list at a time, closed by the cabinet's own facts, whatever dies in between."""

from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.domain.facts import (
    AccessRequested,
    Account,
    DeliveryAnnounced,
    DeliveryClosed,
    Draft,
    Fact,
    JournalBegun,
    LineNotFilled,
    PocketAssigned,
    UnitsMoved,
)
from cabinet.domain.vocabulary import ZERO_HASH, AccessId, DrawerId, Instant, ItemId, PocketId, SessionId, StaffId, Units
from cabinet.messages import Need, RestockReport, StateReport, encode, envelope_of, seal, topic
from central.database.place import Database
from central.document.room import DocumentRoom
from central.feed import Feed
from central.ingest.store import Store as Ingest
from central.post import read
from central.restock.room import RestockRoom
from central.restock.rule.picking import Picked
from central.restock.rule.picklist import Line, NotDone, PickList, Stage, Step
from config.restock import Restock
from config.schema import Item
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database
from tests.post import NOW, journal_post

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

CABINET, LIST = "ward-1", "p260302-001"
MORNING = datetime(2026, 3, 2, 4, 40, tzinfo=UTC)
ITEMS = tuple(
    Item.model_validate(
        {"id": name, "generic": name, "tall_man": name, "strength": "5 mg", "form": "tablet", "ndc": f"0406-900{number}-01",
         "count_unit": "tablet", "control_class": controlled}
    )
    for number, (name, controlled) in enumerate((("aspirin", "none"), ("oxycodone", "c2"), ("cream", "none")), 1)
)  # fmt: skip
ROUNDS = Restock.model_validate(
    {"area": [{"id": "medical", "cabinets": ["ward-2", "ward-1"]}],
     "round": [{"id": "morning", "name": "Morning", "at": ["04:45:00"], "route": ["medical"]},
               {"id": "weekend", "name": "Weekend", "at": ["08:00:00"], "days": ["sat"], "top_up": True}]}
)  # fmt: skip


@dataclass
class Ward:
    """One cabinet as the pharmacy hears it: a journal that grows."""

    name: str = CABINET
    facts: list[dict[str, Any]] = field(default_factory=list)

    def tells(self, *drafts: tuple[Fact, str | None]) -> list[dict[str, Any]]:
        """Facts, each with its access, sealed onto what is there."""
        new = []
        for fact, access in drafts:
            prev = self.facts[-1]["hash"] if self.facts else ZERO_HASH
            draft = Draft(Instant(MORNING, 0.0), fact, AccessId(access) if access else None, StaffId("tom"))
            seq = len(self.facts) + 1
            entry = seal(draft, epoch=1, seq=seq, fact_id=f"{self.name}-{seq}", prev_hash=prev)
            self.facts.append(envelope_of(entry))
            new.append(self.facts[-1])
        return new


def assigned(pocket: str, item: str, par: int = 20) -> tuple[Fact, str | None]:
    return PocketAssigned(PocketId(pocket), DrawerId("d"), ItemId(item), Units(par), Units(8), Units(3), "units"), None


def put(pocket: str, item: str, units: int, access: str | None = None) -> tuple[Fact, str | None]:
    return UnitsMoved(PocketId(pocket), ItemId(item), Units(units), Account.PHARMACY, Account.POCKET), access


def refilled(pocket: str, item: str, units: int, access: str, delivery: str = LIST) -> list[tuple[Fact, str | None]]:
    """A pocket is filled for a list."""
    asked = AccessRequested("refill", PocketId(pocket), ItemId(item), Units(units), "none", SessionId("s"), delivery=delivery)
    return [(asked, access), put(pocket, item, units, access)]


class Pharmacy:
    """A server's rooms over one database; `at` is its clock."""

    def __init__(self, database: Database, settings: Restock = ROUNDS) -> None:
        self.at = MORNING
        self.key = Ed25519PrivateKey.generate()
        self.database, self.settings = database, settings
        self.ingest = Ingest(database)
        self.wards = {name: Ward(name) for name in ("ward-1", "ward-2")}
        self.starts()
        for name, ward in self.wards.items():
            self.hears(name, (JournalBegun(f"j-{name}", name, "test"), None), *STOCKED)
            self.needs(ward.name, ("p1", "aspirin", 4, 20, "below_min"), ("p2", "oxycodone", 0, 10, "stock_out"))

    def starts(self) -> None:
        """The server starts, or starts again."""
        self.documents = DocumentRoom(self.database, self.key, lambda: self.at)
        self.room = RestockRoom(self.database, self.documents, Feed(), self.settings, ITEMS, lambda: self.at)

    def hears(self, name: str, *drafts: tuple[Fact, str | None]) -> None:
        """A cabinet's facts come in and are stored."""
        self.ingest.take([journal_post(self.wards[name].tells(*drafts), cabinet=name)], NOW)

    def needs(self, name: str, *lines: tuple[str, str, int, int, str]) -> None:
        """A cabinet says all that it needs."""
        made = [Need(pocket, item, units, 8, par, par - units, "soon", why) for pocket, item, units, par, why in lines]
        report = RestockReport(1, len(self.wards[name].facts), NOW, made)
        post = read(topic(name, "up/restock"), encode(report))
        assert post is not None
        self.ingest.take([post], NOW)

    def lists(self, *stages: Stage) -> list[str]:
        return [one.id for one in self.room.store.lists(stages or tuple(Stage))]

    def sent(self, name: str = LIST, *, short: bool = False) -> PickList:
        """A list is picked, checked and carried off; where it is `short`, six of ten oxycodone."""
        for line in self.room.store.one(name).lines:
            units = 6 if short and line.item == "oxycodone" else line.units
            self.room.pick(name, line.number, Picked(units, "tom", "too_few" if units < line.units else "", "L1", "2027-01-31"))
        self.room.finish(name, "tom")
        for line in self.room.store.one(name).lacks_check:
            self.room.check_line(name, line.number, "pia")
        self.room.check(name, "pia")
        return self.room.send(name, "pia", "tom")

    def told(self, document: str, cabinet: str = CABINET) -> dict[str, Any]:
        """What a cabinet is sent."""
        return self.documents.office.shelf.whole(document, cabinet)


STOCKED = [
    assigned("p1", "aspirin"),
    assigned("p2", "oxycodone", 10),
    assigned("p3", "cream"),
    put("p1", "aspirin", 4),
    put("p3", "cream", 15),
]


@pytest.fixture
def pharmacy(server_database: Database) -> Iterator[Pharmacy]:
    made = Pharmacy(server_database)
    yield made
    made.ingest.close()


async def refusal(act: Awaitable[object]) -> str:
    with pytest.raises(NotDone) as why:
        await act
    return why.value.code


def refused(act: Any) -> str:
    with pytest.raises(NotDone) as why:
        act()
    return why.value.code


async def test_a_round_makes_one_list_for_each_cabinet_on_its_way_and_only_once(pharmacy: Pharmacy) -> None:
    """At its hour, in the order of the way, the most urgent line first; a server that starts again makes none twice."""
    await pharmacy.room.make_due()
    assert pharmacy.lists() == [], "it is not time yet"
    pharmacy.at += timedelta(minutes=10)
    await pharmacy.room.make_due()
    made = sorted(pharmacy.room.store.lists([Stage.MADE]), key=lambda one: one.id)
    assert [(one.cabinet, one.position, one.round) for one in made] == [("ward-2", 1, "morning"), ("ward-1", 2, "morning")]
    assert [(line.item, line.units, line.why, line.needs_check) for line in made[0].lines] == [
        ("oxycodone", 10, "stock_out", True), ("aspirin", 16, "below_min", False),
    ]  # fmt: skip
    pharmacy.starts()
    await pharmacy.room.make_due()
    assert len(pharmacy.lists()) == 2
    pharmacy.at += timedelta(days=1)
    await pharmacy.room.make_due()
    assert len(pharmacy.lists()) == 2, "what is on a list is on no other"
    assert pharmacy.room.needs() == []


async def test_a_way_may_name_the_care_areas_that_cabinets_say_of_themselves(server_database: Database) -> None:
    """Nobody writes down twice where a cabinet stands; an area of the file's comes before one of the same name."""
    settings = Restock.model_validate({"round": [{"id": "r", "name": "R", "at": ["04:45:00"], "route": ["surgical"]}]})
    made = Pharmacy(server_database, settings)
    report = StateReport("online", "ready", 1, 1, 1, NOW, "1", "0" * 64, area="surgical")
    post = read(topic("ward-2", "up/state"), encode(report))
    assert post is not None
    made.ingest.take([post], NOW)
    assert [one.cabinet for one in await made.room.make("pia", round_id="r")] == ["ward-2"]
    made.ingest.close()


async def test_a_need_is_on_one_list_whoever_makes_two_at_once(pharmacy: Pharmacy) -> None:
    """The database keeps it, not the order of two clicks: nothing of the second list is kept."""
    [first] = await pharmacy.room.make("pia", cabinets=["ward-1"])
    late = [PickList("", first.cabinet, "", 1, Stage.MADE, first.lines, first.steps)]
    assert refused(lambda: pharmacy.room.store.add(late, "2026-03-02")) == "picklist.taken"
    assert pharmacy.lists() == [first.id]
    pharmacy.room.cancel(first.id, "pia", "the bag broke")
    [again] = await pharmacy.room.make("pia", cabinets=["ward-1"])
    assert [line.item for line in again.lines] == ["oxycodone", "aspirin"], "what a cancelled list held is needed again"


async def test_the_board_shows_only_what_is_on_no_list(pharmacy: Pharmacy) -> None:
    """Whatever comes first: a report that repeats a need, or a list that is given up. A need that nobody sees is filled by nobody."""
    both = (("p1", "aspirin", 4, 20, "below_min"), ("p2", "oxycodone", 0, 10, "stock_out"))

    def free() -> list[tuple[str, str]]:
        return sorted((need.cabinet, need.pocket) for need in pharmacy.room.needs())

    await pharmacy.room.make("pia", cabinets=["ward-1"])
    assert free() == [("ward-2", "p1"), ("ward-2", "p2")]
    pharmacy.needs("ward-1", *both, ("p3", "cream", 1, 5, "below_min"))
    assert free() == [("ward-1", "p3"), ("ward-2", "p1"), ("ward-2", "p2")]
    pharmacy.room.cancel(LIST, "pia", "by mistake")
    assert [pocket for cabinet, pocket in free() if cabinet == "ward-1"] == ["p1", "p2", "p3"]


async def test_lists_of_a_day_sort_as_they_were_made_beyond_the_thousandth(pharmacy: Pharmacy) -> None:
    """A fleet makes thousands: the newest come first on the board, and the same number never comes twice."""
    line, step = Line(1, "p1", "aspirin", 1, 0, "asked"), Step("made", NOW, "pia")
    wards = [*(f"w{number}" for number in range(1003)), "last"]
    lists = [PickList("", ward, "", place, Stage.MADE, (line,), (step,)) for place, ward in enumerate(wards)]
    made = [*pharmacy.room.store.add(lists[:1003], "2026-03-02"), *pharmacy.room.store.add(lists[1003:], "2026-03-02")]
    names = [one.id for one in made]
    assert (names[0], names[998], names[999], names[-1]) == ("p260302-001", "p260302-999", "p260302-a1000", "p260302-a1004")
    assert names == sorted(names)
    assert [one.cabinet for one in pharmacy.room.store.lists((Stage.MADE,), limit=2)] == ["last", "w1002"]


async def test_what_leaves_is_told_to_its_cabinet_and_what_is_controlled_on_a_sheet(pharmacy: Pharmacy) -> None:
    """The technician finds the lines at the cabinet, with lot, expiry and who checked; the sheet is numbered in the same moment."""
    await pharmacy.room.make("pia", cabinets=["ward-1"])
    sent = pharmacy.sent(short=True)
    [delivery] = pharmacy.told("deliveries").values()
    assert delivery["id"] == LIST
    assert [(line["item"], line["units"], line["pocket"], line.get("checked_by")) for line in delivery["lines"]] == [
        ("oxycodone", 6, "p2", "pia"), ("aspirin", 16, "p1", None),
    ]  # fmt: skip
    [sheet] = pharmacy.told("sheets").values()
    assert (sheet["id"], sheet["units"], sheet["carried_by"]) == (sent.line(1).sheet, 6, "tom")
    assert pharmacy.told("deliveries", "ward-2") == {}


async def test_the_cabinets_facts_close_the_list_and_what_is_short_comes_back(pharmacy: Pharmacy) -> None:
    """Filled, not filled with its reason, closed; the pharmacy ticks nothing off by hand."""
    await pharmacy.room.make("pia", cabinets=["ward-1"])
    pharmacy.sent(short=True)
    pharmacy.hears(CABINET, (DeliveryAnnounced(LIST, []), None), *refilled("p2", "oxycodone", 6, "a1"))
    await pharmacy.room.follow()
    one = pharmacy.room.store.one(LIST)
    assert ([line.filled for line in one.lines], bool(one.announced_at), one.stage) == ([6, 0], True, Stage.ON_ITS_WAY)
    not_filled = LineNotFilled(PocketId("p1"), ItemId("aspirin"), "jammed", None, LIST)
    pharmacy.hears(CABINET, (not_filled, None), (DeliveryClosed(LIST, 16), None))
    pharmacy.needs(CABINET, ("p1", "aspirin", 4, 20, "below_min"), ("p2", "oxycodone", 6, 10, "below_min"))
    await pharmacy.room.follow()
    one = pharmacy.room.store.one(LIST)
    assert (one.stage, one.line(2).why_not, one.line(2).missing) == (Stage.CLOSED, "jammed", 16)
    assert [(need.pocket, need.lacking) for need in pharmacy.room.needs() if need.cabinet == CABINET] == [("p1", 16), ("p2", 4)]
    assert pharmacy.told("deliveries") == {}, "the cabinet is told of it no more"
    assert pharmacy.room.store.followed() == {}


async def test_facts_are_read_once_and_none_is_missed_across_a_restart(pharmacy: Pharmacy) -> None:
    """The access is asked for before the server stops, and what it moved comes after; nothing is counted twice."""
    await pharmacy.room.make("pia", cabinets=["ward-1"])
    pharmacy.sent()
    asked, moved = refilled("p1", "aspirin", 16, "a1")
    pharmacy.hears(CABINET, asked)
    await pharmacy.room.follow()
    pharmacy.starts()
    pharmacy.hears(CABINET, moved)
    for _ in range(2):
        await pharmacy.room.follow({CABINET})
    pharmacy.starts()
    await pharmacy.room.follow()
    assert pharmacy.room.store.one(LIST).line(2).filled == 16


async def test_a_list_that_left_just_before_the_server_died_is_sent_at_the_next_start(pharmacy: Pharmacy) -> None:
    """The document is made from the lists each time."""
    await pharmacy.room.make("pia", cabinets=["ward-1"])
    pharmacy.room.announce = lambda *_: None  # type: ignore[method-assign] - it dies in between
    pharmacy.sent()
    pharmacy.starts()
    assert pharmacy.told("deliveries") == {}
    await pharmacy.room.announce_all()
    assert list(pharmacy.told("deliveries")) == [LIST]


async def test_a_need_that_vanished_says_so_on_the_list(pharmacy: Pharmacy) -> None:
    """Somebody refilled it from another bag: the picker reads it before going to the shelf."""
    [one] = await pharmacy.room.make("pia", cabinets=["ward-1"])
    pharmacy.hears(CABINET, put("p1", "aspirin", 16), put("p2", "oxycodone", 1))
    said = pharmacy.room.standing(one)
    assert said == {1: "holds 1 by now, lacks 9", 2: "no longer needed: refilled meanwhile, it holds 20 of 20"}


async def test_what_is_asked_for_and_what_is_below_par_come_last(pharmacy: Pharmacy) -> None:
    """A ward that calls is put on the next list; a round that tops up fills what it passes anyway."""
    pharmacy.room.ask("ward-1", "p3", "nina")
    assert [need.why for need in pharmacy.room.needs() if need.cabinet == "ward-1"] == ["stock_out", "below_min", "asked"]
    weekend = {one.cabinet: one for one in await pharmacy.room.make("pia", round_id="weekend")}
    assert [(line.pocket, line.units, line.why) for line in weekend["ward-1"].lines][-1] == ("p3", 5, "asked")
    assert [(line.pocket, line.why) for line in weekend["ward-2"].lines][-1] == ("p3", "below_par")
    assert refused(lambda: pharmacy.room.ask("ward-1", "p9", "nina")) == "picklist.pocket"
    assert pharmacy.room.needs() == [], "what is on a list is asked for no more"
    pharmacy.hears("ward-1", put("p3", "cream", 5))
    assert refused(lambda: pharmacy.room.ask("ward-1", "p3", "nina")) == "picklist.full"


def test_what_a_ward_waits_for_comes_first_among_equals(pharmacy: Pharmacy) -> None:
    """One touch at the cabinet says that somebody waits: it changes the order of a list, never its urgency."""
    waiting = Need(PocketId("p3"), "cream", 5, 8, 20, 15, "soon", "below_min", NOW)
    others = [
        Need(PocketId("p1"), "aspirin", 4, 8, 20, 16, "soon", "below_min"),
        Need(PocketId("p2"), "oxycodone", 0, 8, 10, 10, "stat", "stock_out"),
    ]
    post = read(topic(CABINET, "up/restock"), encode(RestockReport(1, 9, NOW, [*others, waiting])))
    assert post is not None
    pharmacy.ingest.take([post], NOW)
    assert [need.pocket for need in pharmacy.room.needs() if need.cabinet == CABINET] == ["p2", "p3", "p1"]


async def test_nobody_does_anything_namelessly_or_to_what_is_not_there(pharmacy: Pharmacy) -> None:
    """Each refusal says what to do."""
    assert await refusal(pharmacy.room.make(" ")) == "picklist.nobody"
    assert await refusal(pharmacy.room.make("pia", round_id="noon")) == "picklist.round"
    assert await refusal(pharmacy.room.make("pia", cabinets=["atlantis"])) == "picklist.cabinet"
    assert refused(lambda: pharmacy.room.finish("p0", "pia")) == "picklist.unknown"
    await pharmacy.room.make("pia", cabinets=["ward-1"])
    assert refused(lambda: pharmacy.room.pick(LIST, 9, Picked(1, "tom"))) == "picklist.no_line"
    assert refused(lambda: pharmacy.room.cancel(LIST, "pia", " ")) == "picklist.reason"
    assert refused(lambda: pharmacy.room.send(LIST, "pia", "tom")) == "picklist.stage"


async def test_an_item_that_the_formulary_lacks_is_checked(server_database: Database) -> None:
    """Nobody knows what it is; a pharmacist looks at the bag."""
    made = Pharmacy(server_database)
    made.hears(CABINET, assigned("p4", "brand-new"))
    made.needs(CABINET, ("p4", "brand-new", 0, 20, "stock_out"))
    [one] = await made.room.make("pia", cabinets=["ward-1"])
    assert [(line.item, line.needs_check, line.needs_sheet) for line in one.lines] == [("brand-new", True, False)]
    made.ingest.close()
