"""Thieves at work: for each trick, what keeps it from leaving no trace. And honest people beside them, who are not accused.

Tricks between two people stand in `test_diversion_together.py`, tricks on the way in `test_diversion_away.py`.
"""

from dataclasses import replace
from datetime import UTC

import pytest

from cabinet.domain import events
from cabinet.domain.authority import Mode
from cabinet.domain.facts import DebtSettled, DiscrepancyFound
from cabinet.domain.term import Terms
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, OrderId, SessionId
from cabinet.report.asked import Asked, Setting
from cabinet.report.names import draw
from tests.domain.diversion_bench import owed, patient, ready, rules
from tests.domain.kind_bench import code, through
from tests.domain.record import sealed
from tests.domain.ward import ITEMS, WAY, Ward, replayed, shut


class TestTakenForAPurpose:
    """No patient, no order: what is controlled has to be seen wasted, brought back, or explained to somebody else."""

    @pytest.mark.parametrize("purpose", ["dropped", "code_tray"])
    def test_two_tablets_that_were_dropped_are_owed(self, purpose: str) -> None:
        """Said alone, it leaves a debt that only a second person or who may close debts settles; and nothing waits for it."""
        ward = ready()
        through(ward, "withdraw", "oxy", 2, patient=None, purpose=purpose)
        assert owed(ward) == [("waste", "nina", 2000)]
        assert not ward.facts_of(DiscrepancyFound)

    def test_it_is_settled_by_a_witnessed_waste(self) -> None:
        """The honest way: the broken tablets are shown to a colleague."""
        ward = ready()
        through(ward, "withdraw", "oxy", 2, access="w", patient=None, purpose="dropped")
        ward.wants("waste", None, 2, access="x", withdrawal=AccessId("w"), reason="dropped")
        ward.is_witnessed("noor", access="x")
        assert not ward.state.debts

    def test_or_by_a_return(self) -> None:
        """The code tray was not needed."""
        ward = ready()
        through(ward, "withdraw", "oxy", 2, access="w", patient=None, purpose="code_tray")
        ward.wants("return", None, 2, access="x", withdrawal=AccessId("w"), is_intact=True)
        ward.is_witnessed("noor", access="x")
        assert not ward.state.debts

    def test_what_is_not_controlled_owes_nothing(self) -> None:
        """A dropped paracetamol is nobody's matter."""
        ward = ready()
        through(ward, "withdraw", "p1", 2, patient=None, purpose="dropped")
        assert not ward.state.debts


class TestWordsInsteadOfTheOrder:
    """A dose that somebody chose may be less than what was ordered, never silently more."""

    def test_more_than_the_order_asks_for_the_act(self) -> None:
        """10 mg said on an order of 5 mg is more than the order, whatever was typed."""
        ward = ready()
        asked = {"order": "o2", "authority": "order", "said": "10 mg"}
        assert code(ward.wants("withdraw", "oxy", 2, **asked)) == "warning.more_than_order"
        why = ("warning.more_than_order=the doctor doubled it",)
        assert code(ward.wants("withdraw", "oxy", 2, acknowledged=why, **asked)) == ""

    def test_half_a_tablet_is_not_talked_away(self) -> None:
        """An order of half a tablet leaves half of one, whatever dose was typed."""
        ward = ready(rules("2.5 mg"))
        why = ("warning.more_than_order=he was in pain",)
        through(ward, "withdraw", "oxy", 1, order="o2", authority="order", said="5 mg", acknowledged=why)
        assert owed(ward) == [("waste", "nina", 500)]

    def test_less_than_the_order_is_ordinary(self) -> None:
        """Half of it was enough: the rest is wasted before a witness."""
        ward = ready()
        through(ward, "withdraw", "oxy", 1, order="o2", authority="order", said="2.5 mg")
        assert owed(ward) == [("waste", "nina", 500)]

    def test_of_a_range_the_upper_end_is_the_most(self) -> None:
        """5 to 10 mg: 10 mg are within it."""
        ward = ready(rules("5-10 mg"))
        through(ward, "withdraw", "oxy", 2, order="o2", authority="order", said="10 mg")
        assert not ward.state.debts

    def test_an_order_that_cannot_be_read_takes_the_units_that_it_says(self) -> None:
        """Two taken where the order takes one: the other one is left over."""
        ward = ready(rules("as directed", 1))
        through(ward, "withdraw", "oxy", 1, order="o2", authority="order")
        assert not ward.state.debts
        ward.wants("withdraw", "oxy", 1, access="b", order="o2", authority="order")
        ward.opens(*WAY["oxy"])
        ward.counts(19, access="b")
        ward.states(2, access="b")
        assert owed(ward) == [("waste", "nina", 1000)]


