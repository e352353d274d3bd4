"""Downtime and the modes of the cabinet (ward.md "Stale data", "Emergency access", "Training mode"; domain 2.15).

Why it matters: hospitals ask each other when to enter critical override and when to leave it; here the thresholds are policy, every change
is a fact with its reason, and no mode stands between a nurse and an emergency.
"""

from dataclasses import replace
from typing import Any

import pytest

from cabinet.domain import cabinet_mode, events
from cabinet.domain.authority import AuthorityRules, Mode
from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.facts import DowntimeBegan, DowntimeEnded, LateEntered, ModeChanged
from cabinet.domain.kinds import KINDS
from cabinet.domain.mode import freshness, serving
from cabinet.domain.mode.rule import DowntimeRules
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import ItemId, SessionId, StaffId, utc_text
from cabinet.domain.world import World
from cabinet.kiosk.mode_view import notices
from cabinet.kiosk.site_time import SiteTime
from tests.domain.ward import PEOPLE, Ward, granting, world

RULES = DowntimeRules(after_min=10, leave_after_min=2, critical_after_min=30, orders_age_min=60)
CHARGE, ADMIN = StaffId("cora"), StaffId("adam")
WHY = "the network of the whole house is down"


def setting(rules: DowntimeRules = RULES, mode: Mode = Mode.PROFILE) -> World:
    """The ward as a profile area, with a charge nurse and an administrator."""
    granted = granting(
        withdraw={Role.NURSE, Role.CHARGE_NURSE}, emergency={Role.NURSE, Role.CHARGE_NURSE}, critical_override={Role.CHARGE_NURSE},
        lock_down={Role.ADMINISTRATOR}, train={Role.ADMINISTRATOR}, late_entry={Role.NURSE, Role.CHARGE_NURSE},
        maintain={Role.TECHNICIAN}, **{"return": {Role.NURSE}},
    )  # fmt: skip
    authority = AuthorityRules(mode, reasons=("emergency",), emergency=frozenset({ItemId("paracetamol"), ItemId("oxycodone")}))
    people = PEOPLE | {CHARGE: Staff(CHARGE, "Cora", Role.CHARGE_NURSE), ADMIN: Staff(ADMIN, "Adam", Role.ADMINISTRATOR)}
    return world(policy=replace(granted, downtime=rules, authority=authority), staff=people)


def silent(ward: Ward, minutes: float = 0) -> None:
    """The pharmacy falls silent, that many minutes ago."""
    ward.happen(events.PharmacyLost(ward.tick(), utc_text(ward.now.later(-60 * minutes).utc)))


def heard(ward: Ward) -> None:
    """The pharmacy is heard."""
    ward.happen(events.PharmacyHeard(ward.tick()))


def down(rules: DowntimeRules = RULES) -> Ward:
    """A ward in a downtime that began just now."""
    ward = Ward(setting(rules))
    heard(ward)
    silent(ward)
    ward.tick(60 * rules.after_min)
    ward.due("downtime:enter")
    assert ward.state.mode == "downtime"
    return ward


def declares(ward: Ward, mode: str, by: str, reason: str = WHY) -> str | None:
    """Somebody declares a mode: the code of the refusal, if any."""
    ward.signs_in(by)
    refusal = ward.happen(events.ModeAsked(ward.tick(), SessionId(by), mode, reason)).refusal
    return None if refusal is None else refusal.code


def lifts(ward: Ward, mode: str, by: str, reason: str = "over") -> str | None:
    """Somebody lifts it."""
    refusal = ward.happen(events.ModeEndAsked(ward.tick(), SessionId(by), mode, reason)).refusal
    return None if refusal is None else refusal.code


def code(ward: Ward, *asked: Any, **more: Any) -> str | None:
    """The code of the refusal of a request."""
    refusal = ward.wants(*asked, **more).refusal
    return None if refusal is None else refusal.code


