"""Thieves at work where units are on their way: cases, sheets, the return bin, infusions, withdrawals that another names."""

from dataclasses import replace
from datetime import UTC

import pytest

from cabinet.domain import events
from cabinet.domain.discrepancy import cause
from cabinet.domain.facts import Account, DiscrepancyFound, FaultRaised, SheetIssued
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, OrderId, PatientId, SessionId, StaffId, Units, utc_text
from cabinet.domain.withdrawal.rule import CONTROLLED, CustodyRules
from cabinet.report.asked import Asked, Setting
from cabinet.report.names import draw
from tests.domain.diversion_bench import MAY_ENTER_LATE, OXY, PROVEN, owed, patient, ready, rules, timers
from tests.domain.kind_bench import code, moved, through
from tests.domain.record import sealed
from tests.domain.ward import Ward, replayed


class TestCases:
    """A case postpones what is owed; it does not forget it."""

    def begun(self) -> Ward:
        """A case with two tablets in it."""
        ward = ready(rules("2.5 mg"))
        assert code(ward.happen(events.CaseBeginAsked(ward.tick(), SessionId("nina"), "c1", PatientId("pat")))) == ""
        through(ward, "withdraw", "oxy", 2, access="w")
        assert not ward.state.debts
        return ward

    def test_a_case_that_nobody_ends_ends_by_itself(self) -> None:
        """What nobody spoke for is owed by whoever took it."""
        ward = self.begun()
        assert "case:c1" in timers(ward)
        ward.tick(24 * 3600)
        ward.due("case:c1")
        assert (ward.state.cases, owed(ward)) == ({}, [("waste", "nina", 2000)])

    def test_a_restart_does_not_stop_its_clock(self) -> None:
        """And one whose time ran out meanwhile ends at once."""
        ward = self.begun()
        ward.tick(25 * 3600)
        ward.commands.clear()
        ward.restart()
        assert "case:c1" in timers(ward)
        ward.due("case:c1")
        assert owed(ward) == [("waste", "nina", 2000)]


class TestSheets:
    """What leaves the cabinet is looked for until somebody else has received it."""

    def sent(self) -> Ward:
        """Tom sends four tablets away on a sheet."""
        ward = ready(rules(custody=CustodyRules(sheet_classes=CONTROLLED)))
        through(ward, "transfer", "oxy", 4, by="tom", access="t", sheet="out-7", place="vault")
        assert ward.state.sheets["out-7"].issued == 4
        return ward

    def test_what_never_arrives_raises_an_alarm(self) -> None:
        """Within two hours or alarm, on the way back as on the way here."""
        ward = self.sent()
        assert "sheet:out-7" in timers(ward)
        ward.tick(7201)
        ward.due("sheet:out-7")
        assert [fact.code for fact in ward.facts_of(FaultRaised) if isinstance(fact, FaultRaised)] == ["sheet.late"]

    def test_nobody_receives_what_they_carry(self) -> None:
        """Pia unloads and says herself that it arrived."""
        ward = ready(rules(custody=CustodyRules(sheet_classes=CONTROLLED)))
        through(ward, "transfer", "oxy", 4, by="pia", access="t", sheet="out-8", place="vault")

        def close(by: str | None) -> str:
            session = None if by is None else SessionId(by)
            return code(ward.happen(events.SheetCloseAsked(ward.tick(), session, "out-8", "arrived", Units(4))))

        assert close("pia") == "sheet.own"
        assert close(None) == ""

    def test_what_came_here_is_what_was_counted_here(self) -> None:
        """A colleague closes the sheet with a number of her own: the missing two stay missing."""
        ward = ready(rules(custody=CustodyRules(sheet_classes=CONTROLLED)))
        ward.happen(events.SheetAnnounced(ward.tick(), None, "s1", OXY, Units(10), "vault-vera", "porter-paul"))
        through(ward, "refill", "oxy", 8, by="tom", sheet="s1")
        ward.happen(events.SheetCloseAsked(ward.tick(), SessionId("noor"), "s1", "all there", Units(10)))
        found = [fact for fact in ward.facts_of(DiscrepancyFound) if isinstance(fact, DiscrepancyFound)]
        assert [(one.pocket, one.expected, one.counted) for one in found] == [("transit", 10, 8)]

    def test_the_return_bin_goes_back_on_a_sheet(self) -> None:
        """Ward: unloads, return-bin and expired controlled stock go back the same way."""
        ward = ready(rules(custody=CustodyRules(sheet_classes=CONTROLLED)))
        through(ward, "withdraw", "oxy", 2, access="w")
        ward.wants("return", None, 2, access="r", withdrawal=AccessId("w"), is_intact=True)
        ward.is_witnessed("noor", access="r")
        assert code(ward.wants("empty_bin", None, 2, by="tom", access="e", item="oxycodone")) == "sheet.needed"
        assert code(ward.wants("empty_bin", None, 2, by="tom", access="f", item="oxycodone", sheet="out-9")) == ""
        assert moved(ward, "oxycodone")[-1] == (2, 0, Account.RETURN_BIN, Account.TRANSIT)
        issued = [(fact.sheet, fact.units) for fact in ward.facts_of(SheetIssued) if isinstance(fact, SheetIssued)]
        assert issued == [("out-9", 2)]


