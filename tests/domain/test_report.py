"""What each report says of what happened on the ward."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cabinet.domain import events, facts
from cabinet.domain.facts import Account, DiscrepancyFound
from cabinet.domain.formulary import ControlClass
from cabinet.domain.vocabulary import DrawerId, ItemId, OrderId, PatientId, PocketId, SessionId, StaffId, Units
from cabinet.domain.world import Registration
from cabinet.report.asked import OPTIONS, NotAnswerable
from cabinet.report.names import REPORTS
from tests.domain.record import Record, cells, drawn
from tests.domain.ward import WAY, Ward, shut, world

NOBODY = "NOBODY NAMED"


def counted_out(ward: Ward, access: str, pocket: str, count: int, units: int = 2, *, by: str = "nina") -> None:
    """A withdrawal from a pocket that is counted first."""
    ward.wants("withdraw", pocket, units, access=access, by=by)
    ward.opens(*WAY[pocket])
    if count:
        ward.counts(count, access=access, by=by)
    ward.states(units, access=access, by=by)
    shut(ward, pocket)


def bad_day() -> Ward:
    """Oxycodone is counted at a withdrawal; its drawer is used for ketamine, opened by key, and then one tablet is missing."""
    ward = Ward()
    for who in ("nina", "noor", "tom"):
        ward.signs_in(who)
    counted_out(ward, "a", "oxy", 20)
    counted_out(ward, "b", "keta", 20, by="noor")
    ward.tick(60)
    ward.opens(*WAY["oxy"])
    ward.tick(30)
    shut(ward, "oxy")
    ward.wants("count", "oxy", 0, access="c", by="tom")
    ward.opens(*WAY["oxy"])
    ward.counts(17, access="c", by="tom")
    ward.counts(17, access="c", by="tom")
    shut(ward, "oxy")
    return ward


def discrepancy(ward: Ward) -> str:
    """The only discrepancy."""
    (found,) = [fact for fact in ward.facts_of(DiscrepancyFound) if isinstance(fact, DiscrepancyFound)]
    return found.discrepancy


class TestPocketHistory:
    """Who had one pocket open between two counts."""

    def test_everybody_between_the_two_counts_is_named_and_who_opened_it_by_key_is_nobody(self) -> None:
        """An interval with a hole in it would accuse those that are left."""
        ward = bad_day()
        who, _ = drawn("pocket", ward.drafts, discrepancy=discrepancy(ward)).tables
        assert [row["who"] for row in cells(who)] == ["Nina", NOBODY, "Tom"]

    def test_a_lid_that_stayed_shut_is_no_access_though_its_drawer_was_open(self) -> None:
        """Whoever took ketamine could not reach the oxycodone, and is not on the list."""
        ward = bad_day()
        who, _ = drawn("pocket", ward.drafts, discrepancy=discrepancy(ward)).tables
        assert "Noor" not in [row["who"] for row in cells(who)]

    def test_a_matrix_pocket_lies_open_whatever_its_drawer_was_opened_for(self) -> None:
        """Open pockets are within reach of every hand in the drawer."""
        ward = Ward()
        ward.signs_in("noor")
        counted_out(ward, "a", "p2", 0, by="noor")
        who, _ = drawn("pocket", ward.drafts, pocket="p1").tables
        (row,) = cells(who)
        assert (row["who"], row["for"]) == ("Noor", "withdraw of paracetamol 5 mg tab, pocket p2")

    def test_every_time_is_closed_and_measured(self) -> None:
        """Thirty seconds and thirty minutes are not the same."""
        ward = bad_day()
        who, _ = drawn("pocket", ward.drafts, discrepancy=discrepancy(ward)).tables
        by_key = next(row for row in cells(who) if row["who"] == NOBODY)
        assert by_key["until"] - by_key["open_from"] == timedelta(seconds=by_key["open_s"], milliseconds=100)
        assert by_key["open_s"] == 30

    def test_the_trace_holds_accesses_locks_counts_and_scale_of_this_pocket_alone(self) -> None:
        """What clears the innocent is the detail."""
        ward = bad_day()
        _, trace = drawn("pocket", ward.drafts, discrepancy=discrepancy(ward)).tables
        said = [row["what"] for row in cells(trace)]
        assert {"counted", "quantity said", "units moved", "lock opened", "scale", "latched to open", "fault", "count owed"} <= set(said)
        assert said[0] == "counted"
        assert said[-1] == "counted"
        assert not any("keta" in row["detail"] for row in cells(trace))

    def test_the_borders_say_who_counted_what(self) -> None:
        """Two numbers and two names are where every talk about a difference begins."""
        ward = bad_day()
        who, _ = drawn("pocket", ward.drafts, discrepancy=discrepancy(ward)).tables
        assert "by Nina: 20, as on record" in who.notes[0]
        assert "by Tom: 17, on record 18" in who.notes[1]

    def test_times_choose_the_counts_around_them(self) -> None:
        """The auditor asks about Tuesday; the counts did not wait for midnight."""
        ward = bad_day()
        first = next(draft.at.utc for draft in ward.drafts if draft.access == "a" and isinstance(draft.fact, facts.PocketCounted))
        who, _ = drawn("pocket", ward.drafts, pocket="oxy", start=first + timedelta(seconds=1), end=first + timedelta(seconds=2)).tables
        assert [row["who"] for row in cells(who)] == ["Nina", NOBODY, "Tom"]
        who, _ = drawn("pocket", ward.drafts, pocket="oxy", start=first - timedelta(hours=1)).tables
        assert [row["who"] for row in cells(who)] == ["Nina", NOBODY, "Tom"]
        assert who.notes[0] == "From the beginning of the journal."
        assert who.notes[1] == "To now: nobody has counted since."

    def test_a_pocket_or_discrepancy_that_is_not_there_is_said_to_be_not_there(self) -> None:
        """An empty page would read as: nobody had it open."""
        ward = bad_day()
        for asked in ({"pocket": "nope"}, {"discrepancy": "nope"}, {}):
            with pytest.raises(NotAnswerable):
                drawn("pocket", ward.drafts, **asked)


class TestInventory:
    """What ought to be there."""

    def test_each_schedule_has_its_table_c_ii_first_with_lines_to_sign(self) -> None:
        """21 CFR 1304.04: Schedule II records are kept apart; an inventory is signed."""
        tables = drawn("inventory", bad_day().drafts).tables
        assert [table.title for table in tables][:2] == ["Inventory, C-II", "Inventory, C-III"]
        assert {row["pocket"] for row in cells(tables[0])} == {"oxy", "syrup"}
        assert tables[0].signature_lines
        assert not tables[-1].signature_lines

    def test_it_is_as_of_any_moment(self) -> None:
        """The biennial inventory names the opening or the close of business, and is asked for later."""
        ward = bad_day()
        before = next(draft.at.utc for draft in ward.drafts if draft.access == "a") - timedelta(milliseconds=1)
        tables = [drawn("inventory", ward.drafts, item="oxycodone", end=end).tables[0] for end in (before, None)]
        assert [row["on_hand"] for table in tables for row in cells(table)] == [20, 17]

    def test_it_says_what_the_count_rests_on(self) -> None:
        """A number that nobody ever counted is another thing than one that was counted this morning."""
        basis = {row["pocket"]: row["count_basis"] for row in cells(drawn("inventory", bad_day().drafts).tables[0])}
        assert basis == {"oxy": "counted by a person", "syrup": "by the journal, never counted"}

    def test_who_may_have_to_count_blind_sees_no_balance(self) -> None:
        """A charge nurse prints the list for a downtime and counts the same pocket an hour later."""
        (table, *_) = drawn("inventory", bad_day().drafts, sees_balances=False).tables
        assert {row["on_hand"] for row in cells(table)} == {"hidden"}
        (table,) = drawn("downtime", bad_day().drafts, sees_balances=False).tables
        shown = {row["pocket"]: row["last_known"] for row in cells(table)}
        assert (shown["oxy"], shown["keta"]) == ("in stock", 18)

    def test_the_downtime_page_lists_every_item_with_its_place(self) -> None:
        """When no screen says so, paper must."""
        (table,) = drawn("downtime", bad_day().drafts).tables
        assert table.is_large
        assert {row["pocket"] for row in cells(table)} == set(WAY)
        assert {row["last_known"] for row in cells(table) if row["pocket"] == "p3"} == {"not counted"}

    def test_what_expires_within_the_days_is_listed_earliest_first(self) -> None:
        """Nobody looks for what they do not know of."""
        rows = cells(drawn("expiring", bad_day().drafts, days=220).tables[0])
        assert [(row["pocket"], row["expiry"], row["state"]) for row in rows] == [("p2", "2026-09-30", "expiring")]
        assert not drawn("expiring", bad_day().drafts, days=30).tables[0].rows

    def test_what_nobody_took_is_listed_with_since_when(self) -> None:
        """Pruning begins with this list."""
        record = Record()
        record.stock("p1", "matrix", "paracetamol", 20)
        record.stock("p2", "matrix", "paracetamol", 20)
        record.sign_in("nina")
        record.begin("a", "withdraw", "p1", "paracetamol")
        taken = facts.UnitsMoved(PocketId("p1"), ItemId("paracetamol"), Units(1), Account.POCKET, Account.PATIENT)
        record.add(taken, access="a", by="nina")
        record.end("a")
        later = record.now + timedelta(days=91)
        rows = cells(drawn("unused", record.drafts, end=later).tables[0])
        assert [(row["pocket"], row["what"]) for row in rows] == [("p1", "last taken"), ("p2", "assigned, never taken")]
        assert not drawn("unused", record.drafts, end=record.now + timedelta(days=89)).tables[0].rows


class TestActivity:
    """What was done."""

    def test_controlled_activity_has_a_table_for_each_schedule(self) -> None:
        """C-II apart and readily retrievable."""
        tables = drawn("controlled", bad_day().drafts).tables
        assert [(table.title[-5:].strip(", "), [row["access"] for row in cells(table)]) for table in tables][:2] == [
            ("C-II", ["a", "c"]), ("C-III", ["b"]),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"person": "noor"}, {"b"}), ({"pocket": "oxy"}, {"a", "c"}), ({"item": "ketamine"}, {"b"}), ({"patient": "pat"}, {"a", "b"}),
            ({"schedule": ControlClass.C3}, {"b"}), ({}, {"a", "b", "c"}),
        ],
    )  # fmt: skip
    def test_what_it_is_asked_for_narrows_it(self, asked: dict[str, object], found: set[str]) -> None:
        """An auditor asks about one person, one pocket, one drug."""
        rows = cells(drawn("activity", bad_day().drafts, **asked).tables[0])
        assert {row["access"] for row in rows} == found

    def test_what_was_refused_is_told_as_well(self) -> None:
        """Asking and asking again is part of what happened."""
        ward = Ward()
        ward.signs_in("tom")
        ward.wants("withdraw", "oxy", 2, by="tom")
        assert [(row["person"], row["code"]) for row in cells(drawn("activity", ward.drafts).tables[1])] == [("Tom", "policy.role")]

    def test_a_balance_that_is_kept_from_who_asks_is_in_no_column(self) -> None:
        """A report is no way around a blind count."""
        rows = cells(drawn("activity", bad_day().drafts, sees_balances=False, item="oxycodone").tables[0])
        for row in rows:
            assert {row[key] for key in ("beginning", "ending")} == {"hidden"}
            assert not {17, 18, 20} & set(row.values())

    def test_one_transaction_is_told_in_full(self) -> None:
        """Every field on paper, for the one that is in question."""
        rows = dict(drawn("transaction", bad_day().drafts, access="a").tables[0].rows)
        assert (rows["person"], rows["entered"], rows["units moved"]) == ("nina", 20, 2)
        with pytest.raises(NotAnswerable):
            drawn("transaction", bad_day().drafts, access="z")

    def test_overrides_say_why_and_whether_an_order_is_linked(self) -> None:
        """ISMP 2019, 3.e and 3.f: what is not linked stays on the list, by item, person and area."""
        record = Record()
        record.stock("p1", "matrix", "paracetamol", 20)
        record.sign_in("nina")
        for access in ("a", "b"):
            record.begin(access, "withdraw", "p1", "paracetamol", authority="override", reason="fever", patient=PatientId("pat"))
            record.end(access)
        record.begin("n", "withdraw", "p1", "paracetamol")
        record.end("n")
        record.add(facts.OrderLinked("a", OrderId("o1")), by="pia")  # type: ignore[arg-type]
        each, summed = drawn("overrides", record.drafts).tables
        assert [(row["access"], row["reason"], row["order"]) for row in cells(each)] == [("a", "fever", "o1"), ("b", "fever", "NOT LINKED")]
        assert ("person", "Nina", 2, 1) in summed.rows

    def test_a_recall_lists_the_patients_and_says_how_sure_the_lot_is(self) -> None:
        """First expired, first out is how the books go, and not always how a hand goes."""
        record = Record()
        record.stock("p1", "matrix", "paracetamol", 20, "L1")
        record.sign_in("nina")
        taken = facts.UnitsMoved(PocketId("p1"), ItemId("paracetamol"), Units(1), Account.POCKET, Account.PATIENT)
        for access, lot in (("a", "L2"), ("b", "L3")):
            record.begin(access, "withdraw", "p1", "paracetamol", 1, patient=PatientId("pat"))
            record.add(taken, access=access, by="nina")
            record.end(access)
            pocket, item = PocketId("p1"), ItemId("paracetamol")
            record.add(facts.UnitsMoved(pocket, item, Units(5), Account.PHARMACY, Account.POCKET, lot, "2027-02-28"))
        rows = cells(drawn("recipients", record.drafts, lot="L1").tables[0])
        assert [(row["access"], row["lot"], row["sure"]) for row in rows] == [("a", "L1", "yes"), ("b", "L1 or L2", "one of 2 lots")]
        assert [row["access"] for row in cells(drawn("recipients", record.drafts, lot="L2").tables[0])] == ["b"]
        with pytest.raises(NotAnswerable):
            drawn("recipients", record.drafts)

    def test_a_recall_names_who_a_patient_turned_out_to_be(self) -> None:
        """Added at the cabinet, merged a thousand facts later: the ward is not sent to look for John Doe."""
        record = Record()
        record.add(facts.PatientChanged(PatientId("here-1"), "John Doe", "unknown", "", "E", [], None, None, "", "", None, "cabinet"))
        record.stock("p1", "matrix", "paracetamol", 20, "L1")
        record.sign_in("nina")
        record.begin("a", "withdraw", "p1", "paracetamol", 1, patient=PatientId("here-1"))
        record.add(
            facts.UnitsMoved(PocketId("p1"), ItemId("paracetamol"), Units(1), Account.POCKET, Account.PATIENT), access="a", by="nina"
        )
        record.end("a")
        record.add(facts.PatientMerged(PatientId("here-1"), PatientId("pat")))
        [row] = cells(drawn("recipients", record.drafts, lot="L1").tables[0])
        assert (row["patient"], row["bed"]) == ("Pat (r1)", "1")


class TestLoss:
    """Discrepancies and what may follow from one."""

    def test_a_discrepancy_belongs_to_an_interval_and_ages(self) -> None:
        """It names when, between which counts and how many came; it names nobody."""
        ward = bad_day()
        (row,) = cells(drawn("discrepancies", ward.drafts).tables[0])
        assert (row["difference"], row["accesses_in_it"], row["state"], row["age_h"]) == (-1, 2, "open", 1)
        assert row["interval_from"] < row["interval_to"]
        assert not {"Nina", "Noor", "Tom"} & set(row.values())

    def test_one_that_was_explained_says_how_and_by_whom(self) -> None:
        """A reason without names is no explanation."""
        ward = bad_day()
        record = Record()
        record.drafts, record.now = list(ward.drafts), ward.drafts[-1].at.utc
        record.add(facts.DiscrepancyResolved(discrepancy(ward), "found under the tray"), by="pia", witness="noor")  # type: ignore[arg-type]
        (row,) = cells(drawn("discrepancies", record.drafts).tables[0])
        assert (row["state"], row["by"], row["witness"], row["reason"]) == ("explained", "Pia", "Noor", "found under the tray")

    def test_a_notice_of_loss_holds_what_the_rule_asks_for(self) -> None:
        """21 CFR 1301.76(b): the substance, how much, when it was found, and the points to judge it by."""
        ward = bad_day()
        notice, points, worksheet = drawn("loss", ward.drafts, discrepancy=discrepancy(ward)).tables
        said = dict(notice.rows)
        assert said["Quantity lost or missing"] == "1 tablet (5 mg)"
        assert said["By the count of"] == "Tom"
        assert len(points.rows) == 6
        assert [cells(worksheet)[0][key] for key in ("strength", "quantity_lost", "unit")] == ["5 mg", 1, "tablet"]
        assert notice.signature_lines

    def test_papers_about_controlled_items_bear_the_registration_that_the_site_names(self) -> None:
        """21 CFR 1301.27, 1304.11: without it there is a line to be filled in, and nothing is made up."""
        ward, registered = bad_day(), world(registration=Registration("Example Hospital", "1 Main Street", "AB1234563"))
        notice = dict(drawn("loss", ward.drafts, setting=registered, discrepancy=discrepancy(ward)).tables[0].rows)
        assert notice["DEA registration number"] == "AB1234563"
        assert notice["Registrant, address"] == "Example Hospital, 1 Main Street"
        first, *_, last = drawn("inventory", ward.drafts, setting=registered).tables
        assert any("AB1234563" in note for note in first.notes)
        assert not any("AB1234563" in note for note in last.notes), "what is not controlled needs none"
        unsaid = dict(drawn("loss", ward.drafts, discrepancy=discrepancy(ward)).tables[0].rows)
        assert set(unsaid["DEA registration number"]) == {"_"}

    def test_what_was_lost_on_its_way_was_in_no_pocket(self) -> None:
        """A sheet that arrived short names the sheet's time, not a pocket that there is none."""
        record = Record()
        record.add(
            facts.DiscrepancyFound("d1", PocketId("transit"), ItemId("oxycodone"), Units(10), Units(8), facts.Basis.PERSON, 0), by="pia"
        )
        notice = dict(drawn("loss", record.drafts, discrepancy="d1").tables[0].rows)
        assert "in transit on a numbered sheet" in str(notice["Place"])
        assert "pocket transit" not in str(notice)
        assert "the issue of its sheet" in str(notice["Happened between"])

    def test_what_was_found_to_be_too_many_is_no_loss(self) -> None:
        """A notice that says so of an overage would be a false report."""
        ward = Ward()
        ward.signs_in("tom")
        ward.wants("count", "oxy", 0, by="tom")
        ward.opens(*WAY["oxy"])
        ward.counts(21, by="tom")
        ward.counts(21, by="tom")
        with pytest.raises(NotAnswerable):
            drawn("loss", ward.drafts, discrepancy=discrepancy(ward))