class TestDowntime:
    """The pharmacy is not heard."""

    def test_a_downtime_begins_after_the_policys_time_and_says_since_when(self) -> None:
        """A flap of a minute is no downtime."""
        ward = Ward(setting())
        heard(ward)
        silent(ward)
        assert ward.state.mode == "ready"
        heard(ward)
        ward.due("downtime:enter")
        assert ward.state.mode == "ready", "a timer that was late finds the pharmacy heard"
        silent(ward)
        since = ward.core.scene.contact
        ward.tick(600)
        ward.due("downtime:enter")
        assert ward.state.mode == "downtime"
        assert since is not None
        assert ward.facts_of(DowntimeBegan) == [DowntimeBegan(since.until)]

    def test_it_ends_when_contact_has_lasted(self) -> None:
        """`leave_after_min` keeps a line that comes and goes from ending it again and again."""
        ward = down()
        heard(ward)
        assert ward.state.mode == "downtime"
        silent(ward)
        ward.due("downtime:leave")
        assert ward.state.mode == "downtime"
        heard(ward)
        ward.tick(120)
        ward.due("downtime:leave")
        assert ward.state.mode == "ready"
        assert [type(fact) for fact in ward.facts_of(DowntimeBegan, DowntimeEnded)] == [DowntimeBegan, DowntimeEnded]

    def test_a_cabinet_that_never_heard_a_pharmacy_stands_alone(self) -> None:
        """It is not down: nothing is missing."""
        ward = Ward(setting())
        ward.happen(events.PharmacyLost(ward.tick(), ""))
        ward.due("downtime:enter")
        assert ward.state.mode == "ready"
        assert not freshness.as_of(ward.core.scene, ward.now, "orders")

    def test_everybody_is_served_as_ever(self) -> None:
        """Age alone never refuses a known, active person."""
        ward = down()
        ward.signs_in()
        assert code(ward, "withdraw", "p1", order="o1", authority="order") is None

    def test_a_restart_returns_to_it(self) -> None:
        """Power and network often fail together."""
        ward = down()
        ward.restart()
        assert ward.state.mode == "downtime"
        silent(ward, minutes=0)
        assert freshness.as_of(ward.core.scene, ward.now, "orders") == ward.state.modes.down_since, "and still knows the last word"

    def test_critical_override_by_itself_after_the_policys_time_and_back_with_the_pharmacy(self) -> None:
        """Graded, and both thresholds are stated."""
        ward = down()
        ward.tick(1200)
        ward.due("downtime:critical")
        assert ward.state.mode == "critical_override"
        [told] = [notice.text for notice in notices(ward.core, ward.tick(), SiteTime()) if "Critical" in notice.text]
        assert told.endswith("The pharmacy has not been heard for 30 minutes."), "a sentence, as the others"
        ward.signs_in()
        assert code(ward, "withdraw", "p1") is None, "without any order"
        heard(ward)
        ward.due("downtime:leave")
        assert ward.state.mode == "ready"
        changes = [draft for draft in ward.drafts if isinstance(draft.fact, ModeChanged)]
        assert all(draft.fact.why for draft in changes if isinstance(draft.fact, ModeChanged))
        assert all(draft.staff is None for draft in changes), "nobody did this"


