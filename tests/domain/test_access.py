"""The one machine of every access: its table row by row, and each way in which the world can cut a walk short."""

from dataclasses import replace

import pytest

from cabinet.domain import access as access_machine
from cabinet.domain import cabinet_mode
from cabinet.domain.commands import SwitchLight
from cabinet.domain.facts import AccessMoved, CancelAsked, CountOwed, ModeChanged, PocketCounted
from cabinet.domain.state import FINAL
from cabinet.domain.vocabulary import Channel
from tests.domain.table import flat, gaps
from tests.domain.ward import WAY, Ward, drawer, layout, opened, pocket, shut, turn_of, world

NOT_YET = {"requested"}
"""Phases that pass within one step and that nobody can cut in two."""


def in_phase(phase: str, pocket: str = "oxy", kind: str = "withdraw") -> Ward:
    """A ward in which nina's access `a` to a counted pocket stands in `phase`, reached as the world reaches it."""
    ward = Ward()
    ward.signs_in()
    ward.wants(kind, pocket)
    if phase == "authorised":
        ward.stays_shut(WAY[pocket][0])
    if phase in {"open", "closed", "settled", "disputed", "cancelled"}:
        ward.opens(*WAY[pocket])
    if phase in {"closed", "settled", "disputed"}:
        shut(ward, pocket)
    if phase in {"settled", "disputed", "cancelled"}:
        if phase == "cancelled":
            ward.cancels()
            shut(ward, pocket)
        for _ in range(2):
            ward.counts(19 if phase == "disputed" else 20)
        ward.states(2)
    if phase == "incomplete":
        ward.loses("locks")
    assert ward.access().phase == phase
    return ward


class TestTheTable:
    """The literal table is the whole of the machine."""

    @pytest.mark.parametrize(("phase", "trigger", "target"), [row for row in flat(access_machine.ROWS) if row[0] not in NOT_YET])
    def test_each_row_leads_where_it_says_and_says_so_in_a_fact(self, phase: str, trigger: str, target: str | None) -> None:
        """Every change of phase is a fact with from and to, or a restart would lose it."""
        ward = in_phase(phase)
        access, turn = ward.access(), turn_of(ward.core)
        access.was_open = target == "open"
        access.is_disputed = target == "disputed"
        access.wants_cancel = target == "cancelled" and trigger == "completed"
        if trigger == "abandon" and target in {"settled", "disputed"}:
            access.confirmed = 2  # all that was still to come was a signature
        assert access_machine.step(access, trigger, turn, "because")
        assert access.phase == (target or phase)
        moves = [draft.fact for draft in turn.drafts if isinstance(draft.fact, AccessMoved)]
        assert moves == ([AccessMoved(phase, target, "because")] if target else [])

    @pytest.mark.parametrize(
        ("phase", "trigger"), [gap for gap in gaps(access_machine.ROWS, access_machine.PHASES) if gap[0] not in NOT_YET]
    )
    def test_what_has_no_row_does_not_happen(self, phase: str, trigger: str) -> None:
        """A person's late tap or a late edge is not an error and not a step."""
        ward = in_phase(phase)
        turn = turn_of(ward.core)
        assert not access_machine.step(ward.access(), trigger, turn, "because")
        assert ward.access().phase == phase
        assert not turn.drafts

    def test_nothing_leaves_an_end(self) -> None:
        """What is settled is settled; what is incomplete is counted by the next person, not reopened."""
        assert not {phase for phase, _, _ in flat(access_machine.ROWS)} & FINAL

    def test_what_is_incomplete_owes_a_count(self) -> None:
        """No row ends in `incomplete` and forgets the pocket."""
        for row in access_machine.ROWS:
            assert (getattr(row.get("after"), "__name__", "") == "_owe_count") == (row["dest"] == "incomplete")


