"""Case mode: many withdrawals in a procedural area, reconciled once at the end."""

from cabinet.domain import events
from cabinet.domain.vocabulary import AccessId, PatientId, SessionId
from tests.domain.kind_bench import code, ready, through
from tests.domain.ward import Ward


def say(ward: Ward, kind: type[events.Event], *words: object, by: str = "nina") -> str:
    """Say something of a case: the code of the refusal."""
    return code(ward.happen(kind(ward.tick(), SessionId(by), *words)))  # type: ignore[call-arg]


def begun() -> Ward:
    """A ward with a case and two withdrawals in it."""
    ward = ready("nina", "noor", "tom")
    assert say(ward, events.CaseBeginAsked, "c1", PatientId("pat")) == ""
    through(ward, "withdraw", "oxy", 2, access="w1")
    through(ward, "withdraw", "p1", 2, access="w2")
    return ward


def test_what_was_not_given_is_owed_at_the_end_and_not_before() -> None:
    """Pull many, reconcile given, waste, return at case end (ward: items); what is not controlled owes nothing."""
    ward = begun()
    assert not ward.state.debts
    assert say(ward, events.GivenSaid, AccessId("w1"), 1500, "7.5 mg") == ""
    assert not ward.state.debts
    assert say(ward, events.CaseEndAsked, "c1") == ""
    assert [(debt.kind, debt.access, debt.units_m, debt.staff) for debt in ward.state.debts.values()] == [("waste", "w1", 500, "nina")]
    ward.wants("waste", None, 0, access="x", withdrawal=AccessId("w1"), part_m=500, reason="rest of the case")
    ward.is_witnessed("noor", access="x")
    assert not ward.state.debts


def test_what_nobody_spoke_for_is_owed_whole() -> None:
    """Nothing waits for it, and nothing is forgotten."""
    ward = begun()
    say(ward, events.CaseEndAsked, "c1")
    assert ward.state.debts["waste-w1"].units_m == 2000


def test_a_return_at_the_end_leaves_nothing_owed() -> None:
    """Given + wasted + returned = removed."""
    ward = begun()
    ward.wants("return", None, 2, access="r", withdrawal=AccessId("w1"), is_intact=True)
    ward.is_witnessed("noor", access="r")
    say(ward, events.CaseEndAsked, "c1")
    assert not ward.state.debts


def test_outside_a_case_nothing_is_said_of_what_was_given() -> None:
    """The dose, or the end of the bag, says what is left over."""
    ward = ready("nina")
    through(ward, "withdraw", "syrup", 10, access="w1")
    assert say(ward, events.GivenSaid, AccessId("w1"), 8000, "8 mL") == "case.unknown"


def test_a_case_is_one_patients_and_a_nurses() -> None:
    """Refusals say why, and a restart keeps it."""
    ward = begun()
    assert say(ward, events.CaseBeginAsked, "c1", PatientId("pat")) == ""
    assert say(ward, events.CaseBeginAsked, "c1", PatientId("ghost")) == "case.taken"
    assert say(ward, events.CaseBeginAsked, "c2", PatientId("pat")) == "case.open"
    assert say(ward, events.CaseBeginAsked, "c2", PatientId("ghost")) == "access.patient_unknown"
    assert say(ward, events.CaseBeginAsked, "c2", PatientId("pat"), by="tom") == "policy.role"
    assert say(ward, events.CaseEndAsked, "c9") == "case.unknown"
    assert say(ward, events.CaseEndAsked, "c1", by="ghost") == "session.unknown"
    assert say(ward, events.GivenSaid, AccessId("w9"), 1, "1") == "withdrawal.unknown"
    assert say(ward, events.GivenSaid, AccessId("w1"), 9000, "9") == "withdrawal.more"
    assert say(ward, events.GivenSaid, AccessId("w1"), 1, "1", by="tom") == "policy.role"
    ward.restart()
    assert "c1" in ward.state.cases
