"""What is left undone belongs to somebody, blocks nobody, and is closed with a name."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.facts import Account, DebtHandedOver, DebtOwed, OrderLinked
from cabinet.domain.vocabulary import AccessId, DebtId, OrderId, PatientId, SessionId, StaffId
from tests.domain.kind_bench import NURSE, code, last, moved, ready, rules, through
from tests.domain.ward import Ward, granting


class TestDebts:
    """Somebody's, handed over, aged, closed with a name; never a dead end."""

    def owing(self) -> Ward:
        """Nina owes the order of a withdrawal without one."""
        ward = ready("nina", "noor", "pia")
        through(ward, "emergency", "p1", 1, authority="emergency")
        return ward

    def test_a_debt_is_handed_over_to_somebody_who_is_there(self) -> None:
        """At the end of a shift; who took it over stands in the record."""
        ward = self.owing()

        def hand(by: str, to: str, debt: str = "reason-a") -> str:
            return code(ward.happen(events.DebtHandedOver(ward.tick(), SessionId(by), DebtId(debt), StaffId(to), ("badge", "secret"))))

        assert hand("noor", "nina") == "debt.not_yours"
        assert hand("nina", "nina") == "witness.same_person"
        assert hand("nina", "ghost") == "witness.unknown"
        assert hand("nina", "noor", "ghost") == "debt.unknown"
        assert hand("nina", "tom") == "debt.role", "it would lie with somebody who cannot settle it"
        assert hand("nina", "noor") == ""
        assert last(ward, DebtHandedOver) == DebtHandedOver(DebtId("reason-a"), StaffId("noor"), ["badge", "secret"])
        assert ward.state.debts["reason-a"].staff == "noor"

    def test_for_whom_an_emergency_was_is_said_afterwards(self) -> None:
        """What was skipped is asked afterwards (ward.md): by who owes it, once, and what comes back is still accounted for."""
        ward = ready("nina", "noor", "pia")
        through(ward, "emergency", "p1", 1, authority="emergency", patient=None)

        def name(by: str, patient: str, debt: str = "order-a") -> str:
            return code(ward.happen(events.PatientNamed(ward.tick(), SessionId(by), DebtId(debt), PatientId(patient))))

        assert name("noor", "pat") == "debt.not_yours"
        assert name("nina", "nobody") == "access.patient_unknown"
        assert name("nina", "pat", "reason-a") == "access.not_asked"
        assert name("nina", "pat") == ""
        assert (ward.state.withdrawals["a"].patient, ward.state.debts["order-a"].patient) == ("pat", "pat")
        assert name("nina", "pat") == "access.not_asked"
        ward.wants("return", None, 1, access="r", withdrawal=AccessId("a"), is_intact=True)
        assert moved(ward, ward.line("p1").item)[-1][2:] == (Account.PURPOSE, Account.RETURN_BIN)

    def test_an_order_is_linked_once_it_is_written(self) -> None:
        """An override that is not linked to an order is listed until it is (ISMP 2019, 3.e)."""
        ward = self.owing()

        def link(order: str, access: str = "a", session: str | None = "nina") -> str:
            asked = None if session is None else SessionId(session)
            return code(ward.happen(events.OrderFound(ward.tick(), AccessId(access), OrderId(order), asked)))

        assert link("ghost") == "order.unknown"
        assert link("o2") == "order.other_item"
        assert link("o1", access="ghost") == "debt.unknown"
        assert link("o1", session="ghost") == "session.unknown"
        assert link("o1", session=None) == "", "the pharmacy may link it as well"
        assert last(ward, OrderLinked) == OrderLinked(AccessId("a"), OrderId("o1"))
        assert {debt.kind for debt in ward.state.debts.values()} == {"reason"}

    def test_nobody_closes_their_own(self) -> None:
        """Whoever may close others' debts still has their own closed by somebody else."""
        ward = Ward(replace(rules(), policy=granting(emergency=NURSE, close_debt=NURSE)))
        ward.signs_in("nina")
        through(ward, "emergency", "p1", 1, authority="emergency")
        assert code(ward.happen(events.DebtCloseAsked(ward.tick(), SessionId("nina"), DebtId("order-a"), "none"))) == "debt.own"

    def test_debts_never_block_a_withdrawal(self) -> None:
        """Ward: debts instead of dead ends."""
        ward = self.owing()
        assert ward.state.debts
        through(ward, "withdraw", "p2", 1, access="next")
        assert ward.access("next").phase == "settled"

    def test_a_restart_forgets_no_debt(self) -> None:
        """They are facts."""
        ward = self.owing()
        before = dict(ward.state.debts)
        ward.restart()
        assert ward.state.debts == before
        assert all(isinstance(fact, DebtOwed) for fact in ward.facts_of(DebtOwed))