class TestTheWalk:
    """What the cabinet asks for, in order."""

    def test_a_counted_withdrawal(self) -> None:
        """Count first, take, say how many, close."""
        ward = opened("withdraw", "oxy")
        assert ward.asks() == ("count_before", "close")
        ward.counts(20)
        assert ward.asks() == ("confirm", "close")
        ward.states(2)
        assert ward.asks() == ("close",)
        shut(ward, "oxy")
        assert (ward.access().phase, ward.asks()) == ("settled", ())

    def test_a_withdrawal_that_nobody_counts(self) -> None:
        """Paracetamol: take, say, close."""
        ward = opened("withdraw", "p1")
        assert ward.asks() == ("confirm", "close")

    def test_closing_first_and_answering_afterwards_is_as_good(self) -> None:
        """The hip closes the drawer before the finger finds the button."""
        ward = opened("withdraw", "oxy")
        shut(ward, "oxy")
        assert (ward.access().phase, ward.asks()) == ("closed", ("count_before",))
        ward.counts(20)
        ward.states(2)
        assert ward.access().phase == "settled"

    def test_the_drawer_opens_before_its_lid_is_pulsed(self) -> None:
        """A lid that springs up inside a shut drawer jams it."""
        ward = Ward()
        ward.signs_in()
        assert ward.releases(ward.wants("withdraw", "oxy")) == ["locks:1"]
        assert ward.access().phase == "released"
        assert ward.releases(ward.opens("locks:1")) == ["locks:2"]
        assert ward.access().phase == "released"
        ward.opens("locks:2")
        assert ward.access().phase == "open"

    def test_closed_means_everything_on_the_way_is_latched(self) -> None:
        """A shut lid in an open drawer is not the end."""
        ward = opened("withdraw", "oxy")
        ward.closes("locks:2")
        assert ward.access().phase == "open"
        ward.closes("locks:1")
        assert ward.access().phase == "closed"

    def test_a_drawer_that_stands_open_needs_no_pulse(self) -> None:
        """An unfinished access found open: the next person gets their drug."""
        ward = opened("withdraw", "p1")
        ward.restart(is_ready=False)
        ward.look_at_all()
        ward.opens("locks:0")
        ward.signs_in("noor")
        step = ward.wants("withdraw", "p1", by="noor", access="b")
        assert not ward.releases(step)
        assert ward.access("b").phase == "open"

    def test_a_drawer_shut_before_its_lid_opened_is_released_again(self) -> None:
        """The lid answers late and the drawer was pushed back: the way is not open until both are."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.opens("locks:1")
        ward.closes("locks:1")
        assert ward.releases(ward.opens("locks:2")) == ["locks:1"]
        assert ward.access().phase == "released"


class TestALidLeftOpen:
    """The drawer was pushed shut over an open lid."""

    @staticmethod
    def shut_over() -> Ward:
        """The drawer is latched, the lid in it is not."""
        ward = opened("withdraw", "oxy")
        ward.closes("locks:1")
        return ward

    def test_the_drawer_is_asked_for_again(self) -> None:
        """Nobody can close a lid through steel."""
        ward = self.shut_over()
        assert ward.asks()[0] == "open"
        assert ward.releases(ward.asks_again()) == ["locks:1"]
        ward.opens("locks:1")
        ward.counts(20)
        ward.states(2)
        shut(ward, "oxy")
        assert ward.access().phase == "settled"

    def test_where_it_does_not_open_the_access_is_still_open(self) -> None:
        """Back to authorised would be a way to cancel without the count."""
        ward = self.shut_over()
        ward.asks_again()
        ward.stays_shut("locks:1")
        assert ward.access().phase == "open"
        ward.cancels()
        assert ward.asks() == ("open", "count_before", "close")

    def test_where_it_fails_the_pocket_owes_a_count(self) -> None:
        """The nurse goes on to another pocket; this one is counted when a technician has freed it."""
        ward = self.shut_over()
        for _ in range(3):
            ward.asks_again()
            ward.stays_shut("locks:1")
        assert (ward.lock("locks:1"), ward.access().phase) == ("failed", "incomplete")
        assert ward.line("oxy").owes == ["the drawer does not open"]
        assert ward.line("oxy").owed_at > ward.line("oxy").changed_at


class TestCancelling:
    """A change of mind, in each phase."""

    def test_before_anything_opened_it_just_ends(self) -> None:
        """Nobody saw inside, so nobody counts."""
        ward = in_phase("authorised")
        assert ward.cancels().refusal is None
        assert ward.access().phase == "cancelled"
        assert not ward.facts_of(CountOwed)

    def test_while_the_cabinet_looks_it_waits(self) -> None:
        """The drawer may spring open under the cancelling hand."""
        refusal = in_phase("released").cancels().refusal
        assert refusal is not None
        assert refusal.code == "access.looking"

    @pytest.mark.parametrize("phase", ["open", "closed"])
    @pytest.mark.parametrize("pocket", ["oxy", "keta", "mida", "pheno", "syrup"])
    def test_a_controlled_pocket_that_was_open_is_counted_first(self, phase: str, pocket: str) -> None:
        """Open, look, cancel would otherwise be the way to take one unseen."""
        ward = in_phase(phase, pocket)
        assert ward.cancels().refusal is None
        if phase == "open":
            shut(ward, pocket)
        assert (ward.access().phase, ward.asks()) == ("closed", ("count_before",))
        ward.counts(20)
        assert ward.access().phase == "cancelled"
        assert ward.line(pocket).units == 20

    def test_a_count_that_differs_on_the_way_out_is_disputed(self) -> None:
        """Cancelling hides nothing."""
        ward = in_phase("open")
        ward.cancels()
        ward.counts(18)
        ward.counts(18)
        shut(ward, "oxy")
        assert ward.access().phase == "disputed"

    def test_an_uncounted_pocket_asks_only_to_be_closed(self) -> None:
        """Paracetamol is not worth a count."""
        ward = opened("withdraw", "p1")
        ward.cancels()
        assert ward.asks() == ("close",)
        ward.closes("locks:0")
        assert ward.access().phase == "cancelled"

    def test_twice_is_once(self) -> None:
        """A double tap."""
        ward = in_phase("open")
        ward.cancels()
        assert ward.cancels().refusal is None
        assert len(ward.facts_of(CancelAsked)) == 1

    def test_what_was_taken_is_not_cancelled(self) -> None:
        """A stated quantity has moved units; it is returned, not unsaid."""
        ward = opened("withdraw", "oxy")
        ward.counts(20)
        ward.states(2)
        refusal = ward.cancels().refusal
        assert refusal is not None
        assert refusal.code == "access.not_now"

    def test_after_a_change_of_mind_no_quantity_is_taken(self) -> None:
        """One way out at a time."""
        ward = in_phase("open")
        ward.cancels()
        ward.counts(20)
        refusal = ward.states(2).refusal
        assert refusal is not None
        assert refusal.code == "access.not_now"

    @pytest.mark.parametrize("phase", sorted(FINAL))
    def test_what_is_over_is_over(self, phase: str) -> None:
        """The late tap of somebody who is still looking at the screen."""
        ward = in_phase(phase)
        refusal = ward.cancels().refusal
        assert refusal is not None
        assert refusal.code == "access.not_now"


class TestALostBoard:
    """The board of the locks falls silent in each phase."""

    def test_authorised_waits_and_may_not_pulse(self) -> None:
        """Nobody releases what nobody can see."""
        ward = in_phase("authorised")
        ward.loses("locks")
        assert ward.access().phase == "authorised"
        refusal = ward.asks_again().refusal
        assert refusal is not None
        assert refusal.code == "drawer.unknown"
        assert ward.cancels().refusal is None

    def test_released_is_incomplete_and_owes_a_count(self) -> None:
        """Whether it opened is unknown, and stays so."""
        ward = in_phase("released")
        ward.loses("locks")
        assert ward.access().phase == "incomplete"
        assert ward.line("oxy").owes == ["the cabinet cannot see whether the drawer opened"]

    def test_released_is_incomplete_where_only_the_lid_is_lost(self) -> None:
        """Half a way is no way."""
        ward = in_phase("released", "keta")
        ward.loses("lids")
        assert ward.access().phase == "incomplete"

    def test_open_is_lit_again_when_the_lamps_come_back(self) -> None:
        """A board is switched off before it is trusted again, and somebody is still looking for the pocket."""
        lit = replace(pocket("p1", "matrix", "paracetamol"), light=Channel.parse("lamps:0"))
        ward = opened("withdraw", "p1", setting=world(layout=layout(drawer("matrix", "locks:0", lit))))
        ward.loses("lamps")
        assert SwitchLight(Channel.parse("lamps:0"), True) in ward.regains("lamps").commands
        ward.states(2)
        shut(ward, "p1")
        ward.loses("lamps")
        assert SwitchLight(Channel.parse("lamps:0"), True) not in ward.regains("lamps").commands

    def test_open_goes_on_when_the_board_comes_back(self) -> None:
        """The nurse's hand is in the drawer; a loose plug is not her problem."""
        ward = in_phase("open")
        ward.loses("locks")
        assert ward.lock("locks:1") == "unknown"
        ward.counts(20)
        ward.states(2)
        ward.regains("locks")
        shut(ward, "oxy")
        assert ward.access().phase == "settled"

    def test_open_and_out_of_sight_holds_nobody(self) -> None:
        """A dead board must not keep the session, the drawer and every controlled item in the cabinet for ever."""
        ward = in_phase("open")
        ward.loses("locks")
        ward.due("session:nina")
        assert "nina" not in ward.state.sessions
        assert ward.access().phase == "incomplete"
        assert ward.line("oxy").owes
        ward.signs_in("noor")
        ward.regains("locks")
        ward.closes("locks:0", "locks:1", "locks:2", "locks:3")
        assert ward.wants("withdraw", "syrup", by="noor", access="b").refusal is None

    def test_closed_is_not_touched(self) -> None:
        """What is missing is the person's word, not the drawer's."""
        ward = in_phase("closed")
        ward.loses("locks")
        ward.counts(20)
        ward.states(2)
        assert ward.access().phase == "settled"

    def test_the_loss_of_another_board_means_nothing(self) -> None:
        """Only what is on the way counts."""
        ward = in_phase("released", "p1")
        ward.loses("lids")
        assert ward.access().phase == "released"


