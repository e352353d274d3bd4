"""Documents of the pharmacy: applied in order, once, whole or not at all; what is refused changes nothing and says why."""

from dataclasses import replace
from typing import Any

import pytest

from cabinet.domain import events
from cabinet.domain.core import Step
from cabinet.domain.events import Par, Recall, SentCode, SentDelivery, SentPolicy, SentSheet
from cabinet.domain.facts import (
    CodeDismissed,
    CodeLinked,
    DeliveryAnnounced,
    DeliveryLine,
    DocumentApplied,
    DocumentRefused,
    OrderUnmapped,
    SessionClosed,
    SessionDismissed,
    SheetIssued,
    SheetLate,
)
from cabinet.domain.formulary import CountMode
from cabinet.domain.orders import Patient
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, PocketId, StaffId, Units
from tests.domain.ward import ITEMS, MORNING, Ward, item, layout, order, pocket, world

LEFT_AT = "2026-03-02T06:00:00.000000Z"
NINA = Staff(StaffId("nina"), "Nina", Role.NURSE)
PAT = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), None, ())


def code(step: Step) -> str:
    """The code of a refusal, or nothing."""
    return "" if step.refusal is None else step.refusal.code


def comes(
    place: Ward, document: str, version: int, *records: Any, since: int | None = None, gone: tuple[str, ...] = (), sha256: str = ""
) -> str:
    """A document comes: whole, or what changed `since` a version; the code that it is refused with."""
    said = events.DocumentReceived(place.tick(), document, version, since, sha256 or f"{version:064d}", records, gone)
    return code(place.happen(said))


def par(units: int, minimum: int = 2, critical: int = 1, name: str = "p1", of: str = "paracetamol") -> Par:
    """How much p1 should hold."""
    return Par(PocketId(name), ItemId(of), Units(units), Units(minimum), Units(critical))


def sheet(name: str = "s-1", units: int = 10, of: str = "oxycodone", left_at: str = LEFT_AT) -> SentSheet:
    """Ten oxycodone on their way."""
    return SentSheet(name, ItemId(of), Units(units), "vera", "tom", left_at)


class TestOrder:
    """Versions follow on one another."""

    def test_a_version_is_applied_once_and_a_restart_knows_it(self) -> None:
        """What was received is a fact: nobody has to send it again because a controller restarted."""
        place = Ward()
        assert comes(place, "pars", 1, par(30)) == ""
        assert comes(place, "pars", 1, par(30)) == "", "the same again is no refusal"
        assert len(place.facts_of(DocumentApplied)) == 1
        assert comes(place, "pars", 2, par(31), since=1) == ""
        before = place.state
        place.restart()
        assert place.state.documents == before.documents
        assert (place.state.documents["pars"].version, place.line("p1").par) == (2, 31)

    def test_a_delta_builds_on_the_version_that_is_here(self) -> None:
        """Half of a list is worse than yesterday's: the whole is sent where anything is missing."""
        place = Ward()
        assert comes(place, "pars", 2, par(30), since=1) == "document.gap"
        comes(place, "pars", 2, par(30))
        assert comes(place, "pars", 5, par(31), since=3) == "document.gap"
        assert place.line("p1").par == 30

    def test_an_older_version_is_a_replay(self) -> None:
        """Yesterday's staff list, recorded on the wire and sent again, must not bring a leaver back (S21)."""
        place = Ward()
        comes(place, "staff", 7, replace(NINA, is_active=False))
        assert comes(place, "staff", 6, NINA) == "document.old"
        assert comes(place, "staff", 7, NINA, sha256="f" * 64) == "document.old", "the same version with other content"
        assert not place.core.scene.staff("nina").is_active  # type: ignore[union-attr]

    def test_what_is_refused_changes_nothing_and_says_why_once(self) -> None:
        """The good half of a bad document is not applied; who repeats themselves does not fill the journal."""
        place = Ward()
        for _ in range(3):
            assert comes(place, "pars", 1, par(30), par(3, 5)) == "levels.order"
        assert place.line("p1").par == 40
        assert [(fact.version, fact.code) for fact in place.facts_of(DocumentRefused) if isinstance(fact, DocumentRefused)] == [
            (1, "levels.order")
        ]
        assert comes(place, "pars", 2, par(30)) == ""
        assert place.state.documents["pars"].code == "", "a good one clears what was wrong"

    @pytest.mark.parametrize("why", ["document.form", "document.signature", "document.target", "document.expired", "document.policy"])
    def test_what_the_door_turns_away_is_written_down(self, why: str) -> None:
        """A forged or misled document leaves a trace, and no more (S21)."""
        place = Ward()
        for _ in range(2):
            assert code(place.happen(events.DocumentTurnedAway(place.tick(), "staff", 0, why, "detail"))) == why
        assert len(place.facts_of(DocumentRefused)) == 1
        assert place.state.documents["staff"].version == 0


