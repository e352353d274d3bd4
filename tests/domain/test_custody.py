"""What people's words mean: requests, counts and quantities, and where the units go."""

from dataclasses import replace

import pytest

from cabinet.domain.authority import AuthorityRules
from cabinet.domain.facts import Account, DiscrepancyFound, PocketCounted, UnitsMoved
from cabinet.domain.kinds import KINDS
from cabinet.domain.orders import Patient
from cabinet.domain.policy import CountStyle
from cabinet.domain.vocabulary import PatientId
from tests.domain.ward import ITEMS, POLICY, TODAY, WAY, Ward, drawer, layout, opened, order, pocket, shut, world

CONTROLLED = ("oxy", "keta", "mida", "pheno", "syrup")


def moves(ward: Ward, name: str) -> list[tuple[int, Account, Account]]:
    """Every movement of a pocket since its opening stock."""
    found = [fact for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved) and fact.pocket == name]
    return [(fact.units, fact.source, fact.target) for fact in found[1:]]


def code(ward_step: object) -> str:
    """The code of the refusal in a step; empty where there is none."""
    refusal = getattr(ward_step, "refusal", None)
    return refusal.code if refusal else ""


class TestCounting:
    """The count before anything is taken or put."""

    @pytest.mark.parametrize("name", [*CONTROLLED])
    def test_each_controlled_class_is_counted_at_a_withdrawal(self, name: str) -> None:
        """C-II blind, C-III to C-V against the figure shown; nothing is confirmed before the count."""
        ward = opened("withdraw", name)
        assert ward.asks() == ("count_before", "close")
        assert code(ward.states(2)) == "access.not_now"

    @pytest.mark.parametrize("name", ["p1", "p3", "insulin"])
    def test_what_is_not_controlled_is_not_counted_at_a_withdrawal(self, name: str) -> None:
        """Counted at refill and by cycle count instead."""
        ward = opened("withdraw", name)
        assert code(ward.counts(20)) == "access.not_now"

    @pytest.mark.parametrize("kind", ["refill", "count"])
    @pytest.mark.parametrize("name", ["p1", "insulin", *CONTROLLED])
    def test_everything_that_can_be_counted_is_counted_at_refill_and_at_a_count(self, kind: str, name: str) -> None:
        """An uncounted refill would bury the loss under the new units."""
        assert "count_before" in opened(kind, name, by="tom").asks()

    @pytest.mark.parametrize(
        ("kind", "asked"), [("withdraw", ("confirm", "close")), ("refill", ("confirm", "close")), ("count", ("count_before", "close"))]
    )
    def test_nobody_counts_bulk_and_a_count_says_how_full_it_is(self, kind: str, asked: tuple[str, ...]) -> None:
        """A tub of cream has no number."""
        by = "nina" if kind == "withdraw" else "tom"
        assert opened(kind, "p3", by=by).asks() == asked

    def test_the_style_follows_kind_and_class(self) -> None:
        """Blind where the expected number must stay hidden."""
        ward = Ward()
        styles = {
            (kind, item.id): ward.world.policy.count_style(KINDS[kind], item)
            for kind in ("withdraw", "refill", "count")
            for item in ITEMS
        }  # fmt: skip
        assert styles["withdraw", "oxycodone"] is styles["refill", "oxycodone"] is styles["count", "oxycodone"] is CountStyle.BLIND
        assert styles["withdraw", "ketamine"] is styles["withdraw", "midazolam"] is styles["withdraw", "phenobarbital"] is CountStyle.VERIFY
        assert styles["withdraw", "paracetamol"] is CountStyle.NONE
        assert styles["refill", "paracetamol"] is CountStyle.VERIFY
        assert styles["count", "paracetamol"] is CountStyle.BLIND
        assert {styles[kind, "cream"] for kind in ("withdraw", "refill")} == {CountStyle.NONE}
        assert styles["count", "cream"] is CountStyle.LEVEL

    def test_a_count_that_agrees_settles_and_is_remembered(self) -> None:
        """The last good count is where the interval of the next discrepancy begins."""
        ward = opened("count", "oxy")
        ward.counts(20)
        shut(ward, "oxy")
        line = ward.line("oxy")
        assert ward.access().phase == "settled"
        assert (line.basis, line.last_counted_at is not None) == ("person", True)
        assert not ward.facts_of(DiscrepancyFound)

    def test_a_second_count_that_agrees_ends_the_doubt(self) -> None:
        """Recount before accusation."""
        ward = opened("withdraw", "oxy")
        ward.counts(19)
        ward.counts(20)
        ward.states(2)
        shut(ward, "oxy")
        assert ward.access().phase == "settled"
        assert not ward.facts_of(DiscrepancyFound)

    @pytest.mark.parametrize(
        ("second", "move"),
        [
            (18, (2, Account.POCKET, Account.VARIANCE)),
            (23, (3, Account.VARIANCE, Account.POCKET)),
            (0, (20, Account.POCKET, Account.VARIANCE)),
        ],
    )
    def test_a_second_count_that_differs_is_a_discrepancy_and_the_books_balance(
        self, second: int, move: tuple[int, Account, Account]
    ) -> None:
        """Short or over: the difference has an account of its own, so nothing appears or vanishes."""
        ward = opened("count", "oxy")
        ward.counts(19)
        ward.counts(second)
        shut(ward, "oxy")
        found = next(iter(ward.state.discrepancies.values()))
        assert (found.expected, found.counted, found.basis, found.is_open) == (20, second, "person", True)
        assert moves(ward, "oxy") == [move]
        assert ward.line("oxy").units == second
        assert ward.access().phase == "disputed"

    def test_a_discrepancy_names_the_interval_and_no_person(self) -> None:
        """It happened between two counts; who was there in between is a report, not a verdict."""
        ward = opened("count", "oxy")
        ward.counts(20)
        good = ward.line("oxy").last_counted_seq
        shut(ward, "oxy")
        ward.wants("count", "oxy", access="b")
        ward.opens(*WAY["oxy"])
        ward.counts(19, access="b")
        ward.counts(19, access="b")
        found = next(iter(ward.state.discrepancies.values()))
        assert found.since_seq == good > 0
        assert "nina" not in str(next(fact for fact in ward.facts if isinstance(fact, DiscrepancyFound)))

    def test_a_third_count_is_not_asked(self) -> None:
        """Counting until it fits is no counting."""
        ward = opened("withdraw", "oxy")
        ward.counts(19)
        ward.counts(18)
        assert code(ward.counts(20)) == "access.not_now"
        assert len(ward.facts_of(PocketCounted)) == 2

    @pytest.mark.parametrize("units", [-1, 100_001])
    def test_a_slip_of_the_finger_is_no_count(self, units: int) -> None:
        """It does not use up the first of two counts either."""
        ward = opened("withdraw", "oxy")
        assert code(ward.counts(units)) == "pocket.capacity"
        assert ward.access().attempts == 0