class TestARestart:
    """The controller is cut in each phase: each access is over or says that it is incomplete, and nothing vanishes."""

    @pytest.mark.parametrize(
        ("phase", "end"), [("authorised", "cancelled"), ("released", "incomplete"), ("open", "incomplete"), ("closed", "incomplete")]
    )
    @pytest.mark.parametrize("pocket", ["p1", "oxy"])
    def test_each_phase_has_its_end(self, phase: str, end: str, pocket: str) -> None:
        """Trust I8: no half access."""
        ward = in_phase(phase, pocket)
        ward.restart()
        assert ward.access().phase == end
        assert ward.line(pocket).owes == ([] if end == "cancelled" else ["the controller restarted"])

    @pytest.mark.parametrize("phase", sorted(FINAL))
    def test_an_end_stays_what_it_was(self, phase: str) -> None:
        """A second restart is no news."""
        ward = in_phase(phase)
        ward.restart()
        ward.restart()
        assert ward.access().phase == phase

    def test_the_sessions_are_gone_and_the_stock_is_not(self) -> None:
        """Whoever stood there signs in again; nothing that was recorded is lost."""
        ward = in_phase("settled")
        ward.restart()
        assert not ward.state.sessions
        assert ward.line("oxy").units == 18
        refusal = ward.wants("withdraw", "p1", access="b").refusal
        assert refusal is not None
        assert refusal.code == "session.unknown"

    def test_a_recount_half_done_is_owed(self) -> None:
        """Two counts belong together; the second one was never made."""
        ward = in_phase("open")
        ward.counts(19)
        ward.restart()
        assert ward.line("oxy").units == 20
        assert ward.line("oxy").owes

    def test_a_count_pays_what_is_owed(self) -> None:
        """The next person who counts clears the doubt."""
        ward = in_phase("open")
        ward.restart()
        ward.signs_in()
        ward.wants("count", "oxy", access="b")
        ward.opens(*WAY["oxy"])
        ward.counts(20, access="b")
        assert ward.line("oxy").owes == []


