"""A withdrawal goes on at another pocket when its own cannot be opened: without a new search, and judged anew."""

from dataclasses import replace

import pytest

from cabinet.domain.facts import AccessMovedOver, AccessRequested, CountOwed, FaultRaised
from cabinet.domain.vocabulary import BoardId, BusId, Channel
from tests.domain.ward import Ward, drawer, layout, opened, pocket, world

TWO = (
    drawer("one", "locks:0", pocket("a1", "one", "paracetamol", expiry="2026-06-30")),
    drawer("two", "other:0", pocket("a2", "two", "paracetamol"), pocket("b2", "two", "insulin")),
    drawer("three", "locks:1", pocket("a3", "three", "paracetamol", expiry="2026-07-31")),
    drawer(
        "four", "locks:2", pocket("x1", "four", "oxycodone", lid="locks:3"),
    ),
    drawer("five", "other:1", pocket("x2", "five", "oxycodone", lid="other:2")),
)  # fmt: skip


def ward_of(*, by: str = "nina") -> Ward:
    """Paracetamol in three drawers on two boards, oxycodone in two."""
    ward = Ward(world(layout=layout(*TWO)))
    ward.signs_in(by)
    return ward


def jam(ward: Ward, lock: str, access: str = "a") -> None:
    """A lock is pulsed as often as policy allows, and does not open."""
    for _ in range(3):
        ward.stays_shut(lock)
        ward.asks_again(access=access)


def test_a_jam_in_mid_withdrawal_opens_the_second_pocket() -> None:
    """Ward, nobody is kept from a medicine: no new search, the same person, patient, order and units."""
    ward = ward_of()
    ward.wants("withdraw", "a1", order="o1", authority="order")
    jam(ward, "locks:0")
    first, second = ward.access("a"), ward.access("a-m2")
    assert (first.phase, first.moved_to, first.was_open) == ("cancelled", "a-m2", False)
    assert (second.phase, second.moved_from, second.instead_of) == ("released", "a", "a1")
    assert ward.lock("other:0") == "releasing"
    same = ("kind", "item", "units", "authority", "session", "staff", "patient", "order", "reason")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]


def test_the_facts_link_both() -> None:
    """Who reads the journal sees one withdrawal, not one that failed and one that came from nowhere."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    moved = [draft for draft in ward.drafts if isinstance(draft.fact, AccessMovedOver)]
    assert [(draft.access, draft.staff, draft.fact) for draft in moved] == [
        ("a", "nina", AccessMovedOver("a-m2", "a2", "the drawer does not open"))  # type: ignore[arg-type]
    ]
    asked = [fact for fact in ward.facts_of(AccessRequested) if isinstance(fact, AccessRequested)]
    assert [(fact.moved_from, fact.instead_of) for fact in asked] == [(None, None), ("a", "a1")]
    assert [draft.staff for draft in ward.drafts if isinstance(draft.fact, FaultRaised)] == ["nina"]


def test_another_line_comes_before_what_is_used_up_first() -> None:
    """What broke may be the line: the third drawer hangs on it too, although its stock expires sooner."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    assert ward.access("a-m2").pocket == "a2"


def test_boards_of_one_line_are_no_other_way() -> None:
    """Two boards on one cable fail together."""
    site = layout(*TWO)
    boards = {BoardId("locks"): BusId("one"), BoardId("other"): BusId("one")}
    ward = Ward(world(layout=type(site)(site.cabinet, site.name, site.area, site.drawers, boards)))
    ward.signs_in()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    assert ward.access("a-m2").pocket == "a3"


def test_nothing_is_owed_where_nothing_was_opened() -> None:
    """A count for a pocket that nobody could reach is work for nothing."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    assert not ward.facts_of(CountOwed)


def test_when_the_second_fails_too_the_third_opens() -> None:
    """As often as it takes."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    jam(ward, "other:0", "a-m2")
    assert (ward.access("a-m2").moved_to, ward.access("a-m2-m2").pocket) == ("a-m2-m2", "a3")