class TestStaff:
    """Who may sign in."""

    def test_a_leaver_is_off_at_once_and_their_session_ends(self) -> None:
        """By name, or by being on the list no more."""
        for gone in (False, True):
            place = Ward()
            comes(place, "staff", 1, NINA, replace(NINA, id=StaffId("new"), name="New"))
            place.signs_in("nina")
            records = () if gone else (replace(NINA, is_active=False),)
            assert comes(place, "staff", 2, *records, since=1, gone=("nina",) if gone else ()) == ""
            assert "nina" not in place.state.sessions
            assert len(place.facts_of(SessionClosed)) == 1
            assert code(place.signs_in("nina")) == "session.revoked"
            assert code(place.signs_in("new")) == ""

    def test_a_leaver_with_an_open_drawer_closes_it_first(self) -> None:
        """No session ends while its drawer is open."""
        place = Ward()
        place.signs_in("nina")
        place.wants("withdraw", "p1", 2)
        place.opens("locks:0")
        comes(place, "staff", 1, replace(NINA, is_active=False))
        assert len(place.facts_of(SessionDismissed)) == 1
        assert "nina" in place.state.sessions

    def test_who_is_missing_in_a_whole_list_is_off_and_only_who_was_on_it(self) -> None:
        """Whom the site's file or a charge nurse named is not on the pharmacy's list, and not off it either."""
        place = Ward()
        comes(place, "staff", 1, replace(NINA, id=StaffId("new")), replace(NINA, id=StaffId("old")))
        comes(place, "staff", 2, replace(NINA, id=StaffId("new")))
        active = {staff.id for staff in place.core.scene.everybody() if staff.is_active}
        assert {"new", "nina", "tom"} <= active
        assert "old" not in active

    def test_a_record_that_is_none_refuses_the_list(self) -> None:
        """Nobody without a name."""
        assert comes(Ward(), "staff", 1, NINA, replace(NINA, id=StaffId("x"), name=" ")) == "staff.form"


class TestFormulary:
    """Items."""

    def test_items_that_name_each_other_come_together(self) -> None:
        """Look-alikes are entered with the item that they are mistaken for, in any order."""
        place = Ward()
        one, other = replace(item("one"), look_alikes=(ItemId("other"),)), replace(item("other"), look_alikes=(ItemId("one"),))
        assert comes(place, "formulary", 1, one) == "item.unknown"
        assert comes(place, "formulary", 1, one, other) == ""
        assert {"one", "other", "paracetamol"} <= set(place.core.world.formulary)

    def test_what_one_unit_is_never_changes_under_a_balance(self) -> None:
        """Ten tablets must not become ten boxes by a message."""
        changed = replace(ITEMS[0], count_mode=CountMode.CONTAINERS)
        assert comes(Ward(), "formulary", 1, changed) == "item.held"

    def test_an_item_that_is_no_more_stays_known(self) -> None:
        """A pocket may hold it: what must not be used is recalled."""
        place = Ward()
        comes(place, "formulary", 1, item("one"))
        comes(place, "formulary", 2, since=1, gone=("one",))
        assert "one" in place.core.world.formulary