class TestATimeOut:
    """Somebody walks away in each phase."""

    def test_authorised_is_cancelled(self) -> None:
        """Nothing was opened."""
        ward = in_phase("authorised")
        ward.due("session:nina")
        assert ward.access().phase == "cancelled"
        assert not ward.state.sessions

    @pytest.mark.parametrize("phase", ["released", "open"])
    @pytest.mark.parametrize("timer", ["session", "limit"])
    def test_no_session_ends_while_its_drawer_is_open(self, phase: str, timer: str) -> None:
        """The drawer calls out instead."""
        ward = in_phase(phase)
        step = ward.due(f"{timer}:nina")
        assert "nina" in ward.state.sessions
        assert ward.access().phase == phase
        assert [str(command) for command in step.commands if f"{timer}:nina" in str(command)]

    def test_no_session_ends_while_its_drawer_stands_open_over_a_shut_lid(self) -> None:
        """The lid did not open; the drawer in front of it did."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.opens("locks:1")
        ward.stays_shut("locks:2")
        ward.due("session:nina")
        assert "nina" in ward.state.sessions
        refusal = ward.signs_out().refusal
        assert refusal is not None
        assert refusal.code == "session.drawer_open"

    def test_closed_and_unanswered_is_incomplete_and_owes_a_count(self) -> None:
        """How many were taken is not known, and is not guessed."""
        ward = in_phase("closed")
        ward.due("session:nina")
        assert ward.access().phase == "closed", "the drawer was shut this moment"
        ward.tick(ward.world.timing.session_idle_s)
        ward.due("session:nina")
        assert ward.access().phase == "incomplete"
        assert ward.line("oxy").owes == ["session timed out"]
        assert ward.line("oxy").units == 20

    def test_a_colleague_signs_out_without_touching_it(self) -> None:
        """An access ends with its own session only."""
        ward = in_phase("closed")
        ward.signs_in("noor")
        ward.signs_out("noor")
        assert ward.access().phase == "closed"


class TestTheMode:
    """Nobody is served before every door has been looked at."""

    def test_starting_until_every_door_was_seen(self) -> None:
        """A drawer that hangs open must be known before another is released."""
        ward = Ward(is_ready=False)
        ward.signs_in()
        refusal = ward.wants("withdraw", "p1").refusal
        assert refusal is not None
        assert refusal.code == "cabinet.not_ready"
        ward.look_at_all()
        assert ward.state.mode == "ready"
        assert ward.wants("withdraw", "p1").refusal is None

    def test_a_board_known_to_be_lost_is_waited_for_no_longer(self) -> None:
        """One dead board does not keep the ward from the others."""
        ward = Ward(is_ready=False)
        ward.loses("lids")
        for lock in ("locks:0", "locks:1", "locks:2", "locks:3"):
            ward.closes(lock)
        assert ward.state.mode == "ready"

    def test_each_change_is_a_fact_once(self) -> None:
        """Both rows of the table: looked while starting, and looked again."""
        ward = Ward()
        ward.closes("locks:0")
        turn = turn_of(ward.core)
        cabinet_mode.step("looked", turn, "again")
        assert not turn.drafts
        assert [fact.target for fact in ward.facts_of(ModeChanged) if isinstance(fact, ModeChanged)] == ["ready"]
        rows = flat(cabinet_mode.ROWS)
        assert {(mode, "looked", None) for mode in cabinet_mode.MODES if mode != "starting"} <= set(rows)
        assert {target for mode, trigger, target in rows if (mode, trigger) == ("starting", "looked")} == {
            "locked_down", "critical_override", "downtime", "ready",
        }  # fmt: skip


def test_a_first_count_that_differs_is_kept_and_is_not_final() -> None:
    """The slip of a finger is not a discrepancy, and is not hidden either."""
    ward = opened("withdraw", "oxy")
    ward.counts(19)
    first = ward.facts_of(PocketCounted)[0]
    assert isinstance(first, PocketCounted)
    assert (first.counted, first.expected, first.attempt, first.is_final) == (19, 20, 1, False)
    assert ward.asks() == ("count_before", "close")