class TestEmergencies:
    """Nothing stands before the drug, and everything is asked afterwards: for whom as well."""

    def test_an_emergency_for_nobody_owes_its_order(self) -> None:
        """A reason of one's own settles a reason; that no patient was named is for somebody else to look at."""
        ward = ready()
        through(ward, "emergency", "oxy", 2, authority="emergency", patient=None)
        reason = events.DebtCloseAsked(ward.tick(), SessionId("nina"), DebtId("reason-a"), "code blue")
        assert code(ward.happen(reason)) == ""
        assert [kind for kind, *_ in owed(ward)] == ["order"]
        asked = events.DebtCloseAsked(ward.tick(), SessionId("nina"), DebtId("order-a"), "code blue")
        assert code(ward.happen(asked)) == "policy.role"

    def test_its_order_may_be_named_afterwards(self) -> None:
        """The honest nurse says whose it was; and what was left over of the dose is owed from then on."""
        ward = ready(rules("2.5 mg"))
        through(ward, "emergency", "oxy", 1, authority="emergency", patient=None)
        asked = events.OrderFound(ward.tick(), AccessId("a"), OrderId("o2"), SessionId("nina"))
        assert code(ward.happen(asked)) == ""
        assert ("waste", "nina", 500) in owed(ward)


class TestCriticalOverride:
    """Everything may be had, and nothing of it is forgotten."""

    def test_what_went_without_its_order_is_chased(self) -> None:
        """Declared, taken, lifted: the order is owed as of any override."""
        setting = rules()
        strict = replace(setting.policy, authority=replace(setting.policy.authority, mode=Mode.PROFILE))
        ward = ready(replace(setting, policy=strict))
        assert code(ward.wants("withdraw", "oxy", 2)) == "policy.needs_order"
        ward.state.mode = "critical_override"
        through(ward, "withdraw", "oxy", 2, access="b")
        assert [kind for kind, *_ in owed(ward)] == ["order"]


class TestFoundOpen:
    """Whoever closes what a colleague left open had their hand at it, and stands in the interval beside them."""

    def test_who_took_over_is_in_the_interval(self) -> None:
        """Nina walks away from an open lid; Noor takes two and closes it; the count that is owed names neither and tells of both."""
        ward = ready()
        ward.wants("withdraw", "oxy", 1)
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.tick(20)
        assert code(ward.happen(events.TakeOverAsked(ward.tick(), SessionId("noor"), AccessId("a")))) == ""
        shut(ward, "oxy")
        assert code(ward.wants("count", "oxy", 0, by="tom", access="c")) == ""
        ward.opens(*WAY["oxy"])
        for _ in range(2):
            ward.counts(18, by="tom", access="c")
        shut(ward, "oxy")
        (found,) = ward.state.discrepancies.values()
        assert found.people == {"nina", "noor", "tom"}
        assert [visit.kind for visit in found.interval.visits] == ["withdraw", "take_over", "count"]