class TestHouse:
    """Doors, people, cold, debts."""

    def test_an_opening_with_nobody_named_is_listed_until_all_within_reach_is_counted(self) -> None:
        """A key leaves no name, but it leaves an opening."""
        ward = bad_day()
        rows = cells(drawn("keys", ward.drafts).tables[0])
        assert [(row["lock"], row["open_s"], row["counted_since"]) for row in rows] == [("locks:1", 30, "yes"), ("locks:2", 30, "yes")]
        assert rows[1]["pockets_within_reach"] == "oxy"
        assert rows[1]["of_these_controlled"] == 1

    def test_an_opening_for_somebody_is_not_listed(self) -> None:
        """A list of everything is a list of nothing."""
        ward = Ward()
        ward.signs_in("nina")
        counted_out(ward, "a", "oxy", 20)
        assert not drawn("keys", ward.drafts).tables[0].rows

    def test_sign_ins_good_and_bad(self) -> None:
        """A leaver's badge that is tried at night shows here."""
        ward = Ward()
        ward.signs_in("nina")
        ward.fails_to_sign_in("noor")
        ward.signs_out("nina")
        rows = cells(drawn("sign-ins", ward.drafts).tables[0])
        assert [(row["person"], row["result"]) for row in rows] == [("Nina", "signed in"), ("Noor", "refused")]
        assert rows[0]["left"] is not None

    def test_who_looked_in_from_the_ward_stands_beside_who_came_to_the_cabinet(self) -> None:
        """A PIN that is tried on the network at night shows here too, and where it was tried."""
        ward = Ward()
        ward.happen(events.WardArrived(ward.tick(), SessionId("w1"), StaffId("nina"), ("id", "secret")))
        ward.happen(events.StaffNotRecognised(ward.tick(), StaffId("noor"), "ward"))
        ward.happen(events.WardLeft(ward.tick(), SessionId("w1")))
        rows = cells(drawn("sign-ins", ward.drafts).tables[0])
        assert [(row["person"], row["result"]) for row in rows] == [("Nina", "signed in (ward)"), ("Noor", "refused (ward)")]
        assert rows[0]["left"] is not None

    def test_who_tried_to_sign_as_a_second_person_and_might_not_stands_there_too(self) -> None:
        """Signing for oneself is what somebody does who hides something, or is alone at night: the auditor asks which."""
        record = Record()
        record.add(facts.WitnessRefused("waste", ItemId("oxycodone"), StaffId("nina"), "witness.same_person"), by="nina")
        [row] = cells(drawn("sign-ins", record.drafts).tables[0])
        assert (row["person"], row["result"]) == ("Nina", "may not sign")
        assert row["by"] == "waste of oxycodone 5 mg tab by Nina (witness.same_person)"

    def test_a_lock_out_and_who_ended_it_stand_beside_the_failures(self) -> None:
        """Ward.md, People: a charge nurse unlocks; the auditor sees whom, when and after how many tries."""
        record = Record()
        record.add(facts.StaffLocked(StaffId("noor"), 5, 60))
        record.add(facts.StaffUnlocked(StaffId("noor"), "asked at the desk", is_over=False), by="pia")
        rows = cells(drawn("sign-ins", record.drafts).tables[0])
        assert [(row["person"], row["result"]) for row in rows] == [("Noor", "locked"), ("Noor", "unlocked")]
        assert rows[0]["by"] == "5 failures, for 60 s"
        assert rows[1]["by"] == "asked at the desk, by Pia"

    def test_owed_counts_say_since_when_and_why(self) -> None:
        """A debt without an age is never the oldest."""
        ward = Ward()
        ward.opens(*WAY["oxy"])
        rows = cells(drawn("debts", ward.drafts).tables[0])
        assert ("oxy", "count", 1) in [(row["pocket"], row["what"], row["age_h"]) for row in rows]

    def test_the_temperature_log_prints_with_decision_and_name(self) -> None:
        """ward.md: the log prints with acknowledgement and action."""
        record = Record()
        fridge = DrawerId("fridge")
        record.add(
            facts.TemperatureLogged(fridge, "t:0", 4200, 3900, 4600, 60, "2026-03-02T07:00:00.000000Z", ""),
            facts.ExcursionBegan(fridge, "2026-03-02T07:00:00.000000Z", 30, 4200, 11800),
        )
        record.add(facts.ExcursionDecided(fridge, "usable", "called the maker"), by="pia")
        rows = cells(drawn("temperature", record.drafts).tables[0])
        said = [(row["what"], row["c"], row["highest_c"]) for row in rows[:2]]
        assert said == [("reading", "4.2", "4.6"), ("excursion began", "", "11.8")]
        assert (rows[2]["what"], rows[2]["said"], rows[2]["acknowledged_by"]) == ("contents: usable", "called the maker", "Pia")

    def test_a_waste_names_both_people_and_how_much_of_what_was_taken_out(self) -> None:
        """given + wasted + returned = removed can be checked on paper."""
        record = Record()
        record.stock("oxy", "lidded", "oxycodone", 20)
        record.sign_in("nina")
        record.begin("a", "withdraw", "oxy", "oxycodone", 1, patient=PatientId("pat"))
        record.add(facts.UnitsMoved(PocketId("oxy"), ItemId("oxycodone"), Units(1), Account.POCKET, Account.PATIENT), access="a", by="nina")
        record.end("a")
        request = facts.AccessRequested(
            "waste", None, ItemId("oxycodone"), Units(0), "policy", SessionId("nina"), PatientId("pat"), reason="half given",
            withdrawal="a", part_m=500,  # type: ignore[arg-type]
        )  # fmt: skip
        record.add(request, by="nina", access="w")
        half = facts.UnitsMoved(None, ItemId("oxycodone"), Units(0), Account.PATIENT, Account.WASTE, part_m=500, withdrawal="a")  # type: ignore[arg-type]
        record.add(half, by="nina", access="w", witness="noor")
        (row,) = cells(drawn("waste", record.drafts).tables[0])
        assert (row["issued"], row["wasted"], row["amount"], row["reason"]) == (1, "0.5", "2.5 mg", "half given")
        assert (row["wasted_by"], row["witness"], row["by"]) == ("Nina", "Noor", "Nina")

    def test_a_sheet_holds_what_was_issued_against_what_was_received(self) -> None:
        """ward.md, from the vault to the cabinet: issued less received is missing on the way, and a compare report prints daily."""
        record = Record()
        record.stock("oxy", "lidded", "oxycodone", 20)
        record.sign_in("tom")
        for sheet in ("s1", "s2"):
            issued = facts.SheetIssued(sheet, ItemId("oxycodone"), Units(10), True, "vera", "tom", "2026-03-02T10:00:00.000000Z")
            record.add(issued)
        record.begin("f", "refill", "oxy", "oxycodone", 10, by="tom", sheet="s1")
        arrived = facts.UnitsMoved(PocketId("oxy"), ItemId("oxycodone"), Units(9), Account.TRANSIT, Account.POCKET, "L9", "2028-01-31")
        record.add(arrived, by="tom", access="f")
        record.end("f", by="tom")
        record.add(facts.SheetClosed("s1", 1, "one short in the bag"), by="pia")
        record.add(facts.SheetLate("s2"))
        rows = cells(drawn("sheets", record.drafts).tables[0])
        assert [(row["sheet"], row["issued_units"], row["received"], row["missing"], row["state"]) for row in rows] == [
            ("s1", 10, 9, 1, "closed"), ("s2", 10, 0, 10, "late"),
        ]  # fmt: skip
        assert (rows[0]["received_by"], rows[0]["reason"]) == ("Tom", "one short in the bag")

    def test_a_recall_names_the_pockets_that_hold_the_lot_until_it_is_lifted(self) -> None:
        """The pull list is walked pocket by pocket."""
        record = Record()
        record.stock("p1", "matrix", "paracetamol", 20, "L1")
        record.stock("p2", "matrix", "paracetamol", 20, "L2")
        record.add(facts.QuarantineBegun("q1", "lot", "L1", "glass in a vial", ItemId("paracetamol"), "R-7"), by="pia")
        (row,) = cells(drawn("quarantine", record.drafts).tables[0])
        assert (row["pockets"], row["recall"], row["by"], row["lifted"]) == ("p1", "R-7", "Pia", None)
        record.add(facts.QuarantineLifted("q1", "all sent back"), by="pia")
        (row,) = cells(drawn("quarantine", record.drafts).tables[0])
        assert (row["pockets"], row["reason"]) == ("", "all sent back")