class TestTaking:
    """How many a person says they took."""

    @pytest.mark.parametrize("units", [0, 1, 2, 20])
    def test_more_or_fewer_than_asked_is_an_ordinary_answer(self, units: int) -> None:
        """Two were asked for; one was dropped on the way, or none was needed."""
        ward = opened("withdraw", "p1", units=2)
        ward.states(units)
        ward.closes("locks:0")
        assert ward.access().phase == "settled"
        assert moves(ward, "p1") == ([(units, Account.POCKET, Account.PATIENT)] if units else [])
        assert ward.line("p1").units == 20 - units

    def test_more_than_the_balance_is_a_discrepancy_first(self) -> None:
        """Twenty-two out of twenty: two came from nowhere, and the books say so."""
        ward = opened("withdraw", "p1")
        ward.states(22)
        assert moves(ward, "p1") == [(2, Account.VARIANCE, Account.POCKET), (22, Account.POCKET, Account.PATIENT)]
        ward.closes("locks:0")
        assert ward.access().phase == "disputed"
        assert ward.line("p1").units == 0

    def test_bulk_has_no_discrepancy(self) -> None:
        """Its balance is a guess; the books balance all the same."""
        ward = opened("withdraw", "p3")
        ward.states(22)
        ward.closes("locks:0")
        assert ward.access().phase == "settled"
        assert not ward.state.discrepancies
        assert moves(ward, "p3") == [(2, Account.VARIANCE, Account.POCKET), (22, Account.POCKET, Account.PATIENT)]

    def test_bulk_is_served_from_a_balance_of_nothing(self) -> None:
        """A tub is not empty because a number is."""
        ward = opened("withdraw", "p3")
        ward.states(20)
        ward.closes("locks:0")
        assert not code(ward.wants("withdraw", "p3", access="b"))

    def test_a_forced_drawer_lets_bulk_owe_nothing(self) -> None:
        """A debt that nobody can pay would stand for ever."""
        ward = Ward()
        ward.opens("locks:0")
        assert ward.line("p3").owes == []

    @pytest.mark.parametrize("units", [-1, 100_001])
    def test_a_slip_of_the_finger_moves_nothing(self, units: int) -> None:
        """The screen asks again."""
        ward = opened("withdraw", "p1")
        assert code(ward.states(units)) == "access.units"
        assert ward.asks() == ("confirm", "close")

    def test_the_earliest_expiry_goes_first(self) -> None:
        """Which lot a hand took is not known; the books take the first to expire."""
        ward = opened("refill", "p2", by="tom")
        ward.counts(20, by="tom")
        ward.states(10, by="tom", lot="lot-1", expiry="2026-05-31")
        ward.closes("locks:0")
        ward.signs_in()
        ward.wants("withdraw", "p2", access="b")
        ward.opens("locks:0")
        ward.states(12, access="b")
        assert [(batch.units, batch.lot) for batch in ward.line("p2").batches] == [(18, "lot-0")]