class TestTheReturnBin:
    """What was returned in words and never laid down is found when the bin is emptied, with everybody who laid something there."""

    def test_a_return_that_was_none_is_found_with_all_who_returned(self) -> None:
        """Nina says that she returned two; Noor returned one; one is there. The interval tells of both, and of whoever emptied."""
        ward = ready()
        for by, units in (("nina", 2), ("noor", 1)):
            through(ward, "withdraw", "oxy", units, by=by, access=f"w-{by}")
            ward.wants("return", None, units, by=by, access=f"r-{by}", withdrawal=AccessId(f"w-{by}"), is_intact=True)
            ward.is_witnessed("chris", of=by, access=f"r-{by}")
        ward.wants("empty_bin", None, 1, by="tom", access="e", item="oxycodone")
        (found,) = ward.state.discrepancies.values()
        assert (found.pocket, found.expected, found.counted, found.people) == ("bin", 3, 1, {"nina", "noor", "tom"})
        ward.restart()
        assert ward.state.discrepancies[found.id].people == {"nina", "noor", "tom"}

    def test_an_emptied_bin_begins_anew(self) -> None:
        """Who returned before the last emptying is nobody of this one's."""
        ward = ready()
        through(ward, "withdraw", "oxy", 2, access="w")
        ward.wants("return", None, 1, access="r", withdrawal=AccessId("w"), is_intact=True)
        ward.is_witnessed("chris", access="r")
        ward.wants("empty_bin", None, 1, by="tom", access="e", item="oxycodone")
        assert not ward.state.discrepancies
        ward.wants("empty_bin", None, 1, by="pia", access="f", item="oxycodone")
        (found,) = ward.state.discrepancies.values()
        assert found.people == {"pia"}

    def test_its_causes_are_told_without_a_pocket(self) -> None:
        """A bin has no neighbours, no scale and no lock; whoever settles it is offered what fits."""
        ward = ready()
        through(ward, "withdraw", "oxy", 2, access="w")
        ward.wants("return", None, 2, access="r", withdrawal=AccessId("w"), is_intact=True)
        ward.is_witnessed("chris", access="r")
        ward.wants("empty_bin", None, 1, by="tom", access="e", item="oxycodone")
        (found,) = ward.state.discrepancies.values()
        assert all(one.sentence for one in cause.suggest(ward.core.scene, found))


class TestInfusions:
    """What is left of a bag is known when it ends; that it never ended is known as well."""

    def running(self) -> Ward:
        """Morphine runs at 2 mg an hour, from a bottle for the pump."""
        setting = rules()
        drip = replace(patient().orders[0], id=OrderId("o5"), item=ItemId("morphine_syrup"), dose="2 mg/h", units=Units(5))
        one = replace(patient(), orders=(drip,))
        ward = ready(replace(setting, patients={one.id: one}))
        through(ward, "withdraw", "syrup", 5, access="w", order="o5", authority="order")
        return ward

    def test_one_that_nobody_ends_stays_listed(self) -> None:
        """Nothing is due before it ends, no withdrawal waits for it, and three days later it is not forgotten."""
        ward = self.running()
        assert owed(ward) == [("infusion", "nina", 0)]
        ward.tick(80 * 3600)
        ward.signs_in("noor")
        through(ward, "withdraw", "p1", 1, by="noor", access="later")
        assert "w" in ward.state.withdrawals

    def test_its_end_settles_it_and_owes_the_rest(self) -> None:
        """The rest is wasted before a witness."""
        ward = self.running()
        ended = events.BagEnded(ward.tick(), SessionId("nina"), AccessId("w"), "1 mL", 1000)
        assert code(ward.happen(ended)) == ""
        assert owed(ward) == [("waste", "nina", 1000)]

    def test_a_bag_that_was_not_hung_is_returned(self) -> None:
        """All of it came back: it runs nowhere."""
        ward = self.running()
        ward.wants("return", None, 5, access="r", withdrawal=AccessId("w"), is_intact=True)
        ward.is_witnessed("noor", access="r")
        assert not ward.state.debts


