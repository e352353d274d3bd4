"""The machine of one drawer or lid, row by row, and what a pulse may come to."""

import pytest
from transitions import MachineError

from cabinet.domain.facts import CountOwed, DrawerLeftOpen, DrawerMoved, Outcome, ReleaseIntended, ReleaseSettled
from cabinet.domain.lock import drawer
from tests.domain.table import flat, gaps
from tests.domain.ward import Ward, opened, turn_of


def released() -> Ward:
    """A ward whose matrix drawer has just been pulsed."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1")
    return ward


def in_state(state: str) -> Ward:
    """A ward with its matrix drawer in `state`, reached as the world reaches it."""
    if state == "unknown":
        return Ward(is_ready=False)
    if state in {"latched", "open"}:
        ward = Ward()
        if state == "open":
            ward.opens("locks:0")
        return ward
    ward = released()
    if state == "failed":
        for _ in range(3):
            ward.stays_shut("locks:0")
            ward.asks_again()
    return ward


PLAIN = [row for row in drawer.ROWS if "conditions" not in row and row["trigger"] not in {"release", "try"}]
"""The rows that hold for every drawer; a pulse has its own tests, and a condemned drawer too (`test_trouble.py`, `test_recovery.py`)."""


@pytest.mark.parametrize(("state", "trigger", "target"), flat(PLAIN))
def test_each_row_leads_where_it_says_and_says_so_in_a_fact(state: str, trigger: str, target: str | None) -> None:
    """A change of state that is no fact would be lost by a restart; a fact without a change would be a lie."""
    ward = in_state(state)
    found, turn = ward.core._scene.drawer(ward.world.layout.locks["locks:0"]), turn_of(ward.core)  # noqa: SLF001 - the model itself
    assert found.state == state
    assert drawer.step(found, trigger, turn, "because") is (target is not None)
    assert found.state == (target or state)
    moves = [draft.fact for draft in turn.drafts if isinstance(draft.fact, DrawerMoved)]
    assert moves == ([DrawerMoved("locks:0", state, target, "because")] if target else [])


def test_whatever_the_world_can_do_has_a_row_in_every_state() -> None:
    """A drawer that can be pulled in a state for which nobody wrote a row would stop the whole cabinet."""
    assert {trigger for _, trigger in gaps(drawer.ROWS, drawer.STATES)} == {"release", "try", "gave_up"}


@pytest.mark.parametrize("state", ["unknown", "releasing", "open", "failed"])
def test_only_a_latched_drawer_is_pulsed(state: str) -> None:
    """A pulse into a drawer that is open, unseen or being pulsed is a bug of ours, not a wish to be granted."""
    ward = in_state(state)
    lock = ward.world.layout.locks["locks:0"]
    access = opened("withdraw", "p1").access()
    with pytest.raises(MachineError):
        drawer.release(ward.core._scene.drawer(lock), lock, access, turn_of(ward.core), hold_ms=300, look_s=3)  # noqa: SLF001


def test_the_intent_comes_before_the_pulse() -> None:
    """A pulse without a durable intent would be an opening that nobody answers for."""
    ward = Ward()
    ward.signs_in()
    step = ward.wants("withdraw", "p1")
    intents = [draft.fact for draft in step.drafts if isinstance(draft.fact, ReleaseIntended)]
    assert [intent.lock for intent in intents] == ward.releases(step) == ["locks:0"]


@pytest.mark.parametrize(
    ("what", "outcome"),
    [("opens", Outcome.OPENED), ("stays_shut", Outcome.NOT_OPENED), ("restart", Outcome.UNKNOWN), ("loses", Outcome.UNKNOWN)],
)
def test_a_release_is_settled_by_looking(what: str, outcome: Outcome) -> None:
    """Seen open, looked for in vain, or looking failed: there is no fourth way, and a restart looks at nothing."""
    ward = released()
    getattr(ward, what)(*{"restart": (), "loses": ("locks",)}.get(what, ("locks:0",)))
    settled = ward.facts_of(ReleaseSettled)
    assert [(fact.intent, fact.outcome) for fact in settled if isinstance(fact, ReleaseSettled)] == [("a-1", outcome)]


def test_a_late_opening_changes_no_outcome() -> None:
    """What was written when looking was over stays; an opening after it is one that nobody released."""
    ward = released()
    ward.stays_shut("locks:0")
    ward.opens("locks:0")
    assert [fact.outcome for fact in ward.facts_of(ReleaseSettled) if isinstance(fact, ReleaseSettled)] == [Outcome.NOT_OPENED]
    assert ward.line("p1").owes == ["opened without a release"]


@pytest.mark.parametrize("state", ["latched", "failed"])
def test_forced_open_everything_within_reach_owes_a_count_and_nobody_is_named(state: str) -> None:
    """By key or by crowbar: the cabinet knows which pockets were within reach, and not who reached."""
    ward = in_state(state)
    step = ward.opens("locks:0")
    owed = [draft for draft in step.drafts if isinstance(draft.fact, CountOwed)]
    assert {draft.fact.pocket for draft in owed if isinstance(draft.fact, CountOwed)} == {"p1", "p2"}
    assert {draft.staff for draft in owed} == {None}


def test_a_forced_drawer_does_not_expose_what_lies_under_closed_lids() -> None:
    """Four lidded pockets that nobody reached would otherwise be counted for nothing."""
    ward = Ward()
    ward.opens("locks:1")
    assert not ward.facts_of(CountOwed)
    ward.opens("lids:0")
    assert ward.line("keta").owes == ["opened without a release"]


@pytest.mark.parametrize("cut", ["loses", "restart"])
def test_found_open_where_nobody_has_an_access_owes_a_count(cut: str) -> None:
    """While nobody looked somebody may have reached in."""
    ward = Ward()
    if cut == "loses":
        ward.loses("locks")
        ward.regains("locks")
    else:
        ward.restart(is_ready=False)
    ward.opens("locks:0")
    assert ward.line("p1").owes == ["found open"]


def test_found_open_under_its_own_access_owes_nothing() -> None:
    """A cable that was loose for a second must not cost the nurse a count."""
    ward = opened("withdraw", "p1")
    ward.loses("locks")
    ward.regains("locks")
    ward.opens("locks:0")
    assert ward.access().phase == "open"
    assert not ward.facts_of(CountOwed)


def test_a_drawer_left_open_calls_out_and_a_closed_one_does_not() -> None:
    """The drawer calls, not the session: a nurse at the bedside is not signed out of a crisis."""
    ward = opened("withdraw", "p1")
    ward.due("call:locks:0")
    assert ward.facts_of(DrawerLeftOpen) == [DrawerLeftOpen("locks:0", 60)]
    ward.closes("locks:0")
    ward.due("call:locks:0")
    assert len(ward.facts_of(DrawerLeftOpen)) == 1


class TestFailing:
    """A drawer that does not open: looked for, asked again, given up, freed by hand."""

    def test_not_opened_waits_to_be_asked_again(self) -> None:
        """The cabinet never pulses again by itself."""
        ward = released()
        step = ward.stays_shut("locks:0")
        assert not ward.releases(step)
        assert ward.access().phase == "authorised"
        assert ward.asks() == ("open",)
        assert ward.releases(ward.asks_again()) == ["locks:0"]

    def test_after_three_pulses_it_has_failed_and_the_access_is_over(self) -> None:
        """A fourth pulse would heat the coil and keep the nurse at the wrong drawer."""
        ward = in_state("failed")
        assert ward.lock("locks:0") == "failed"
        assert ward.access().phase == "cancelled"
        assert len(ward.facts_of(ReleaseIntended)) == 3

    def test_an_opening_in_between_starts_the_counting_of_misses_afresh(self) -> None:
        """Three misses in a row mean a jam; three in a long access with two locks do not."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        for _ in range(2):
            ward.stays_shut("locks:1")
            ward.asks_again()
        ward.opens("locks:1")
        ward.stays_shut("locks:2")
        assert ward.lock("locks:2") == "latched"
        assert ward.access().phase == "authorised"

    def test_a_failed_drawer_refuses_and_the_other_pocket_serves(self) -> None:
        """Nobody is kept from a medicine by one lock."""
        ward = in_state("failed")
        refusal = ward.wants("withdraw", "p1", access="b").refusal
        assert refusal is not None
        assert refusal.code == "drawer.failed"

    def test_recovered_by_hand_it_is_latched_and_owes_a_count(self) -> None:
        """Whoever freed it had a hand in it."""
        ward = in_state("failed")
        assert ward.recovers("locks:0").refusal is None
        assert ward.lock("locks:0") == "latched"
        assert ward.line("p1").owes == ward.line("p2").owes == ["the drawer was recovered"]
        assert ward.wants("withdraw", "p1", access="b").refusal is None

    @pytest.mark.parametrize("lock", ["locks:1", "nonsense"])
    def test_what_has_not_failed_is_not_recovered(self, lock: str) -> None:
        """Recovery is no way around the locks."""
        ward = in_state("failed")
        refusal = ward.recovers(lock).refusal
        assert refusal is not None
        assert refusal.code == "drawer.not_failed"

    def test_what_cannot_be_seen_is_not_recovered(self) -> None:
        """Unknown is not closed: a word is no contact."""
        ward = in_state("failed")
        ward.loses("locks")
        refusal = ward.recovers("locks:0").refusal
        assert refusal is not None
        assert refusal.code == "drawer.unknown"
        assert ward.lock("locks:0") == "failed"

    def test_a_restart_does_not_mend_it(self) -> None:
        """A jam is a thing of steel."""
        ward = in_state("failed")
        ward.restart()
        assert ward.lock("locks:0") == "failed"

    def test_an_order_that_surely_was_not_carried_out_needs_no_looking(self) -> None:
        """The board refused: the nurse is told at once, not after three seconds."""
        ward = released()
        ward.pulse_fails("a-1", moved=False)
        assert ward.access().phase == "authorised"

    def test_a_lost_reply_decides_nothing(self) -> None:
        """The pulse may be running: looking decides."""
        ward = released()
        ward.pulse_fails("a-1", moved=True)
        assert ward.access().phase == "released"
        ward.opens("locks:0")
        assert ward.access().phase == "open"

    def test_a_fault_of_an_older_pulse_says_nothing_of_this_one(self) -> None:
        """A reply that comes late must not settle another intent."""
        ward = released()
        ward.stays_shut("locks:0")
        ward.asks_again()
        ward.pulse_fails("a-1", moved=False)
        assert ward.access().phase == "released"