def test_without_another_pocket_it_ends_as_before() -> None:
    """Nothing is promised that is not there."""
    ward = ward_of()
    ward.wants("withdraw", "b2")
    jam(ward, "other:0")
    assert (ward.access().phase, ward.access().moved_to) == ("cancelled", None)
    assert ward.lock("other:0") == "failed"


def test_a_lost_board_moves_it_too() -> None:
    """The cabinet does not know whether the first opened: that pocket owes a count, and the patient gets the drug."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    ward.loses("locks")
    assert (ward.access().phase, ward.access().moved_to) == ("incomplete", "a-m2")
    assert ward.line("a1").owes
    assert ward.access("a-m2").pocket == "a2"


def test_what_was_open_once_stays_where_it_was() -> None:
    """Units may be in the person's hand: they are stated where they were taken."""
    ward = opened("withdraw", "p1")
    ward.loses("locks")
    assert ward.access().phase == "open"
    assert not ward.facts_of(AccessMovedOver)


@pytest.mark.parametrize("kind", ["refill", "count"])
def test_a_refill_and_a_count_do_not_move(kind: str) -> None:
    """They are about one pocket."""
    ward = ward_of(by="tom")
    ward.wants(kind, "a1", by="tom")
    for _ in range(3):
        ward.stays_shut("locks:0")
        ward.asks_again(by="tom")
    assert ward.access().phase == "cancelled"
    assert not ward.facts_of(AccessMovedOver)


def test_a_drawer_that_had_failed_already_is_passed_over_at_asking() -> None:
    """The nurse touched the pocket that the list showed; the other one opens and says instead of which."""
    ward = ward_of()
    ward.wants("withdraw", "a1", access="x")
    jam(ward, "locks:0", "x")
    ward.cancels(access="x-m2")
    ward.stays_shut("other:0")
    ward.cancels(access="x-m2")
    assert ward.wants("withdraw", "a1").refusal is None
    assert (ward.access().pocket, ward.access().instead_of, ward.access().moved_from) == ("a2", "a1", None)


