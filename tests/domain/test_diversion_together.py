"""Thieves at work, two of them or one who plays two: debts among friends, witnesses of one's own making, late words."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.facts import DebtHandedOver
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import AccessId, DebtId, OrderId, SessionId, StaffId, utc_text
from tests.domain.diversion_bench import PROVEN, owed, ready, rules
from tests.domain.kind_bench import code, through
from tests.domain.ward import PEOPLE, WAY, Ward, shut


class TestDebtsAmongFriends:
    """Handing a debt to a colleague makes nobody's own act somebody else's."""

    def test_nobody_closes_what_they_owed_at_first(self) -> None:
        """A charge nurse hands hers over and closes it a moment later: it is still hers."""
        ward = ready()
        through(ward, "emergency", "oxy", 2, by="chris", authority="emergency")
        ward.happen(events.DebtHandedOver(ward.tick(), SessionId("chris"), DebtId("order-a"), StaffId("nina"), PROVEN))
        closed = ward.happen(events.DebtCloseAsked(ward.tick(), SessionId("chris"), DebtId("order-a"), "looked into"))
        assert code(closed) == "debt.own"
        closed = ward.happen(events.DebtCloseAsked(ward.tick(), SessionId("pia"), DebtId("order-a"), "looked into"))
        assert code(closed) == ""

    def test_nobody_witnesses_their_own_act_after_handing_it_over(self) -> None:
        """Nina withdrew alone; Noor took the debt over; Nina is no witness of what Nina did."""
        ward = ready()
        ward.wants("withdraw", "keta", 1)
        ward.is_alone()
        debt = DebtId("witness-a")
        ward.happen(events.DebtHandedOver(ward.tick(), SessionId("nina"), debt, StaffId("noor"), PROVEN))

        def signs(who: str, by: str) -> str:
            return code(ward.happen(events.DebtWitnessed(ward.tick(), SessionId(by), debt, StaffId(who), ("badge", "secret"))))

        assert signs("nina", "nina") == "witness.same_person"
        assert signs("nina", "noor") == "witness.same_person"
        assert signs("noor", "nina") == "witness.same_person", "who took it over asks somebody else"
        ward.restart()
        ward.signs_in("noor")
        assert signs("nina", "noor") == "witness.same_person", "a restart forgets whose act it was no more than anything"
        assert signs("chris", "noor") == ""

    def test_who_is_switched_off_signs_nothing_afterwards(self) -> None:
        """A leaver's badge is no second person."""
        ward = ready()
        ward.wants("withdraw", "keta", 1)
        ward.is_alone()
        ward.state.people.records["noor"] = replace(PEOPLE[StaffId("noor")], is_active=False)
        asked = events.DebtWitnessed(ward.tick(), SessionId("nina"), DebtId("witness-a"), StaffId("noor"), ("badge", "secret"))
        assert code(ward.happen(asked)) == "session.revoked"

    def test_an_order_that_nobody_verified_or_that_had_ended_settles_no_override(self) -> None:
        """An override is chased until a pharmacist has seen an order, or the pharmacy closes it."""
        ward = ready()
        through(ward, "withdraw", "oxy", 1, authority="override", reason="emergency")
        assert [kind for kind, *_ in owed(ward)] == ["order"]

        def link(order: str) -> str:
            return code(ward.happen(events.OrderFound(ward.tick(), AccessId("a"), OrderId(order), SessionId("nina"))))

        assert link("o8") == "order.unverified"
        assert link("o7") == "order.stopped", "it had ended before anything was taken"
        assert link("o2") == ""