class TestPutting:
    """A refill."""

    def test_units_come_from_the_pharmacy_with_lot_and_expiry(self) -> None:
        """Count what is there, put, say how many."""
        ward = opened("refill", "oxy", by="tom")
        ward.counts(20, by="tom")
        ward.states(15, by="tom", lot="l1", expiry="2026-12-31")
        shut(ward, "oxy")
        assert ward.access().phase == "settled"
        assert moves(ward, "oxy") == [(15, Account.PHARMACY, Account.POCKET)]
        assert [(batch.units, batch.lot, batch.expiry) for batch in ward.line("oxy").batches] == [
            (15, "l1", "2026-12-31"), (20, "lot-0", "2027-01-31"),
        ]  # fmt: skip

    @pytest.mark.parametrize("expiry", ["soon", "2026-13-01", "2026-02-30", "20261231"])
    def test_an_expiry_is_a_date(self, expiry: str) -> None:
        """A word that compares as text would sort the stock wrongly for years."""
        ward = opened("refill", "p1", by="tom")
        ward.counts(20, by="tom")
        assert code(ward.states(5, by="tom", expiry=expiry)) == "access.date"

    def test_expired_stock_is_not_put_in(self) -> None:
        """Good until the end of its day, and not a day longer."""
        ward = opened("refill", "p1", by="tom")
        ward.counts(20, by="tom")
        assert code(ward.states(5, by="tom", expiry="2026-03-01")) == "access.lot_expired"
        assert code(ward.states(5, by="tom", expiry=TODAY)) == "place.short_dated", "told first"
        assert not code(ward.states(5, by="tom", expiry=TODAY, acknowledged=("place.short_dated",)))

    def test_a_discrepancy_at_refill_does_not_keep_the_refill_out(self) -> None:
        """Refusals at refill must not cause stock-outs."""
        ward = opened("refill", "p1", by="tom")
        ward.counts(17, by="tom")
        ward.counts(17, by="tom")
        ward.states(20, by="tom")
        ward.closes("locks:0")
        assert (ward.access().phase, ward.line("p1").units) == ("disputed", 37)

    def test_a_withdrawal_wants_no_lot(self) -> None:
        """A lot that nobody asked for is not believed."""
        ward = opened("withdraw", "p1")
        ward.states(2, lot="made-up", expiry="not a date")
        assert not code(ward.closes("locks:0"))
        assert ward.line("p1").batches[0].lot == "lot-0"