class TestStaleOrders:
    """ward.md, "Stale data"."""

    def test_each_document_has_an_age_of_its_own(self) -> None:
        """One that was refused is as old as the version that stands; the others are as current as the pharmacy's last word."""
        ward = Ward(setting())
        ward.happen(events.PharmacyHeard(ward.tick()))

        def comes(document: str, version: int, since: int | None = None) -> None:
            ward.happen(events.DocumentReceived(ward.tick(), document, version, since, f"{version:064d}", (), ()))

        comes("staff", 1)
        comes("orders", 4)
        applied = utc_text(ward.now.utc)
        ward.tick(7200)
        comes("orders", 7, since=6)
        assert ward.state.documents["orders"].code == "document.gap"
        assert freshness.as_of(ward.core.scene, ward.now, "orders") == applied
        assert freshness.as_of(ward.core.scene, ward.now, "staff") == utc_text(ward.now.utc)
        assert [freshness.is_stale(ward.core.scene, ward.now, one) for one in ("orders", "staff")] == [True, False]
        comes("orders", 7)
        assert not freshness.is_stale(ward.core.scene, ward.now), "the whole of it came"

    def test_a_controlled_withdrawal_on_an_old_order_asks_for_a_reason_and_goes_to_review(self) -> None:
        """It is never refused for good."""
        ward = down()
        ward.signs_in()
        assert code(ward, "withdraw", "oxy", order="o2", authority="order", units=1) is None, "not old enough yet"
        ward.cancels()
        ward.stays_shut("locks:1")
        ward.cancels()
        ward.tick(3600)
        ward.signs_in("noor")
        again = {"order": "o2", "authority": "order", "units": 1, "by": "noor"}
        assert code(ward, "withdraw", "oxy", access="b", **again) == "order.last_known"
        assert code(ward, "withdraw", "oxy", access="c", reason="the chart on paper says so", **again) is None
        ward.opens("locks:1", "locks:2")
        ward.counts(20, by="noor", access="c")
        ward.states(1, by="noor", access="c")
        assert "review-c" in ward.state.debts

    def test_what_is_not_controlled_is_not_asked_about(self) -> None:
        """Few questions, and never decorative."""
        ward = down()
        ward.tick(7200)
        ward.signs_in()
        assert code(ward, "withdraw", "p1", order="o1", authority="order") is None


class TestDeclared:
    """Critical override, lock-down and training."""

    def test_critical_override_is_declared_with_a_reason_by_those_who_may(self) -> None:
        """And every change names who and why."""
        ward = Ward(setting())
        assert declares(ward, "critical_override", "nina") == "policy.role"
        assert declares(ward, "critical_override", "cora", " ") == "mode.reason"
        assert declares(ward, "critical_override", "cora") is None
        changed = ward.drafts[-1]
        assert (ward.state.mode, changed.staff, changed.fact) == (
            "critical_override", "cora", ModeChanged("ready", "critical_override", WHY),
        )  # fmt: skip
        ward.signs_in()
        assert code(ward, "withdraw", "p2", patient="pat") is None
        assert lifts(ward, "critical_override", "cora") is None
        assert ward.state.mode == "ready"

    def test_one_that_a_person_declared_before_the_downtime_outlasts_it(self) -> None:
        """The cabinet lifts what belongs to the downtime, and no more."""
        ward = Ward(setting())
        heard(ward)
        declares(ward, "critical_override", "cora")
        silent(ward)
        ward.due("downtime:enter")
        heard(ward)
        ward.due("downtime:leave")
        assert ward.state.mode == "critical_override"
        ward.restart()
        assert ward.state.mode == "critical_override"

    def test_a_lock_down_opens_for_emergencies_alone(self) -> None:
        """Emergency access always has a way; those who are kept out do not lift it."""
        ward = Ward(setting())
        assert declares(ward, "locked_down", "adam") is None
        ward.signs_in()
        assert code(ward, "withdraw", "p1", order="o1", authority="order") == "cabinet.locked_down"
        assert code(ward, "emergency", "p1", authority="emergency", access="b") is None
        assert declares(ward, "critical_override", "cora") == "mode.not_now"
        ward.restart()
        assert ward.state.mode == "locked_down"
        ward.signs_in("adam")
        assert lifts(ward, "locked_down", "adam") is None
        assert ward.state.mode == "ready"

    def test_a_lock_down_lets_what_is_open_be_finished_and_releases_no_second_time(self) -> None:
        """A drawer that stands open is closed and counted in every mode."""
        ward = Ward(setting(mode=Mode.NON_PROFILE))
        ward.signs_in()
        ward.wants("withdraw", "p1")
        ward.stays_shut("locks:0")
        declares(ward, "locked_down", "adam")
        refusal = ward.asks_again().refusal
        assert refusal is not None
        assert refusal.code == "cabinet.locked_down"

    def test_a_lock_down_outlasts_the_downtime_that_began_under_it(self) -> None:
        """What stands is remembered apart from what shows."""
        ward = Ward(setting())
        heard(ward)
        declares(ward, "locked_down", "adam")
        silent(ward)
        ward.due("downtime:enter")
        assert ward.state.mode == "locked_down"
        ward.signs_in("adam")
        lifts(ward, "locked_down", "adam")
        assert ward.state.mode == "downtime"

    def test_in_training_nothing_is_released_and_an_emergency_ends_it_at_once(self) -> None:
        """Nobody dies of a lesson."""
        ward = Ward(setting())
        assert declares(ward, "training", "adam", "") is None
        ward.signs_in()
        step = ward.wants("withdraw", "p1", order="o1", authority="order")
        assert step.refusal is not None
        assert (step.refusal.code, ward.releases(step)) == ("cabinet.training", [])
        given = ward.wants("emergency", "p1", authority="emergency", access="b")
        assert (given.refusal, ward.releases(given), ward.state.mode) == (None, ["locks:0"], "ready")

    def test_anybody_may_end_training_and_a_restart_does(self) -> None:
        """A crash in training comes back as the real cabinet."""
        ward = Ward(setting())
        declares(ward, "training", "adam", "")
        assert ward.happen(events.TrainingEndAsked(ward.tick(), "one touch")).refusal is None
        assert ward.state.mode == "ready"
        declares(ward, "training", "adam", "")
        ward.restart()
        assert ward.state.mode == "ready"

    def test_training_does_not_begin_at_a_cabinet_that_somebody_uses(self) -> None:
        """Their drawer is open."""
        ward = Ward(setting(mode=Mode.NON_PROFILE))
        ward.signs_in()
        ward.wants("withdraw", "p1")
        assert declares(ward, "training", "adam", "") == "cabinet.in_use"

    def test_maintenance_goes_back_to_what_stands(self) -> None:
        """A technician's repair does not end a downtime."""
        ward = down()
        ward.signs_in("tom")
        assert ward.happen(events.MaintenanceAsked(ward.tick(), SessionId("tom"))).refusal is None
        ward.happen(events.MaintenanceEndAsked(ward.tick(), SessionId("tom")))
        assert ward.state.mode == "downtime"