class TestASecondPersonOfOnesOwnMaking:
    """Whoever made an account or a PIN has no second person in it."""

    def lets_in(self, ward: Ward) -> None:
        """Chris lets an agency nurse in, and gives her a PIN."""
        temp = Staff(StaffId("jane"), "Jane", Role.AGENCY_NURSE, until="2026-03-02T15:00:00.000000Z")
        assert code(ward.happen(events.StaffChangeAsked(ward.tick(), SessionId("chris"), temp))) == ""
        for what in ("badge", "pin"):
            asked = events.CredentialAsked(ward.tick(), SessionId("chris"), StaffId("jane"), what, True)
            assert code(ward.happen(asked)) == ""

    def test_who_was_let_in_does_not_sign_for_who_let_them_in(self) -> None:
        """Chris invents Jane and wastes water before her eyes; before anybody else's it is a waste."""
        ward = ready()
        self.lets_in(ward)
        through(ward, "withdraw", "oxy", 2, by="chris", access="w")
        ward.wants("waste", None, 1, by="chris", access="x", withdrawal=AccessId("w"), reason="refused")
        assert code(ward.is_witnessed("jane", of="chris", access="x")) == "witness.dependent"
        ward.restart()
        ward.signs_in("chris")
        ward.wants("waste", None, 1, by="chris", access="y", withdrawal=AccessId("w"), reason="refused")
        assert code(ward.is_witnessed("jane", of="chris", access="y")) == "witness.dependent"
        assert code(ward.is_witnessed("nina", of="chris", access="y")) == ""

    def test_nor_for_another_nurse_is_she_refused(self) -> None:
        """The honest agency nurse signs for everybody else."""
        ward = ready()
        self.lets_in(ward)
        through(ward, "withdraw", "oxy", 2, access="w")
        ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="refused")
        assert code(ward.is_witnessed("jane", access="x")) == ""

    def test_a_pin_that_somebody_issued_signs_nothing_of_theirs(self) -> None:
        """Noor is at home; Chris issues a PIN for her and types it."""
        ward = ready(people=("nina", "chris"))
        asked = events.CredentialAsked(ward.tick(), SessionId("chris"), StaffId("noor"), "temporary_pin", True)
        assert code(ward.happen(asked)) == ""
        through(ward, "withdraw", "oxy", 2, by="chris", access="w")
        ward.wants("waste", None, 1, by="chris", access="x", withdrawal=AccessId("w"), reason="refused")
        assert code(ward.is_witnessed("noor", of="chris", access="x", factors=("id", "secret"))) == "witness.dependent"

    def test_once_she_chose_her_own_she_signs_again(self) -> None:
        """A PIN of her own ends it."""
        ward = ready()
        for by, what in (("chris", "temporary_pin"), ("noor", "pin")):
            assert code(ward.happen(events.CredentialAsked(ward.tick(), SessionId(by), StaffId("noor"), what, True))) == ""
        through(ward, "withdraw", "oxy", 2, by="chris", access="w")
        ward.wants("waste", None, 1, by="chris", access="x", withdrawal=AccessId("w"), reason="refused")
        assert code(ward.is_witnessed("noor", of="chris", access="x")) == ""


class TestASecondWord:
    """A scale spoke against the first number: what is owed follows the second one."""

    def corrected(self, first: int, second: int) -> Ward:
        """One number is said, doubted, and another one said."""
        ward = ready(rules("2.5 mg"))
        assert code(ward.wants("withdraw", "oxy", 1, order="o2", authority="order")) == ""
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(first)
        ward.access().doubted_by = "scale"
        assert code(ward.states(second)) == ""
        shut(ward, "oxy")
        return ward

    def test_more_than_was_said_first_is_owed_as_well(self) -> None:
        """One said, two taken: a tablet and a half are left over, not a half."""
        assert owed(self.corrected(1, 2)) == [("waste", "nina", 1500)]

    def test_fewer_than_was_said_first_are_not_owed(self) -> None:
        """A slip of the finger accuses nobody of a tablet that lies in its pocket."""
        assert owed(self.corrected(2, 1)) == [("waste", "nina", 500)]

    def test_none_after_all_owes_nothing(self) -> None:
        """Both stayed in the pocket."""
        assert not self.corrected(2, 0).state.debts


class TestLateEntries:
    """What is entered afterwards explains what is missing: somebody else looks at it."""

    def test_a_controlled_late_entry_is_reviewed(self) -> None:
        """Two too many were taken; an hour later they were "taken by key", for a patient with an order: a count alone would agree."""
        setting = rules()
        table = {role: may | {"late_entry"} if role is Role.NURSE else may for role, may in setting.policy.may.items()}
        ward = ready(replace(setting, policy=replace(setting.policy, may=table)))
        through(ward, "withdraw", "oxy", 1, order="o2", authority="order")
        true_at = utc_text(ward.now.utc)
        ward.tick(3600)
        ward.signs_in("nina")
        entered = ward.wants("withdraw", "oxy", 2, access="l", authority="late", order="o2", true_at=true_at)
        assert code(entered) == ""
        assert [kind for kind, *_ in owed(ward) if kind in {"review", "witness"}] == ["review"]
        asked = events.DebtCloseAsked(ward.tick(), SessionId("nina"), DebtId("review-l"), "by key")
        assert code(ward.happen(asked)) == "policy.role"


def test_who_takes_a_debt_over_shows_two_factors_and_they_stand_in_the_record() -> None:
    """A badge that was left lying takes nothing over."""
    ward = ready()
    through(ward, "withdraw", "oxy", 2, patient=None, purpose="dropped")
    debt = DebtId(next(iter(ward.state.debts)))

    def hands(*factors: str) -> str:
        return code(ward.happen(events.DebtHandedOver(ward.tick(), SessionId("nina"), debt, StaffId("noor"), factors)))

    assert hands("badge") == "witness.factors"
    assert hands(*PROVEN) == ""
    assert ward.facts_of(DebtHandedOver) == [DebtHandedOver(debt, StaffId("noor"), ["badge", "secret"])]
