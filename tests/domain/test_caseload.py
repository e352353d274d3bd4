"""My patients first: whom a person chose for this shift, and whom they served not long ago; it grants nothing, and ends by itself."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.caseload.choosing import mine
from cabinet.domain.core import World
from cabinet.domain.facts import PatientChosen, PatientLetGo
from cabinet.domain.orders import Patient
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import PatientId, SessionId, utc_text
from tests.domain.kind_bench import code, ready, rules, through
from tests.domain.ward import Ward, granting, world

HOUR_S = 3600


def chooses(ward: Ward, patient: str = "pat", *, by: str = "nina") -> str:
    """One touch."""
    return code(ward.happen(events.PatientChooseAsked(ward.tick(), SessionId(by), PatientId(patient))))


def lets_go(ward: Ward, patient: str = "pat", *, by: str = "nina") -> str:
    """Another."""
    return code(ward.happen(events.PatientLetGoAsked(ward.tick(), SessionId(by), PatientId(patient))))


def of(ward: Ward, person: str = "nina") -> set[str]:
    """Whose patients are theirs now."""
    return mine(ward.core.scene, person, utc_text(ward.now.utc))


def two_patients() -> World:
    """The ward with a second patient, who was added at the cabinet."""
    plain = rules()
    (pat,) = plain.patients.values()
    new = Patient(PatientId("new"), "New", "1960-01-01", "r2", "2", (), None, ())
    return replace(plain, patients={pat.id: pat, new.id: new})


def test_a_patient_is_chosen_with_one_touch_and_let_go_with_another() -> None:
    """The second touch on the same button says nothing new."""
    ward = ready("nina")
    assert (chooses(ward), chooses(ward)) == ("", "")
    assert of(ward) == {"pat"}
    assert len(ward.facts_of(PatientChosen)) == 1
    assert (lets_go(ward), lets_go(ward)) == ("", "")
    assert of(ward) == set()
    assert len(ward.facts_of(PatientLetGo)) == 1


def test_my_patients_are_mine_alone() -> None:
    """Two nurses may have one patient, and neither takes them from the other."""
    ward = ready("nina", "noor")
    chooses(ward)
    chooses(ward, by="noor")
    lets_go(ward, by="noor")
    assert (of(ward), of(ward, "noor")) == ({"pat"}, set())


def test_a_choice_ends_with_the_shift_also_across_a_restart() -> None:
    """The next shift begins with an empty list, whoever sleeps over the change."""
    ward = ready("nina")
    chooses(ward)
    ward.restart()
    assert of(ward) == {"pat"}
    ward.tick(ward.world.policy.people.temporary_s)
    assert of(ward) == set()
    ward.due("shift:nina")
    assert [fact.is_over for fact in ward.facts if isinstance(fact, PatientLetGo)] == [True]
    assert not ward.state.caseloads


def test_whom_one_served_in_the_last_hours_is_ones_own() -> None:
    """Nobody has to choose whom they look after anyway; after some hours it is over."""
    ward = ready("nina", "noor")
    through(ward, "withdraw", "p1", 1)
    assert (of(ward), of(ward, "noor")) == ({"pat"}, set())
    ward.tick(ward.world.policy.people.served_s)
    assert of(ward) == set()


def test_whom_one_let_go_comes_back_when_served_again() -> None:
    """What was taken before the touch counts no more; what is taken after it does."""
    ward = ready("nina")
    through(ward, "withdraw", "p1", 1)
    lets_go(ward)
    assert of(ward) == set()
    through(ward, "withdraw", "p1", 1, access="b")
    assert of(ward) == {"pat"}


def test_whoever_was_merged_is_mine_as_who_they_turned_out_to_be() -> None:
    """And is let go as that one."""
    ward = Ward(replace(two_patients(), policy=replace(two_patients().policy, may=granting(
        withdraw={Role.NURSE}, add_patient={Role.NURSE}
    ).may)))  # fmt: skip
    ward.signs_in("nina")
    ward.happen(events.PatientAddAsked(ward.tick(), SessionId("nina"), PatientId("here"), "Somebody", "unknown", "3"))
    assert chooses(ward, "here") == ""
    assert code(ward.happen(events.PatientMergeAsked(ward.tick(), SessionId("nina"), PatientId("here"), PatientId("new")))) == ""
    assert of(ward) == {"new"}
    assert lets_go(ward, "new") == ""
    assert of(ward) == set()


def test_nobody_chooses_who_is_not_there_or_without_taking_for_patients() -> None:
    """The list is for those who take."""
    ward = ready("nina", "tom")
    assert chooses(ward, "nobody") == "access.patient_unknown"
    assert chooses(ward, by="tom") == "policy.role"
    assert chooses(Ward(world()), by="nina") == "session.unknown"
