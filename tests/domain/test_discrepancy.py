"""Counts and discrepancies, fairly: an interval and never a person, causes with an act each, settled with reason and second person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cabinet.domain import events
from cabinet.domain.discrepancy import cause, resolving, slip
from cabinet.domain.discrepancy.memory import MOST_VISITS, Discrepancy
from cabinet.domain.discrepancy.rule import DiscrepancyRules
from cabinet.domain.facts import (
    Account,
    CountOwed,
    DiscrepancyEscalated,
    DiscrepancyFound,
    DiscrepancyResolved,
    PocketCounted,
    QuantityConfirmed,
    QuantityDoubted,
    UnitsMoved,
    WitnessSigned,
)
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.policy import Policy
from cabinet.domain.vocabulary import DiscrepancyId, SessionId, StaffId
from cabinet.domain.witness import WitnessRule
from tests.domain.ward import PEOPLE, TABLET, TRAY_MG, WAY, Ward, granting, opened, replayed, shut, world

PIECE = TABLET.mass_mg // TABLET.sample
FULL = TRAY_MG + 20 * PIECE


def policy(**rules: object) -> Policy:
    """Nurses and pharmacists settle and sign; the rules as given."""
    may = granting(resolve={Role.NURSE, Role.PHARMACIST}, witness={Role.NURSE, Role.PHARMACIST})
    return replace(may, discrepancy=DiscrepancyRules(**rules))  # type: ignore[arg-type]


def ward_with(**rules: object) -> Ward:
    """A ward with these rules."""
    ward = Ward(world(policy=policy(**rules)))
    for name in ("nina", "noor", "pia"):
        ward.signs_in(name)
    return ward


def visit(
    ward: Ward, kind: str, pocket: str, *, by: str = "nina", access: str = "a", counts: tuple[int, ...] = (), states: int | None = None
) -> None:
    """One whole access."""
    refusal = ward.wants(kind, pocket, max(states or 1, 1), by=by, access=access).refusal
    assert refusal is None, refusal
    ward.opens(*WAY[pocket])
    for units in counts:
        ward.counts(units, by=by, access=access)
    if states is not None:
        ward.states(states, by=by, access=access, lot="L9" if kind == "refill" else None, expiry="2027-12-31" if kind == "refill" else None)
    shut(ward, pocket)


def only(ward: Ward) -> Discrepancy:
    """The only discrepancy."""
    (found,) = ward.state.discrepancies.values()
    return found


def settles(
    ward: Ward,
    found: Discrepancy,
    *,
    by: str = "nina",
    reason: str = "more_or_fewer",
    note: str = "",
    witness: str = "",
    together: tuple[str, ...] = (),
) -> str:
    """A person settles a discrepancy; the code of the refusal, if there is one."""
    event = events.ResolutionEntered(
        ward.tick(), SessionId(by), DiscrepancyId(found.id), reason, note, "", tuple(map(DiscrepancyId, together)),
        StaffId(witness) if witness else None, ("badge", "secret") if witness else (),
    )  # fmt: skip
    refusal = ward.happen(event).refusal
    return "" if refusal is None else refusal.code


def kinds(ward: Ward, found: Discrepancy) -> list[str]:
    """The likely causes, the likeliest first."""
    return [one.kind for one in cause.suggest(ward.core.scene, found)]


class TestTheInterval:
    """Told without the journal: from one good count to the next, with everybody and everything in it."""

    def test_it_runs_from_the_last_good_count_with_every_access_in_it(self) -> None:
        """Counts, what was said and when it was open, and who counted at either end."""
        ward = ward_with()
        visit(ward, "withdraw", "oxy", counts=(20,), states=2)
        visit(ward, "withdraw", "oxy", by="noor", access="b", counts=(17, 17), states=1)
        found = only(ward)
        assert found.interval.since is not None
        assert found.until is not None
        assert (found.interval.since.staff, found.interval.since.units, found.until.staff) == ("nina", 20, "noor")
        assert [(one.access, one.said, one.counts) for one in found.interval.visits] == [("a", 2, []), ("b", None, [17, 17])]
        assert all(one.opened_at for one in found.interval.visits)
        assert found.interval.visits[0].closed_at
        assert found.people == {"nina", "noor"}

    def test_an_opening_with_nobody_named_stands_in_it(self) -> None:
        """A key leaves an opening, and no name."""
        ward = ward_with()
        visit(ward, "withdraw", "p1", states=1)
        ward.opens("locks:0")
        ward.closes("locks:0")
        nameless = [one for one in ward.state.openings["locks:0"] if not one.staff]
        assert [bool(one.until) for one in nameless] == [True]
        assert "opened without a release" in nameless[0].why

    def test_a_count_that_agrees_begins_a_new_one(self) -> None:
        """What was before is nobody's matter any more."""
        ward = ward_with()
        visit(ward, "count", "oxy", counts=(20,))
        visit(ward, "count", "oxy", access="b", counts=(20,))
        assert [one.access for one in ward.state.intervals["oxy"].visits] == ["b"]

    def test_it_is_bounded_and_says_so(self) -> None:
        """A pocket that nobody counts for weeks does not fill the memory."""
        ward = ward_with()
        for number in range(MOST_VISITS + 3):
            visit(ward, "withdraw", "p2", access=f"v{number}", states=0)
        interval = ward.state.intervals["p2"]
        assert (len(interval.visits), interval.dropped) == (MOST_VISITS, 3)

    def test_it_is_the_same_after_a_restart(self) -> None:
        """Live is replayed."""
        ward = ward_with()
        visit(ward, "withdraw", "oxy", counts=(20,), states=2)
        visit(ward, "withdraw", "oxy", by="noor", access="b", counts=(17, 17), states=1)
        again = replayed(ward.world, ward.drafts).state
        assert (again.discrepancies, again.intervals, again.openings) == (
            ward.state.discrepancies, ward.state.intervals, ward.state.openings,
        )  # fmt: skip

    def test_the_fact_blames_nobody(self) -> None:
        """The interval is the fact; names stand in envelopes alone."""
        ward = ward_with()
        visit(ward, "count", "oxy", counts=(18, 18))
        (fact,) = ward.facts_of(DiscrepancyFound)
        assert "nina" not in str(fact)


