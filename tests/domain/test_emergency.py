"""Emergency access: the drug first, every question afterwards (ward.md, "Emergency access")."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.facts import DebtSettled
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import DebtId, SessionId, StaffId
from cabinet.domain.withdrawal.rule import CONTROLLED
from cabinet.domain.witness import WitnessRule
from tests.domain.kind_bench import code, ready, rules, through
from tests.domain.ward import WAY, Ward, shut


class TestEmergency:
    """Two touches after the badge; what was skipped is asked afterwards and never in the way."""

    def test_nothing_stands_before_the_drug(self) -> None:
        """No count, no reason, no witness, although midazolam asks for one at a withdrawal."""
        ward = ready()
        step = ward.wants("emergency", "mida", 1, authority="emergency")
        assert (code(step), ward.releases(step)) == ("", ["locks:1"])
        ward.opens(*WAY["mida"])
        assert ward.asks() == ("confirm", "close")

    def test_what_was_skipped_is_owed(self) -> None:
        """Reason, order, signature and a count: listed until done, by whoever took it, and no drawer waits for them."""
        ward = ready("nina", "noor")
        ward.wants("emergency", "mida", 1, authority="emergency")
        ward.opens(*WAY["mida"])
        shut(ward, "mida")
        assert ward.access().phase == "settled"
        assert {debt.kind for debt in ward.state.debts.values()} == {"reason", "order", "witness"}
        assert ward.line("mida").owes

        def signs(who: str) -> str:
            signed = events.DebtWitnessed(ward.tick(), SessionId("nina"), DebtId("witness-a"), StaffId(who), ("badge", "secret"))
            return code(ward.happen(signed))

        assert [signs("nina"), signs("tom"), signs("noor")] == ["witness.same_person", "witness.role", ""]
        assert {debt.kind for debt in ward.state.debts.values()} == {"reason", "order"}

    def test_a_row_that_names_emergencies_puts_nobody_before_the_drug(self) -> None:
        """A hospital's table says who signs, and never that somebody dying waits for it."""
        setting = rules()
        row = WitnessRule(frozenset({"emergency"}), CONTROLLED, frozenset({Role.NURSE}))
        ward = Ward(replace(setting, policy=replace(setting.policy, witness=(row,))))
        ward.signs_in()
        assert ward.releases(ward.wants("emergency", "mida", 1, authority="emergency")) == ["locks:1"]

    def test_it_waits_for_no_count_and_no_drawer_of_anybody(self) -> None:
        """A colleague counts oxycodone in the same drawer, or left it uncounted: midazolam opens beside it, and both are accounted for."""
        ward = ready("nina", "noor")
        ward.wants("withdraw", "oxy", 1, by="noor", access="b")
        ward.opens(*WAY["oxy"])
        assert code(ward.wants("withdraw", "mida", 1)) == "drawer.in_use"
        step = ward.wants("emergency", "mida", 1, access="e", authority="emergency")
        assert (code(step), ward.releases(step)) == ("", ["lids:1"])
        ward.opens("lids:1")
        assert ward.asks("e") == ("confirm", "close")
        ward.states(1, access="e")
        ward.closes("lids:1")
        assert ward.access("b").phase == "open", "her own lid is open still"
        ward.counts(20, by="noor", access="b")
        ward.states(1, by="noor", access="b")
        ward.closes("locks:2", "locks:1")
        assert (ward.access("b").phase, ward.access("e").phase) == ("settled", "settled")
        assert (ward.line("oxy").units, ward.line("mida").units) == (19, 19)

    def test_a_pocket_whose_drawer_was_shut_without_a_word_opens_again(self) -> None:
        """What somebody owes of it is no reason to let another patient wait."""
        ward = ready("nina", "noor")
        ward.wants("withdraw", "oxy", 1, by="noor", access="b")
        ward.opens(*WAY["oxy"])
        ward.closes(*reversed(WAY["oxy"]))
        assert ward.access("b").phase == "closed"
        assert ward.releases(ward.wants("emergency", "oxy", 1, access="e", authority="emergency")) == ["locks:1"]

    def test_what_is_open_in_somebodys_hands_is_not_opened_twice(self) -> None:
        """It is before them: two accesses to one pocket would be two stories about one count."""
        ward = ready("nina", "noor")
        ward.wants("withdraw", "oxy", 1, by="noor", access="b")
        ward.opens(*WAY["oxy"])
        assert code(ward.wants("emergency", "oxy", 1, access="e", authority="emergency")) == "drawer.in_use"

    def test_the_reason_is_given_by_who_owes_it(self) -> None:
        """A colleague does not answer for them; the pharmacist may close it for somebody who has left."""
        ward = ready("nina", "noor", "pia")
        through(ward, "emergency", "p1", 1, authority="emergency")
        reason = DebtId("reason-a")

        def close(by: str, debt: DebtId, why: str = "seizure") -> str:
            return code(ward.happen(events.DebtCloseAsked(ward.tick(), SessionId(by), debt, why)))

        assert close("noor", reason) == "policy.role"
        assert close("nina", reason, " ") == "withdrawal.reason"
        assert close("ghost", reason) == "session.unknown"
        assert close("nina", reason) == ""
        assert close("nina", DebtId("order-a")) == "policy.role"
        assert close("pia", DebtId("order-a"), "patient went to theatre before it was written") == ""
        settled = ward.facts_of(DebtSettled)
        assert [(fact.debt, fact.how) for fact in settled if isinstance(fact, DebtSettled)] == [("reason-a", "done"), ("order-a", "closed")]

    def test_expired_stock_is_given_in_an_emergency(self) -> None:
        """With a warning on the screen; ordinary withdrawals refuse it."""
        ward = ready()
        ward.line("p1").batches[0].expiry = "2026-01-31"
        assert code(ward.wants("withdraw", "p1", 1)) == "stock.expired"
        assert code(ward.wants("emergency", "p1", 1, access="e", authority="emergency")) == ""

    def test_a_pocket_that_is_empty_on_the_record_opens_and_what_was_in_it_is_found(self) -> None:
        """A refill that nobody recorded is there all the same; the balance was wrong, and says so without a name."""
        ward = ready()
        ward.line("mida").batches.clear()
        assert code(ward.wants("withdraw", "mida", 1)) == "stock.out"
        ward.wants("emergency", "mida", 1, access="e", authority="emergency")
        ward.opens(*WAY["mida"])
        assert code(ward.states(1, access="e")) == ""
        shut(ward, "mida")
        assert (ward.access("e").phase, ward.line("mida").units) == ("disputed", 0)
        assert [found.expected for found in ward.state.discrepancies.values()] == [0]
        assert ward.line("mida").owes