class TestPolicy:
    """The rules themselves."""

    def test_rules_change_between_two_accesses_and_never_under_somebodys_hands(self) -> None:
        """Who was asked for a witness when the drawer opened is asked for one when it closes."""
        place = Ward()
        stricter = SentPolicy("policy", "{}", replace(place.core.world.policy, may={}))
        place.signs_in()
        place.wants("withdraw", "p1", 2)
        assert comes(place, "policy", 1, stricter) == "document.busy"
        place.opens("locks:0")
        place.states(2)
        place.closes("locks:0")
        assert comes(place, "policy", 1, stricter) == ""
        assert code(place.wants("withdraw", "p1", 2, access="b")) == "policy.role"
        assert place.state.policy == "{}"


class TestPars:
    """How much a pocket should hold."""

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (par(3, 5), "levels.order"), (par(30, 2, 4), "levels.order"), (par(30, of="oxycodone"), "levels.item"),
            (par(30, name="nowhere"), "pocket.unknown"), (par(30, name="p4"), "pocket.unassigned"), (par(51), "levels.capacity"),
        ],
    )  # fmt: skip
    def test_levels_are_in_order_and_fit_the_pocket_and_its_item(self, said: Par, expected: str) -> None:
        """critical low <= min <= par <= what fits; and never another item's levels."""
        furniture = layout()
        drawers = tuple(replace(drawer, pockets=tuple(replace(one, capacity=50) for one in drawer.pockets)) for drawer in furniture.drawers)
        assert comes(Ward(world(layout=layout(*drawers))), "pars", 1, said) == expected

    def test_levels_that_are_no_more_are_the_sites_again(self) -> None:
        """What was sent is undone as easily."""
        place = Ward()
        comes(place, "pars", 1, par(30))
        comes(place, "pars", 2)
        assert (place.line("p1").par, place.line("p1").min) == (pocket("p1", "d", None).levels.par, 10)


class TestOrders:
    """Patients with their orders."""

    def test_an_order_comes_changes_and_stops(self) -> None:
        """What the pharmacy's list does not name any more is not offered any more; what was entered here stays."""
        place = Ward()
        first, second = order("rx-1", "paracetamol"), order("rx-2", "oxycodone")
        assert comes(place, "orders", 1, replace(PAT, orders=(first, second))) == ""
        assert {"rx-1", "rx-2", "o1"} <= {one.id for one in place.core.scene.patient("pat").orders}  # type: ignore[union-attr]
        assert comes(place, "orders", 2, replace(PAT, orders=(first,)), since=1) == ""
        now = "2026-03-02T08:00:00.000000Z"
        phases = {one.id: one.phase(now) for one in place.core.scene.patient("pat").orders}  # type: ignore[union-attr]
        assert (phases[OrderId("rx-1")], phases[OrderId("rx-2")], phases[OrderId("o1")]) == ("active", "stopped", "active")

    def test_an_order_without_an_item_is_unmapped_and_refuses_nobody_elses(self) -> None:
        """One order that nobody can read does not hold back a ward's list."""
        place = Ward()
        assert comes(place, "orders", 1, replace(PAT, orders=(order("rx-1", "unheard-of"), order("rx-2", "oxycodone")))) == ""
        assert len(place.facts_of(OrderUnmapped)) == 1
        assert place.core.scene.order("rx-2") is not None

    def test_a_patient_who_is_no_more_on_the_list_has_left(self) -> None:
        """Still listed for return and waste."""
        place = Ward()
        comes(place, "orders", 1, PAT, replace(PAT, id=PatientId("other"), record="r2"))
        comes(place, "orders", 2, PAT)
        assert place.core.scene.patient("other").discharged_at is not None  # type: ignore[union-attr]
        assert place.core.scene.patient("pat").discharged_at is None  # type: ignore[union-attr]

    def test_an_order_that_says_nothing_refuses_the_document(self) -> None:
        """The pharmacy mends it; nobody guesses."""
        assert comes(Ward(), "orders", 1, replace(PAT, orders=(replace(order("rx-1", "oxycodone"), dose=""),))) == "order.form"