def counted() -> Ward:
    """Twenty were counted and weighed, and nina opens the pocket again."""
    ward = ward_with()
    ward.weighs(FULL)
    visit(ward, "count", "oxy", access="first", counts=(20,))
    ward.weighs(FULL)
    ward.wants("withdraw", "oxy")
    ward.opens(*WAY["oxy"])
    return ward


class TestSensors:
    """A scale or an eye is heard after a number is in, never before, and changes no balance."""

    def test_a_scale_that_denies_two_counts_asks_for_one_more(self) -> None:
        """Twenty lie there and weigh it; eighteen were counted twice. The third count is the last, whatever it is."""
        ward = counted()
        ward.counts(18)
        assert ward.access().count_doubt == "journal"
        ward.counts(18)
        assert (ward.access().count_doubt, ward.asks()) == ("scale", ("count_before", "close"))
        ward.counts(20)
        assert ward.asks() == ("confirm", "close")
        assert not ward.facts_of(DiscrepancyFound)
        assert not ward.facts_of(CountOwed)

    def test_what_was_sensed_stands_beside_a_difference_that_stays(self) -> None:
        """Expected, entered and sensed; the balance follows the person."""
        ward = counted()
        for units in (18, 18, 18):
            ward.counts(units)
        found = only(ward)
        assert (found.expected, found.counted, found.sensed, found.verdict) == (20, 18, 20, "confident")
        assert ward.line("oxy").units == 18
        assert kinds(ward, found)[0] == "typed"

    def test_a_count_that_agrees_with_the_record_and_not_with_the_scale_is_asked_once_more(self) -> None:
        """Three were taken for two, and the next person types by habit what the record would say."""
        ward = ward_with()
        ward.weighs(FULL)
        visit(ward, "withdraw", "oxy", access="first", counts=(20,), states=2)
        ward.weighs(FULL - 3 * PIECE)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(18)
        assert ward.access().count_doubt == "scale"
        ward.counts(17)
        ward.counts(17)
        assert (only(ward).sensed, ward.line("oxy").units) == (17, 17)

    def test_a_scale_that_denies_a_quantity_asks_once_before_the_drawer_closes(self) -> None:
        """Three taken for two: said while the pocket is open, corrected by a movement of its own."""
        ward = ward_with()
        ward.weighs(FULL)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        ward.weighs(FULL - 3 * PIECE)
        assert ward.facts_of(QuantityDoubted)
        assert ward.asks() == ("confirm", "close")
        ward.states(3)
        assert ward.asks() == ("close",)
        moved = [fact.units for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved) and fact.target is Account.PATIENT]
        assert moved == [2, 1]
        assert (ward.line("oxy").units, ward.state.withdrawals["a"].units) == (17, 3)
        shut(ward, "oxy")
        assert ward.access().phase == "settled"

    def test_fewer_than_first_said_go_back_to_their_lot(self) -> None:
        """Said two, took one: one comes back with the lot that it left with."""
        ward = ward_with()
        ward.weighs(FULL)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        ward.weighs(FULL - PIECE)
        ward.states(1)
        line = ward.line("oxy")
        assert [(batch.units, batch.lot) for batch in line.batches] == [(19, "lot-0")]
        assert ward.state.withdrawals["a"].left_m == 1000

    def test_the_same_answer_again_is_an_answer(self) -> None:
        """Nobody is trapped: asked once, and never a second time."""
        ward = ward_with()
        ward.weighs(FULL)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        ward.weighs(FULL - 3 * PIECE)
        ward.states(2)
        ward.weighs(FULL - 3 * PIECE)
        assert ward.asks() == ("close",)
        assert len(ward.facts_of(QuantityDoubted)) == 1
        assert len(ward.facts_of(QuantityConfirmed)) == 2

    def test_closing_the_drawer_is_an_answer_too(self) -> None:
        """A question never keeps an access open."""
        ward = ward_with()
        ward.weighs(FULL)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        ward.weighs(FULL - 3 * PIECE)
        shut(ward, "oxy")
        assert ward.access().phase == "settled"

    def test_a_scale_that_is_not_sure_asks_nobody(self) -> None:
        """Between two numbers, or swinging: nothing is said."""
        ward = ward_with()
        ward.weighs(FULL)
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        ward.weighs(FULL - 2 * PIECE - PIECE // 2)
        ward.weighs(FULL - 3 * PIECE, is_steady=False)
        assert not ward.facts_of(QuantityDoubted)

    def test_an_eye_that_sees_an_empty_pocket_asks_once(self) -> None:
        """Two were said to be taken out of twenty, and the pocket is empty."""
        ward = opened("withdraw", "p1")
        ward.edge("eyes:0", is_on=False)
        ward.states(2)
        (fact,) = ward.facts_of(QuantityDoubted)
        assert isinstance(fact, QuantityDoubted)
        assert fact.basis == "bin_sensor"
        assert ward.access().doubted_beside is None

    def test_an_emergency_is_asked_nothing(self) -> None:
        """The drug comes first."""
        ward = Ward(world(policy=granting(emergency={Role.NURSE})))
        ward.weighs(FULL)
        ward.signs_in()
        ward.wants("emergency", "oxy", authority="emergency")
        ward.opens(*WAY["oxy"])
        ward.states(2)
        ward.weighs(FULL - 3 * PIECE)
        assert not ward.facts_of(QuantityDoubted)


class TestCauses:
    """Each is a rule with a sentence and an act, and none has a name in it."""

    def test_neighbours_that_make_up_for_each_other_come_first(self) -> None:
        """Two short here, two over there: settled together."""
        ward = ward_with()
        visit(ward, "count", "p1", counts=(18, 18))
        visit(ward, "count", "p2", access="b", counts=(22, 22))
        first, second = ward.state.discrepancies.values()
        suggested = cause.suggest(ward.core.scene, first)[0]
        assert (suggested.kind, suggested.other, suggested.pocket) == ("neighbour", second.id, "p2")
        assert "make up for each other" in suggested.sentence

    @pytest.mark.parametrize(
        ("typed", "counted", "kind"), [(25, 40, "refill"), (12, 41, "refill"), (2, 40, "package"), (20, 22, "package")]
    )
    def test_a_refill_that_was_typed_wrong(self, typed: int, counted: int, kind: str) -> None:
        """25 for 20, 12 for 21, packages of ten for units, units for packages."""
        ward = Ward(world(policy=replace(policy(), may={**policy().may, Role.NURSE: policy().may[Role.NURSE] | {"refill"}})))
        ward.signs_in()
        visit(ward, "refill", "p2", counts=(20,), states=typed)
        visit(ward, "count", "p2", access="b", counts=(counted, counted))
        assert kind in kinds(ward, only(ward))

    def test_a_return_that_was_not_recorded(self) -> None:
        """As many too many as a withdrawal took."""
        ward = ward_with()
        visit(ward, "withdraw", "p2", states=3)
        visit(ward, "count", "p2", access="b", counts=(20, 20))
        assert "return" in kinds(ward, only(ward))

    def test_a_scale_that_counted_another_number_leaving(self) -> None:
        """Two said, three weighed: found by the next count, and said with its moment."""
        ward = ward_with()
        ward.weighs(FULL)
        visit(ward, "withdraw", "oxy", counts=(20,), states=2)
        ward.weighs(FULL - 3 * PIECE)
        visit(ward, "withdraw", "oxy", by="noor", access="b", counts=(17, 17), states=1)
        found = only(ward)
        assert kinds(ward, found)[0] == "more_or_fewer"
        assert all(name not in str(cause.suggest(ward.core.scene, found)) for name in ("nina", "noor", "Nina", "Noor"))

    def test_a_count_that_the_next_one_takes_back(self) -> None:
        """One miscounted, the next did not: nothing is missing. A scale that begins from the first proves nothing."""
        ward = ward_with()
        visit(ward, "withdraw", "oxy", counts=(19, 19), states=1)
        visit(ward, "count", "oxy", access="b", by="noor", counts=(19, 19))
        first, second = ward.state.discrepancies.values()
        assert (first.difference, second.difference) == (-1, 1)
        [likely] = [one for one in cause.suggest(ward.core.scene, second) if one.kind == "undone"]
        assert (likely.other, kinds(ward, second)[0]) == (first.id, "undone")
        [other_way] = [one for one in cause.suggest(ward.core.scene, first) if one.kind == "undone"]
        assert other_way.other == second.id, "whoever looks at the first one finds the pair, too"

    def test_an_opening_with_a_key_may_explain_what_is_missing(self) -> None:
        """Taken with nobody named, and nothing stated."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(20,))
        ward.opens("locks:0")
        ward.closes("locks:0")
        visit(ward, "count", "p2", access="b", counts=(18, 18))
        assert "unstated" in kinds(ward, only(ward))

    def test_a_count_that_is_a_slip_away_is_counted_once_more(self) -> None:
        """02 for 20."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(2, 2))
        suggested = next(one for one in cause.suggest(ward.core.scene, only(ward)) if one.kind == "typed")
        assert (suggested.act, suggested.pocket) == ("Count pocket p2 once more.", "p2")

    def test_an_opened_container_may_have_been_put_back(self) -> None:
        """One too many of what is counted in containers."""
        ward = ward_with()
        visit(ward, "count", "insulin", counts=(21, 21))
        assert "container" in kinds(ward, only(ward))

    @pytest.mark.parametrize(
        ("typed", "meant", "is_it"),
        [(12, 21, True), (25, 20, True), (3, 30, True), (300, 30, True), (20, 20, False), (17, 20, False), (5, 9, False)],
    )
    def test_slips_of_a_finger(self, typed: int, meant: int, *, is_it: bool) -> None:
        """Digits that changed places, one that is another, one that is lost or doubled."""
        assert slip.is_slip(typed, meant) is is_it


class TestSettling:
    """A reason, words, and a second person where the item is controlled."""

    def test_a_controlled_one_takes_two_people(self) -> None:
        """Never silently, and never alone."""
        ward = ward_with()
        visit(ward, "withdraw", "oxy", counts=(20,), states=1)
        visit(ward, "withdraw", "oxy", by="noor", access="b", counts=(18, 18), states=1)
        found = only(ward)
        assert settles(ward, found) == "witness.needed"
        assert settles(ward, found, witness="nina") == "witness.same_person"
        assert settles(ward, found, note="found under the tray", witness="pia") == ""
        (fact,) = ward.facts_of(DiscrepancyResolved)
        assert isinstance(fact, DiscrepancyResolved)
        assert (fact.reason, fact.note, fact.by_policy) == ("more_or_fewer", "found under the tray", False)
        assert fact.linked == [found.seq, found.since_seq]
        assert ward.drafts[-1].witness == "pia"
        assert ward.facts_of(WitnessSigned)
        assert settles(ward, found, witness="pia") == "discrepancy.settled"

    def test_nobody_says_that_it_was_counted_again_before_it_was(self) -> None:
        """A reason that closes a loss in words alone: it takes a count since, of that pocket, by one of those who settle it."""
        ward = ward_with()
        visit(ward, "count", "oxy", by="noor", counts=(18, 18))
        found = only(ward)
        pia, nina = (PEOPLE[StaffId(name)] for name in ("pia", "nina"))
        assert "miscounted" not in resolving.offered(ward.core.scene, found, nina)
        assert settles(ward, found, reason="miscounted", witness="pia") == "discrepancy.recount"
        visit(ward, "count", "p2", access="b", counts=(20,))
        assert settles(ward, found, reason="miscounted", witness="pia") == "discrepancy.recount", "another pocket"
        visit(ward, "count", "oxy", by="noor", access="c", counts=(18,))
        assert settles(ward, found, reason="miscounted", witness="pia") == "discrepancy.recount", "neither of the two counted"
        visit(ward, "count", "oxy", access="d", counts=(18,))
        assert "miscounted" in resolving.offered(ward.core.scene, found, nina)
        assert "miscounted" in resolving.offered(ward.core.scene, found, pia), "nina may sign with her"
        assert settles(ward, found, by="pia", reason="miscounted", witness="noor") == "", "noor found it, and counted it again"

    def test_a_count_that_takes_the_one_before_back_was_the_count_again(self) -> None:
        """Two that make up for each other in one pocket: each is the other's count."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(18, 18))
        visit(ward, "count", "p2", access="b", by="noor", counts=(20, 20))
        first, second = ward.state.discrepancies.values()
        assert settles(ward, first, by="pia", reason="miscounted", together=(second.id,)) == ""

    def test_nobody_closes_their_own_interval_alone(self) -> None:
        """Not even of an uncontrolled item: it protects whoever was there."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(18, 18))
        assert settles(ward, only(ward)) == "discrepancy.alone"
        assert settles(ward, only(ward), by="noor") == ""

    def test_a_hospital_may_keep_everybody_in_the_interval_from_settling(self) -> None:
        """Policy: only who had no access in between."""
        ward = ward_with(resolver_not_in_interval=True)
        visit(ward, "count", "p2", counts=(18, 18))
        assert settles(ward, only(ward), witness="pia") == "discrepancy.in_interval"
        assert settles(ward, only(ward), by="pia") == ""

    def test_only_who_may_settles(self) -> None:
        """By the table of roles and acts."""
        ward = Ward()
        ward.signs_in()
        visit(ward, "count", "p2", counts=(18, 18))
        assert settles(ward, only(ward)) == "policy.role"

    @pytest.mark.parametrize(
        ("reason", "note", "code"),
        [("nonsense", "", "discrepancy.reason"), ("unexplained", " ", "discrepancy.note"), ("unexplained", "looked everywhere", "")],
    )
    def test_the_reason_is_one_of_the_list_and_some_are_said_in_words(self, reason: str, note: str, code: str) -> None:
        """A code for the statistics, words for the reader."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(18, 18))
        assert settles(ward, only(ward), by="noor", reason=reason, note=note) == code

    def test_a_pair_of_neighbours_is_settled_together_or_not_at_all(self) -> None:
        """Only what makes up for each other."""
        ward = ward_with()
        visit(ward, "count", "p1", counts=(18, 18))
        visit(ward, "count", "p2", access="b", counts=(22, 22))
        visit(ward, "count", "insulin", access="c", counts=(19, 19))
        first, second, third = ward.state.discrepancies.values()
        assert settles(ward, first, by="noor", reason="wrong_pocket", together=(third.id,)) == "discrepancy.pair"
        assert settles(ward, first, by="noor", reason="wrong_pocket", together=("ghost",)) == "discrepancy.unknown"
        assert settles(ward, first, by="noor", reason="wrong_pocket", together=(second.id,)) == ""
        assert [one.is_open for one in ward.state.discrepancies.values()] == [False, False, True]
        assert ward.state.discrepancies[second.id].resolution is not None

    def test_a_later_good_count_settles_by_policy_what_is_not_controlled(self) -> None:
        """The fact says that policy did it, and names the two counts."""
        ward = ward_with(auto_resolve=True)
        visit(ward, "count", "p2", counts=(18, 18))
        visit(ward, "count", "p2", access="b", counts=(18,))
        (fact,) = ward.facts_of(DiscrepancyResolved)
        assert isinstance(fact, DiscrepancyResolved)
        assert (fact.by_policy, fact.reason, len(fact.linked)) == (True, "later_count", 2)

    def test_a_controlled_one_is_never_settled_by_policy(self) -> None:
        """Whatever the policy says."""
        ward = ward_with(auto_resolve=True)
        visit(ward, "count", "oxy", counts=(18, 18))
        visit(ward, "count", "oxy", access="b", counts=(18,))
        assert only(ward).is_open


class TestGrowingOld:
    """Put before the charge nurse, then before the pharmacy; it blocks nobody."""

    def test_it_is_put_before_others_in_time_and_once(self) -> None:
        """At the end of a shift, and after a day."""
        ward = ward_with(charge_nurse_s=8 * 3600, pharmacy_s=24 * 3600)
        visit(ward, "count", "p2", counts=(18, 18))
        ward.due("discrepancies")
        assert not ward.facts_of(DiscrepancyEscalated)
        for _ in range(2):
            ward.tick(8 * 3600)
            ward.due("discrepancies")
        assert only(ward).told == ["charge_nurse"]
        ward.tick(8 * 3600)
        ward.due("discrepancies")
        assert only(ward).told == ["charge_nurse", "pharmacy"]

    def test_the_waiting_survives_a_restart(self) -> None:
        """What came due while the controller was off is said at its start."""
        ward = ward_with()
        visit(ward, "count", "p2", counts=(18, 18))
        ward.now = ward.now.later(timedelta(hours=25).total_seconds())
        step = ward.restart(is_ready=False)
        assert "discrepancies" in {getattr(command, "timer", "") for command in step.commands}
        ward.due("discrepancies")
        assert only(ward).told == ["charge_nurse", "pharmacy"]

    def test_it_blocks_no_withdrawal(self) -> None:
        """An open discrepancy, however old, keeps nobody from a medicine."""
        ward = ward_with()
        visit(ward, "count", "oxy", counts=(18, 18))
        ward.tick(30)
        ward.due("discrepancies")
        visit(ward, "withdraw", "oxy", by="noor", access="b", counts=(18,), states=1)
        assert ward.access("b").phase == "settled"

    def test_a_controlled_pocket_that_nobody_counted_for_a_week_owes_a_count(self) -> None:
        """The weekly count, by policy; a count in between begins the week anew."""
        ward = ward_with(count_days=7)
        visit(ward, "count", "keta", counts=(20,))
        ward.tick(7 * 86_400 - 30)
        ward.due("discrepancies")
        assert not ward.line("keta").owes
        ward.tick(60)
        ward.due("discrepancies")
        assert ward.line("keta").owes == ["nobody counted it for 7 days"]
        assert not ward.line("p2").owes

    def test_by_policy_two_people_make_the_weekly_count(self) -> None:
        """A row for counts of C-II: the second person signs the number that was counted."""
        rule = WitnessRule(frozenset({"count"}), frozenset({ControlClass.C2}), frozenset({Role.NURSE}))
        ward = Ward(world(policy=replace(policy(count_days=7), witness=(rule,))))
        ward.signs_in()
        ward.wants("count", "oxy")
        ward.opens(*WAY["oxy"])
        assert ward.asks() == ("count_before", "close")
        ward.counts(20)
        assert ward.asks() == ("witness", "close")
        ward.is_witnessed("noor")
        shut(ward, "oxy")
        assert (ward.access().phase, ward.access().witness) == ("settled", "noor")


def test_recount_once_record_and_go_on() -> None:
    """A count that differs is asked for once more; the second that differs is recorded, and the nurse has the medicine."""
    ward = ward_with()
    ward.wants("withdraw", "oxy")
    ward.opens(*WAY["oxy"])
    ward.counts(19)
    assert ward.asks() == ("count_before", "close")
    ward.counts(19)
    assert ward.asks() == ("confirm", "close")
    ward.states(2)
    shut(ward, "oxy")
    assert (ward.access().phase, ward.line("oxy").units) == ("disputed", 17)
    assert [fact.is_final for fact in ward.facts_of(PocketCounted) if isinstance(fact, PocketCounted)] == [False, True]
