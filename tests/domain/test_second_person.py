"""The second person signs before a lock moves; where policy lets it, the signature is owed."""

from cabinet.domain import events
from cabinet.domain.vocabulary import DebtId, SessionId, StaffId
from tests.domain.kind_bench import code, ready


class TestSecondPersonFirst:
    """Where a withdrawal is signed, the signature comes before the lock."""

    def test_no_lock_moves_before_the_witness(self) -> None:
        """The release waits for the second person, the light with it."""
        ward = ready("nina", "noor")
        step = ward.wants("withdraw", "mida", 1)
        assert (ward.asks(), ward.releases(step)) == (("witness",), [])
        assert code(ward.asks_again()) == "access.not_now"
        assert code(ward.moves()) == "access.not_now"
        assert code(ward.saw_it_open()) == "access.not_now"
        assert ward.releases(ward.is_witnessed("noor")) == ["locks:1"]

    def test_a_withdrawal_goes_on_alone_where_policy_lets_it_and_owes_the_signature(self) -> None:
        """Nobody is kept from a medicine for the want of a colleague."""
        ward = ready()
        ward.wants("withdraw", "keta", 1)
        assert ward.releases(ward.is_alone()) == ["locks:1"]
        assert [(debt.kind, debt.staff, debt.access) for debt in ward.state.debts.values()] == [("witness", "nina", "a")]

    def test_an_owed_signature_is_given_afterwards(self) -> None:
        """One act, one signature, another person."""
        ward = ready("nina", "noor")
        ward.wants("withdraw", "keta", 1)
        ward.is_alone()
        debt = DebtId(next(iter(ward.state.debts)))
        for who, refused in (("nina", "witness.same_person"), ("tom", "witness.role"), ("noor", "")):
            event = events.DebtWitnessed(ward.tick(), SessionId("nina"), debt, StaffId(who), ("badge", "secret"))
            assert code(ward.happen(event)) == refused
        assert not ward.state.debts
        assert (
            code(ward.happen(events.DebtWitnessed(ward.tick(), SessionId("nina"), debt, StaffId("noor"), ("badge", "secret"))))
            == "debt.unknown"
        )