class TestLiquids:
    """A volume is read off, and two millilitres are no difference; time and again they are."""

    def test_what_is_drained_within_the_allowance_adds_up_in_a_report(self) -> None:
        """Every time after Nina had the bottle it reads 2 mL less: no discrepancy, and a sum that a report shows."""
        syrup = replace(next(one for one in ITEMS if one.id == "morphine_syrup"), variance_units=2)
        setting = rules()
        ward = ready(replace(setting, formulary={**setting.formulary, syrup.id: syrup}))
        for number in range(6):
            by, before = ("nina", "noor")[number % 2], ward.line("syrup").units
            ward.wants("withdraw", "syrup", 1, by=by, access=f"s{number}")
            ward.opens(*WAY["syrup"])
            ward.counts(before - 2 if by == "noor" else before, by=by, access=f"s{number}")
            ward.states(1, by=by, access=f"s{number}")
            shut(ward, "syrup")
        assert not ward.facts_of(DiscrepancyFound)
        _, drained = draw("discrepancies", sealed(ward.drafts), Setting(ward.world, UTC, ward.now.utc), Asked()).tables
        assert [(row[0], row[3], row[4], row[5]) for row in drained.rows] == [("syrup", "Nina", 3, -6)]


class TestAnOrderArrives:
    """An override is chased until its order comes; when it does, nobody has to link by hand what is plain."""

    def overridden(self) -> Ward:
        """Nina took one oxycodone on override; its order is written afterwards."""
        ward = ready()
        through(ward, "withdraw", "oxy", 1, authority="override", reason="emergency")
        assert ("order", "nina", 0) in owed(ward)
        return ward

    def sends(self, ward: Ward, **changes: object) -> None:
        """The pharmacy sends an order."""
        order = replace(patient().orders[0], id=OrderId("late"), **changes)  # type: ignore[arg-type]
        assert code(ward.happen(events.OrderChangeAsked(ward.tick(), None, order))) == ""

    def test_the_debt_closes_by_itself_and_names_it(self) -> None:
        """Same patient, same item, looked at by a pharmacist; what the dose leaves over is owed from then on."""
        ward = self.overridden()
        self.sends(ward, dose="2.5 mg")
        assert owed(ward) == [("waste", "nina", 500)]
        settled = next(fact for fact in ward.facts_of(DebtSettled) if fact.debt == "order-a")  # type: ignore[attr-defined]
        assert settled == DebtSettled(DebtId("order-a"), "linked", "late")
        assert ward.state.withdrawals["a"].order == "late"
        assert replayed(ward.world, ward.drafts).state == ward.state

    def test_one_that_nobody_has_looked_at_closes_nothing_until_somebody_has(self) -> None:
        """Verifying it is when it counts."""
        ward = self.overridden()
        self.sends(ward, is_verified=False)
        assert ("order", "nina", 0) in owed(ward)
        ward.happen(events.OrderVerifyAsked(ward.tick(), None, OrderId("late")))
        assert owed(ward) == []

    @pytest.mark.parametrize("changes", [{"item": ItemId("ketamine")}, {"stops": "2026-03-01T00:00:00.000000Z"}, {"status": "stopped"}])
    def test_another_item_or_one_that_was_over_before_closes_nothing(self, changes: dict[str, object]) -> None:
        """Such a one is for a person to look at."""
        ward = self.overridden()
        self.sends(ward, **changes)
        assert ("order", "nina", 0) in owed(ward)

    def test_one_for_a_single_dose_covers_one_of_two(self) -> None:
        """Two tablets on override and one order for one of them: the second stays listed."""
        ward = self.overridden()
        through(ward, "withdraw", "oxy", 1, access="b", authority="override", reason="emergency")
        self.sends(ward, schedule="once")
        assert [debt.id for debt in ward.state.debts.values()] == ["order-b"]

    def test_one_that_comes_a_day_later_was_not_for_it(self) -> None:
        """Somebody says so, or nobody."""
        ward = self.overridden()
        ward.tick(25 * 3600)
        self.sends(ward)
        assert ("order", "nina", 0) in owed(ward)


def test_a_signature_that_is_owed_says_for_what_in_the_sites_words() -> None:
    """`Remove`, where the site says so, and never the code's own word."""
    ward = ready(replace(rules(), terms=Terms({"withdraw": "Remove"})))
    ward.wants("withdraw", "keta", 1)
    ward.is_alone()
    sheet = draw("debts", sealed(ward.drafts), Setting(ward.world, UTC, ward.now.utc), Asked())
    assert [row[8] for row in sheet.tables[0].rows] == ["remove"]