class TestChoosing:
    """An item was named and no pocket."""

    def test_first_expired_is_first_used(self) -> None:
        """p2 expires in September, p1 in January."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", item="paracetamol")
        assert ward.access().pocket == "p2"

    def test_a_pocket_with_enough_comes_before_one_that_expires_sooner(self) -> None:
        """One opening instead of two."""
        ward = opened("withdraw", "p2")
        ward.states(19)
        ward.closes("locks:0")
        ward.wants("withdraw", item="paracetamol", units=2, access="b")
        assert ward.access("b").pocket == "p1"

    @pytest.mark.parametrize("broken", ["fails", "expires"])
    def test_a_pocket_that_serves_comes_before_one_that_does_not(self, broken: str) -> None:
        """When one drawer fails the withdrawal moves to the other without a new search."""
        second = "2026-03-01" if broken == "expires" else "2026-04-30"
        ward = Ward(world(layout=layout(
            drawer("one", "locks:0", pocket("a1", "one", "paracetamol", expiry=second)),
            drawer("two", "locks:1", pocket("a2", "two", "paracetamol")),
        )))  # fmt: skip
        ward.signs_in()
        if broken == "fails":
            ward.wants("withdraw", "a1", access="x")
            for _ in range(3):
                ward.stays_shut("locks:0")
                ward.asks_again(access="x")
            ward.opens("locks:1")
            ward.states(2, access="x-m2")
            ward.closes("locks:1")
        ward.wants("withdraw", item="paracetamol")
        assert ward.access().pocket == "a2"

    def test_it_is_chosen_by_what_it_holds_and_not_by_what_the_site_means_it_to_hold(self) -> None:
        """After a change of site the old item still lies there: opening it under the new name would be the wrong drug."""
        ward = Ward()
        changed = world(layout=layout(drawer("matrix", "locks:0", pocket("p1", "matrix", "insulin"))))
        ward.restart(changed)
        ward.signs_in()
        assert code(ward.wants("withdraw", item="insulin")) == "stock.not_here"
        assert not code(ward.wants("withdraw", item="paracetamol"))
        assert ward.access().item == "paracetamol"

    def test_a_pocket_named_with_an_item_holds_that_item(self) -> None:
        """A screen that shows yesterday's layout must not open today's drawer."""
        ward = Ward()
        ward.signs_in()
        assert code(ward.wants("withdraw", "p1", item="insulin")) == "pocket.other_item"
        assert not code(ward.wants("withdraw", "p1", item="paracetamol"))


class TestRefusing:
    """Every "no" that a request can meet; each one says why."""

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"kind": "steal", "pocket": "p1"}, "access.kind_unknown"),
            ({"kind": "withdraw", "pocket": "p9"}, "pocket.unknown"),
            ({"kind": "withdraw", "pocket": "p4"}, "pocket.unassigned"),
            ({"kind": "withdraw", "item": "vecuronium"}, "stock.not_here"),
            ({"kind": "withdraw"}, "stock.not_here"),
            ({"kind": "withdraw", "pocket": "p1", "units": 0}, "access.units"),
            ({"kind": "withdraw", "pocket": "p1", "units": -3}, "access.units"),
            ({"kind": "withdraw", "pocket": "p1", "units": 10**30}, "access.units"),
            ({"kind": "count", "pocket": "p1", "units": 10**30}, "access.units"),
            ({"kind": "withdraw", "pocket": "p1", "units": 21}, "stock.short"),
            ({"kind": "withdraw", "pocket": "p1", "patient": None}, "access.purpose"),
            ({"kind": "withdraw", "pocket": "p1", "patient": "nobody"}, "access.patient_unknown"),
            ({"kind": "refill", "pocket": "p1"}, "policy.role"),
            ({"kind": "withdraw", "pocket": "p1", "by": "ghost"}, "session.unknown"),
            ({"kind": "withdraw", "pocket": "p1", "authority": "order"}, "order.unknown"),
            ({"kind": "withdraw", "pocket": "p1", "authority": "order", "order": "o2"}, "order.other_item"),
            ({"kind": "withdraw", "pocket": "p1", "authority": "order", "order": "o3"}, "order.unverified"),
            ({"kind": "withdraw", "pocket": "p1", "authority": "order", "order": "o1"}, ""),
        ],
    )
    def test_a_request(self, asked: dict[str, object], expected: str) -> None:
        """A refusal opens nothing and is kept, with who asked; a stranger's is not."""
        ward = Ward()
        ward.signs_in()
        step = ward.wants(**asked)  # type: ignore[arg-type]
        assert code(step) == expected
        assert bool(ward.releases(step)) == (not expected)
        assert [draft.staff for draft in step.drafts][:1] == ([] if expected == "session.unknown" else ["nina"])

    @pytest.mark.parametrize("factors", [("badge",), ("id", "secret"), ("secret",), ()])
    def test_a_controlled_item_takes_badge_and_secret(self, factors: tuple[str, ...]) -> None:
        """An id is known to everybody; with a secret it is still one factor."""
        ward = Ward()
        ward.signs_in(factors=factors)
        assert code(ward.wants("withdraw", "oxy")) == "policy.factors"
        assert not code(ward.wants("withdraw", "p1"))

    def test_a_profile_area_follows_orders(self) -> None:
        """Where the policy says so, no order, no drug (override is an authority of its own)."""
        ward = Ward(world(policy=replace(POLICY, authority=AuthorityRules())))
        ward.signs_in()
        assert code(ward.wants("withdraw", "p1")) == "policy.needs_order"
        assert not code(ward.wants("withdraw", "p1", authority="order", order="o1"))
        assert order("o1", "paracetamol").is_verified

    def test_an_empty_pocket(self) -> None:
        """Out, and the pharmacy has been told."""
        ward = opened("withdraw", "p1", units=20)
        ward.states(20)
        ward.closes("locks:0")
        assert code(ward.wants("withdraw", "p1", access="b")) == "stock.out"

    def test_expired_stock(self) -> None:
        """Usable up to and including its day."""
        for expiry, expected in (("2026-03-01", "stock.expired"), (TODAY, "")):
            ward = Ward(world(layout=layout(drawer("one", "locks:0", pocket("a1", "one", "paracetamol", expiry=expiry)))))
            ward.signs_in()
            ward.signs_in("tom")
            assert code(ward.wants("withdraw", "a1")) == expected
            if expected:
                assert not code(ward.wants("refill", "a1", by="tom", access="b"))

    def test_an_item_that_left_the_formulary(self) -> None:
        """Nobody knows its class any more; it is not handed out as harmless."""
        ward = Ward()
        ward.restart(world(
            formulary={thing.id: thing for thing in ITEMS if thing.id != "insulin"},
            layout=layout(drawer("fridge", "locks:3", pocket("insulin", "fridge", "paracetamol"))),
        ))  # fmt: skip
        ward.signs_in()
        assert code(ward.wants("withdraw", "insulin")) == "item.unknown"

    def test_a_person_who_was_removed(self) -> None:
        """A session of somebody who is not on the list any more opens nothing."""
        ward = Ward()
        ward.signs_in("stranger")
        assert code(ward.wants("withdraw", "p1", by="stranger")) == "session.unknown"


