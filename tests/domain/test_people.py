"""Who may be at the cabinet: records, lock-out, sessions that end, make way or are taken over.

Alone knows: what ward.md says of people. Must not know: pages, digests, files.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from cabinet.app.memory import freeze, thaw
from cabinet.domain import events
from cabinet.domain.commands import StartTimer
from cabinet.domain.core import Step, World
from cabinet.domain.facts import (
    AccessTakenOver,
    CountOwed,
    FaultRaised,
    RefillYielded,
    SessionClosed,
    SessionRefused,
    StaffChanged,
    StaffLocked,
    StaffUnlocked,
)
from cabinet.domain.people import Role, Staff
from cabinet.domain.person import pin
from cabinet.domain.policy import Policy
from cabinet.domain.vocabulary import AccessId, SessionId, StaffId, utc_text
from config.schema.people import StaffMember
from tests.domain import ward as wards
from tests.domain.ward import POLICY, Ward, opened, replayed, shut, world

CHARGE, ADMIN = "carla", "ada"


def staffed(**changes: Staff) -> World:
    """The ward with a charge nurse and an administrator, and with some records changed."""
    more = {CHARGE: Role.CHARGE_NURSE, ADMIN: Role.ADMINISTRATOR}
    people = wards.PEOPLE | {StaffId(name): Staff(StaffId(name), name.title(), role) for name, role in more.items()}
    may = dict(POLICY.may) | {
        Role.CHARGE_NURSE: frozenset({"withdraw", "unlock", "temporary"}), Role.ADMINISTRATOR: frozenset({"enrol", "unlock", "temporary"}),
    }  # fmt: skip
    policy: Policy = replace(POLICY, may=may)
    return world(staff=people | {StaffId(name): staff for name, staff in changes.items()}, policy=policy)


def record(name: str, role: Role = Role.NURSE, **more: object) -> Staff:
    """A record of somebody."""
    return replace(Staff(StaffId(name), name.title(), role), **more)  # type: ignore[arg-type]


def changes(ward: Ward, staff: Staff, *, by: str = ADMIN) -> Step:
    """Somebody changes a record."""
    return ward.happen(events.StaffChangeAsked(ward.tick(), SessionId(by), staff))


def code(step: Step) -> str:
    """The code of a refusal; empty where there is none."""
    return "" if step.refusal is None else step.refusal.code


def fails(ward: Ward, who: str, times: int) -> Step:
    """Wrong PINs in a row."""
    return [ward.fails_to_sign_in(who) for _ in range(times)][-1]


class TestRecords:
    """Staff records are facts above the site's file."""

    def test_a_new_person_is_known_from_the_fact_on_and_after_a_restart(self) -> None:
        """A cabinet that stands alone has no other list."""
        ward = Ward(staffed())
        ward.signs_in(ADMIN)
        assert code(changes(ward, record("zoe"))) == ""
        assert code(ward.signs_in("zoe")) == ""
        ward.restart()
        assert code(ward.signs_in("zoe")) == ""
        assert ward.core.scene.staff("zoe") == record("zoe")

    def test_what_the_state_holds_of_people_survives_a_snapshot(self) -> None:
        """A start from a snapshot must not let a locked or revoked person in."""
        ward = Ward(staffed())
        ward.signs_in(ADMIN)
        changes(ward, record("noor", areas=("icu",), until="2026-05-01T00:00:00.000000Z", is_active=False))
        fails(ward, "nina", 3)
        assert thaw(freeze(ward.state)) == ward.state
        assert replayed(ward.world, ward.drafts).state == ward.state

    @pytest.mark.parametrize(
        ("staff", "why"),
        [
            (record("noor", is_active=False), "session.revoked"),
            (record("noor", until="2026-03-02T06:00:00.000000Z"), "session.expired"),
            (record("noor", areas=("icu",)), "session.area"),
            (record("noor", areas=("icu", "medical")), ""),
            (record("noor"), ""),
        ],
    )
    def test_who_is_off_over_or_of_another_area_is_not_let_in(self, staff: Staff, why: str) -> None:
        """Domain 2.1: active, care area allowed, not expired, not locked out. No areas named: all."""
        ward = Ward(staffed(noor=staff))
        assert code(ward.signs_in("noor")) == why
        assert [fact.code for fact in ward.facts_of(SessionRefused)] == ([why] if why else [])  # type: ignore[attr-defined]

    @pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.STUDENT}, {"areas": ("icu",)}])
    def test_a_changed_persons_session_ends_at_once(self, change: dict[str, object]) -> None:
        """ISMP 2.c; CVE-2019-13517 was an account that went on working."""
        ward = Ward(staffed())
        ward.signs_in("noor")
        ward.signs_in(ADMIN)
        changes(ward, record("noor", **change))
        assert "noor" not in ward.state.sessions
        assert code(ward.wants("withdraw", "p1", by="noor")) == "session.unknown"

    def test_an_open_drawer_holds_a_revoked_session_which_begins_nothing_and_ends_when_it_is_shut(self) -> None:
        """No session ends while its drawer is open; nor does a leaver get a second medicine."""
        ward = opened("withdraw", "p1", by="noor", setting=staffed())
        ward.signs_in(ADMIN)
        changes(ward, record("noor", is_active=False))
        assert "noor" in ward.state.sessions
        assert code(ward.wants("withdraw", "insulin", by="noor", access="b")) == "session.dismissed"
        assert code(ward.states(2, by="noor")) == ""
        shut(ward, "p1")
        ward.due("session:noor")
        assert "noor" not in ward.state.sessions

    def test_a_temporary_account_ends_by_itself(self) -> None:
        """ISMP 2.d: temporary accounts expire, also while somebody is signed in."""
        ends = utc_text(wards.MORNING.utc + timedelta(minutes=2))
        ward = Ward(staffed(noor=record("noor", until=ends)))
        step = ward.signs_in("noor")
        limits = [one.after_s for one in step.commands if isinstance(one, StartTimer) and one.timer == "limit:noor"]
        assert 0 < limits[0] < 121
        ward.tick(121)
        assert code(ward.wants("withdraw", "p1", by="noor")) == "session.expired"
        ward.due("limit:noor")
        assert "noor" not in ward.state.sessions

    def test_a_charge_nurse_lets_a_nurse_in_until_the_end_of_the_shift_and_no_further(self) -> None:
        """Ward.md: a charge nurse creates a temporary nurse; nobody gets an account for good at the cabinet from her."""
        ward = Ward(staffed())
        ward.signs_in(CHARGE)
        tonight, later = (utc_text(ward.now.utc + timedelta(hours=hours)) for hours in (8, 13))
        assert code(changes(ward, record("temp", until=tonight), by=CHARGE)) == ""
        assert code(changes(ward, record("temp2", until=later), by=CHARGE)) == "staff.until"
        assert code(changes(ward, record("temp3"), by=CHARGE)) == "staff.until"
        assert code(changes(ward, record("temp4", Role.PHARMACIST, until=tonight), by=CHARGE)) == "staff.temporary_only"
        assert code(changes(ward, record("nina", until=tonight), by=CHARGE)) == "staff.temporary_only"
        ward.signs_in("nina")
        assert code(changes(ward, record("temp5", until=tonight), by="nina")) == "policy.role"

    def test_nobody_changes_their_own_record(self) -> None:
        """Else whoever enrols makes themselves a pharmacist for a night."""
        ward = Ward(staffed())
        ward.signs_in(ADMIN)
        assert code(changes(ward, record(ADMIN, Role.PHARMACIST))) == "staff.own_record"

    def test_the_pharmacys_list_changes_adds_and_switches_off_whom_it_named_before(self) -> None:
        """A leaver is off; whoever a charge nurse let in is none of the pharmacy's."""
        ward = Ward(staffed())
        told = (record("paul"), record("petra"))
        ward.happen(events.DocumentReceived(ward.tick(), "staff", 1, None, "1", told, ()))
        ward.signs_in("petra")
        ward.happen(events.DocumentReceived(ward.tick(), "staff", 2, None, "2", told, ()))
        assert len(ward.facts_of(StaffChanged)) == 2, "what is known already is not written again"
        ward.happen(events.DocumentReceived(ward.tick(), "staff", 3, None, "3", (record("paul"),), ()))
        assert "petra" not in ward.state.sessions
        assert code(ward.signs_in("petra")) == "session.revoked"
        assert code(ward.signs_in("nina")) == ""
        assert [fact.origin for fact in ward.facts_of(StaffChanged)] == ["pharmacy"] * 3  # type: ignore[attr-defined]

    def test_the_first_person_is_enrolled_once(self) -> None:
        """No default account; and a setup code that turns up later opens nothing."""
        ward = Ward(replace(staffed(), staff={}))
        ask = events.FirstStaffAsked(ward.tick(), record("ada", Role.ADMINISTRATOR))
        assert code(ward.happen(replace(ask, record=record("ada", Role.NURSE)))) == "staff.form"
        assert code(ward.happen(ask)) == ""
        assert code(ward.happen(replace(ask, record=record("eve", Role.ADMINISTRATOR)))) == "setup.done"

    def test_a_training_that_ran_out_gates_what_policy_lists_and_no_medicine(self) -> None:
        """ISMP 9: competency gates access; a patient does not wait for a course."""
        past = "2026-03-01"
        ward = Ward(staffed(tom=record("tom", Role.TECHNICIAN, competent_until=past), nina=record("nina", competent_until=past)))
        ward.signs_in("tom")
        ward.signs_in("nina")
        assert code(ward.wants("refill", "p1", by="tom", access="r")) == "session.competency"
        assert code(ward.wants("withdraw", "p1")) == ""