class TestRecall:
    """What is called back."""

    def test_a_recall_blocks_at_once_and_is_lifted_when_it_is_called_off(self) -> None:
        """By item, NDC or lot; one of an item that is not kept here blocks nothing and is no error."""
        place = Ward()
        glass = Recall("r-1", "item", "paracetamol", "glass in ampoules", None, "D-0412-2026")
        assert comes(place, "recall", 1, glass, Recall("r-2", "item", "unheard-of", "taste")) == ""
        assert place.core.scene.is_quarantined(place.line("p1"))
        place.signs_in()
        assert code(place.wants("withdraw", "p1", 1)) == "stock.quarantined"
        assert comes(place, "recall", 2, since=1, gone=("r-1",)) == ""
        assert not place.core.scene.is_quarantined(place.line("p1"))

    def test_a_recall_that_was_widened_blocks_what_it_says_now(self) -> None:
        """First one lot, then all of it."""
        place = Ward()
        comes(place, "recall", 1, Recall("r-1", "lot", "lot-9", "glass", ItemId("paracetamol")))
        assert not place.core.scene.is_quarantined(place.line("p1"))
        comes(place, "recall", 2, Recall("r-1", "item", "paracetamol", "glass in all of them"), since=1)
        assert place.core.scene.is_quarantined(place.line("p1"))

    @pytest.mark.parametrize(
        "said",
        [
            Recall("r", "pocket", "p1", "why"),
            Recall("r", "lot", "l-1", "why"),
            Recall("r", "item", "", "why"),
            Recall("r", "x", "y", "why"),
        ],
    )
    def test_a_recall_says_what_it_is_of(self, said: Recall) -> None:
        """A lot is one of an item; a pocket is a cabinet's own affair."""
        assert comes(Ward(), "recall", 1, said) == "document.recall"

    def test_a_recall_gives_its_reason(self) -> None:
        """It stands on the screen of whoever wanted the drug."""
        assert comes(Ward(), "recall", 1, Recall("r", "item", "paracetamol", " ")) == "document.recall"


class TestSheets:
    """What left the pharmacy on a numbered sheet."""

    def test_a_sheet_is_announced_once_and_due_from_when_it_left(self) -> None:
        """Two hours begin at the vault's door, not when a cabinet came online; and a sheet that was received is not due again."""
        place = Ward()
        assert comes(place, "sheets", 1, sheet()) == ""
        issued = place.facts_of(SheetIssued)
        assert [fact.due for fact in issued if isinstance(fact, SheetIssued)] == ["2026-03-02T08:00:00.000000Z"]
        place.state.sheets.clear()  # received by count, and closed
        assert comes(place, "sheets", 2, sheet(), sheet("s-2")) == ""
        assert list(place.state.sheets) == ["s-2"]

    def test_a_sheet_that_is_late_already_alarms_at_once(self) -> None:
        """A cabinet that was out of reach says so when it hears of it."""
        place = Ward()
        comes(place, "sheets", 1, sheet(left_at="2026-03-01T06:00:00.000000Z"))
        place.due("sheet:s-1")
        assert len(place.facts_of(SheetLate)) == 1
        assert MORNING.utc.isoformat() > place.state.sheets["s-1"].due

    @pytest.mark.parametrize("said", [sheet(of="unheard-of"), sheet(units=0)])
    def test_a_sheet_names_an_item_and_how_many(self, said: SentSheet) -> None:
        """Anything else could never be received."""
        assert comes(Ward(), "sheets", 1, said) == "sheet.form"


KEY = "gtin:04012345678901"


def delivery(name: str, *lines: tuple[str, int, str | None]) -> SentDelivery:
    """A pick list that left the pharmacy."""
    made = (
        DeliveryLine(ItemId(of), Units(units), None if pocket is None else PocketId(pocket), "L1", "2027-06-30", "pia")
        for of, units, pocket in lines
    )
    return SentDelivery(name, tuple(made))