class TestList:
    """What all reports have in common."""

    def test_the_heading_names_cabinet_interval_zone_and_the_journal_as_it_was_read(self) -> None:
        """Paper that does not say of what it is a copy is a rumour."""
        ward = bad_day()
        sheet = drawn("sign-ins", ward.drafts, ZoneInfo("America/New_York"), start=ward.drafts[0].at.utc)
        heading = sheet.heading
        assert (heading.cabinet, heading.seq, len(heading.hash)) == ("ward", len(ward.drafts), 64)
        assert heading.interval == "2026-03-02 02:00:00 to now"

    @pytest.mark.parametrize("name", list(REPORTS))
    def test_an_argument_that_means_nothing_to_a_report_is_refused(self, name: str) -> None:
        """Ignoring it would print everything under a heading that says less."""
        samples = {"start": bad_day().now.utc, "end": bad_day().now.utc, "days": 1, "schedule": ControlClass.C2}
        for argument in OPTIONS.keys() - REPORTS[name].takes:
            with pytest.raises(NotAnswerable, match=name):
                drawn(name, bad_day().drafts, **{argument: samples.get(argument, "x")})

    def test_a_report_of_an_empty_journal_is_empty(self) -> None:
        """A cabinet's first day has reports too."""
        record = Record()
        for name, report in REPORTS.items():
            if not report.takes & {"discrepancy", "access", "lot"}:
                assert drawn(name, record.drafts).tables

    def test_an_unknown_name_is_answered_with_the_nearest(self) -> None:
        """Who types an id by heart is close."""
        with pytest.raises(NotAnswerable, match="oxycodone"):
            drawn("inventory", bad_day().drafts, item="oxycodon")

    def test_a_day_that_ends_before_it_begins_is_refused(self) -> None:
        """It would be an empty report of nothing."""
        now = bad_day().now.utc
        with pytest.raises(NotAnswerable, match="--from"):
            drawn("activity", bad_day().drafts, start=now, end=now - timedelta(days=1))