class TestLockOut:
    """Per person, on monotonic time, over restarts; never the reader's."""

    def test_waits_grow_and_only_that_person_waits(self) -> None:
        """Whoever guesses one PIN keeps nobody else from a medicine."""
        ward = Ward(staffed())
        assert code(fails(ward, "nina", 2)) == "session.not_recognised"
        step = fails(ward, "nina", 1)
        assert code(step) == "session.locked"
        assert StartTimer("locked:nina", 30) in step.commands
        assert code(ward.signs_in("nina")) == "session.locked", "also with the right PIN, else locked people could be guessed at"
        assert code(ward.signs_in("noor")) == ""
        ward.tick(30)
        ward.due("locked:nina")
        step = fails(ward, "nina", 2)
        assert StartTimer("locked:nina", 300) in step.commands

    def test_wrong_pins_while_locked_lengthen_nothing(self) -> None:
        """Else a colleague's joke keeps a nurse out all night."""
        ward = Ward(staffed())
        fails(ward, "nina", 9)
        assert ward.state.people.lockouts["nina"].failures == 3

    def test_a_good_sign_in_forgets_what_was_counted(self) -> None:
        """Two slips a day are not an attack."""
        ward = Ward(staffed())
        fails(ward, "nina", 2)
        ward.signs_in("nina")
        ward.signs_out("nina")
        assert code(fails(ward, "nina", 2)) == "session.not_recognised"

    def test_a_restart_and_a_set_clock_let_nobody_in(self) -> None:
        """S6: lock-out survives restart and clock jump; a stop writes down what is left, a power cut begins the wait anew."""
        ward = Ward(staffed())
        fails(ward, "nina", 3)
        ward.tick(20)
        ward.stops()
        assert [fact.wait_s for fact in ward.facts_of(StaffLocked)][-1] in {10, 11}  # type: ignore[attr-defined]
        ward.now = replace(ward.now, utc=ward.now.utc + timedelta(days=9))
        step = ward.restart()
        assert any(isinstance(one, StartTimer) and one.timer == "locked:nina" and one.after_s in {10, 11} for one in step.commands)
        assert code(ward.signs_in("nina")) == "session.locked"
        ward.restart()
        assert code(ward.signs_in("nina")) == "session.locked"

    def test_after_ten_somebody_unlocks_or_issues_a_pin(self) -> None:
        """Ward.md: a charge nurse can unlock a person or issue an 8-hour PIN at the cabinet."""
        ward = Ward(staffed())
        for _ in range(10):
            fails(ward, "nina", 1)
            if ward.state.people.lockouts["nina"].wait_s is not None:
                ward.due("locked:nina")
        assert ward.state.people.lockouts["nina"].wait_s is None
        ward.due("locked:nina-of-old")
        ward.signs_in("noor")
        ward.signs_in(CHARGE)
        unlock = events.UnlockAsked(ward.tick(), SessionId("noor"), StaffId("nina"))
        assert code(ward.happen(unlock)) == "policy.role"
        assert code(ward.happen(replace(unlock, session=SessionId(CHARGE)))) == ""
        assert isinstance(ward.facts[-1], StaffUnlocked)
        assert code(ward.signs_in("nina")) == ""
        assert code(ward.happen(replace(unlock, session=SessionId(CHARGE)))) == "staff.not_locked"

    def test_a_pin_for_the_shift_ends_with_it(self) -> None:
        """Eight hours, and the core says so, whatever the directory still holds."""
        ward = Ward(staffed())
        fails(ward, "nina", 3)
        ward.signs_in(CHARGE)
        ask = events.CredentialAsked(ward.tick(), SessionId(CHARGE), StaffId("nina"), "temporary_pin")
        assert code(ward.happen(ask)) == ""
        come = events.StaffRecognised(ward.tick(), SessionId("n"), StaffId("nina"), ("badge", "secret"), is_temporary=True)
        assert code(ward.happen(come)) == ""
        ward.tick(8 * 3600)
        assert code(ward.happen(replace(come, at=ward.now, session=SessionId("m")))) == "session.not_recognised"

    def test_many_failures_raise_an_alarm_that_refuses_nobody_and_ends(self) -> None:
        """Ward.md: repeated failures at a reader raise an alarm, but never refuse another person's good sign-in."""
        ward = Ward(staffed())
        for _ in range(10):
            ward.happen(events.StaffNotRecognised(ward.tick(), None))
        assert [fact.code for fact in ward.facts_of(FaultRaised)] == ["session.many_failures"]  # type: ignore[attr-defined]
        assert code(ward.signs_in("nina")) == ""
        ward.due("failures:kiosk")
        assert ward.state.faults == {}

    @pytest.mark.parametrize(
        ("by", "person", "what", "why"),
        [
            ("nina", "nina", "pin", ""),
            ("nina", "noor", "pin", "policy.role"),
            ("nina", "nina", "badge", "policy.role"),
            (CHARGE, "nina", "temporary_pin", ""),
            (CHARGE, "nina", "pin", "policy.role"),
            (CHARGE, CHARGE, "temporary_pin", "staff.own_record"),
            (ADMIN, "nina", "pin", ""),
            (ADMIN, "nina", "badge", ""),
            (ADMIN, "nina", "passkey", ""),
            (ADMIN, "nobody", "pin", "staff.unknown"),
            ("tom", "nina", "temporary_pin", "policy.role"),
        ],
    )
    def test_who_sets_what_somebody_signs_in_with(self, by: str, person: str, what: str, why: str) -> None:
        """One's own PIN anybody changes; a charge nurse issues one for a shift; the rest is for who enrols."""
        ward = Ward(staffed())
        ward.signs_in(by)
        assert code(ward.happen(events.CredentialAsked(ward.tick(), SessionId(by), StaffId(person), what))) == why