class TestTogether:
    """Two people at one cabinet."""

    def test_one_person_at_a_drawer(self) -> None:
        """Two hands in one drawer are two stories about one count."""
        ward = opened("withdraw", "p1")
        ward.signs_in("noor")
        assert code(ward.wants("withdraw", "p2", by="noor", access="b")) == "drawer.in_use"
        ward.states(2)
        ward.closes("locks:0")
        assert not code(ward.wants("withdraw", "p2", by="noor", access="c"))

    def test_one_controlled_item_at_a_time_in_the_whole_cabinet(self) -> None:
        """Trust I6; what is not controlled goes on beside it."""
        ward = opened("withdraw", "oxy")
        ward.signs_in("noor")
        assert code(ward.wants("withdraw", "syrup", by="noor", access="b")) == "cabinet.controlled_open"
        assert not code(ward.wants("withdraw", "p1", by="noor", access="c"))
        ward.counts(20)
        ward.states(1)
        shut(ward, "oxy")
        assert not code(ward.wants("withdraw", "syrup", by="noor", access="d"))

    def test_one_patient_at_a_time_in_a_persons_hands(self) -> None:
        """ISMP 2019, 8: two patients' medicines in one pair of hands get swapped; a colleague's patient is their own affair."""
        other = Patient(PatientId("pia"), "Pia", "1960-01-01", "r2", "2", (), None, ())
        setting = world()
        ward = Ward(replace(setting, patients={**setting.patients, other.id: other}))
        ward.signs_in("nina")
        ward.signs_in("noor")
        ward.wants("withdraw", "p1", access="a")
        ward.opens("locks:0")
        assert code(ward.wants("withdraw", "oxy", access="b", patient="pia")) == "access.other_patient"
        assert not code(ward.wants("withdraw", "oxy", by="noor", access="c", patient="pia"))
        ward.cancels(by="noor", access="c")
        ward.states(2)
        ward.closes("locks:0")
        assert not code(ward.wants("withdraw", "p2", access="d", patient="pia"))

    def test_each_answers_for_their_own(self) -> None:
        """A colleague at the screen does not type my count."""
        ward = opened("withdraw", "oxy")
        ward.signs_in("noor")
        for step in (ward.counts(20, by="noor"), ward.states(2, by="noor"), ward.cancels(by="noor"), ward.asks_again(by="noor")):
            assert code(step) == "access.not_yours"

    def test_the_same_person_goes_on_in_a_new_session(self) -> None:
        """The browser was closed; the drawer was not."""
        ward = opened("withdraw", "oxy")
        ward.signs_in(session="nina-2")
        assert not code(ward.counts(20, by="nina-2"))

    def test_a_repeated_request_is_the_same_access(self) -> None:
        """A lost answer, a double tap: one access, one pulse."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "p1")
        step = ward.wants("withdraw", "p1")
        assert not code(step)
        assert not step.drafts
        assert not ward.releases(step)

    def test_a_repeated_request_is_the_same_access_after_a_restart(self) -> None:
        """The answer that was lost may have been lost to a power cut: they are shown what became of it."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "p1")
        ward.restart()
        ward.signs_in(session="nina-2")
        assert not code(ward.wants("withdraw", "p1", by="nina-2"))
        assert ward.access().phase == "incomplete"

    def test_another_persons_id_is_not_taken_over(self) -> None:
        """A client that reuses ids is told so."""
        ward = opened("withdraw", "p1")
        ward.signs_in("noor")
        assert code(ward.wants("withdraw", "insulin", by="noor")) == "access.repeated"