def test_a_journal_that_goes_on_from_a_copy_holds_what_the_copy_held() -> None:
    """A cabinet that was rebuilt assigns nothing anew: its pockets owe a count, and what the copy says lies in them."""
    record = Record()
    record.stock("oxy", "lidded", "oxycodone", 20)
    record.add(
        facts.JournalBegun("k", "ward", "1.0", 1, 9, "0" * 64), facts.CountOwed(PocketId("oxy"), "the journal was put back from a copy")
    )
    (row,) = cells(drawn("inventory", record.drafts, schedule=ControlClass.C2).tables[0])
    assert row["on_hand"] == 20


def test_a_person_is_called_what_they_were_called_then() -> None:
    """StaffChanged is a fact like any other: who was somebody else's name tomorrow was not so today."""
    record = Record()
    record.add(facts.StaffChanged(StaffId("new-1"), "Newcomer", "nurse", [], None, None, is_active=True, origin="cabinet"), by="pia")
    record.add(facts.SessionOpened(SessionId("s"), ["badge", "secret"]), by="new-1")
    (row,) = cells(drawn("sign-ins", record.drafts).tables[0])
    assert (row["person"], row["role"]) == ("Newcomer", "nurse")


def test_who_was_merged_into_another_patient_is_found_under_both() -> None:
    """Added at the cabinet at night, known by name in the morning: one patient, one list."""
    record = Record()
    record.stock("p1", "matrix", "paracetamol", 20)
    record.sign_in("nina")
    record.begin("a", "withdraw", "p1", "paracetamol", patient=PatientId("new"))
    record.end("a")
    record.add(facts.PatientMerged(PatientId("new"), PatientId("pat")), by="nina")
    for asked in ("new", "pat"):
        assert [row["access"] for row in cells(drawn("activity", record.drafts, patient=asked).tables[0])] == ["a"]