class TestSessions:
    """Time-outs that lose nothing, proofs, refills that make way, accesses taken over."""

    def test_a_refill_has_no_limit_but_idleness(self) -> None:
        """Ward.md: refill, load and count sessions have no absolute limit."""
        ward = opened("refill", "p1", by="tom", setting=staffed())
        ward.counts(20, by="tom")
        ward.states(5, by="tom")
        shut(ward, "p1")
        ward.due("limit:tom")
        assert "tom" in ward.state.sessions
        ward.tick(60)
        ward.due("session:tom")
        assert "tom" not in ward.state.sessions
        assert ward.line("p1").units == 25, "each pocket is stored on its own"

    def test_a_withdrawing_session_ends_at_its_limit(self) -> None:
        """Only who fills and counts stays."""
        ward = Ward(staffed())
        ward.signs_in("nina")
        ward.due("limit:nina")
        assert "nina" not in ward.state.sessions

    def test_a_controlled_item_asks_for_the_pin_after_a_while(self) -> None:
        """Somebody else may stand at the screen; an ordinary item asks nothing."""
        ward = Ward(staffed())
        ward.signs_in("nina")
        ward.tick(601)
        assert code(ward.wants("withdraw", "oxy")) == "session.prove_again"
        proof = events.ProofGiven(ward.tick(), SessionId("nina"), StaffId("nina"), ("secret",))
        assert code(ward.happen(replace(proof, staff=StaffId("noor")))) == "session.not_recognised"
        assert code(ward.happen(proof)) == ""
        assert code(ward.wants("withdraw", "oxy", access="b")) == ""

    def test_a_refill_makes_way_between_two_pockets_and_goes_on_with_badge_and_pin(self) -> None:
        """Ward.md: the technician's screen is covered; nothing that was stored is lost."""
        ward = opened("refill", "p1", by="tom", setting=staffed())
        ward.counts(20, by="tom")
        ward.states(5, by="tom")
        shut(ward, "p1")
        ward.signs_in("nina")
        assert isinstance(ward.facts_of(RefillYielded)[0], RefillYielded)
        assert code(ward.wants("refill", "p2", by="tom", access="b")) == "session.unknown"
        assert code(ward.touches("tom")) == "session.unknown"
        assert code(ward.wants("withdraw", "p1", access="c")) == ""
        ward.opens("locks:0")
        ward.states(2, access="c")
        shut(ward, "p1")
        ward.signs_out("nina")
        assert code(ward.signs_in("tom", session="tom")) == ""
        assert code(ward.wants("refill", "p2", by="tom", access="b")) == ""

    def test_a_refill_never_makes_way_with_a_pocket_open(self) -> None:
        """The drawer closes first; then, before the next pocket, it does."""
        ward = opened("refill", "p1", by="tom", setting=staffed())
        ward.signs_in("nina")
        assert ward.facts_of(RefillYielded) == []
        ward.counts(20, by="tom")
        ward.states(5, by="tom")
        shut(ward, "p1")
        assert code(ward.wants("refill", "p2", by="tom", access="b")) == "session.covered"
        assert len(ward.facts_of(RefillYielded)) == 1

    def test_a_covered_session_is_not_kept_for_ever(self) -> None:
        """Half an hour, then it has ended like any other."""
        ward = opened("refill", "p1", by="tom", setting=staffed())
        ward.counts(20, by="tom")
        ward.states(5, by="tom")
        shut(ward, "p1")
        step = ward.signs_in("nina")
        assert StartTimer("session:tom", 1800) in step.commands
        ward.due("session:tom")
        assert "tom" not in ward.state.sessions

    def test_what_was_left_open_is_closed_by_the_next_person_who_gets_their_medicine(self) -> None:
        """Ward.md: closes the pocket as owing a count, blames nobody, and lets them get their drug."""
        ward = opened("withdraw", "p1", by="nina", setting=staffed())
        ward.signs_in("noor")
        ask = events.TakeOverAsked(ward.tick(), SessionId("noor"), AccessId("a"))
        assert code(ward.happen(ask)) == "access.attended"
        ward.tick(15)
        assert code(ward.happen(replace(ask, at=ward.now))) == ""
        assert ward.access().phase == "incomplete"
        assert ward.line("p1").owes
        assert ward.facts_of(AccessTakenOver) == [AccessTakenOver(StaffId("nina"))]
        assert [fact.why for fact in ward.facts_of(CountOwed)] == ["found open by the next person"]  # type: ignore[attr-defined]
        assert "nina" not in ward.state.sessions
        assert isinstance(ward.facts_of(SessionClosed)[-1], SessionClosed)
        assert code(ward.wants("withdraw", "p1", by="noor", access="b")) == "", "the drawer that is open already serves"
        assert ward.access("b").phase == "open"
        assert code(ward.happen(replace(ask, at=ward.tick(60)))) == "access.not_now"

    def test_nobody_takes_over_their_own_access(self) -> None:
        """They go on with it."""
        ward = opened("withdraw", "p1", by="nina", setting=staffed())
        ward.tick(60)
        ward.signs_in("nina", session="again")
        assert code(ward.happen(events.TakeOverAsked(ward.tick(), SessionId("again"), AccessId("a")))) == "access.own"