class TestDeliveries:
    """What was picked and is on its way."""

    def test_a_pick_list_is_announced_once_and_never_again_after_it_was_worked_off(self) -> None:
        """The technician finds today's list at the cabinet, with who checked it; nobody types it."""
        place = Ward()
        assert comes(place, "deliveries", 1, delivery("p-1", ("paracetamol", 5, "p1"))) == ""
        [line] = place.state.deliveries["p-1"].lines
        assert (line.pocket, line.units, line.lot, line.checked_by) == ("p1", 5, "L1", "pia")
        place.state.deliveries.clear()  # worked off, and closed
        assert comes(place, "deliveries", 2, delivery("p-1", ("paracetamol", 5, "p1")), delivery("p-2", ("paracetamol", 1, None))) == ""
        assert list(place.state.deliveries) == ["p-2"]
        assert comes(place, "deliveries", 3) == "", "a list that is no more was closed here: nothing is to be done"

    def test_a_pocket_that_holds_something_else_by_now_refuses_no_list(self) -> None:
        """The line goes where its item is kept; one bad pocket must not keep the rest of the bag out of the cabinet."""
        place = Ward()
        assert comes(place, "deliveries", 1, delivery("p-1", ("paracetamol", 5, "oxy"), ("oxycodone", 2, "gone"))) == ""
        [announced] = [fact for fact in place.facts_of(DeliveryAnnounced) if isinstance(fact, DeliveryAnnounced)]
        assert [(line.item, line.pocket) for line in announced.lines] == [("paracetamol", "p1"), ("oxycodone", "oxy")]

    @pytest.mark.parametrize("said", [delivery("p-1", ("unheard-of", 1, None)), delivery("p-1", ("paracetamol", 0, "p1")), delivery("p-1")])
    def test_a_list_names_items_that_are_known_and_how_many(self, said: SentDelivery) -> None:
        """Anything else could never be put in."""
        assert comes(Ward(), "deliveries", 1, said) == "delivery.form"


class TestCodes:
    """What a pharmacist said of codes that nobody knew."""

    def test_a_code_is_known_from_then_on_and_no_longer_when_it_is_called_off(self) -> None:
        """Linked at the pharmacy, it holds here whether or not it was parked here; a wrong link can be taken back."""
        place = Ward()
        assert comes(place, "codes", 1, SentCode(KEY, ItemId("paracetamol")), SentCode("ndc:0406900101", ItemId("unheard-of"))) == ""
        assert place.state.codes == {KEY: "paracetamol"}
        assert comes(place, "codes", 2, SentCode(KEY, ItemId("oxycodone")), since=1) == "", "the pharmacy's newest word counts"
        assert place.state.codes == {KEY: "oxycodone"}
        assert comes(place, "codes", 3, since=2, gone=(KEY,)) == ""
        assert place.state.codes == {}
        assert len(place.facts_of(CodeLinked)) == 2
        assert len(place.facts_of(CodeDismissed)) == 1

    def test_a_code_that_an_item_bears_is_not_taken_from_it(self) -> None:
        """The formulary says what it is: a slip at the pharmacy must not make one drug another."""
        items = {one.id: replace(one, ndc="0406-9001-01") if one.id == "paracetamol" else one for one in ITEMS}
        place = Ward(world(formulary=items))
        assert comes(place, "codes", 1, SentCode("ndc:0406900101", ItemId("oxycodone"))) == "code.linked"
        assert comes(place, "codes", 1, SentCode("ndc:0406900101", ItemId("paracetamol"))) == ""

    def test_a_code_that_was_never_seen_here_and_is_no_items_changes_nothing(self) -> None:
        """Another cabinet parked it."""
        place = Ward()
        assert comes(place, "codes", 1, SentCode(KEY, None, "another strength")) == ""
        assert place.facts_of(CodeDismissed) == []