class TestAnAttacker:
    """What somebody with a session of their own, and no drawer, tried."""

    def test_a_session_of_one_factor_cannot_go_on_with_a_controlled_access(self) -> None:
        """Badge and PIN began it; id and PIN must not have it released again, counted or stated."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.stays_shut(WAY["oxy"][0])
        ward.signs_in(factors=("id", "secret"), session="weak")
        steps = [ward.asks_again(by="weak"), ward.counts(20, by="weak"), ward.states(1, by="weak"), ward.cancels(by="weak")]
        assert [code(step) for step in steps] == ["policy.factors"] * 4
        assert ward.access().phase == "authorised"

    def test_asking_for_many_tells_no_balance_that_is_counted_blind(self) -> None:
        """Refusing 19 and granting 18 would tell the number; an empty pocket is said to be empty."""
        ward = opened("withdraw", "oxy")
        other = {code(ward.wants("withdraw", "oxy", units, by="nina", access=f"b{units}")) for units in (1, 18, 99_999)}
        assert other == {"drawer.in_use"}
        fresh = Ward()
        fresh.signs_in()
        assert code(fresh.wants("withdraw", "oxy", 99_999)) == ""

    def test_an_authority_is_policy_or_order(self) -> None:
        """What is written down as the reason must be one that was judged."""
        ward = Ward()
        ward.signs_in()
        assert code(ward.wants("withdraw", "p1", authority="because")) == "access.authority"

    def test_an_order_that_is_named_is_judged_whatever_the_authority(self) -> None:
        """The journal names no order that does not exist or is another's."""
        ward = Ward()
        ward.signs_in()
        assert code(ward.wants("withdraw", "p1", order="nope")) == "order.unknown"

    @pytest.mark.parametrize("lot", ["A\x1b[2J", "B" * 65, "C\u202eD"])
    def test_a_lot_is_printed_characters(self, lot: str) -> None:
        """It is shown on terminals and pages for years."""
        ward = opened("refill", "p1", by="tom")
        ward.counts(ward.line("p1").units, by="tom")
        assert code(ward.states(5, by="tom", lot=lot, expiry="2030-01-01")) == "access.lot"


def test_what_is_missing_at_a_count_goes_from_the_latest_lot() -> None:
    """Nobody knows which lot is missing; the expiry that is left must err on the safe side."""
    ward = opened("refill", "p1", by="tom")
    held, expiry = ward.line("p1").units, ward.line("p1").earliest_expiry
    ward.counts(held, by="tom")
    ward.states(5, by="tom", lot="NEW", expiry="2031-01-01")
    shut(ward, "p1")
    ward.wants("count", "p1", 0, by="tom", access="b")
    ward.opens(*WAY["p1"])
    for _ in range(2):
        ward.counts(held, by="tom", access="b")
    assert (ward.line("p1").units, ward.line("p1").earliest_expiry) == (held, expiry)
    assert [batch.lot for batch in ward.line("p1").batches if batch.lot == "NEW"] == []