def test_a_drawer_that_a_colleague_uses_is_no_reason_to_wait() -> None:
    """Two nurses, two drawers, one drug."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    ward.signs_in("noor")
    assert ward.wants("withdraw", "a1", by="noor", access="b").refusal is None
    assert ward.access("b").pocket == "a2"


def test_the_rules_are_judged_again() -> None:
    """Controlled items one at a time holds for the second pocket too, as if the first access were over: and only that one."""
    ward = ward_of()
    ward.wants("withdraw", "x1")
    ward.opens("locks:2")
    jam(ward, "locks:3")
    moved = ward.access("a-m2")
    assert (moved.pocket, moved.phase) == ("x2", "released")
    ward.opens("other:1", "other:2")
    assert ward.asks("a-m2") == ("count_before", "close")
    ward.signs_in("noor")
    refusal = ward.wants("withdraw", item="oxycodone", by="noor", access="b").refusal
    assert refusal is not None
    assert refusal.code == "drawer.in_use"


def test_expired_stock_is_not_where_it_goes_on() -> None:
    """One lock that jams must not lead to a drug that is past its date."""
    ward = Ward(world(layout=layout(
        drawer("one", "locks:0", pocket("a1", "one", "paracetamol")),
        drawer("two", "other:0", pocket("a2", "two", "paracetamol", expiry="2026-03-01")),
    )))  # fmt: skip
    ward.signs_in()
    ward.wants("withdraw", "a1")
    jam(ward, "locks:0")
    assert ward.access().moved_to is None


def test_who_has_left_opens_nothing_any_more() -> None:
    """A drawer that springs open for nobody is an open drawer."""
    ward = ward_of()
    ward.wants("withdraw", "a1")
    ward.stays_shut("locks:0")
    ward.signs_out()
    assert ward.access().phase == "cancelled"
    assert not ward.facts_of(AccessMovedOver)


class TestAsking:
    """The person does not have to wait for the third pulse."""

    def test_after_one_miss_they_may_take_the_other_pocket(self) -> None:
        """Three seconds are enough to know better; the drawer itself has not failed by that."""
        ward = ward_of()
        ward.wants("withdraw", "a1")
        ward.stays_shut("locks:0")
        assert ward.moves().refusal is None
        assert (ward.access().phase, ward.access().moved_to) == ("cancelled", "a-m2")
        assert ward.lock("locks:0") == "latched"

    def test_not_while_the_pulse_is_looked_for(self) -> None:
        """Two drawers would open."""
        ward = ward_of()
        ward.wants("withdraw", "a1")
        refusal = ward.moves().refusal
        assert refusal is not None
        assert refusal.code == "access.looking"

    def test_where_there_is_no_other_it_stays_as_it_is(self) -> None:
        """The try that is left is not taken away."""
        ward = ward_of()
        ward.wants("withdraw", "b2")
        ward.stays_shut("other:0")
        refusal = ward.moves().refusal
        assert refusal is not None
        assert refusal.code == "stock.nowhere_else"
        assert ward.access().phase == "authorised"

    def test_another_pulse_at_a_drawer_that_went_out_of_sight_moves_over(self) -> None:
        """`Try again` opens what can be opened."""
        ward = ward_of()
        ward.wants("withdraw", "a1")
        ward.stays_shut("locks:0")
        ward.loses("locks")
        assert ward.asks_again().refusal is None
        assert ward.access().moved_to == "a-m2"


def test_a_long_id_stays_an_id() -> None:
    """Callers choose ids of up to 64 characters."""
    ward = ward_of()
    name = "z" * 64
    ward.wants("withdraw", "a1", access=name)
    jam(ward, "locks:0", name)
    moved = ward.access(name).moved_to
    assert moved is not None
    assert len(moved) <= 64


RELAYS = drawer("far", "far:0", pocket("f1", "far", "paracetamol"))
SPLIT = replace(RELAYS, lock=replace(RELAYS.lock, coil=Channel.parse("relays:0")))
"""A drawer whose coil hangs on a board without inputs: its contact is seen while that board is dead."""


def test_a_drawer_whose_coil_is_on_a_dead_board_is_passed_over_and_not_condemned() -> None:
    """The board is to blame: nobody pulses in vain, and the drawer opens again as soon as its board is back."""
    ward = Ward(world(layout=layout(SPLIT, drawer("near", "near:0", pocket("n1", "near", "paracetamol")))))
    ward.signs_in()
    ward.loses("relays")
    step = ward.wants("withdraw", "f1")
    assert (ward.releases(step), ward.access().pocket) == (["near:0"], "n1")
    ward.stays_shut("near:0")
    ward.cancels()
    ward.regains("relays")
    assert ward.releases(ward.wants("withdraw", "f1", access="b")) == ["relays:0"]


@pytest.mark.parametrize("is_lost", [False, True])
def test_pulses_that_no_board_gave_condemn_no_drawer(is_lost: bool) -> None:
    """The board is busy, or lost between two tries; what it did not do says nothing about the drawer. The person goes on elsewhere."""
    ward = Ward(world(layout=layout(SPLIT, drawer("near", "near:0", pocket("n1", "near", "paracetamol")))))
    ward.signs_in()
    ward.wants("withdraw", "f1")
    for intent in ("a-1", "a-2"):
        ward.pulse_fails(intent, moved=False)
        ward.asks_again()
    if is_lost:
        ward.loses("relays")
    step = ward.pulse_fails("a-3", moved=False)
    assert (ward.access().phase, ward.access().moved_to, ward.releases(step)) == ("cancelled", "a-m2", ["near:0"])
    assert ward.lock("relays:0") == "latched"
    assert not ward.state.is_condemned("relays:0")