@pytest.mark.parametrize("mode", cabinet_mode.MODES)
def test_every_mode_says_whom_it_serves(mode: str) -> None:
    """One table, whole; what it refuses has its sentence, and but for a start and the bench an emergency always has a way."""
    served = serving.SERVED[mode]
    assert (served.opens and served.papers) or served.code in CATALOGUE
    assert served.emergencies or mode in {"starting", "maintenance"}
    ward = Ward(setting())
    ward.state.mode = mode
    assert (serving.judge(ward.state, KINDS["withdraw"]) is None) is served.opens
    assert (serving.judge(ward.state, KINDS["return"]) is None) is served.papers
    assert (serving.judge(ward.state, KINDS["emergency"]) is None) is served.emergencies


class TestLateEntries:
    """After: enter paper withdrawals as late entries, count controlled pockets, reconcile (domain 2.15)."""

    @staticmethod
    def enters(ward: Ward, pocket: str, units: int, minutes_ago: float = 30, **more: Any) -> str | None:
        """Nina enters what was taken."""
        ward.tick()
        moment = utc_text(ward.now.later(-60 * minutes_ago).utc)
        return code(ward, "withdraw", pocket, units, authority="late", true_at=moment, **more)

    def test_it_opens_nothing_moves_the_units_and_owes_a_count(self) -> None:
        """With its true time and, in the envelope, the time of entry."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "p1", 2, order="o1") is None
        assert (ward.line("p1").units, ward.access().phase) == (18, "settled")
        assert not [command for command in ward.commands if type(command).__name__ == "ReleaseLock"]
        assert ward.line("p1").owes
        (late,) = [draft for draft in ward.drafts if isinstance(draft.fact, LateEntered)]
        assert isinstance(late.fact, LateEntered)
        assert late.fact.true_at < utc_text(late.at.utc)

    def test_without_an_order_it_is_chased_as_an_override_is(self) -> None:
        """In an area that goes by orders."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "p1", 2) is None
        assert "order-a" in ward.state.debts

    @pytest.mark.parametrize(("minutes_ago", "found"), [(-5, "late.moment"), (60 * 73, "late.moment"), (30, None)])
    def test_its_moment_is_past_and_not_long_past(self, minutes_ago: float, found: str | None) -> None:
        """What is older is a matter for the pharmacy."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "p1", 2, minutes_ago) == found

    def test_a_late_entry_names_a_pocket_and_somebody_who_is_known(self) -> None:
        """What is entered from paper is checked like what is asked for."""
        ward = down()
        ward.signs_in("nina")
        assert self.enters(ward, "ghost", 1, 30) == "late.pocket"
        assert self.enters(ward, "p1", 1, 30, taken_by=StaffId("ghost")) == "late.taken_by"

    def test_those_who_may_not_withdraw_late_are_refused(self) -> None:
        """A cell of the table of roles and acts."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in("tom")
        assert self.enters(ward, "p1", 2, by="tom") == "policy.role"

    def test_it_hides_no_discrepancy(self) -> None:
        """The count afterwards still decides: what was entered and not taken is found as too many."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "oxy", 2) is None
        assert ward.line("oxy").units == 18
        ward.wants("count", "oxy", access="b")
        ward.opens("locks:1", "locks:2")
        ward.counts(20, access="b")
        ward.counts(20, access="b")
        (found,) = ward.state.discrepancies.values()
        assert (found.expected, found.counted) == (18, 20)

    def test_a_pocket_that_was_counted_since_is_not_explained_away(self) -> None:
        """The count found what was missing; that discrepancy is explained by a person, with a witness."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        ward.wants("count", "p1")
        ward.opens("locks:0")
        ward.counts(18)
        ward.counts(18)
        ward.closes("locks:0")
        assert self.enters(ward, "p1", 2, 30, access="b") == "late.counted_since"
        assert len([found for found in ward.state.discrepancies.values() if found.is_open]) == 1

    def test_more_than_the_record_holds_is_a_discrepancy_at_once(self) -> None:
        """Units do not come from nowhere."""
        ward = Ward(setting())
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "p1", 25) is None
        assert ward.line("p1").units == 0
        assert ward.state.discrepancies

    def test_a_controlled_one_needs_a_witness_where_policy_says_so(self) -> None:
        """By its own row, `late`: nothing moves before the second person signed."""
        from cabinet.domain.formulary import ControlClass
        from cabinet.domain.witness import WitnessRule

        plain = setting()
        rule = WitnessRule(frozenset({"late"}), frozenset({ControlClass.C2}), frozenset({Role.NURSE}))
        ward = Ward(replace(plain, policy=replace(plain.policy, witness=(rule,))))
        ward.tick(3600)
        ward.signs_in()
        assert self.enters(ward, "oxy", 2) is None
        assert (ward.asks(), ward.line("oxy").units) == (("witness",), 20)
        assert ward.is_witnessed("nina").refusal is not None
        assert ward.is_witnessed("noor").refusal is None
        assert (ward.line("oxy").units, ward.access().phase) == (18, "settled")


def test_a_replayed_journal_stands_where_the_living_one_does() -> None:
    """Modes and late entries come back from facts alone."""
    ward = down()
    declares(ward, "locked_down", "adam")
    ward.tick(3600)
    ward.signs_in()
    TestLateEntries.enters(ward, "p1", 2)
    before = ward.state.modes, ward.line("p1"), ward.state.debts
    ward.restart()
    assert (ward.state.modes, ward.line("p1"), ward.state.debts) == before


def test_a_mode_is_declared_once_lifted_once_and_known_by_its_name() -> None:
    """Two charge nurses at two screens do not undo each other."""
    ward = Ward(setting())
    assert declares(ward, "party", CHARGE) == "mode.unknown"
    assert lifts(ward, "critical_override", CHARGE) == "mode.not_standing"
    assert declares(ward, "critical_override", CHARGE) is None
    assert declares(ward, "critical_override", CHARGE) == "mode.stands"