class TestPins:
    """Which PINs are not taken."""

    @pytest.mark.parametrize(
        "easy",
        [
            "000000", "111222", "112233", "121212", "123123", "123456", "654321", "135791", "246802", "123321", "147258", "159357",
            "010190", "311299", "241285", "850412", "19851224", "24121985", "969696",
        ],
    )  # fmt: skip
    def test_what_is_tried_first_is_refused(self, easy: str) -> None:
        """Repeats, runs, patterns of the pad and birthdays are most of what people choose."""
        refusal = pin.judge(easy, 6)
        assert refusal is not None
        assert refusal.code == "pin.easy"

    @pytest.mark.parametrize("good", ["271828", "482915", "604937", "90357164"])
    def test_others_are_taken(self, good: str) -> None:
        """Nobody needs forty tries."""
        assert pin.judge(good, 6) is None

    @pytest.mark.parametrize("bad", ["", "12345", "48291", "48291a", "4829 15", "٤٨٢٩١٥", "4" * 17])
    def test_the_form_is_digits_of_a_length(self, bad: str) -> None:
        """What the pad cannot type locks its owner out."""
        refusal = pin.judge(bad, 6)
        assert refusal is not None
        assert refusal.code == "pin.form"

    def test_the_badges_number_is_no_pin(self) -> None:
        """It stands on the badge."""
        refusal = pin.judge("730482", 6, ("A-730482",))
        assert refusal is not None
        assert refusal.code == "pin.easy"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Ana Reyes", "Ana Reyes"), ("  Ana\u00a0 Reyes\n", "Ana Reyes"), ("a\x00b\x1b[3m", "a b [3m"), ("\u202egnp.exe\u2066", "gnp.exe"),
        ("\u0634\u0647\u0644\u0627", "\u0634\u0647\u0644\u0627"), ("Zo\u00eb O'Hara-\u0141", "Zo\u00eb O'Hara-\u0141"),
    ],
)  # fmt: skip
def test_a_persons_name_can_be_read_as_it_stands(said: str, read: str) -> None:
    """Whoever is asked to witness reads it: nothing in it turns the line around or hides; names of any script stay as they are."""
    assert StaffMember(id="ana", name=said, role="nurse").name == read


@pytest.mark.parametrize("said", ["", " ", "\u00a0", "\x00", "\u202e"])
def test_nobody_is_without_a_name(said: str) -> None:
    """A blank at the cabinet's screen is nobody whom anyone could ask."""
    with pytest.raises(ValidationError):
        StaffMember(id="ana", name=said, role="nurse")