class TestNamedByAnother:
    """Somebody enters late what they say that a colleague took: the colleague is asked."""

    def entered(self) -> Ward:
        """Nina says that Noor took two paracetamol an hour ago."""
        ward = ready(replace(rules(), policy=replace(rules().policy, may={**rules().policy.may, Role.NURSE: MAY_ENTER_LATE})))
        ward.tick(3600)
        for name in ("nina", "noor"):
            ward.signs_in(name)
        true_at = utc_text((ward.now.utc).replace(minute=0))
        step = ward.wants("withdraw", "p1", 2, authority="late", true_at=true_at, taken_by=StaffId("noor"))
        assert code(step) == ""
        return ward

    def says(self, ward: Ward, by: str, *, is_true: bool) -> str:
        """What somebody says of it."""
        return code(ward.happen(events.TakingConfirmed(ward.tick(), SessionId(by), DebtId("confirm-a"), is_true)))

    def test_who_is_named_is_asked_and_nobody_else_can_say_it(self) -> None:
        """It is not handed over either: a word is one's own."""
        ward = self.entered()
        assert ("confirm", "noor", 2000) in owed(ward)
        assert self.says(ward, "nina", is_true=True) == "debt.not_yours"
        handed = ward.happen(events.DebtHandedOver(ward.tick(), SessionId("noor"), DebtId("confirm-a"), StaffId("chris"), PROVEN))
        assert code(handed) == "debt.personal"
        assert self.says(ward, "noor", is_true=True) == ""
        assert "confirm" not in {kind for kind, _, _ in owed(ward)}

    def test_that_it_was_not_them_is_looked_at(self) -> None:
        """Both words stay; somebody else closes it."""
        ward = self.entered()
        assert self.says(ward, "noor", is_true=False) == ""
        assert ("review", "nina", 0) in owed(ward)
        assert replayed(ward.world, ward.drafts).state == ward.state

    def test_until_then_it_stands_as_not_confirmed(self) -> None:
        """On every report of it."""
        ward = self.entered()

        def taken_by() -> object:
            sheet = draw("activity", sealed(ward.drafts), Setting(ward.world, UTC, ward.now.utc), Asked())
            table = sheet.tables[0]
            column = next(number for number, one in enumerate(table.columns) if one.key == "taken_by")
            return next(row[column] for row in table.rows if row[column])

        assert taken_by() == "Noor (not confirmed)"
        self.says(ward, "noor", is_true=True)
        assert taken_by() == "Noor (confirmed)"


class TestFoundWithoutAWithdrawal:
    """What no withdrawal on record explains is brought back or wasted as found, and somebody looks at it."""

    @pytest.mark.parametrize("kind", ["waste", "return"])
    def test_it_is_said_that_it_was_found(self, kind: str) -> None:
        """Else more could come back than ever went out, a substitute for what is kept."""
        ward = ready()
        asked = {"item": "oxycodone", "is_intact": True, "reason": "found in the linen"}
        assert code(ward.wants(kind, None, 1, access="x", **asked)) == "withdrawal.not_named"  # type: ignore[arg-type]
        assert code(ward.wants(kind, None, 1, access="y", purpose="found", **asked)) == ""  # type: ignore[arg-type]
        ward.is_witnessed("noor", access="y")
        assert owed(ward) == [("review", "nina", 0)]

    def test_of_what_owes_no_waste_nobody_asks(self) -> None:
        """A paracetamol on the floor goes to the bin."""
        ward = ready()
        assert code(ward.wants("return", None, 1, access="x", item="paracetamol")) == ""
        assert not ward.state.debts
